"""Write what docs/ takes from the code; with `pictures`, those of README from the sample hall."""

import argparse
from pathlib import Path

from guildhall.config.environment import default_home
from guildhall.config.hall import load_django
from guildhall.config.progress import Progress
from guildhall.config.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `docs` wants to know."""
    parser.add_argument("what", nargs="?", choices=["pages", "pictures"], default="pages")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")
    parser.add_argument(
        "--hall", default="", help="pictures: of the sample hall that is open at this address"
    )
    parser.add_argument("--into", type=Path, help="pictures: the folder that they are put into")


def run(options: argparse.Namespace) -> int:
    """Write or check each page, or take the pictures."""
    load_django()
    docs = default_home().parent / "docs"
    if options.what == "pictures":
        from guildhall.config.pictures import take_pictures  # noqa: PLC0415 - Django comes first

        with Progress("Photographing") as progress:
            taken = take_pictures(options.into or docs / "pictures", hall=options.hall, report=progress)
        for path in taken:
            print(f"Taken: {path}")
        return 0
    from guildhall.config.state_diagrams import states_page  # noqa: PLC0415 - Django comes first

    path = docs / "states.md"
    text = states_page()
    if path.exists() and path.read_text() == text:
        return 0
    if options.check:
        raise Trouble(f"{path} is out of date: run `python3 run.py docs`.")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    print(f"Written: {path}")
    return 0
