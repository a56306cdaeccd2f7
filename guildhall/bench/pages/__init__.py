"""Measure a page of twenty results: its CPU beside FastAPI and Jinja2, its queries, its weight.

The hall and the anchor each run in a process of their own behind a real web server, on the same rows with
the same queries, and answer in turn. The anchor is `anchor.py`; it needs ``requirements/bench.lock``. A list
keeps its rows as they were drawn, so the page is measured twice: with rows that it has kept, and on a walk
through the whole list, whose rows it draws for the first time.
"""

from guildhall.bench.pages.command import add_arguments, run

__all__ = ["add_arguments", "run"]
