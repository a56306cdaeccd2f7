"""All papers that one payer got in one month as one paper, by order number and cost centre.

It lists what has its own number already, so that books can be paid from one sheet; it asks for nothing anew.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from babel.dates import format_date
from django.utils import translation
from django.utils.translation import gettext as _

from guildhall.documents.pdf import pdf_of
from guildhall.invoicing.drawing import PAPERS, side_on_paper
from guildhall.invoicing.models import Invoice
from guildhall.invoicing.rules import Identity, whole_months
from guildhall.invoicing.words import item_of
from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Sums:
    """Net, VAT and gross of some papers of one currency, credit notes taken off."""

    net: Money
    tax: Money
    gross: Money


@dataclass(frozen=True, slots=True)
class Group:
    """The papers of one order number, one cost centre and one currency."""

    purchase_order: str
    cost_centre: str
    papers: Sequence[Invoice]
    sums: Sums

    @property
    def heading(self) -> str:
        """What it is called, in the language in force."""
        parts = [
            _("Purchase order %(number)s") % {"number": self.purchase_order}
            if self.purchase_order
            else _("Without a purchase order"),
            _("cost centre %(name)s") % {"name": self.cost_centre} if self.cost_centre else "",
            self.sums.gross.currency,
        ]
        return " · ".join(part for part in parts if part)


@dataclass(frozen=True, slots=True)
class Collective:
    """One payer's month."""

    party: str
    month: str  # 2026-03
    groups: Sequence[Group]
    totals: Sequence[Sums]  # by currency


def collective_for(party: str, month: str) -> Collective:
    """What a payer got in a month: the newest details of theirs are on the papers themselves.

    Args:
        party: ``person:<id>``; whoever asks for it must be them.
        month: ``2026-03``.

    Raises:
        NotFound: that is no month.
    """
    span = whole_months(month) if len(month) == len("2026-03") else None
    if span is None:
        raise NotFound
    rows = Invoice.objects.filter(recipient=party, issued_on__gte=span[0], issued_on__lt=span[1])
    found: dict[tuple[str, str, str], list[Invoice]] = defaultdict(list)
    for paper in rows.select_related("credits", "replaces").order_by("issued_on", "id"):
        found[paper.purchase_order, paper.cost_centre, paper.currency].append(paper)
    groups = [
        Group(order, centre, papers, _sums(papers, currency))
        for (order, centre, currency), papers in sorted(found.items())
    ]
    currencies = sorted({currency for _order, _centre, currency in found})
    totals = [
        _sums([paper for key, papers in found.items() if key[2] == currency for paper in papers], currency)
        for currency in currencies
    ]
    return Collective(party, month, groups, totals)


def _sums(papers: Sequence[Invoice], currency: str) -> Sums:
    net = sum(paper.signed_part(paper.net) for paper in papers)
    tax = sum(paper.signed_part(paper.tax) for paper in papers)
    return Sums(Money(net, currency), Money(tax, currency), Money(net + tax, currency))


def name_of_month(month: str, language: str) -> str:
    """A month as people say it."""
    span = whole_months(month)
    assert span is not None, "a month that was found"
    return str(format_date(span[0], "LLLL y", locale=translation.to_locale(language)))


def pdf_of_collective(collective: Collective, buyer: Identity, *, language: str) -> bytes:
    """The month as a PDF in the reader's language, dated on its last day."""
    span = whole_months(collective.month)
    assert span is not None, "a month that was found"
    with translation.override(language):
        title = _("Collective invoice %(month)s") % {"month": name_of_month(collective.month, language)}
        return pdf_of(
            template=PAPERS / "collective.typ",
            data=_said_on(collective, buyer, title, language),
            title=title,
            language=language,
            at=datetime.combine(span[1] - timedelta(days=1), datetime.min.time(), UTC),
            author=_("The hall"),
        )


def _said_on(collective: Collective, buyer: Identity, title: str, language: str) -> dict[str, Any]:
    return {
        "heading": title,
        "buyer": side_on_paper(buyer.as_json(), _("To"), language),
        "columns": [_("Number"), _("Date"), _("What"), _("Net"), _("VAT"), _("Gross")],
        "groups": [
            {
                "heading": group.heading,
                "rows": [_row(paper) for paper in group.papers],
                "total": [_("Sum"), group.sums.net.amount, group.sums.tax.amount, group.sums.gross.amount],
            }
            for group in collective.groups
        ],
        "totals": [(_("Total of the month"), str(sums.gross)) for sums in collective.totals],
        "notes": [
            _("It lists papers that have their own numbers, and asks for nothing again: all of it is paid."),
        ],
    }


def _row(paper: Invoice) -> list[str]:
    amounts = (paper.net, paper.tax, paper.gross)
    return [
        paper.number,
        paper.issued_on.isoformat(),
        f"{item_of(paper)} · {paper.seller['name']}",
        *(Money(paper.signed_part(minor), paper.currency).amount for minor in amounts),
    ]
