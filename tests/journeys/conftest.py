"""A hall and a post office for each journey."""

import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.journeys.running import PostOffice, RunningHall
from tests.journeys.steps import picture


@pytest.fixture(scope="module")
def post_office() -> Iterator[PostOffice]:
    office = PostOffice()
    office.open()
    yield office
    office.close()


@pytest.fixture(scope="module")
def hall(post_office: PostOffice) -> Iterator[RunningHall]:
    """An operator's own hall, empty at first."""
    with tempfile.TemporaryDirectory(prefix="guildhall-journey-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        running = RunningHall(place / "home", post_office.url)
        running.open()
        try:
            yield running
        finally:
            running.close()


@pytest.fixture
def a_visitor(browser: Browser, hall: RunningHall) -> Iterator[Callable[[], Page]]:
    """A window of somebody's own, in which no script runs: every journey must do without."""
    windows = []

    def come() -> Page:
        window = browser.new_context(base_url=hall.url, java_script_enabled=False)
        window.set_default_timeout(20_000)
        windows.append(window)
        return window.new_page()

    yield come
    for number, window in enumerate(windows, start=1):
        for page in window.pages:  # where each of them stood at the end, or when it went wrong
            picture(page, f"window {number} at last")
        window.close()
