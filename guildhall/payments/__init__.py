"""Deposits and payouts through outside processors and bank files.

A *rail* is a way in or out: a processor, or the bank. A *gateway* speaks with one processor: it starts a
payment and reads its signed *notices*. Nothing is credited on anybody's word but a notice whose signature,
age, sum, currency and deposit all fit; what fits nothing is put aside. A *payout* leaves the wallet when it
is asked for and lies in transit until the bank has spoken. The built-in rail is the *practice bank*: as
late, forgetful and repetitive as a real one, with money that is none.
"""
