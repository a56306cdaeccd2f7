"""Measure what a question to the books costs as they grow: statements, months, balances, one more movement.

Every size is the same life, only longer: the same people move the same sums, in more and more months. The
anchor of each figure is the same question to the smallest books, asked in the same run.
"""

from guildhall.bench.books.command import add_arguments, run

__all__ = ["add_arguments", "run"]
