"""The practice bank as the hall sees it: a gateway."""

import json
import secrets
from datetime import datetime
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_lazy

from guildhall.kernel.errors import Refusal
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.payments.gateways import Answer, BadNotice, Gateway, Instruction, Notice
from guildhall.payments.models import PracticeIntent
from guildhall.payments.practice.signing import is_signed

_FIELDS = {"reference", "serial", "deposit", "outcome", "minor", "currency"}
_LONGEST_REFERENCE = 80
_LARGEST_SERIAL = 2**31 - 1


class PracticeBank(Gateway):
    """A gateway to money that is none."""

    rail = "practice"
    called = gettext_lazy("the practice bank")
    is_outside = False  # its books are a table of this database: asking it is no call
    can_take = True
    signature_header = "Practice-Signature"

    def start(self, instruction: Instruction) -> Answer:
        """Write the payment into the practice bank's own books; the answer has the address of its page."""
        intent = PracticeIntent(
            id=new_id(),
            reference=secrets.token_urlsafe(24),
            deposit=instruction.reference,
            amount=instruction.amount.minor,
            currency=instruction.amount.currency,
            back_to=instruction.back_to,
            started_at=instruction.at,
        )
        intent.save(force_insert=True)
        return Answer(page=f"{settings.GUILDHALL_BASE_URL}/practice-bank/{intent.reference}")

    def parse_notice(self, *, body: bytes, signature: str, at: datetime) -> Notice:
        """Read what the practice bank signed."""
        if not is_signed(body, signature, at):
            raise BadNotice
        try:
            return _read(json.loads(body))
        except (ValueError, TypeError, AssertionError, Refusal) as error:
            raise BadNotice from error


def _read(said: Any) -> Notice:
    if not isinstance(said, dict) or set(said) != _FIELDS:
        raise ValueError("these are not the fields of a notice")
    texts = [said["reference"], said["deposit"], said["outcome"], said["currency"]]
    numbers = [said["serial"], said["minor"]]
    if not all(type(text) is str for text in texts) or not all(type(number) is int for number in numbers):
        raise ValueError("a field is of another kind")
    names = said["reference"] + said["deposit"]
    names.encode()  # half a surrogate pair cannot be kept either
    if not 1 <= len(said["reference"]) <= _LONGEST_REFERENCE or "\0" in names:
        raise ValueError("the reference cannot be kept")
    if not 1 <= said["serial"] <= _LARGEST_SERIAL or not 0 <= said["minor"] <= LARGEST_MINOR:
        raise ValueError("a number is out of range")
    if said["outcome"] not in {"paid", "failed"}:
        raise ValueError("an outcome that is none")
    return Notice(
        reference=said["reference"],
        serial=said["serial"],
        deposit=said["deposit"],
        outcome=said["outcome"],
        amount=Money(said["minor"], said["currency"]),
    )
