"""Exchanging money of one currency for money of another, by an explicit quote that holds for some minutes."""
