"""Accounts, movements and postings: the only code that moves money. It knows nobody behind an account.

A *posting* takes an amount from a source and gives it to a target, so imbalance cannot be written down.
A *movement* is one business cause: a kind, a key that makes it happen once, one or more postings, for ever.
A *floored* account keeps its balance and never falls below zero; a *derived* one is summed when asked for,
so that the whole hall may pay into it at once. Promises: whoever asks twice with one key moves money once;
what is written is never changed; a correction is a new movement that names the one it reverses.
"""
