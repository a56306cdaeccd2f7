"""README shows what one command photographs, and nothing else."""

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser

from guildhall.config.pictures import PICTURES, take

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
def test_a_picture_is_taken_in_true_colour(browser: Browser, live_server: Any, tmp_path: Path) -> None:
    home = next(picture for picture in PICTURES if picture.name == "home")
    path = take(home, browser, live_server.url, state=None, folder=tmp_path)
    assert (path.name, path.read_bytes()[8:12]) == ("home.webp", b"WEBP")
