"""Measure what it takes to prove the books: every promise computed again from the rows of a full hall."""

from guildhall.bench.check.command import add_arguments, run

__all__ = ["add_arguments", "run"]
