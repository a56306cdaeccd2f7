"""Make somebody the hall's operator: a person who is here already, or somebody new.

The password of somebody new is asked for, or read from what is piped in.
"""

import argparse
import getpass
import sys

from guildhall.config.clock import database_time
from guildhall.config.hall import open_hall, set_up_django
from guildhall.config.trouble import Trouble


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `create-operator` wants to know."""
    parser.add_argument("email", help="their e-mail address")
    parser.add_argument("--name", default="", help="how they want to be called, for somebody new")


def run(options: argparse.Namespace) -> int:
    """Make the operator."""
    set_up_django()
    from guildhall.kernel.errors import Refusal  # noqa: PLC0415 - Django comes first
    from guildhall.people.actions import create_operator  # noqa: PLC0415 - the same
    from guildhall.people.queries import person_who_proved  # noqa: PLC0415 - the same

    with open_hall():
        known = person_who_proved(options.email)
        password = "" if known else _ask_for_password()
        try:
            person = create_operator(
                email=options.email,
                name=options.name or options.email.split("@")[0],
                password=password,
                at=database_time(),
            )
        except Refusal as refusal:
            raise Trouble(refusal.sentence) from refusal
    print(f"{person.name} <{person.email}> is an operator of this hall.")
    return 0


def _ask_for_password() -> str:
    """From the terminal without showing it, or the first line of what is piped in."""
    if not sys.stdin.isatty():
        return sys.stdin.readline().rstrip("\n")
    first = getpass.getpass("Password for the new operator: ")
    if first != getpass.getpass("Once more: "):
        raise Trouble("The two passwords differ.")
    return first
