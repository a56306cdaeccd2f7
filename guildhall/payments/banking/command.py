"""Bring in a file from the bank: a statement (camt.053, CSV), a report (pain.002), a sheet that came back.

All of it or nothing, and every line once, however often it is brought. It is booked at once: whoever owns the
machine needs no second operator, so a machine that fetches statements can bring them by itself.
"""

import argparse
import sys
from pathlib import Path
from typing import Any

from django.db.models import Count
from django.utils.translation import gettext as _

from guildhall.payments.actions import KnownFile, import_bank_file
from guildhall.payments.banking.reading import refuse_too_large
from guildhall.payments.banking.shapes import NotAStatement


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `import statement` wants to know."""
    parser.add_argument("file", type=Path, help="the file")
    parser.add_argument("--rail", default="bank", choices=("bank", "local"), help="whose file it is (bank)")


def run(options: Any) -> int:
    """Bring it in, and say what became of its lines; a file that was brought before changes nothing."""
    path: Path = options.file
    try:
        with options.progress(_("Importing")) as progress:
            progress(0, 2, path.name)
            content = _read(path)
            progress(1, 2, path.name)
            file = import_bank_file(
                content=content, name=path.name, by=None, at=options.at, rail=options.rail
            )
    except KnownFile as known:
        sys.stdout.write(f"{known.sentence}\n")
        return 0
    sys.stdout.write(f"{file.written_in}\n")
    counted = file.lines.values_list("outcome").annotate(count=Count("id")).order_by("outcome")
    for outcome, count in counted:
        sys.stdout.write(f"{outcome} {count}\n")
    if file.repeated:
        sys.stdout.write(f"repeated {file.repeated}\n")
    return 0


def _read(path: Path) -> bytes:
    """The file.

    Raises:
        NotAStatement: it cannot be read, or is too large to be one.
    """
    try:
        refuse_too_large(path.stat().st_size)
        return path.read_bytes()
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise NotAStatement(
            _("%(file)s cannot be read: %(reason)s.") % {"file": path, "reason": reason}
        ) from error
