"""Write the pages of docs/ that are made from the code, or see whether they are as the code says."""

import argparse

from guildhall.config.environment import default_home
from guildhall.config.hall import load_django
from guildhall.config.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `docs` wants to know."""
    parser.add_argument("--check", action="store_true", help="write nothing; fail if a page is out of date")


def run(options: argparse.Namespace) -> int:
    """Write or check each page."""
    load_django()
    from guildhall.config.state_diagrams import states_page  # noqa: PLC0415 - Django comes first

    path = default_home().parent / "docs" / "states.md"
    text = states_page()
    if path.exists() and path.read_text() == text:
        return 0
    if options.check:
        raise Trouble(f"{path} is out of date: run `python3 run.py docs`.")
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)
    print(f"Written: {path}")
    return 0
