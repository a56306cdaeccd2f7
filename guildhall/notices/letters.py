"""How a letter is written: plain text, the same as simple HTML, nothing loaded from anywhere."""

import re
from typing import Final

from django.conf import settings
from django.utils.html import escape
from django.utils.translation import gettext as _

from guildhall.payments.gateways import has_practice_money_only

_SPACES: Final = re.compile(r"\s+")
_LONGEST_SUBJECT: Final = 120


def address_of(path: str) -> str:
    """The full address of a page of this hall, from the configured host and never from a request."""
    base: str = settings.GUILDHALL_BASE_URL
    return base.rstrip("/") + path


def subject_of(sentence: str) -> str:
    """A sentence as a subject line: one line, not too long."""
    line = _SPACES.sub(" ", sentence).strip()
    return line if len(line) <= _LONGEST_SUBJECT else line[: _LONGEST_SUBJECT - 1].rstrip() + "…"


def text_of_notice(name: str, sentence: str, path: str) -> str:
    """The letter that carries a notice."""
    paragraphs = [
        _("Hello %(name)s,") % {"name": name},
        sentence,
        address_of(path),
        _("This letter comes from the hall because it concerns something of yours."),
    ]
    if has_practice_money_only():
        paragraphs.append(_("No bank is connected to this hall: every sum in it is made up."))
    return "\n\n".join(paragraphs)


def html_of(text: str) -> str:
    """The same text with its addresses as links; everything else is text and stays text."""
    paragraphs = []
    for paragraph in text.split("\n\n"):
        lines = [_link(line) if _is_address(line) else escape(line) for line in paragraph.splitlines()]
        paragraphs.append(f'<p dir="auto">{"<br>".join(lines)}</p>')
    return f'<!doctype html><html><meta charset="utf-8"><body>{"".join(paragraphs)}</body></html>'


def _is_address(line: str) -> bool:
    return line.startswith(address_of("/")) and not _SPACES.search(line)


def _link(line: str) -> str:
    return f'<a href="{escape(line)}">{escape(line)}</a>'
