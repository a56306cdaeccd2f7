"""What a page asks of the database, counted in this process: before its template is drawn, and inside it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from guildhall.web import page as pages


@dataclass(frozen=True, slots=True)
class Asked:
    """What was asked for one page.

    Args:
        html: the page.
        queries: as they reached the database, in order.
        in_templates: how many of them a template asked.
    """

    html: str
    queries: list[str]
    in_templates: int


def ask(path: str) -> Asked:
    """Ask for a page as a stranger does, and write down every query behind it."""
    in_templates = 0

    @contextmanager
    def counting(template: str) -> Iterator[None]:
        nonlocal in_templates
        del template
        before = len(seen)
        yield
        in_templates += len(seen) - before

    # The page's own guard fails on the first query inside a template; here they are counted in its place.
    guard, pages.asking_nothing = pages.asking_nothing, counting
    try:
        with (
            override_settings(GUILDHALL_TEMPLATES_MAY_ASK=False),
            CaptureQueriesContext(connection) as seen,
        ):
            response = Client(SERVER_NAME="127.0.0.1").get(path)
    finally:
        pages.asking_nothing = guard
    assert response.status_code == 200, f"{path} answered {response.status_code}"
    queries = [query["sql"] for query in seen.captured_queries]
    return Asked(response.content.decode(), queries, in_templates)
