"""Measurements of the hall, each beside its anchor."""
