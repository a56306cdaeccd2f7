"""README shows what one command photographs, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from guildhall.config.pictures import PICTURES, photograph

ROOT = Path(__file__).resolve().parents[2]


def test_every_picture_of_readme_is_taken_by_the_command() -> None:
    shown = re.findall(r"docs/pictures/([\w.-]+)", (ROOT / "README.md").read_text())
    taken = {f"{picture.name}.webp" for picture in PICTURES}
    assert set(shown) == taken == {path.name for path in (ROOT / "docs" / "pictures").iterdir()}
    heavy = [path.name for path in (ROOT / "docs" / "pictures").iterdir() if path.stat().st_size > 150_000]
    assert heavy == []


@pytest.mark.browser
@pytest.mark.xdist_group("browser")
@pytest.mark.django_db(transaction=True)
def test_pictures_are_taken_in_true_colour_and_told_one_by_one(
    browser: Browser, live_server: Any, tmp_path: Path
) -> None:
    told: list[tuple[float, float, str]] = []
    seen = [picture for picture in PICTURES if picture.name in {"home", "find-work"}]
    paths = list(
        photograph(
            seen, browser, live_server.url, folder=tmp_path, report=lambda *so_far: told.append(so_far)
        )
    )
    assert [path.name for path in paths] == ["home.webp", "find-work.webp"]
    assert {path.read_bytes()[8:12] for path in paths} == {b"WEBP"}
    assert told == [(0, 2, "home"), (1, 2, "find-work"), (2, 2, "")]
