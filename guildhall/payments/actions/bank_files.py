"""A file from a bank comes in: read whole, kept line by line, booked when a second operator confirms it."""

from collections.abc import Iterable
from dataclasses import asdict
from datetime import datetime
from hashlib import sha256
from itertools import chain
from typing import Final

from django.conf import settings
from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.states import move
from guildhall.payments.actions.bank_lines import follow_line
from guildhall.payments.actions.comparing import compare_with_bank
from guildhall.payments.banking.reading import read_bank_file, refuse_too_large
from guildhall.payments.banking.shapes import BankWord, Entry, NotAStatement, Statement
from guildhall.payments.banking.sheets import Layout
from guildhall.payments.banking.tables import Columns
from guildhall.payments.events import BANK_FILE_READ
from guildhall.payments.models import BankFile, BankLine, BankStatement, SheetLayout, StatementColumns
from guildhall.payments.states import BOOKED, READ
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

BOOK: Final = "bank_file_book"
"""The kind of decision that books a file from a bank."""

_ONE_AT_A_TIME: Final = 0x62616E6B  # "bank": the advisory lock under which one file follows another
_AT_ONCE: Final = 2_000


class KnownFile(Stale):
    """It was brought before."""

    code = "known_file"


class ChangedLine(Unfit):
    """A line that an earlier file has said differently."""

    code = "changed_line"


@transaction.atomic
def import_bank_file(
    *, content: bytes, name: str, by: Person | None, at: datetime, rail: str = "bank"
) -> BankFile:
    """Take in a statement, a report about transfers, or a sheet that came back: all of it, or nothing.

    It moves money only when it is booked: at once if nobody else could confirm it or if nothing in it is
    new, else when a second operator does. What whoever owns the machine brings is booked at once.

    Args:
        content: the file.
        name: what it is called.
        by: the operator who brings it; None: whoever owns the machine.
        at: when.
        rail: whose file it is.

    Raises:
        NotFound: who brings it is no operator.
        KnownFile: it was brought before; nothing changes.
        WaitsForSecond: it was brought before and waits for a second operator.
        ChangedLine: one of its lines was different in an earlier file.
        UnknownColumns: a table whose columns nobody has explained.
        NotAStatement: it cannot be read, does not add up, or is of another account.
    """
    if by is not None and not by.is_operator:
        raise NotFound
    refuse_too_large(len(content))
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_ONE_AT_A_TIME])
    file = BankFile.objects.filter(rail=rail, file_hash=sha256(content).hexdigest()).first()
    if file is None:
        file = _keep(content, name, rail=rail, by=by, at=at)
    elif file.is_in(BOOKED):
        raise KnownFile(
            _("This very file was brought on %(day)s: nothing is booked again.")
            % {"day": file.brought_at.strftime("%Y-%m-%d %H:%M UTC")},
            field="file",
        )
    return _book_or_ask(file, by=by, at=at)


def _keep(content: bytes, name: str, *, rail: str, by: Person | None, at: datetime) -> BankFile:
    bank = settings.GUILDHALL_RAILS.bank
    own = bank.number if bank else ""
    word = read_bank_file(content, columns=columns_in_force(rail), layouts=layouts_in_force(), account=own)
    _refuse_strange_account(word, own)
    fresh, repeated = _new_lines_of(word.statements, rail)
    file = BankFile(
        id=new_id(),
        rail=rail,
        file_hash=sha256(content).hexdigest(),
        name=" ".join(name.split())[:200] or "?",
        size=len(content),
        written_in=word.written_in[:80],
        brought_by=by,
        brought_at=at,
        repeated=repeated,
        state=READ,
        moved_at=at,
    )
    file.save(force_insert=True)
    rows = list(chain(_rows_of(file, fresh), _answers_of(file, word)))
    for number, row in enumerate(rows, 1):
        row.number = number
    try:
        BankLine.objects.bulk_create(rows, batch_size=_AT_ONCE)
    except IntegrityError as error:
        raise NotAStatement(_("Two lines of this file have the same reference.")) from error
    record_event(
        BANK_FILE_READ, subject=file.pk, by=by.pk if by else None, at=at, lines=len(rows), repeated=repeated
    )
    return file


def columns_in_force(rail: str) -> Columns | None:
    """What the columns of a rail's tables mean, if an operator said so."""
    kept = StatementColumns.objects.filter(rail=rail, ended_at=None).first()
    return Columns(**kept.columns) if kept else None


def layouts_in_force() -> list[Layout]:
    """The layouts of the sheets that may come back."""
    kept = SheetLayout.objects.filter(ended_at=None).order_by("name")
    return [layout for each in kept if (layout := Layout.kept(each.layout)).back_reference]


def _refuse_strange_account(word: BankWord, own: str) -> None:
    strange = next((each.account for each in word.statements if own and each.account != own), None)
    if strange is not None:
        raise NotAStatement(
            _("This is a statement of the account %(theirs)s, and the hall’s is %(ours)s.")
            % {"theirs": strange or "?", "ours": own}
        )


type _Fresh = list[tuple[Statement, list[Entry]]]


def _new_lines_of(statements: Iterable[Statement], rail: str) -> tuple[_Fresh, int]:
    """The lines of each statement that no earlier file has brought, and how many one has.

    Raises:
        ChangedLine: an earlier file says the same line differently.
    """
    fresh: _Fresh = []
    repeated = 0
    for statement in statements:
        known: dict[str, BankLine] = {}
        references = [entry.reference for entry in statement.entries]
        for start in range(0, len(references), _AT_ONCE):
            rows = BankLine.objects.filter(
                rail=rail,
                own_account=statement.account,
                reference__in=references[start : start + _AT_ONCE],
            )
            known |= {row.reference: row for row in rows.select_related("file")}
        new = []
        for entry in statement.entries:
            before = known.get(entry.reference)
            if before is None:
                if entry.amount.minor:
                    new.append(entry)
                continue
            repeated += 1
            if (before.money, before.day) != (entry.amount, entry.day):
                raise ChangedLine(
                    _("Line %(reference)s says %(new)s, and said %(old)s in “%(file)s”: nothing is imported.")
                    % {
                        "reference": entry.reference,
                        "new": entry.amount,
                        "old": before.money,
                        "file": before.file.name,
                    },
                    field="file",
                )
        fresh.append((statement, new))
    return fresh, repeated


def _rows_of(file: BankFile, fresh: _Fresh) -> Iterable[BankLine]:
    for statement, entries in fresh:
        days = statement.days or (None, None)
        BankStatement(
            id=new_id(),
            file=file,
            account=statement.account,
            currency=statement.currency,
            opening=statement.opening,
            closing=statement.closing,
            first_day=days[0],
            last_day=days[1],
        ).save(force_insert=True)
        for entry in entries:
            facts = asdict(entry)
            facts |= {"amount": entry.amount.minor, "currency": entry.amount.currency}
            yield BankLine(
                id=new_id(),
                file=file,
                rail=file.rail,
                own_account=statement.account,
                outcome=BankLine.Outcome.WAITING,
                **facts,
            )


def _answers_of(file: BankFile, word: BankWord) -> Iterable[BankLine]:
    for answer in word.answers:
        yield BankLine(
            id=new_id(),
            file=file,
            rail=file.rail,
            amount=0,
            end_to_end=answer.reference[:80],
            batch=answer.batch[:80],
            said=answer.outcome,
            reason=answer.reason,
            outcome=BankLine.Outcome.WAITING,
        )


def _book_or_ask(file: BankFile, *, by: Person | None, at: datetime) -> BankFile:
    if by is not None and file.lines.exists():
        facts = {"reference": file.name, "lines": file.lines.count()}
        if ask_second(BOOK, file.pk, facts=facts, by=by, at=at):
            return file
        return _book(file, by=by, at=at, alone=True)
    return _book(file, by=by, at=at)


@transaction.atomic
def confirm_bank_file(*, decision: Decision, by: Person, at: datetime) -> BankFile:
    """Confirm as the second operator that a file is the bank's: all of its lines are booked.

    Raises:
        NotFound: they are no operator.
        SecondNeeded: they brought it themselves.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == BOOK, "another verb's decision"
    decision = confirm_second(decision, by=by, at=at)
    file = BankFile.objects.get(pk=decision.subject_id)
    return _book(file, by=by, at=at, asked_by=str(decision.asked_by_id))


def _book(file: BankFile, *, by: Person | None, at: datetime, **facts: object) -> BankFile:
    """Follow every line: what went before what came back, so that nothing returns before it left."""
    file = BankFile.objects.select_for_update().get(pk=file.pk)
    who = by.pk if by else None
    for line in file.lines.order_by("day", "amount", "number"):
        follow_line(line, by=who, at=at)
    counted = dict.fromkeys(BankLine.Outcome.values, 0)
    for outcome in file.lines.values_list("outcome", flat=True):
        counted[outcome] += 1
    said = {outcome: count for outcome, count in counted.items() if count}
    move(file, BOOKED, by=who, at=at, **said, **facts)
    compare_with_bank(rail=file.rail, at=at)
    return file
