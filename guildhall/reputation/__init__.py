"""Feedback, both ways and double-blind, and the facts of a client's record.

A *feedback* is what one side of a contract says of the other: stars and words. Neither side sees the other's
until both are in or its window is over; from then on it never changes. A *fact* is one countable thing that
happened with somebody as a client or as a worker, and counts once however often it is told.
"""
