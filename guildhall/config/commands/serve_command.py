"""Open your own hall and keep it open until you press Ctrl-C.

The database, the web server and the worker are started together, watched, and stopped together. The first
time, a link is printed by which you become the hall's operator.
"""

import argparse

from guildhall.config.environment import default_home
from guildhall.config.home import home_told
from guildhall.config.supervisor import open_and_watch


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `serve` wants to know."""
    parser.add_argument("--port", type=int, help="the port to listen on, instead of GUILDHALL_PORT")


def run(options: argparse.Namespace) -> int:
    """Serve until told to stop."""
    return open_and_watch(home_told() or default_home(), "own", port=options.port)
