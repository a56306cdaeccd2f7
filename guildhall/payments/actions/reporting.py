"""What a processor says it did, against the books: asked every few minutes, and every line taken once."""

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Final

from django.db import transaction

from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.ledger.models import Movement
from guildhall.payments.actions.bank_lines import open_case
from guildhall.payments.gateways import GatewaySilent, gateways_that_report
from guildhall.payments.models import BankFile, BankLine, BookedLine, Chargeback
from guildhall.payments.states import BOOKED, READ
from guildhall.payments.words import ReportLine

log = logging.getLogger(__name__)

_GRACE: Final = timedelta(minutes=2)
"""How long a word of the processor may be on its way before a line of its report must be known here."""

_FEES_ARE_LATE: Final = timedelta(minutes=30)
"""How long what a processor took may be unbooked before that is a difference."""

_WINDOW: Final = timedelta(days=3)
"""How far back a report is asked for: lines that were taken before are known by their reference."""

_NAMES: Final = {
    "deposit": ("deposit:{}:", "notice:"),
    "refund": ("refund.settled:{}", "refund.returned:{}"),
    "payout": ("payout.settled:{}", "payout.returned:{}"),
    "chargeback": ("dispute:{}:", "chargeback:{}:"),
    "fee": ("processor:{}",),
}
"""How the keys of movements begin that a line can be, with our id of its subject."""


def compare_with_processors(*, at: datetime) -> int:
    """Ask every processor that tells what it did, and open a difference for what is not in the books.

    No transaction is open while a processor is asked. How many lines were new.
    """
    found = 0
    for gateway in gateways_that_report():
        try:
            lines = list(gateway.report(since=at - _WINDOW, until=at - _GRACE))
        except GatewaySilent as silence:
            log.warning("%s does not report: %s", gateway.rail, silence)
            continue
        found += take_report(rail=gateway.rail, lines=lines, at=at)
    return found


@transaction.atomic
def take_report(*, rail: str, lines: Sequence[ReportLine], at: datetime) -> int:
    """Take the lines of a report that are new: each is a movement of the books, or a difference.

    What the processor took for itself is booked beside this; until then such a line waits for the next turn.
    """
    known = BankLine.objects.filter(rail=rail, reference__in=[line.reference for line in lines])
    before = set(known.values_list("reference", flat=True))
    fresh = (line for line in lines if line.reference not in before and line.amount)
    new = [line for line in fresh if line.about != "fee" or _is_booked(rail, line, at=at)]
    if not new:
        return 0
    file = BankFile(
        id=new_id(),
        rail=rail,
        file_hash=sha256("\n".join(line.reference for line in new).encode()).hexdigest(),
        name=f"{rail} {at:%Y-%m-%d %H:%M}",
        size=0,
        written_in="report",
        brought_at=at,
        state=READ,
        moved_at=at,
    )
    file.save(force_insert=True)
    for number, line in enumerate(new, 1):
        _take(file, number, line, at=at)
    move(file, BOOKED, by=None, at=at, lines=len(new))
    return len(new)


def _take(file: BankFile, number: int, line: ReportLine, *, at: datetime) -> None:
    movement = _movement_of(file.rail, line)
    outcome = BankLine.Outcome.KNOWN if movement else BankLine.Outcome.UNEXPLAINED
    kept = BankLine(
        id=new_id(),
        file=file,
        number=number,
        rail=file.rail,
        reference=line.reference[:80],
        amount=line.amount.minor,
        currency=line.amount.currency,
        day=line.at.date(),
        text=line.about,
        end_to_end=line.subject[:80],
        outcome=outcome,
    )
    kept.save(force_insert=True)
    if movement:
        BookedLine(line=kept, movement=movement).save(force_insert=True)
    else:
        open_case(kept, at=at)


def _is_booked(rail: str, line: ReportLine, *, at: datetime) -> bool:
    """Whether a fee is in the books, or should have been for so long that it is a difference."""
    key = f"processor:{rail}:{line.reference}"
    return at - line.at > _FEES_ARE_LATE or Movement.objects.filter(key=key).exists()


def _movement_of(rail: str, line: ReportLine) -> Movement | None:
    """The movement that a line is: of its subject, at its rail, over its sum, and no other line's."""
    subject = f"{rail}:{line.reference}" if line.about == "fee" else line.subject
    if line.about == "chargeback":
        found = Chargeback.objects.filter(rail=rail, reference=subject).values_list("pk", flat=True).first()
        subject = str(found or subject)
    # A line may be told days after its movement was made here, and the other way round.
    for name in _NAMES.get(line.about, ()):
        rows = Movement.objects.raw(
            """
            SELECT movement.* FROM ledger_movement movement
            JOIN ledger_posting posting ON posting.movement_id = movement.id
            JOIN ledger_account source ON source.id = posting.source_id
            JOIN ledger_account target ON target.id = posting.target_id
            WHERE movement.at BETWEEN %s AND %s AND starts_with(movement.key, %s)
                AND source.currency = %s AND %s IN (source.code, target.code)
                AND NOT EXISTS (SELECT FROM payments_bookedline booked WHERE booked.movement_id = movement.id)
            GROUP BY movement.id
            HAVING sum(CASE WHEN source.code = %s THEN posting.amount ELSE -posting.amount END) = %s
            ORDER BY movement.id LIMIT 1
            """,
            [
                line.at - _WINDOW,
                line.at + _WINDOW,
                name.format(subject),
                line.amount.currency,
                f"outside:{rail}",
                f"outside:{rail}",
                line.amount.minor,
            ],
        )
        if movement := next(iter(rows), None):
            return movement
    return None
