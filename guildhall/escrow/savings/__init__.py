"""Savings goals: a share of each payment that a worker keeps apart for a purpose and a day of theirs."""
