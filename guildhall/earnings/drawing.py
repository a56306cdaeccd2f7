"""Certificates and years as PDFs."""

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

import segno
from django.conf import settings
from django.utils.translation import gettext as _

from guildhall.documents.pdf import Attachment, pdf_of
from guildhall.earnings.models import Certificate
from guildhall.earnings.queries import signed_text_of
from guildhall.earnings.rules import Said, code_in_groups
from guildhall.earnings.words import SaidIn, both_of, word_for_deduction
from guildhall.earnings.years import YearOfOne
from guildhall.people.models import Person

PAPERS: Final = Path(__file__).resolve().parent / "papers"
_LINE: Final = 122


def address_of(code: str) -> str:
    """Where a certificate is checked."""
    return f"{settings.GUILDHALL_BASE_URL}/certificates/{code}"


def pdf_of_certificate(certificate: Certificate) -> bytes:
    """The paper, always the same bytes: English on one side, its holder's language on the other.

    The signed text stands on it in small print and travels inside as a file.
    """
    said = Said.read(certificate.body)
    address = f"{said.hall}/certificates/{said.code}"
    text = signed_text_of(certificate)
    sides = both_of(said)
    return pdf_of(
        template=PAPERS / "certificate.typ",
        data={
            "sides": [_side(side) for side in sides],
            "address": address,
            "where": f"{said.hall}/certificates",
            "code": code_in_groups(said.code),
            "square": segno.make(address, error="m").svg_inline(omitsize=True, border=2),
            "signed": [text[at : at + _LINE] for at in range(0, len(text), _LINE)],
            "key": said.key,
        },
        title=f"{sides[0].heading} – {said.name}",
        language="en",
        at=certificate.issued_at,
        author=said.hall,
        attachments=[
            Attachment(
                name="signed.txt",
                text=text,
                kind="text/plain",
                description="What the hall has signed, to be pasted on its page",
                relationship="source",
            )
        ],
    )


def _side(side: SaidIn) -> dict[str, Any]:
    return {
        "language": side.language,
        "heading": side.heading,
        "facts": side.facts,
        "months": [{"heading": heading, "rows": rows} for heading, rows in side.months],
        "notes": side.notes,
        "check": side.check,
    }


def pdf_of_year(
    person: Person,
    year: int,
    totals: list[YearOfOne],
    *,
    word_for: Callable[[str], str],
    language: str,
    at: datetime,
) -> bytes:
    """A person's totals of a year, in the language in force.

    Args:
        person: whose.
        year: which.
        totals: by currency.
        word_for: what a kind of movement is called.
        language: of the page.
        at: when it was asked for; while the year lasts, its sums change.
    """
    heading = _("Totals of %(year)s") % {"year": year}
    return pdf_of(
        template=PAPERS / "year.typ",
        data={
            "heading": heading,
            "name": person.name,
            "facts": [
                (_("Hall"), settings.GUILDHALL_BASE_URL),
                (_("As of"), at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")),
            ],
            "tables": [
                {"heading": one.currency, "parts": parts_of_year(one, word_for=word_for)} for one in totals
            ],
            "notes": [
                _("Years are in UTC. What was earned belongs to the year in which it was released to you."),
                _("What moved in the wallet belongs to the year in which it moved."),
            ],
            "none": _("Nothing was earned and nothing moved in this year."),
        },
        title=f"{heading} – {person.name}",
        language=language,
        at=at,
        author=settings.GUILDHALL_BASE_URL,
    )


def parts_of_year(one: YearOfOne, *, word_for: Callable[[str], str]) -> list[dict[str, Any]]:
    """A year as two tables of sums: what was earned, and how the wallet moved."""
    return [
        {
            "heading": _("Earned"),
            "rows": [
                (_("Gross"), str(one.gross)),
                *((word_for_deduction(taken.name), str(-taken.sum)) for taken in one.deducted),
            ],
            "total": (_("Net"), str(one.net)),
        },
        {
            "heading": _("In the wallet"),
            "rows": [
                (_("Held when the year began"), str(one.opening)),
                *((word_for(kind), str(change)) for kind, change in one.moved),
            ],
            "total": (_("Held at its end, or now"), str(one.closing)),
        },
    ]
