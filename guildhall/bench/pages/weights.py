"""Bytes over the wire, compressed, as a browser asks for them: the first page of a visit, and a later one."""

import html
import re
from collections.abc import Iterator

from guildhall.bench.figures import Figure, figure
from guildhall.bench.pages.servers import WebServer


def weights(hall: WebServer, public: list[str], listing: str, size: str) -> Iterator[Figure]:
    """What the public pages weigh, and what the second page of a list costs a browser that keeps files."""
    pages = {path: _bytes_of(hall, path) for path in public}
    first = hall.get(listing)[1].decode()
    files = {path: _bytes_of(hall, path) for path in re.findall(r'href="(/static/[^"]*)"', first)}
    heaviest = max(pages.values())
    yield figure("HTML of a public page, the heaviest", [heaviest / 1000], "kB", size=size, at_most=14)
    yield figure("the heaviest file beside it", [max(files.values()) / 1000], "kB", size=size)
    yield figure("first visit, cold", [(heaviest + sum(files.values())) / 1000], "kB", size=size, at_most=50)
    later = next_of(first)
    assert later, f"{listing} has no second page"
    second = hall.get(later)[1].decode()
    again = [path for path in re.findall(r'href="(/static/[^"]*)"', second) if not _is_kept(hall, path)]
    cost = _bytes_of(hall, later) + sum(_bytes_of(hall, path) for path in again)
    yield figure("later page: the next of a list", [cost / 1000], "kB", size=size, at_most=15)


def next_of(page: str) -> str:
    """The address of a list's next page, or nothing."""
    found = re.search(r'rel="next" href="([^"]*)"', page)
    return html.unescape(found[1]) if found else ""


def _bytes_of(hall: WebServer, path: str) -> int:
    status, body = hall.get(path, encoding="gzip, br")
    assert status == 200, f"{path} answered {status}"
    return len(body)


def _is_kept(hall: WebServer, path: str) -> bool:
    """Whether a browser that has this file uses it again without asking."""
    found = re.search(r"max-age=([0-9]+)", hall.header(path, "Cache-Control"))
    return found is not None and int(found[1]) > 0
