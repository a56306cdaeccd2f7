"""What the visitor of the practice bank's page can choose."""

import json
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Stale
from guildhall.kernel.money import Money
from guildhall.payments.models import Deposit, GatewayNotice, PracticeIntent, PracticeNotice
from guildhall.payments.practice.books import notice_of, write_words
from guildhall.payments.practice.scripts import CHOICES, words_about_payment
from guildhall.payments.practice.signing import sign


class AlreadyChosen(Stale):
    """The payment was made or refused before."""

    code = "already_chosen"


@transaction.atomic
def choose_practice_payment(
    *, intent: PracticeIntent, choice: str, at: datetime, seed: str = ""
) -> PracticeIntent:
    """Make, delay, repeat or refuse a practice payment; the words about it are sent by background work.

    Args:
        intent: the payment.
        choice: one of `CHOICES`.
        at: when.
        seed: what decides where chance does; the payment's own reference without one.

    Raises:
        AlreadyChosen: this payment has been decided.
    """
    assert choice in CHOICES, "the page offers only these"
    intent = PracticeIntent.objects.select_for_update().get(pk=intent.pk)
    if intent.choice:
        raise AlreadyChosen(_("This practice payment was decided before. Go back to the hall."))
    intent.choice = choice
    intent.save(update_fields=["choice"])
    write_words(intent, words_about_payment(choice, seed or intent.reference), at=at)
    return intent


def body_of(notice: PracticeNotice) -> bytes:
    """The bytes of a notice."""
    word = notice_of(notice)
    said: dict[str, object] = {
        "reference": word.reference,
        "serial": word.serial,
        "deposit": word.deposit,
        "outcome": word.outcome,
        "minor": word.amount.minor,
        "currency": word.amount.currency,
    }
    if word.about != "deposit":
        said |= {"about": word.about, "subject": word.subject}
    if word.kept:
        said["kept"] = f"{word.kept.method} {word.kept.last4}"
    return json.dumps(said, sort_keys=True, separators=(",", ":")).encode()


@transaction.atomic
def pay_in_practice(*, deposit: Deposit, choice: str = "now", at: datetime) -> GatewayNotice | None:
    """Pay a deposit at the practice bank and hand over its signed notice at once: for samples and tests.

    It goes through the same door as a notice that comes by post; only the postman is missing.
    """
    intent = PracticeIntent.objects.get(deposit=str(deposit.pk))
    assert choice in {"now", "fail", "wavers", "late", "silent"}, "these are said in order"
    choose_practice_payment(intent=intent, choice=choice, at=at)
    kept = hand_over_words(deposit=deposit, at=at)
    assert kept is not None or choice == "late", "it says something, and of nothing else"
    deposit.refresh_from_db()
    return kept


def hand_over_words(*, deposit: Deposit, at: datetime) -> GatewayNotice | None:
    """Hand over what is due of the practice bank's words about a deposit, in order; the last of them."""
    # Here, because the door itself knows the practice bank.
    from guildhall.payments.actions.receiving import receive_notice  # noqa: PLC0415

    kept: GatewayNotice | None = None
    due = PracticeNotice.objects.select_related("intent").filter(
        intent__deposit=str(deposit.pk), sent_at=None, due_at__lte=at
    )
    for notice in due.order_by("due_at", "id"):
        PracticeNotice.objects.filter(pk=notice.pk).update(sent_at=at)
        body = body_of(notice)
        kept = receive_notice(rail=deposit.rail, body=body, signature=sign(body, at), at=at)
    return kept


def money_of(intent: PracticeIntent) -> Money:
    """What is to be paid."""
    return Money(intent.amount, intent.currency)
