"""Pages on coming in, signing in and one's own account.

The sign-in library brings the flows; the pages, the words and the letters are ours.
"""
