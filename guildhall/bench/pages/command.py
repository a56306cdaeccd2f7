"""`guildhall bench pages`: the page of open jobs beside its anchor, and what public pages weigh."""

import argparse
import json
import re
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext, override_settings

from guildhall.bench.figures import Figure, figure, print_figures
from guildhall.bench.pages.sample import make_jobs
from guildhall.bench.pages.servers import WebServer, free_port, serving
from guildhall.jobs.queries import open_jobs
from guildhall.kernel.errors import Refusal

_PAGE = "/jobs"
_WARM_UP = 50


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """How much to measure."""
    parser.add_argument("--json", action="store_true", help="one JSON object a line")
    parser.add_argument("--jobs", type=int, default=200, help="open jobs in the hall")
    parser.add_argument("--requests", type=int, default=200, help="pages a round")
    parser.add_argument("--rounds", type=int, default=5, help="rounds, the hall and the anchor in turn")
    parser.add_argument("--seed", type=int, default=1, help="of the jobs that are made up")


def run(options: argparse.Namespace) -> int:
    """Make the rows, start both servers, measure in turn, print."""
    if not find_spec("fastapi"):
        raise Refusal("The anchor needs FastAPI: install requirements/bench.lock first.")
    with options.progress("Opening jobs") as tell:
        make_jobs(options.jobs, at=options.at, seed=options.seed, tell=tell)
    return print_figures(_figures(options), as_json=options.json)


def _figures(options: argparse.Namespace) -> Iterator[Figure]:
    size = f"{options.jobs} jobs"
    public = [_PAGE, "/", f"/jobs/{open_jobs().values_list('pk', flat=True)[0]}", "/rules", "/help"]
    asked = {path: _queries_of(path) for path in public}
    most = max(asked, key=lambda path: len(asked[path]))
    yield figure("queries of a public page, the most", [len(asked[most])], "queries", size=size, at_most=6)
    # `_queries_of` would have failed on the first one.
    yield figure("queries inside templates", [0], "queries", size=size, at_most=0)
    connection.close()
    with ExitStack() as stack:
        hall = stack.enter_context(_hall_server(options))
        anchor = stack.enter_context(_anchor_server(options, asked[_PAGE], stack))
        yield from _weights(hall, public, size)
        yield from _cpu(hall, anchor, options, size)


def _queries_of(path: str) -> list[str]:
    """The queries behind a page, as they reached the database; any inside the template is a failure."""
    with override_settings(GUILDHALL_TEMPLATES_MAY_ASK=False), CaptureQueriesContext(connection) as asked:
        response = _visitor().get(path)
    assert response.status_code == 200, f"{path} answered {response.status_code}"
    return [query["sql"] for query in asked.captured_queries]


def _visitor() -> Client:
    return Client(SERVER_NAME="127.0.0.1")


def _hall_server(options: argparse.Namespace) -> Any:
    port = free_port()
    command = [
        *(sys.executable, "-m", "granian", "guildhall.config.wsgi:application"),
        *("--interface", "wsgi", "--host", "127.0.0.1", "--port", str(port), "--workers", "1"),
        *("--runtime-threads", "1", "--blocking-threads", "1", "--no-ws", "--log-level", "error"),
    ]
    return serving(command, port, {**options.hall.environment(), "GUILDHALL_PART": "web"})


def _anchor_server(options: argparse.Namespace, queries: list[str], stack: ExitStack) -> Any:
    folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
    html = _visitor().get(_PAGE).content.decode()
    facts = {"queries": queries, "mast": _links_of(html), "selects": _selects_of(html)}
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


def _weights(hall: WebServer, public: list[str], size: str) -> Iterator[Figure]:
    """Bytes over the wire, compressed, as a browser asks for them."""
    pages = {path: _wire(hall, path) for path in public}
    named = re.findall(r'href="(/static/[^"]*)"', hall.get(_PAGE)[1].decode())
    files = {path: _wire(hall, path) for path in named}
    heaviest = max(pages.values())
    yield figure("HTML of a public page, the heaviest", [heaviest / 1000], "kB", size=size, at_most=14)
    yield figure("the heaviest file beside it", [max(files.values()) / 1000], "kB", size=size)
    yield figure("first visit, cold", [(heaviest + sum(files.values())) / 1000], "kB", size=size, at_most=50)
    yield figure("later page", [heaviest / 1000], "kB", size=size, at_most=15)


def _wire(hall: WebServer, path: str) -> int:
    status, body = hall.get(path, encoding="gzip, br")
    assert status == 200, f"{path} answered {status}"
    return len(body)


def _cpu(hall: WebServer, anchor: WebServer, options: argparse.Namespace, size: str) -> Iterator[Figure]:
    for server in (hall, anchor):
        server.milliseconds_a_page(_PAGE, _WARM_UP)
    rounds = [
        (
            hall.milliseconds_a_page(_PAGE, options.requests),
            anchor.milliseconds_a_page(_PAGE, options.requests),
        )
        for _round in range(options.rounds)
    ]
    ours, theirs = [mine for mine, _ in rounds], [other for _, other in rounds]
    lengths = [len(server.get(_PAGE)[1]) / 1000 for server in (hall, anchor)]
    yield figure(
        "HTML of the page as drawn",
        [lengths[0]],
        "kB",
        size=size,
        anchor="FastAPI + Jinja2",
        anchor_values=[lengths[1]],
    )
    yield figure(
        "CPU of a page with 20 results",
        ours,
        "ms",
        size=size,
        anchor="FastAPI + Jinja2",
        anchor_values=theirs,
        at_most=1.6,
    )
