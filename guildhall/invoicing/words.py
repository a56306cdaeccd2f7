"""What papers call things, in the language in force."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.invoicing.models import Invoice
from guildhall.invoicing.rules import Kind, reason_for

_KINDS: Final[dict[str, Promise]] = {
    Kind.WORK: gettext_lazy("Invoice for work"),
    Kind.WORKER_FEE: gettext_lazy("Invoice for the hall’s fee"),
    Kind.CLIENT_FEE: gettext_lazy("Invoice for the client’s fee"),
}
_ITEMS: Final[dict[str, Promise]] = {
    Kind.WORKER_FEE: gettext_lazy("The hall’s fee for “%(work)s”"),
    Kind.CLIENT_FEE: gettext_lazy("The client’s fee for “%(work)s”"),
}


def kinds_of_papers() -> list[tuple[str, str]]:
    """What a list can be narrowed to, each with its name."""
    return [(kind.value, str(_KINDS[kind])) for kind in Kind] + [("credit_note", _("Credit notes"))]


def heading_of(invoice: Invoice) -> str:
    """What the paper is."""
    return _("Credit note") if invoice.is_credit_note else str(_KINDS[invoice.kind])


def work_of(invoice: Invoice) -> str:
    """The work that it is about: the contract, and the milestone where it has another name."""
    if not invoice.title:
        return _("Work in this hall")
    return invoice.title if invoice.item == invoice.title else f"{invoice.title}: {invoice.item}"


def item_of(invoice: Invoice) -> str:
    """What its one line says."""
    template = _ITEMS.get(invoice.kind)
    return str(template) % {"work": work_of(invoice)} if template else work_of(invoice)


def notes_on(invoice: Invoice) -> list[str]:
    """What has to be said beneath the sums: who made it out, why no VAT, what it takes back or replaces."""
    notes = []
    if invoice.kind == Kind.WORK:
        notes.append(
            _("Self-billing: made out by the hall in the name and on behalf of %(name)s.")
            % {"name": invoice.seller["name"]}
        )
    if reason := reason_for(invoice.category, registered=bool(invoice.seller["tax_id"])):
        notes.append(reason)
    if invoice.credits:
        notes.append(
            _("Takes back %(sum)s of %(number)s of %(day)s: %(reason)s")
            % {
                "sum": invoice.total,
                "number": invoice.credits.number,
                "day": invoice.credits.issued_on.isoformat(),
                "reason": invoice.reason,
            }
        )
    if invoice.replaces:
        notes.append(_("Replaces %(number)s, which was taken back.") % {"number": invoice.replaces.number})
    return notes
