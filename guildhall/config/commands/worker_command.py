"""Deliver events and do background work until told to stop. `serve` starts one by itself."""

import argparse

from guildhall.config.hall import open_hall, set_up_django
from guildhall.config.progress import Progress


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `worker` wants to know."""
    parser.add_argument("--once", action="store_true", help="do what is due and leave")


def run(options: argparse.Namespace) -> int:
    """Work until a signal comes."""
    set_up_django()
    from guildhall.config.worker import Worker  # noqa: PLC0415 - Django comes first

    with open_hall() as hall:
        worker = Worker(hall.url)
        if options.once:
            with Progress("Working") as progress:
                worker.do_what_is_due(progress)
        else:
            worker.run()
    return 0
