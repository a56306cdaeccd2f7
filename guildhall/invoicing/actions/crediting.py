"""Taking a paper back: by a credit note that names it, and another paper in its place."""

from datetime import UTC, datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.invoicing import events
from guildhall.invoicing.actions.issuing import HALLS_NAME, person_in
from guildhall.invoicing.actions.numbering import wait_for_turn, write_numbered
from guildhall.invoicing.models import HALL, BillingProfile, Invoice
from guildhall.invoicing.queries import identity_of, left_to_credit, rates_in_force
from guildhall.invoicing.rules import Identity, tax_on, tax_within
from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money, divide_by_weights
from guildhall.people.models import Person
from guildhall.people.rules import read_line

_REPLACED = "replacement"
_COPIED = ("issuer", "recipient", "kind", "release", "contract", "supplied_on", "currency")
_WORDS = ("title", "item", "purchase_order", "cost_centre", "language")


class NothingToCredit(Refusal):
    """Less is left of the invoice than the credit note would take back."""

    code = "nothing_to_credit"


class NothingChanged(Refusal):
    """The paper says already what a new one would say."""

    code = "nothing_changed"


@transaction.atomic
def issue_credit_note(
    *, invoice: Invoice, amount: Money, reason: str, key: str, by: Person, at: datetime
) -> Invoice:
    """Take an invoice back, wholly or in part, on paper; for operators. Money moves by other verbs.

    Args:
        invoice: what is corrected; a credit note itself cannot be.
        amount: gross, of its currency.
        reason: for both sides to read.
        key: asking again with it finds the credit note that it made.
        by: an operator who is no side of it.
        at: when.

    Raises:
        NothingToCredit: less is left of it.
        Unfit: no reason, another currency, or an operator's own paper.
    """
    assert by.is_operator, "doors let operators only come here"
    wait_for_turn()
    cause = f"correction:{key}"
    if earlier := Invoice.objects.filter(credits=invoice, cause=cause).first():
        return earlier
    if by.party in {invoice.issuer, invoice.recipient}:
        raise Unfit(_("You are a side of this invoice: let another operator correct it."), field="reason")
    why = read_line(reason, field="reason", longest=300)
    if not why:
        raise Unfit(_("Say why: both sides read it on the credit note."), field="reason")
    if amount.currency != invoice.currency or amount.minor <= 0:
        raise Unfit(
            _("Write an amount of more than zero in %(currency)s.") % {"currency": invoice.currency},
            field="amount",
        )
    return _credit(invoice, amount.minor, cause=cause, reason=why, by=by, at=at)


def _credit(invoice: Invoice, gross: int, *, cause: str, reason: str, by: Person, at: datetime) -> Invoice:
    left = left_to_credit(invoice)
    if invoice.is_credit_note or gross > left.minor:
        raise NothingToCredit(
            _("Only %(left)s of this is not taken back yet.")
            % {"left": Money(0, invoice.currency) if invoice.is_credit_note else left},
            field="amount",
        )
    net, tax = _taken_back(invoice, gross)
    note = write_numbered(
        on=at.astimezone(UTC).date(),
        at=at,
        credits=invoice,
        cause=cause,
        reason=reason,
        net=net,
        tax=tax,
        gross=gross,
        category=invoice.category,
        rate=invoice.rate,
        seller=invoice.seller,
        buyer=invoice.buyer,
        **{name: getattr(invoice, name) for name in (*_COPIED, *_WORDS)},
    )
    record_event(
        events.CREDIT_NOTE_ISSUED,
        subject=note.pk,
        by=by.pk,
        at=at,
        invoice=str(note.pk),
        to=[each for each in map(person_in, (invoice.issuer, invoice.recipient)) if each],
        number=note.number,
        corrected=invoice.number,
        amount=gross,
        currency=note.currency,
        reason=reason,
        replaced=cause == _REPLACED,
    )
    return note


def _taken_back(invoice: Invoice, gross: int) -> tuple[int, int]:
    """Net and VAT of a part of an invoice: many parts take back to the cent what the whole had."""
    before = invoice.credit_notes.all()
    back = sum(note.gross for note in before)
    _net, tax = divide_by_weights(back + gross, [invoice.net, invoice.tax])
    tax -= sum(note.tax for note in before)
    return gross - tax, tax


@transaction.atomic
def replace_invoice(*, invoice: Invoice, by: Person, at: datetime) -> Invoice:
    """Take an invoice back whole, and make it out again to who its sides are on paper today.

    Args:
        invoice: one's own: what one got, or what was made out in one's name.
        by: a side of it.
        at: when.

    Raises:
        NotFound: somebody else's.
        NothingToCredit: something of it was taken back already.
        NothingChanged: today it would say the same.
    """
    if by.party not in {invoice.issuer, invoice.recipient}:
        raise NotFound
    wait_for_turn()
    seller, buyer = (
        _identity_today(party, Identity.read(then))
        for party, then in (
            (invoice.issuer, invoice.seller),
            (invoice.recipient, invoice.buyer),
        )
    )
    tax = tax_on(seller=seller, buyer=buyer, rates=rates_in_force())
    if (seller.as_json(), buyer.as_json(), tax.category, tax.basis_points) == (
        invoice.seller,
        invoice.buyer,
        invoice.category,
        invoice.rate,
    ):
        raise NothingChanged(
            _("It would say the same: change the billing details first, then have it made out again.")
        )
    if left_to_credit(invoice).minor != invoice.gross:
        raise NothingToCredit(_("A credit note has taken back some of this already."))
    _credit(
        invoice,
        invoice.gross,
        cause=_REPLACED,
        reason=_("Replaced by an invoice with other billing details."),
        by=by,
        at=at,
    )
    net, vat = tax_within(invoice.gross, tax.basis_points)
    return write_numbered(
        on=at.astimezone(UTC).date(),
        at=at,
        replaces=invoice,
        net=net,
        tax=vat,
        gross=invoice.gross,
        category=tax.category,
        rate=tax.basis_points,
        seller=seller.as_json(),
        buyer=buyer.as_json(),
        **{name: getattr(invoice, name) for name in (*_COPIED, *_WORDS)},
    )


def _identity_today(party: str, then: Identity) -> Identity:
    profile = BillingProfile.objects.filter(party=party).first()
    if profile is None and party == HALL:
        return identity_of(None, name=HALLS_NAME, country="")
    return identity_of(profile, name=then.name, country=then.country)
