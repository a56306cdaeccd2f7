"""Accounts, movements and postings: the only code that moves money. It knows nobody behind an account."""
