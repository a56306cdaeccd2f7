"""The `guildhall` command: one word, then what that word wants to know."""

import argparse
import os
import signal
import sys
from collections.abc import Sequence
from importlib import import_module
from types import ModuleType
from typing import Any, NoReturn

from guildhall.config.outside import sentence_about
from guildhall.config.trouble import Trouble

COMMANDS = {
    "demo": "open a sample hall full of people, on practice money",
    "serve": "open your own hall",
    "check": "prove that every promise about the data holds, and name what breaks one",
    "import": "bring in jobs from a file",
    "export": "write the ledger out for another program",
    "verify": "reckon exported books again, without a hall: for an auditor",
    "rebuild": "build the search anew from the tables",
    "backup": "write the whole hall into one file while it is open",
    "restore": "make a hall of such a file again, in an empty home",
    "create-operator": "make somebody the hall's operator",
    "migrate": "bring the database to this version",
    "worker": "deliver events and do background work (`serve` starts one by itself)",
    "docs": "write the pages of docs/ that are made from the code",
    "bench": "measure the hall against real programs",
}
"""Every word, with what it does. Each has its module in `config.commands`."""

_REFUSED = 2
_INTERRUPTED = 130


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command and end the process with its status."""
    words = list(sys.argv[1:] if argv is None else argv)
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _leave)
    try:
        status = run(words)
        sys.stdout.flush()
    except KeyboardInterrupt:
        status = _INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        status = 1
    except Trouble as trouble:
        print(trouble, file=sys.stderr)
        status = 1
    except Exception as trouble:
        sentence = sentence_about(trouble)
        if not sentence:
            raise
        print(sentence, file=sys.stderr)
        status = 1
    sys.exit(status)


def _leave(number: int, _frame: object) -> NoReturn:
    """Whoever is told to stop puts away what it has opened."""
    sys.exit(128 + number)


def run(words: Sequence[str]) -> int:
    """Find the command's module, read its arguments and run it."""
    if not words or words[0] in {"-h", "--help", "help"}:
        print(overview())
        return 0
    word, *rest = words
    if word not in COMMANDS:
        print(f"guildhall knows no command {word!r}. It knows: {', '.join(COMMANDS)}.", file=sys.stderr)
        return _REFUSED
    module: Any = module_of(word)
    parser = argparse.ArgumentParser(
        prog=f"guildhall {word}",
        description=module.__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    module.add_arguments(parser)
    options = parser.parse_args(rest)
    return int(module.run(options))


def module_of(word: str) -> ModuleType:
    """The module behind a word."""
    return import_module(f"guildhall.config.commands.{word.replace('-', '_')}_command")


def overview() -> str:
    """What a person reads who asks for help."""
    from guildhall.config.environment import VARIABLES  # noqa: PLC0415 - only for this page

    lines = ["usage: guildhall COMMAND [OPTIONS]", "", "commands:"]
    lines += [f"  {word:<16} {meaning}" for word, meaning in COMMANDS.items()]
    lines += [
        "",
        "`guildhall COMMAND --help` says more about each.",
        "",
        "environment (what holds without it):",
    ]
    width = max(map(len, VARIABLES)) + 2
    lines += [f"  {name:<{width}} {meaning}" for name, meaning in VARIABLES.items()]
    return "\n".join(lines)
