"""`guildhall bench pages`: the page of open jobs beside its anchor, and what public pages weigh."""

import argparse
import json
import re
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import connection

from guildhall.bench.figures import Figure, figure, print_figures
from guildhall.bench.pages.asking import Asked, ask
from guildhall.bench.pages.sample import make_jobs
from guildhall.bench.pages.servers import WebServer, free_port, serving
from guildhall.bench.pages.weights import next_of, weights
from guildhall.bench.sizes import at_least
from guildhall.jobs.queries import open_jobs
from guildhall.kernel.errors import Refusal

_PAGE = "/jobs"
_ROWS = 20
_WARM_UP = 50
_ANCHOR = "FastAPI + Jinja2"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to measure."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--jobs", type=at_least(_ROWS + 1), default=200, help="open jobs in the hall (200)")
    parser.add_argument(
        "--times", type=at_least(2), default=10, help="how many times as many for the last figures (10)"
    )
    parser.add_argument("--requests", type=at_least(1), default=200, help="pages a round (200)")
    parser.add_argument(
        "--rounds", type=at_least(1), default=5, help="rounds, the hall and the anchor in turn (5)"
    )
    parser.add_argument("--seed", type=int, default=1, help="of the jobs that are made up")


def run(options: argparse.Namespace) -> int:
    """Make the rows, start both servers, measure in turn, print."""
    if not find_spec("fastapi"):
        raise Refusal("The anchor needs FastAPI: `python3 run.py bench pages` installs it.")
    _make(options, 0, options.jobs)
    return print_figures(_figures(options), as_json=options.json)


def _make(options: argparse.Namespace, first: int, count: int) -> None:
    with options.progress("Opening jobs") as tell:
        make_jobs(first, count, at=options.at, seed=options.seed, tell=tell)


def _figures(options: argparse.Namespace) -> Iterator[Figure]:
    size = f"{options.jobs} jobs"
    public = [_PAGE, "/", f"/jobs/{open_jobs().values_list('pk', flat=True)[0]}", "/rules", "/help"]
    asked = {path: ask(path) for path in public}
    most = max(len(one.queries) for one in asked.values())
    inside = sum(one.in_templates for one in asked.values())
    yield figure("queries of a public page, the most", [most], "queries", size=size, at_most=6)
    yield figure("queries inside their templates", [inside], "queries", size=size, at_most=0)
    connection.close()
    with ExitStack() as stack:
        hall = stack.enter_context(_hall_server(options))
        anchor = stack.enter_context(_anchor_server(options, asked[_PAGE], stack))
        yield from weights(hall, public, _PAGE, size)
        before = _Costs(hall, anchor, options)
        yield _lengths(hall, anchor, size)
        yield _beside(
            "CPU of a page with 20 results, rows kept drawn", before.ours, before, size, at_most=1.6
        )
        _make(options, options.jobs, options.jobs * (options.times - 1))
        connection.close()
        more = f"{options.jobs * options.times} jobs"
        yield _beside("CPU of a page with 20 results, rows drawn anew", [_walk(hall)], before, more)
        yield from _as_work_grows(before, _Costs(hall, anchor, options), options.times, more)


class _Costs:
    """What the page costs the hall and the anchor, measured in turn after both are warm."""

    def __init__(self, hall: WebServer, anchor: WebServer, options: argparse.Namespace) -> None:
        for server in (hall, anchor):
            server.milliseconds_a_page(_PAGE, _WARM_UP)
        self.ours: list[float] = []
        self.theirs: list[float] = []
        self.waits: list[float] = []
        for _round in range(options.rounds):
            began = time.perf_counter()
            self.ours.append(hall.milliseconds_a_page(_PAGE, options.requests))
            self.waits.append((time.perf_counter() - began) / options.requests * 1000)
            self.theirs.append(anchor.milliseconds_a_page(_PAGE, options.requests))


def _walk(hall: WebServer) -> float:
    """CPU for one page on a walk through the whole list, whose rows nobody has asked for before."""
    path, pages, before = _PAGE, 0, hall.cpu_seconds()
    while path:
        status, body = hall.get(path)
        assert status == 200, f"{path} answered {status}"
        path, pages = next_of(body.decode()), pages + 1
    return (hall.cpu_seconds() - before) / pages * 1000


def _as_work_grows(before: _Costs, after: _Costs, times: int, size: str) -> Iterator[Figure]:
    """The same page with more rows behind it. CPU is the web server's alone; the wait is for both."""
    for name, less, more, at_most in (
        ("CPU of the page", before.ours, after.ours, 1.25),
        ("wait for the page", before.waits, after.waits, None),
    ):
        yield figure(
            f"{name}, {times} times the rows",
            more,
            "ms",
            size=size,
            anchor="itself before",
            anchor_values=less,
            at_most=at_most,
        )


def _beside(
    name: str, ours: list[float], costs: _Costs, size: str, *, at_most: float | None = None
) -> Figure:
    return figure(name, ours, "ms", size=size, anchor=_ANCHOR, anchor_values=costs.theirs, at_most=at_most)


def _lengths(hall: WebServer, anchor: WebServer, size: str) -> Figure:
    ours, theirs = (len(server.get(_PAGE)[1]) / 1000 for server in (hall, anchor))
    return figure(
        "HTML of the page as drawn", [ours], "kB", size=size, anchor=_ANCHOR, anchor_values=[theirs]
    )


def _hall_server(options: argparse.Namespace) -> Any:
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "guildhall.config.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--runtime-threads", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "error"),
    ]
    return serving(command, port, {**options.hall.environment(), "GUILDHALL_PART": "web"})


def _anchor_server(options: argparse.Namespace, asked: Asked, stack: ExitStack) -> Any:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    mast, selects = _links_of(asked.html), _selects_of(asked.html)
    facts = {"queries": asked.queries, "mast": mast, "selects": selects}
    (folder / "facts.json").write_text(json.dumps(facts))
    port = free_port()
    command = [
        # By its file, so that it never imports Django.
        *(sys.executable, "-m", "uvicorn", "anchor:app", "--app-dir", str(Path(__file__).parent)),
        *("--host", "127.0.0.1"),
        *("--port", str(port), "--log-level", "error", "--no-access-log", "--timeout-keep-alive", "600"),
    ]
    told = {"ANCHOR_DATABASE": options.hall.url, "ANCHOR_FACTS": str(folder / "facts.json")}
    return serving(command, port, told)


def _links_of(html: str) -> list[tuple[str, str]]:
    """The links of the hall's mast, so that the anchor draws as many."""
    mast = html.partition("<nav")[2].partition("</nav>")[0]
    return [(label, path) for path, label in re.findall(r'<a href="([^"]*)"[^>]*>([^<]*)</a>', mast)]


def _selects_of(html: str) -> list[tuple[str, str, list[tuple[str, str]]]]:
    """What the hall's form offers, so that the anchor offers as much."""
    found = re.findall(r'<select[^>]*name="(\w+)"[^>]*>(.*?)</select>', html, re.DOTALL)
    option = re.compile(r"<option(?: value=\"([^\"]*)\")?[^>]*>([^<]*)")
    return [(name, name, option.findall(choices)) for name, choices in found]
