"""One line from a bank: what it is about is found, and follows; what nothing explains is a difference."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from guildhall.ledger.differences import open_difference
from guildhall.ledger.models import Movement
from guildhall.payments.actions.receiving import follow_notice
from guildhall.payments.actions.returning import put_back
from guildhall.payments.actions.sending_back import let_refund_arrive, let_refund_come_back
from guildhall.payments.actions.settling import let_arrive
from guildhall.payments.banking.naming import named_by
from guildhall.payments.banking.reasons import reason_in_words
from guildhall.payments.banking.references import references_in
from guildhall.payments.models import (
    BankLine,
    BookedLine,
    DepositRefund,
    GatewayNotice,
    Payout,
    PayoutBatch,
    SenderRefund,
)
from guildhall.payments.states import RETURNED, SENT, SETTLED
from guildhall.payments.words import Notice

_OUTCOME = BankLine.Outcome
_OWN_MONEY_TRAVELS: Final = timedelta(days=30)


def follow_line(line: BankLine, *, by: UUID | None, at: datetime) -> None:
    """Do what a line says, once; its outcome says what that was.

    Args:
        line: one whose file is locked.
        by: who books the file.
        at: when.
    """
    if line.outcome != _OUTCOME.WAITING:
        return
    if line.said:
        outcome, movements = _follow_answer(line, by=by, at=at)
    elif line.amount < 0:
        outcome, movements = _follow_debit(line, by=by, at=at)
    else:
        outcome, movements = _follow_credit(line, by=by, at=at)
    line.outcome = outcome
    line.save(update_fields=["outcome", "notice", "payout"])
    BookedLine.objects.bulk_create([BookedLine(line=line, movement=each) for each in movements])
    if outcome == _OUTCOME.UNEXPLAINED:
        open_case(line, at=at)


def look_again(rail: str, *, at: datetime) -> int:
    """Try lines again that nothing explained: what they are about may be written down by now; how many."""
    lines = BankLine.objects.select_for_update(of=("self",)).filter(rail=rail, outcome=_OUTCOME.UNEXPLAINED)
    found = 0
    for line in lines.filter(amount__lt=0).select_related("payout__person", "file").order_by("id"):
        outcome, movements = _follow_debit(line, by=None, at=at)
        if outcome == _OUTCOME.UNEXPLAINED:
            continue
        found += 1
        line.outcome = outcome
        line.save(update_fields=["outcome", "payout"])
        BookedLine.objects.bulk_create([BookedLine(line=line, movement=each) for each in movements])
    return found


type _Followed = tuple[str, list[Movement]]


def _subjects_of(line: BankLine) -> dict[str, UUID]:
    """What a line names by codes of ours: at most one thing of each kind, else it names none of that kind."""
    codes = references_in(line.end_to_end, line.text)
    found: dict[str, UUID] = {}
    twice = set()
    for named in named_by(codes).values():
        if named.noun in found and found[named.noun] != named.subject:
            twice.add(named.noun)
        found[named.noun] = named.subject
    return {noun: subject for noun, subject in found.items() if noun not in twice}


def _payout_of(line: BankLine) -> Payout | None:
    subject = _subjects_of(line).get("payout")
    rows = Payout.objects.select_for_update(of=("self",)).select_related("batch")
    return rows.filter(pk=subject).exclude(batch=None).first() if subject else None


def _movement(key: str) -> Movement | None:
    """A movement that no line of the bank has said yet."""
    booked = BookedLine.objects.filter(movement__key=key)
    return None if booked.exists() else Movement.objects.filter(key=key).first()


def _follow_debit(line: BankLine, *, by: UUID | None, at: datetime) -> _Followed:
    """Money that went: a payout, or a whole batch that the bank booked as one."""
    refund = refund_of(line)
    if refund is not None:
        return _follow_refund(line, refund, by=by, at=at)
    home = _going_home(line)
    if home is not None:
        return _hear_of_refund(line, home, at=at)
    payout = _payout_of(line)
    if payout is None:
        return _follow_batch(line, by=by, at=at)
    line.payout = payout
    if -line.amount != payout.amount or line.currency != payout.currency:
        return _OUTCOME.UNEXPLAINED, []
    if payout.is_in(SENT):
        return _OUTCOME.ARRIVED, [let_arrive(payout, by=by, at=at)]
    known = _movement(f"payout.settled:{payout.pk}")
    return (_OUTCOME.KNOWN, [known]) if known else (_OUTCOME.UNEXPLAINED, [])


def _batch_of(line: BankLine) -> PayoutBatch | None:
    try:
        return PayoutBatch.objects.filter(pk=UUID(line.batch)).first() if line.batch else None
    except ValueError:
        return None


def _follow_batch(line: BankLine, *, by: UUID | None, at: datetime) -> _Followed:
    batch = _batch_of(line)
    if batch is None:
        return _OUTCOME.UNEXPLAINED, []
    payouts = _locked_payouts(batch)
    if sum(each.amount for each in payouts) != -line.amount or batch.currency != line.currency:
        return _OUTCOME.UNEXPLAINED, []
    movements = [let_arrive(each, by=by, at=at) for each in payouts if each.is_in(SENT)]
    for each in payouts:
        known = _movement(f"payout.settled:{each.pk}")
        if known and known not in movements:
            movements.append(known)
    return (_OUTCOME.ARRIVED, movements) if movements else (_OUTCOME.UNEXPLAINED, [])


def _locked_payouts(batch: PayoutBatch) -> list[Payout]:
    rows = Payout.objects.select_for_update(of=("self",)).select_related("batch")
    return list(rows.filter(batch=batch).order_by("id"))


def _follow_credit(line: BankLine, *, by: UUID | None, at: datetime) -> _Followed:
    """Money that came: a payout that came back, a deposit, or nothing that anybody knows."""
    refund = refund_of(line)
    if refund is not None and refund.money == line.money and not refund.is_in(RETURNED):
        return _OUTCOME.RETURNED, let_refund_come_back(refund, reason_in_words(line.reason), by=by, at=at)
    home = _going_home(line)
    if home is not None and home.money == line.money and home.is_in(SENT, SETTLED):
        return _hear_of_refund(line, home, at=at)
    payout = _payout_of(line)
    if payout is not None:
        line.payout = payout
        return _follow_return(line, payout, by=by, at=at)
    return _credit(line, at=at)


def _going_home(line: BankLine) -> DepositRefund | None:
    """The refund of a deposit that a line names."""
    subject = _subjects_of(line).get("refund")
    return DepositRefund.objects.filter(pk=subject).first() if subject else None


def _hear_of_refund(line: BankLine, refund: DepositRefund, *, at: datetime) -> _Followed:
    """A refund went, or came back: the bank's word, followed as every rail's is."""
    came = line.amount > 0
    if (not came and (-line.money != refund.money or not refund.is_in(SENT))) or line.rail != "bank":
        return _OUTCOME.UNEXPLAINED, []
    word = Notice(
        reference=f"{line.day:%Y-%m-%d} {line.pk.hex}",
        serial=1,
        deposit=str(refund.deposit_id),
        outcome="paid",
        amount=refund.money,
        about="refund",
        subject=str(refund.pk),
    )
    if not came:
        line.notice = follow_notice(rail=line.rail, notice=word, at=at)
        return _OUTCOME.ARRIVED, [Movement.objects.get(key=f"refund.settled:{refund.pk}")]
    if refund.is_in(SENT):  # what comes back has left, though no line has said so
        follow_notice(rail=line.rail, notice=replace(word, reference=f"{word.reference} went"), at=at)
    back = replace(word, serial=2, outcome="failed", reason=reason_in_words(line.reason))
    line.notice = follow_notice(rail=line.rail, notice=back, at=at)
    return _OUTCOME.RETURNED, [Movement.objects.get(key=f"refund.returned:{refund.pk}")]


def refund_of(line: BankLine) -> SenderRefund | None:
    """The refund to a sender that a line names, locked."""
    subject = _subjects_of(line).get("refund")
    rows = SenderRefund.objects.select_for_update(of=("self",)).select_related("line")
    return rows.filter(pk=subject).first() if subject else None


def _follow_refund(line: BankLine, refund: SenderRefund, *, by: UUID | None, at: datetime) -> _Followed:
    if -line.amount != refund.amount or line.currency != refund.currency or not refund.is_in(SENT):
        return _OUTCOME.UNEXPLAINED, []
    return _OUTCOME.ARRIVED, [let_refund_arrive(refund, by=by, at=at)]


def _follow_return(line: BankLine, payout: Payout, *, by: UUID | None, at: datetime) -> _Followed:
    if line.amount != payout.amount or line.currency != payout.currency:
        return _hear(line, "", at=at)
    if payout.is_in(SENT, SETTLED):
        if payout.is_in(SENT):  # what comes back has left, though no line has said so
            let_arrive(payout, by=by, at=at)
        reason = reason_in_words(line.reason or ("" if line.text in {payout.reason, ""} else line.text))
        return _OUTCOME.RETURNED, [put_back(payout, reason, by=by, at=at)]
    known = _movement(f"payout.returned:{payout.pk}")
    left = Movement.objects.filter(key=f"payout.settled:{payout.pk}").exists()
    return (_OUTCOME.KNOWN, [known]) if known and left else _hear(line, "", at=at)


def _credit(line: BankLine, *, at: datetime) -> _Followed:
    """Into the wallet, if it is the very sum of a deposit; nobody's else, until two operators have looked."""
    subject = _subjects_of(line).get("deposit")
    own = None if subject else _own_money(line)
    return (_OUTCOME.KNOWN, [own]) if own else _hear(line, str(subject or ""), at=at)


def _hear(line: BankLine, deposit: str, *, at: datetime) -> _Followed:
    """A line is the bank's word that money came, and is followed as every rail's word is."""
    assert line.day is not None, "what came came on a day"
    word = Notice(
        reference=f"{line.day:%Y-%m-%d} {line.pk.hex}",
        serial=1,
        deposit=deposit or line.text[:80],
        outcome="paid",
        amount=line.money,
        payment=line.pk.hex,
    )
    notice = line.notice = follow_notice(rail=line.rail, notice=word, at=at)
    if notice.outcome == GatewayNotice.Outcome.FOLLOWED:
        return _OUTCOME.CREDITED, [Movement.objects.get(key=f"deposit:{notice.deposit_id}:1")]
    return _OUTCOME.SUSPENDED, [Movement.objects.get(key=f"notice:{notice.pk}")]


def _own_money(line: BankLine) -> Movement | None:
    """The hall's own money, which two operators wrote down before: the very sum, and only one of it."""
    assert line.day is not None, "what came came on a day"
    since = line.day - _OWN_MONEY_TRAVELS
    found = Movement.objects.raw(
        """
        SELECT movement.* FROM ledger_movement movement
        JOIN ledger_posting posting ON posting.movement_id = movement.id
        JOIN ledger_account source ON source.id = posting.source_id
        WHERE movement.kind IN ('reserve.filled', 'rail.moved') AND movement.at >= %s
            AND source.code = %s AND source.currency = %s
            AND NOT EXISTS (SELECT FROM payments_bookedline booked WHERE booked.movement_id = movement.id)
        GROUP BY movement.id HAVING sum(posting.amount) = %s
        """,
        [since, f"outside:{line.rail}", line.currency, line.amount],
    )
    rows = list(found)
    return rows[0] if len(rows) == 1 else None


def _follow_answer(line: BankLine, *, by: UUID | None, at: datetime) -> _Followed:
    """What a bank or company says of a transfer of ours, or of all in a file."""
    payout = _payout_of(line)
    batch = _batch_of(line)
    if payout is None and line.end_to_end:
        return _OUTCOME.UNEXPLAINED, []
    line.payout = payout
    payouts = [payout] if payout else _locked_payouts(batch) if batch else []
    if not payouts:
        return _OUTCOME.UNEXPLAINED, []
    outcomes = {_answer_one(each, line, by=by, at=at) for each in payouts}
    worst = (_OUTCOME.UNEXPLAINED, _OUTCOME.RETURNED, _OUTCOME.ARRIVED, _OUTCOME.KNOWN, _OUTCOME.UNDER_WAY)
    return next(each for each in worst if each in outcomes), []


def _answer_one(payout: Payout, line: BankLine, *, by: UUID | None, at: datetime) -> str:
    if line.said == "paid":
        if payout.is_in(SENT):
            let_arrive(payout, by=by, at=at)
            return _OUTCOME.ARRIVED
        return _OUTCOME.KNOWN if payout.is_in(SETTLED) else _OUTCOME.UNEXPLAINED
    if line.said == "refused":
        if payout.is_in(SENT):
            put_back(payout, reason_in_words(line.reason), by=by, at=at)
            return _OUTCOME.RETURNED
        return _OUTCOME.KNOWN if payout.is_in(RETURNED) else _OUTCOME.UNEXPLAINED
    return _OUTCOME.UNDER_WAY


def open_case(line: BankLine, *, at: datetime) -> None:
    """A difference; payouts from the account of whoever is concerned wait, and nothing else."""
    person = line.payout.person if line.payout else None
    said = line.money if line.amount else line.said
    open_difference(
        source=line.rail,
        name="unexplained line",
        subject=str(line.pk),
        account=f"wallet:{person.party}" if person else f"outside:{line.rail}",
        currency=line.currency,
        facts={
            "wrong": f"{said} {line.day or ''} {line.text or line.end_to_end or line.party}".strip()[:200],
            "line": line.reference or line.end_to_end,
            "file": line.file.name,
        },
        at=at,
    )
