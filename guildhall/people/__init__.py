"""Persons, how they sign in, their tokens and their roles in the hall."""
