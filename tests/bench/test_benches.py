"""Both benches run to their end at their smallest, as commands; how fast it was is no test's business."""

import argparse
import json
from pathlib import Path
from typing import Any

import pytest

from guildhall.bench import books, ledger, pages
from guildhall.bench.pages.weights import files_of, next_of
from tests.config.running import ROOT, run_to_its_end

pytestmark = pytest.mark.slow

KEYS = {
    "name",
    "value",
    "unit",
    "spread",
    "anchor",
    "anchor_value",
    "ratio",
    "goal",
    "holds",
    "rounds",
    "size",
}


def measured(tmp_path: Path, *words: str) -> dict[str, dict[str, Any]]:
    """The figures of a bench by their names; its status says whether every goal holds."""
    done = run_to_its_end(ROOT, tmp_path / "nowhere", "bench", *words, "--json")
    figures = [json.loads(line) for line in done.stdout.splitlines()]
    assert figures, done.stderr
    assert all(set(one) == KEYS for one in figures)
    assert done.returncode == (0 if all(one["holds"] for one in figures) else 1), done.stderr
    assert not (tmp_path / "nowhere").exists(), "it has a home of its own"
    return {one["name"]: one for one in figures}


def test_the_ledger_is_measured_beside_pgbench(tmp_path: Path) -> None:
    small = ("--scale", "1", "--people", "4000", "--rounds", "1", "--seconds", "1", "--batches", "1")
    found = measured(tmp_path, "ledger", *small)
    assert found["pgbench"]["value"] > 0
    for name in ("single movements, one posting each, one fee account", "batches of 10000, complete"):
        assert found[name]["value"] > 0
        assert found[name]["anchor_value"] == found["pgbench"]["value"]
        assert found[name]["goal"].startswith("≥ ")


def test_the_page_is_measured_beside_its_anchor(tmp_path: Path) -> None:
    small = ("--jobs", "25", "--times", "2", "--requests", "40", "--rounds", "1")
    found = measured(tmp_path, "pages", *small)
    for name, most in (
        ("queries of a public page, the most", 6),
        ("queries inside their templates", 0),
        ("HTML of a public page, the heaviest", 14),
        ("first visit, cold", 50),
        ("later page: the next of a list", 15),
    ):
        assert found[name]["holds"], found[name]
        assert found[name]["goal"].startswith(f"≤ {most} ")
    later, first = found["later page: the next of a list"], found["first visit, cold"]
    assert 0 < later["value"] < first["value"], "the stylesheet was kept"
    assert found["CPU of a page with 20 results, rows drawn anew"]["goal"] is None
    grown = found["CPU of the page, 2 times the rows"]
    assert (grown["size"], grown["anchor"], grown["goal"]) == (
        "50 jobs",
        "itself before",
        "≤ 1.25 × itself before",
    )


def test_too_little_to_measure_is_refused_before_a_hall_is_made(tmp_path: Path) -> None:
    refused = run_to_its_end(ROOT, tmp_path / "nowhere", "bench", "pages", "--jobs", "20")
    assert refused.returncode == 2
    assert "argument --jobs: it must be a whole number, 21 or more" in refused.stderr
    assert "Traceback" not in refused.stderr


@pytest.mark.parametrize(
    ("bench", "size", "least"),
    [
        (books, "--movements", 1),
        (books, "--steps", 1),
        (books, "--people", 1),
        (books, "--rounds", 1),
        (ledger, "--scale", 1),
        (ledger, "--people", 3_333),
        (ledger, "--rounds", 1),
        (ledger, "--seconds", 1),
        (ledger, "--batches", 1),
        (pages, "--jobs", 21),
        (pages, "--times", 2),
        (pages, "--requests", 1),
        (pages, "--rounds", 1),
    ],
)
def test_every_size_has_a_least(
    bench: Any, size: str, least: int, capsys: pytest.CaptureFixture[str]
) -> None:
    parser = argparse.ArgumentParser()
    bench.add_arguments(parser)
    assert getattr(parser.parse_args([size, str(least)]), size.removeprefix("--")) == least
    for wrong in (str(least - 1), "-5", "1e9", "many", "٣"):
        with pytest.raises(SystemExit):
            parser.parse_args([size, wrong])
        assert f"{size}: it must be a whole number, {least} or more" in capsys.readouterr().err


def test_every_file_beside_a_page_is_counted_once() -> None:
    page = (
        '<link rel="stylesheet" href="/static/hall.css?v=1"><img src="/static/a.png?v=2&amp;w=3">'
        '<script src="/static/b.js"></script><link rel="icon" href="/static/hall.css?v=1"><a href="/jobs">'
    )
    assert files_of(page) == {"/static/hall.css?v=1", "/static/a.png?v=2&w=3", "/static/b.js"}


def test_the_next_page_is_read_from_its_link() -> None:
    assert (
        next_of('<a class="btn" rel="next" href="/jobs?sort=new&amp;after=abc">')
        == "/jobs?sort=new&after=abc"
    )
    assert next_of("<p>That is all.</p>") == ""


def test_the_proof_of_a_full_hall_is_measured(tmp_path: Path) -> None:
    found = measured(tmp_path, "check", "--movements", "400", "--people", "20", "--rounds", "1")
    assert found["everything"]["size"] == "400 movements, 20 people"
    assert found["everything"]["goal"].startswith("≤ ")
    assert len([name for name in found if name.startswith("promise ")]) == 8
