"""Feedback, both ways and double-blind, and the facts of a client's record."""
