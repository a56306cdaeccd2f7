"""Where each sum is, and how an account came to what it holds, for the people whose money it is.

It owns no table: it asks the books, the holds and the payouts, and says in one way for pages, programs and
paper what they answer.
"""
