"""Stripe: cards and what else people pay with, on Stripe's own page, by its official library."""
