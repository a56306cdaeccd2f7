"""Two doors, the same verbs: what a page can do, a program can do, or it is said here why not."""

import ast
from collections.abc import Iterator
from typing import Final

from tests.architecture.source import sources
from tests.architecture.test_verbs import VERBS

ONLY_PAGES: Final = {
    "join_hall": "coming in is for browsers",
    "use_set_up_link": "coming in is for browsers",
    "forget_unproved_password": "coming in is for browsers",
    "change_password": "what opens the account is changed by a person and not by their token",
    "change_email": "what opens the account is changed by a person and not by their token",
    "write_letter": "the letters of coming in",
    "choose_language": "PATCH /me changes the language with everything else",
}
"""Verbs that programs do without, each with its reason; the first ones are told in docs/adr."""


def _verbs_of(door: str) -> Iterator[str]:
    """The verbs that a door imports."""
    names = {verb.name for _source, verb in VERBS}
    for source in sources(door):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.ImportFrom) and "actions" in (node.module or "").split("."):
                yield from (alias.name for alias in node.names if alias.name in names)


def test_what_a_page_can_do_a_program_can_do() -> None:
    missing = set(_verbs_of("guildhall/web")) - set(_verbs_of("guildhall/api"))
    assert missing == set(ONLY_PAGES)


def test_what_a_program_can_do_a_page_can_do() -> None:
    assert set(_verbs_of("guildhall/api")) - set(_verbs_of("guildhall/web")) == set()
