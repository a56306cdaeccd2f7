"""What kinds of movements and states are called on a page."""

from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.contracts.models import Milestone
from guildhall.contracts.queries import milestones_visible_to
from guildhall.people.models import Person

_MOVEMENTS: Final[dict[str, Promise]] = {
    "deposit.settled": gettext_lazy("Paid in"),
    "deposit.matched": gettext_lazy("Paid in, and found to be yours"),
    "hold.placed": gettext_lazy("Set aside"),
    "hold.returned": gettext_lazy("Came back from escrow"),
    "hold.split": gettext_lazy("Came back from escrow by a split"),
    "clearing.matured": gettext_lazy("Earnings became available"),
    "payout.sent": gettext_lazy("On its way to your bank"),
    "payout.returned": gettext_lazy("Sent back by your bank"),
    "chargeback.taken": gettext_lazy("Taken back by the bank you paid with"),
    "exchange.done": gettext_lazy("Exchanged"),
    "saving.kept": gettext_lazy("Put into your savings"),
    "saving.taken": gettext_lazy("Taken out of your savings"),
    "chargeback.given_back": gettext_lazy("Given back by the bank you paid with"),
    "chargeback.recovered": gettext_lazy("Made good to the hall, which had borne it"),
    "refund.sent": gettext_lazy("Sent back to where you paid from"),
    "refund.returned": gettext_lazy("Could not be sent back"),
    "credit.given": gettext_lazy("Credit from the hall"),
}

_DEPOSITS: Final[dict[str, tuple[Promise, str]]] = {
    "started": (gettext_lazy("Waiting for the bank"), "wait"),
    "settled": (gettext_lazy("Arrived"), "good"),
    "failed": (gettext_lazy("Not paid"), "bad"),
    "cancelled": (gettext_lazy("Not finished in time"), "plain"),
    "pending_unknown": (gettext_lazy("Checking whether it was paid"), "wait"),
}

_REFUNDS: Final[dict[str, tuple[Promise, str]]] = {
    "requested": (gettext_lazy("Waiting to be sent back"), "wait"),
    "pending_unknown": (gettext_lazy("Checking whether it was sent back"), "wait"),
    "sent": (gettext_lazy("On its way back"), "wait"),
    "settled": (gettext_lazy("Sent back"), "good"),
    "returned": (gettext_lazy("Came back to you here"), "bad"),
}

_CHARGEBACKS: Final[dict[str, tuple[Promise, str]]] = {
    "taken": (gettext_lazy("Taken back by the bank"), "bad"),
    "given_back": (gettext_lazy("Given back by the bank"), "good"),
}

_PAYOUTS: Final[dict[str, tuple[Promise, str]]] = {
    "requested": (gettext_lazy("Waiting to be sent"), "wait"),
    "sent": (gettext_lazy("On its way"), "wait"),
    "settled": (gettext_lazy("Arrived"), "good"),
    "returned": (gettext_lazy("Sent back"), "bad"),
}


def word_for_movement(kind: str) -> str:
    """What a statement calls a movement; a kind that it does not know keeps its own name."""
    return str(_MOVEMENTS.get(kind, kind))


def word_for_deposit(state: str) -> tuple[str, str]:
    """A deposit's state as a word and its tone."""
    word, tone = _DEPOSITS[state]
    return str(word), tone


def word_for_refund(state: str) -> tuple[str, str]:
    """A refund's state as a word and its tone."""
    word, tone = _REFUNDS[state]
    return str(word), tone


def word_for_chargeback(state: str) -> tuple[str, str]:
    """A chargeback's state as a word and its tone."""
    word, tone = _CHARGEBACKS[state]
    return str(word), tone


def word_for_payout(state: str) -> tuple[str, str]:
    """A payout's state as a word and its tone."""
    word, tone = _PAYOUTS[state]
    return str(word), tone


def milestones_behind(purposes: Iterable[str], person: Person) -> dict[str, Milestone]:
    """The milestones that holds are for, by purpose; those that this person may see."""
    ids = {}
    for purpose in purposes:
        kind, _colon, name = purpose.partition(":")
        if kind == "milestone":
            try:
                ids[UUID(name)] = purpose
            except ValueError:
                continue
    found = milestones_visible_to(person).filter(pk__in=ids)
    return {ids[milestone.pk]: milestone for milestone in found}


def place_of(purpose: str, milestones: dict[str, Milestone]) -> dict[str, Any]:
    """What a hold is for: a title, the contract's address, a note; empty where the person may not look."""
    milestone = milestones.get(purpose)
    if milestone is None:
        return {"title": _("Work in this hall"), "url": "", "note": ""}
    contract = milestone.contract
    note = milestone.title if milestone.title != contract.title else ""
    return {"title": contract.title, "url": f"/contracts/{contract.pk}", "note": note}
