"""The practice bank's own books: what it would answer if asked, and its report."""

import secrets
from collections.abc import Iterator
from datetime import datetime

from guildhall.kernel.money import Money
from guildhall.payments.models import PracticeIntent, PracticeNotice
from guildhall.payments.practice.scripts import Word, words_about_refund
from guildhall.payments.words import Instruction, Notice, ReportLine


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


def refund_in_practice(instruction: Instruction) -> None:
    """Pay back, once for a reference; the words about it come by post."""
    intent = PracticeIntent.objects.get(deposit=instruction.payment)
    if not PracticeNotice.objects.filter(intent=intent, subject=instruction.reference).exists():
        words = words_about_refund(intent.choice, instruction.reference)
        minor = instruction.amount.minor
        write_words(intent, words, at=instruction.at, subject=instruction.reference, minor=minor)


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
