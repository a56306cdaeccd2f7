"""What Stripe's events and objects say, as words of the hall.

Stripe numbers nothing: it says one thing in several events, twice, and in any order. So a word is made
of the object's state, not of the event. Its reference is the fact itself, `pi_… paid 5000 USD`, and its
serial is the rank of that state in the object's life, which Stripe only ever goes up:

- a payment: 1 it ended without money (its page ran out, or the bank said no for good), 2 it is paid;
- a refund: 1 under way, 2 arrived, 3 it came back or was refused;
- a dispute: how many entries it has made in the balance. The list only grows: money is taken by the first,
  given back by the second. Before the first entry nothing has happened to money.

The highest serial holds, so the end is the same however the events are shuffled and however often they
come.
"""

import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.payments.stripe.amounts import from_stripe
from guildhall.payments.words import Kept, Notice, Outcome, ReportLine

ENDED, PAID = 1, 2
_REFUNDS: Final[dict[str, tuple[int, Outcome]]] = {
    "pending": (1, "under_way"),
    "requires_action": (1, "under_way"),
    "succeeded": (2, "paid"),
    "failed": (3, "failed"),
    "canceled": (3, "failed"),
}

_LONGEST_ID: Final = 80
_CODE: Final = re.compile(r"[A-Za-z]{3}", re.ASCII)

type Said = Mapping[str, Any]
"""An object of Stripe's as JSON gives it."""


def word_of_event(event: Said) -> Notice | None:
    """What an event means to the hall; None if it is about nothing of ours or about nothing final.

    Disputes say nothing of our names: see `word_of_dispute`.

    Raises:
        ValueError, TypeError, KeyError, AttributeError, Refusal: it is not shaped as Stripe's events are.
    """
    read = _EVENTS.get(event["type"])
    return read(event["data"]["object"]) if read else None


def is_about_a_dispute(event: Said) -> bool:
    """Whether an event is about a chargeback."""
    return str(event["type"]).startswith("charge.dispute.")


def word_of_session(session: Said) -> Notice | None:
    """A hosted page: paid, run out, or still open."""
    deposit = session.get("client_reference_id") or _named(session, "deposit")
    amount = _money(session["amount_total"], session["currency"])
    if session["payment_status"] == "paid":
        return _paid(deposit, _id(session["payment_intent"]), amount)
    if session["status"] == "expired":
        return _ended(deposit, session["id"], amount)
    return None


def word_of_intent(intent: Said) -> Notice | None:
    """A payment: paid, or not yet. What was tried in vain may be tried again, so it is not the end."""
    if intent["status"] != "succeeded":
        return None
    charge = intent.get("latest_charge")
    kept = kept_of_charge(charge) if isinstance(charge, Mapping) else None
    amount = _money(intent.get("amount_received", intent["amount"]), intent["currency"])
    return _paid(_named(intent, "deposit"), intent["id"], amount, kept)


def word_of_charge(charge: Said) -> Notice | None:
    """A charge: paid, or not. One without our name is left to the word about its payment."""
    if charge["status"] != "succeeded" or not charge.get("payment_intent") or not _named(charge, "deposit"):
        return None
    amount = _money(charge["amount"], charge["currency"])
    return _paid(_named(charge, "deposit"), _id(charge["payment_intent"]), amount, kept_of_charge(charge))


def word_of_refund(refund: Said) -> Notice:
    """A refund in its present state."""
    serial, outcome = _REFUNDS[refund["status"]]
    amount = _money(refund["amount"], refund["currency"])
    return Notice(
        reference=f"{refund['id']} {refund['status']} {amount.minor} {amount.currency}",
        serial=serial,
        deposit="",
        outcome=outcome,
        amount=amount,
        about="refund",
        subject=_named(refund, "refund"),
        payment=_id(refund.get("payment_intent") or ""),
        reason=str(refund.get("failure_reason") or ""),
    )


def word_of_dispute(dispute: Said, deposit: str) -> Notice | None:
    """A dispute in its present state, about a deposit of ours; None while no money has moved for it."""
    entries = dispute.get("balance_transactions") or []
    if not entries:
        return None
    taken = sum(int(entry["amount"]) for entry in entries) < 0
    amount = _money(dispute["amount"], dispute["currency"])
    return Notice(
        reference=f"{dispute['id']} {len(entries)} {amount.minor} {amount.currency}",
        serial=len(entries),
        deposit=deposit,
        outcome="failed" if taken else "paid",
        amount=amount,
        about="chargeback",
        subject=_id(dispute["id"]),
        payment=_id(dispute.get("payment_intent") or ""),
        reason=str(dispute.get("reason") or ""),
    )


def kept_of_charge(charge: Said) -> Kept | None:
    """The card that the payer wanted kept; None if they did not, or paid by something else."""
    card = (charge.get("payment_method_details") or {}).get("card")
    if not card or _named(charge, "keep") != "yes" or not charge.get("customer"):
        return None
    return Kept(
        method=_id(charge["payment_method"]),
        brand=str(card["brand"])[:24],
        last4=str(card["last4"])[-4:],
        expires=f"{int(card['exp_year']):04}-{int(card['exp_month']):02}",
        payer=_id(charge["customer"]),
        person=_named(charge, "person"),
    )


def lines_of(entry: Said) -> list[ReportLine]:
    """One entry of Stripe's balance as lines of a report: the money, and what Stripe took for itself."""
    at = datetime.fromtimestamp(entry["created"], UTC)
    amount, fee = (_signed(entry[name], entry["currency"]) for name in ("amount", "fee"))
    about, subject = _subject(entry)
    lines = [ReportLine(entry["id"], about, subject, amount, at)] if amount.minor else []
    if fee.minor:
        lines.append(ReportLine(f"{entry['id']}:fee", "fee", subject, Money(-fee.minor, fee.currency), at))
    return lines


def _subject(entry: Said) -> tuple[Any, str]:
    source = entry.get("source")
    if not isinstance(source, Mapping):
        return ("fee" if "fee" in entry["type"] else "other"), str(source or "")
    kind = source.get("object")
    if kind == "charge":
        return "deposit", _named(source, "deposit") or source["id"]
    if kind == "refund":
        return "refund", _named(source, "refund") or source["id"]
    return {"dispute": "chargeback", "payout": "payout"}.get(str(kind), "other"), source["id"]


def _paid(deposit: str, payment: str, amount: Money, kept: Kept | None = None) -> Notice:
    reference = f"{payment} paid {amount.minor} {amount.currency}"
    return Notice(reference, PAID, deposit, "paid", amount, payment=payment, kept=kept)


def _ended(deposit: str, name: str, amount: Money) -> Notice:
    return Notice(f"{name} ended {amount.minor} {amount.currency}", ENDED, deposit, "failed", amount)


def _session_failed(session: Said) -> Notice:
    deposit = session.get("client_reference_id") or _named(session, "deposit")
    return _ended(deposit, session["id"], _money(session["amount_total"], session["currency"]))


def _named(thing: Said, name: str) -> str:
    text = str((thing.get("metadata") or {}).get(name) or "")[:48]
    text.encode()  # half a surrogate pair cannot be kept
    if "\0" in text:
        raise ValueError("a name that cannot be kept")
    return text


def _id(thing: Any) -> str:
    """An id, of an object that may have been sent along whole."""
    text = str(thing["id"] if isinstance(thing, Mapping) else thing)
    if len(text) > _LONGEST_ID or not (text.isascii() and text.isprintable()):
        raise ValueError("an id that is none")
    return text


def _money(number: Any, currency: Any) -> Money:
    money = _signed(number, currency)
    if not 0 <= money.minor <= LARGEST_MINOR:
        raise ValueError("an amount out of range")
    return money


def _signed(number: Any, currency: Any) -> Money:
    if type(number) is not int or type(currency) is not str or not _CODE.fullmatch(currency):
        raise TypeError("an amount is a whole number of a currency")
    return from_stripe(number, currency)


_EVENTS: Final[dict[str, Callable[[Said], Notice | None]]] = {
    "checkout.session.completed": word_of_session,
    "checkout.session.async_payment_succeeded": word_of_session,
    "checkout.session.async_payment_failed": _session_failed,
    "checkout.session.expired": word_of_session,
    "payment_intent.succeeded": word_of_intent,
    "charge.succeeded": word_of_charge,
    "refund.created": word_of_refund,
    "refund.updated": word_of_refund,
    "refund.failed": word_of_refund,
    "charge.refund.updated": word_of_refund,
}

UNREADABLE: Final = (ValueError, TypeError, KeyError, AttributeError, Refusal, AssertionError)
"""What reading something raises that is not shaped as Stripe's words are."""
