"""Build the index of jobs and people anew from the tables.

The hall may be open: the old index answers until the new one stands.
"""

import argparse
import sys
from typing import Any

from django.utils.translation import gettext as _

from guildhall.search.actions import rebuild_index


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """`rebuild search` wants to know nothing."""
    del parser


def run(options: Any) -> int:
    """Rebuild, and say how much was read."""
    with options.progress(_("Reading")) as progress:
        read = rebuild_index(progress=progress)
    sys.stdout.write(_("The search holds %(num)d things.") % {"num": read} + "\n")
    return 0
