"""What the visitor of the practice bank's page can choose."""

import json
import secrets
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Stale
from guildhall.kernel.money import Money
from guildhall.payments.models import Deposit, GatewayNotice, PracticeIntent, PracticeNotice
from guildhall.payments.practice.signing import sign

LATE: Final = timedelta(minutes=1)

CHOICES: Final = ("now", "late", "twice", "fail", "wavers")
"""Pay at once; pay, and the word comes late; the word comes twice; it fails; yes, then no, then yes again."""


class AlreadyChosen(Stale):
    """The payment was made or refused before."""

    code = "already_chosen"


@transaction.atomic
def choose_practice_payment(*, intent: PracticeIntent, choice: str, at: datetime) -> PracticeIntent:
    """Make, delay, repeat or refuse a practice payment; the words about it are sent by background work.

    Raises:
        AlreadyChosen: this payment has been decided.
    """
    assert choice in CHOICES, "the page offers only these"
    intent = PracticeIntent.objects.select_for_update().get(pk=intent.pk)
    if intent.choice:
        raise AlreadyChosen(_("This practice payment was decided before. Go back to the hall."))
    intent.choice = choice
    intent.save(update_fields=["choice"])
    for serial, outcome in enumerate(_words(choice), start=1):
        due_at = at + (LATE if choice == "late" else timedelta(0))
        reference = f"practice_{secrets.token_hex(12)}"
        copies = 2 if choice == "twice" else 1
        PracticeNotice.objects.bulk_create(
            PracticeNotice(intent=intent, reference=reference, serial=serial, outcome=outcome, due_at=due_at)
            for _copy in range(copies)
        )
    return intent


def _words(choice: str) -> list[str]:
    if choice == "wavers":
        return ["paid", "failed", "paid"]
    return ["failed"] if choice == "fail" else ["paid"]


def body_of(notice: PracticeNotice) -> bytes:
    """The bytes of a notice."""
    intent = notice.intent
    said = {
        "reference": notice.reference,
        "serial": notice.serial,
        "deposit": intent.deposit,
        "outcome": notice.outcome,
        "minor": intent.amount,
        "currency": intent.currency,
    }
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic
def pay_in_practice(*, deposit: Deposit, choice: str = "now", at: datetime) -> GatewayNotice:
    """Pay a deposit at the practice bank and hand over its signed notice at once: for samples and tests.

    It goes through the same door as a notice that comes by post; only the postman is missing.
    """
    # Here, because the door itself knows the practice bank.
    from guildhall.payments.actions.receiving import receive_notice  # noqa: PLC0415

    intent = PracticeIntent.objects.get(deposit=str(deposit.pk))
    assert choice in {"now", "fail"}, "only these are one word, said at once"
    choose_practice_payment(intent=intent, choice=choice, at=at)
    notice = PracticeNotice.objects.select_related("intent").get(intent=intent)
    PracticeNotice.objects.filter(pk=notice.pk).update(sent_at=at)
    body = body_of(notice)
    kept = receive_notice(rail=deposit.rail, body=body, signature=sign(body, at), at=at)
    assert kept is not None, "the practice bank speaks of nothing else"
    deposit.refresh_from_db()
    return kept


def money_of(intent: PracticeIntent) -> Money:
    """What is to be paid."""
    return Money(intent.amount, intent.currency)
