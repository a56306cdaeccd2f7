"""The measurement of growing books, at its smallest."""

import json
import os
import subprocess
import sys

from tests.architecture.source import ROOT


def test_the_same_questions_are_asked_of_books_of_each_size() -> None:
    words = [
        "bench",
        "books",
        "--json",
        "--movements",
        "60",
        "--steps",
        "2",
        "--people",
        "5",
        "--rounds",
        "2",
    ]
    command = [sys.executable, "-m", "guildhall", *words]
    answer = subprocess.run(
        command, cwd=ROOT, env=os.environ, capture_output=True, text=True, check=False, timeout=300
    )
    figures = [json.loads(line) for line in answer.stdout.splitlines()]
    assert {figure["size"] for figure in figures} == {
        "60 movements, 5 people",
        "600 movements, 5 people",
    }, answer.stderr
    small, large = figures[:6], figures[6:]
    assert [figure["name"] for figure in small] == [figure["name"] for figure in large]
    assert all(figure["goal"] is None and figure["holds"] for figure in small)
    assert answer.returncode == (0 if all(figure["holds"] for figure in large) else 1)
