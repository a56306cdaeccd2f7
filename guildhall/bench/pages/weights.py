"""Bytes over the wire, compressed, as a browser asks for them: the first page of a visit, and a later one."""

import html
import re
from collections.abc import Iterator

from guildhall.bench.figures import Figure, figure
from guildhall.bench.pages.servers import WebServer


def weights(hall: WebServer, public: list[str], listing: str, size: str) -> Iterator[Figure]:
    """What the public pages weigh, and what the second page of a list costs a browser that keeps files."""
    beside = {path: files_of(hall.get(path)[1].decode()) for path in public}
    heavy = {path: _bytes_of(hall, path) for path in {*public, *set().union(*beside.values())}}
    html_alone = max(heavy[path] for path in public)
    file_alone = max(heavy[path] for path in heavy if path not in public)
    visit = max(heavy[path] + sum(heavy[file] for file in files) for path, files in beside.items())
    yield figure("HTML of a public page, the heaviest", [html_alone / 1000], "kB", size=size, at_most=14)
    yield figure("the heaviest file beside one", [file_alone / 1000], "kB", size=size)
    yield figure("first visit, cold", [visit / 1000], "kB", size=size, at_most=50)
    later = next_of(hall.get(listing)[1].decode())
    assert later, f"{listing} has no second page"
    again = [file for file in files_of(hall.get(later)[1].decode()) if not _is_kept(hall, file)]
    cost = _bytes_of(hall, later) + sum(_bytes_of(hall, file) for file in again)
    yield figure("later page: the next of a list", [cost / 1000], "kB", size=size, at_most=15)


def files_of(page: str) -> set[str]:
    """The addresses of the files that a browser takes for a page: styles, pictures, programs."""
    return {html.unescape(path) for path in re.findall(r'(?:href|src)="(/static/[^"]*)"', page)}


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
