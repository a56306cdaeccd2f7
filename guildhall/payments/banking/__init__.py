"""What the hall and its banks write to each other: references, statements, transfers, reports and sheets.

Nothing in these files asks the database or a clock, besides those that say so.
"""
