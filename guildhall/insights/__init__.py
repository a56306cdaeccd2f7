"""Figures of the hall as a whole."""
