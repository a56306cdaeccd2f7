"""The practice bank as the hall sees it: a gateway."""

import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_lazy

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.payments.gateways import (
    Answer,
    BadNotice,
    Gateway,
    GatewaySilent,
    Instruction,
    Notice,
    ReportLine,
)
from guildhall.payments.practice.books import (
    charge_in_practice,
    last_word_about,
    open_intent,
    refund_in_practice,
    report_lines,
)
from guildhall.payments.practice.signing import is_signed
from guildhall.payments.words import Kept

_FIELDS = {"reference", "serial", "deposit", "outcome", "minor", "currency"}
_TEXTS = ("reference", "deposit", "outcome", "currency")
_MORE = {"about", "subject", "kept"}  # where it is not about a payment itself
_ABOUT = {"deposit", "refund", "chargeback"}
_LONGEST_REFERENCE = 80
_LARGEST_SERIAL = 2**31 - 1


class PracticeBank(Gateway):
    """A gateway to money that is none."""

    rail = "practice"
    called = gettext_lazy("the practice bank")
    is_outside = False  # its books are a table of this database: asking it is no call
    can_take = True
    can_keep = True
    can_refund = True
    can_report = True
    signature_header = "Practice-Signature"

    def start(self, instruction: Instruction) -> Answer:
        """Write the payment into the practice bank's own books; the answer has the address of its page."""
        if instruction.method:
            with transaction.atomic():
                answers = charge_in_practice(instruction)
            if not answers:
                raise GatewaySilent("the practice bank plays dead, as it was told to")
            return Answer()
        intent = open_intent(instruction)
        return Answer(page=f"{settings.GUILDHALL_BASE_URL}/practice-bank/{intent.reference}")

    def parse_notice(self, *, body: bytes, signature: str, at: datetime) -> Notice:
        """Read what the practice bank signed."""
        if not is_signed(body, signature, at):
            raise BadNotice
        try:
            return _read(json.loads(body))
        except (ValueError, TypeError, AssertionError, Refusal) as error:
            raise BadNotice from error

    def outcome_of(self, instruction: Instruction) -> Notice | None:
        """The last word that its books have about it."""
        return last_word_about(instruction)

    def refund(self, instruction: Instruction) -> Notice | None:
        """Pay back; its word about that comes by post."""
        with transaction.atomic():
            answers = refund_in_practice(instruction)
        if not answers:
            raise GatewaySilent("the practice bank plays dead, as it was told to")
        return None

    def forget(self, *, method: str) -> None:  # noqa: ARG002 - the shape of a gateway
        """There is no card, so it is gone."""
        return

    def report(self, *, since: datetime, until: datetime) -> Iterator[ReportLine]:
        """What its books say, which do not lie."""
        return report_lines(since, until)


def _read(said: Any) -> Notice:
    if not isinstance(said, dict) or set(said) - _MORE != _FIELDS:
        raise ValueError("these are not the fields of a notice")
    said = {"about": "deposit", "subject": "", "kept": ""} | said
    texts = [said[name] for name in (*_TEXTS, "about", "subject", "kept")]
    numbers = [said["serial"], said["minor"]]
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise ValueError("a field is of another kind")
    names = said["reference"] + said["deposit"] + said["subject"]
    names.encode()  # half a surrogate pair cannot be kept either
    if not 1 <= len(said["reference"]) <= _LONGEST_REFERENCE or "\0" in names:
        raise ValueError("the reference cannot be kept")
    if not 1 <= said["serial"] <= _LARGEST_SERIAL or not 0 <= said["minor"] <= LARGEST_MINOR:
        raise ValueError("a number is out of range")
    if said["outcome"] not in {"paid", "failed"} or said["about"] not in _ABOUT:
        raise ValueError("an outcome that is none")
    if len(said["subject"]) > _LONGEST_REFERENCE:
        raise ValueError("a name that cannot be kept")
    return Notice(
        reference=said["reference"],
        serial=said["serial"],
        deposit=said["deposit"],
        outcome=said["outcome"],
        amount=Money(said["minor"], said["currency"]),
        about=said["about"],
        subject=said["subject"],
        kept=_kept(said["kept"]) if said["kept"] else None,
    )


def _kept(said: str) -> Kept:
    method, last4 = said.split(" ")
    if not (method.isascii() and last4.isascii() and last4.isdigit()):
        raise ValueError("a card that is none")
    return Kept(method[:80], "practice", last4[-4:], "2039-12", "practice")
