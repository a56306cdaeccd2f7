"""Words with a second word after them, whose work lies in another package: `import jobs`, `bench ledger`.

Such a module has a docstring, `add_arguments(parser)` and `run(options) -> int`. What it may need and cannot
reach from its floor is given to it as attributes of `options`:

- `hall`: the open hall, with its addresses and the folder of PostgreSQL's programs;
- `at`: what time it is, by the database's clock;
- `progress`: a function from a label to a progress bar, which is called with the share that is done.
"""

import argparse
from collections.abc import Mapping
from importlib import import_module
from types import ModuleType
from typing import Any

from guildhall.config.clock import database_time
from guildhall.config.hall import Hall
from guildhall.config.progress import Progress
from guildhall.config.trouble import Trouble


def add_parts(parser: argparse.ArgumentParser, parts: Mapping[str, str], what: str) -> None:
    """Let each second word have its own arguments. Django must be set up."""
    words = parser.add_subparsers(dest="part", metavar=what, required=True)
    for word, path in parts.items():
        module = import_module(path)
        meaning = (module.__doc__ or "").strip()
        part = words.add_parser(
            word,
            help=meaning.splitlines()[0].rstrip("."),
            description=meaning,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        part.set_defaults(module=module)
        module.add_arguments(part)


def run_part(options: argparse.Namespace, hall: Hall) -> int:
    """Run the chosen part in an open hall; what it refuses is said in its own sentence."""
    from guildhall.kernel.errors import Refusal  # noqa: PLC0415 - Django comes first

    module: ModuleType | Any = options.module
    options.hall, options.at, options.progress = hall, database_time(), Progress
    try:
        return int(module.run(options))
    except Refusal as refusal:
        raise Trouble(refusal.sentence) from refusal
