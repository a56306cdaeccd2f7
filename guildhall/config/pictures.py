"""The pictures of README: a real browser walks through the sample hall and photographs what stands there."""

import base64
import os
import shutil
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from guildhall.config.trouble import Trouble

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

_QUALITY: Final = 86
_PATIENCE: Final = 600  # seconds for a sample hall that must first be built
_WAIT: Final = 0.2
_BAKERY: Final = "bakery opens January"

type Report = Callable[[float, float, str], None]


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture.

    Args:
        name: of its file, without the ending.
        who: the first name of the person who looks, or nobody.
        walk: leads an open page to what is photographed.
        width, height: of the window.
        dark: in the dark theme.
    """

    name: str
    who: str
    walk: Callable[["Page"], None]
    width: int = 1280
    height: int = 860
    dark: bool = False


def _to(address: str) -> Callable[["Page"], None]:
    return lambda page: _go(page, address)


def _go(page: "Page", address: str) -> None:
    page.goto(address)


def _bakery(page: "Page") -> None:
    """The open job that the sample's own story is about."""
    page.goto(f"/jobs?words={_BAKERY}")
    page.locator(".rows h3 a").first.click()


def _offer(page: "Page") -> None:
    """A proposal with its fee and its net, before anything is sent."""
    page.goto("/jobs?words=sign+logo")
    for address in [str(link.get_attribute("href")) for link in page.locator(".rows h3 a").all()]:
        page.goto(address)
        if page.locator("[name=price]").count():
            break
    day = (datetime.now(UTC) + timedelta(days=12)).date().isoformat()
    page.goto(f"{page.url.partition('?')[0]}/proposal")
    page.locator("[name=price]").fill("64.00")
    page.locator("[name=delivery]").fill(day)
    page.locator("[name=letter]").fill(
        "I drew the sign of my uncle’s tea house in Karimabad last spring, by hand first and then as curves. "
        "I would begin with three sketches in black, so that you can hold them in your hand within four days."
    )
    page.get_by_role("button", name="See what you receive").last.click()


def _room(page: "Page") -> None:
    """A workroom in which something was delivered and waits; else the newest."""
    page.goto("/work")
    rows = page.locator("[aria-labelledby=contracts] .rows > li")
    waiting = rows.filter(has_text="Delivered, waiting")
    (waiting if waiting.count() else rows).first.locator("h3 a").click()


PICTURES: Final = (
    Picture("home", "", _to("/"), height=900),
    Picture("find-work", "", _to("/jobs?words=logo"), height=900),
    Picture("job", "", _bakery),
    Picture("proposal", "bushra", _offer),
    Picture("choose-dark", "amara", _bakery, height=960, dark=True),
    Picture("workroom", "amara", _room, height=960),
    Picture("money", "amara", _to("/money"), height=900),
    Picture("workroom-phone", "amara", _room, width=390, height=1100),
)


def take_pictures(folder: Path, *, hall: str, report: Report) -> list[Path]:
    """Photograph a sample hall that is open at `hall`, or one that is opened for it and closed again.

    Args:
        folder: what the pictures are put into.
        hall: the address of a sample hall; none if one is to be opened.
        report: hears how many pictures of how many are taken, and which is being taken.

    Raises:
        Trouble: there is no browser, or no sample hall.
    """
    if not find_spec("playwright"):
        raise Trouble("Pictures need a browser's driver: `python3 run.py test` installs it.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - nothing else needs it

    folder.mkdir(parents=True, exist_ok=True)
    chromium = os.environ.get("CHROMIUM") or shutil.which("chromium") or "chromium"
    with _opened(hall) as address, sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=chromium, args=["--no-sandbox", "--disable-gpu"])
        taken = list(photograph(PICTURES, browser, address, folder=folder, report=report))
        browser.close()
    return taken


def photograph(
    pictures: Sequence[Picture], browser: "Browser", address: str, *, folder: Path, report: Report
) -> Iterator[Path]:
    """Take one picture after the other; everybody signs in once."""
    known: dict[str, Any] = {}
    for number, one in enumerate(pictures):
        report(number, len(pictures), one.name)
        if one.who not in known:
            known[one.who] = _signed_in(browser, address, one.who)
        yield take(one, browser, address, state=known[one.who], folder=folder)
    report(len(pictures), len(pictures), "")


def _signed_in(browser: "Browser", address: str, who: str) -> Any:
    """What a browser remembers of somebody who has signed in; nothing of nobody."""
    from guildhall.demo import whom_to_sign_in_as  # noqa: PLC0415 - Django comes first

    with browser.new_context(base_url=address) as window:
        if who:
            page = window.new_page()
            page.goto("/account/sign-in")
            page.locator("[name=login]").fill(f"{who}@example.org")
            page.locator("[name=password]").fill(whom_to_sign_in_as()[-1][1])
            page.get_by_role("button", name="Sign in").click()
            if page.url.endswith("/sign-in"):
                raise Trouble(f"{address} is no sample hall: {who} cannot sign in there.")
        return window.storage_state()


def take(picture: Picture, browser: "Browser", address: str, *, state: Any, folder: Path) -> Path:
    """Open a window for one picture, walk there, photograph what it shows; the file's path."""
    with browser.new_context(
        base_url=address,
        storage_state=state,
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.dark else "light",
    ) as window:
        page = window.new_page()
        picture.walk(page)
        page.evaluate("document.activeElement.blur(); scrollTo(0, 0)")
        # In true colour and a third of a PNG's size; the driver itself writes no WebP.
        shot = window.new_cdp_session(page).send(
            "Page.captureScreenshot", {"format": "webp", "quality": _QUALITY}
        )
        path = folder / f"{picture.name}.webp"
        path.write_bytes(base64.b64decode(shot["data"]))
        return path


@contextmanager
def _opened(hall: str) -> Iterator[str]:
    """The address of a sample hall; if none is named, one is opened until we are done."""
    if hall:
        yield hall.rstrip("/")
        return
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-m", "guildhall", "demo", "--port", str(port)],
        stdout=subprocess.DEVNULL,
        start_new_session=True,
    )
    try:
        _wait_until_open(process, port)
        yield f"http://localhost:{port}"
    finally:
        process.send_signal(signal.SIGINT)
        process.wait()


def _wait_until_open(process: "subprocess.Popen[bytes]", port: int) -> None:
    deadline = time.monotonic() + _PATIENCE
    while time.monotonic() < deadline and process.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(_WAIT)
    raise Trouble("The sample hall did not open; what it says stands above.")
