"""The practice bank's own books: what it would answer if asked, and its report."""

import secrets
from collections.abc import Iterator
from datetime import datetime

from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.payments.gateways import GatewaySilent
from guildhall.payments.models import PracticeIntent, PracticeNotice
from guildhall.payments.practice.scripts import CHOICES, Word, words_about_charge, words_about_refund
from guildhall.payments.words import Instruction, Kept, Notice, ReportLine


def write_words(
    intent: PracticeIntent, words: list[Word], *, at: datetime, subject: str = "", minor: int | None = None
) -> None:
    """Put what the bank will say in its post: about a payment, or about a refund of a part of it."""
    for word in words:
        said = (intent.amount if minor is None else minor) * word.times
        reference = f"practice_{secrets.token_hex(12)}"
        PracticeNotice.objects.bulk_create(
            PracticeNotice(
                intent=intent,
                reference=reference,
                serial=word.serial,
                outcome=word.outcome,
                about="refund" if subject else "deposit",
                subject=subject,
                minor=None if said == intent.amount else said,
                due_at=at + word.after,
            )
            for _copy in range(word.copies)
        )


def open_intent(instruction: Instruction, *, choice: str = "") -> PracticeIntent:
    """Write into the bank's own books that somebody wants to pay."""
    intent = PracticeIntent(
        id=new_id(),
        reference=secrets.token_urlsafe(24),
        deposit=instruction.reference,
        amount=instruction.amount.minor,
        currency=instruction.amount.currency,
        back_to=instruction.back_to,
        choice=choice,
        keep=instruction.keep,
        started_at=instruction.at,
    )
    intent.save(force_insert=True)
    return intent


def charge_in_practice(instruction: Instruction) -> bool:
    """Charge a kept practice card, once for a reference; False if the bank does not answer about it."""
    choice = instruction.method.partition("_")[0]
    if not PracticeIntent.objects.filter(deposit=instruction.reference).exists():
        intent = open_intent(instruction, choice=choice)
        write_words(intent, words_about_charge(choice, intent.reference), at=instruction.at)
    return choice != "silent"


def kept_card(intent: PracticeIntent) -> Kept:
    """The practice card with which a payment was made; it will do what was chosen for that."""
    last4 = f"{CHOICES.index(intent.choice) + 1:04}"
    return Kept(f"{intent.choice}_{intent.reference[:24]}", "practice", last4, "2039-12", "practice")


def refund_in_practice(instruction: Instruction) -> bool:
    """Pay back, once for a reference; the words about it come by post. False if the bank does not answer."""
    intent = PracticeIntent.objects.get(deposit=instruction.payment)
    if not PracticeNotice.objects.filter(intent=intent, subject=instruction.reference).exists():
        words = words_about_refund(intent.choice, instruction.reference)
        minor = instruction.amount.minor
        write_words(intent, words, at=instruction.at, subject=instruction.reference, minor=minor)
    return intent.choice != "silent"


def notice_of(notice: PracticeNotice) -> Notice:
    """A word in the bank's post as what it says."""
    intent = notice.intent
    minor = intent.amount if notice.minor is None else notice.minor
    return Notice(
        reference=notice.reference,
        serial=notice.serial,
        deposit=intent.deposit,
        outcome=notice.outcome,  # type: ignore[arg-type]
        amount=Money(minor, intent.currency),
        about=notice.about,  # type: ignore[arg-type]
        subject=notice.subject,
        kept=kept_card(intent) if intent.keep and intent.choice and notice.outcome == "paid" else None,
    )


def last_word_about(instruction: Instruction) -> Notice | None:
    """The word with the highest number, whether or not it was sent."""
    is_refund = instruction.about == "refund"
    notices = PracticeNotice.objects.select_related("intent").filter(
        intent__deposit=instruction.payment if is_refund else instruction.reference,
        about=instruction.about,
        subject=instruction.reference if is_refund else "",
    )
    last = notices.order_by("-serial").first()
    if last and last.intent.choice == "silent" and last.sent_at is None:
        raise GatewaySilent("the practice bank plays dead, as it was told to")
    return notice_of(last) if last else None


def report_lines(since: datetime, until: datetime) -> Iterator[ReportLine]:
    """What changed in what lies at the practice bank for the hall. Its books do not lie, whatever it says."""
    told = PracticeNotice.objects.select_related("intent").filter(due_at__lt=until)
    holds: dict[tuple[int | str, str], bool] = {}
    for notice in told.order_by("intent_id", "about", "subject", "serial", "id"):
        thing = (str(notice.intent_id), notice.about + notice.subject)
        usual = notice.about == "chargeback"  # there the money is here until it is taken
        here, now = holds.get(thing, usual), notice.outcome == "paid"
        holds[thing] = now
        if here == now or notice.due_at < since:
            continue
        intent = notice.intent
        minor = notice.minor if notice.about == "refund" and notice.minor else intent.amount
        comes = now if notice.about != "refund" else not now
        yield ReportLine(
            reference=notice.reference,
            about=notice.about,  # type: ignore[arg-type]
            subject=notice.subject or intent.deposit,
            amount=Money(minor if comes else -minor, intent.currency),
            at=notice.due_at,
        )
