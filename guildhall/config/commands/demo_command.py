"""Open a sample hall: a year of a small market, played by the hall's own rules on practice money.

It lives in a home of its own (var/demo unless GUILDHALL_HOME names another) and is built at the first start.
"""

import argparse

from guildhall.config.environment import default_home
from guildhall.config.home import home_told
from guildhall.config.supervisor import open_and_watch

_MOST_JOBS = 300


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `demo` wants to know."""
    parser.add_argument("--port", type=int, help="the port to listen on, instead of GUILDHALL_PORT")
    parser.add_argument(
        "--jobs", type=_jobs, help="how many jobs are posted in its year, besides the stories (300)"
    )


def run(options: argparse.Namespace) -> int:
    """Serve the sample hall until told to stop."""
    wanted = [] if options.jobs is None else [str(options.jobs)]
    return open_and_watch(home_told() or default_home() / "demo", "demo", port=options.port, wanted=wanted)


def _jobs(text: str) -> int:
    if text.isascii() and text.isdigit() and int(text) <= _MOST_JOBS:
        return int(text)
    raise argparse.ArgumentTypeError(f"it must be a whole number from 0 to {_MOST_JOBS}")
