"""Deposits and payouts through outside processors and bank files."""
