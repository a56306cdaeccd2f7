"""Write every movement of money out, for beancount or as one JSON object a line.

`ndjson` also holds the seals of the chain, each behind the last movement that it covers: `verify ledger`
reckons them again without a hall.

`beancount` is a whole journal with an assertion of each account's final balance: `bean-check` recomputes the
books of the hall with another program's arithmetic.
"""

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, nullcontext
from datetime import date, timedelta
from itertools import batched, groupby
from pathlib import Path
from typing import Any, Final, TextIO

from django.db import connection, transaction

from guildhall.kernel.money import Money
from guildhall.ledger.models import Account, Movement, Seal
from guildhall.ledger.queries import balances_of
from guildhall.ledger.rules import first_word

type Tell = Callable[[float], None]

_ROOTS: Final = {
    "outside": "Assets",
    "unknown": "Assets",
    "shortfall": "Expenses",
    "fees": "Income",
    "remainder": "Income",
    "reserve": "Equity",
    "exchange": "Equity",
}
"""Under which of beancount's five roots an account stands; everything else is owed to somebody."""

_AT_ONCE: Final = 1_000
"""How many accounts are read at a time: however many there are, they take no more memory."""

_POSTINGS: Final = """
SELECT movement.id, movement.kind, movement.key, movement.by, movement.at, movement.facts,
    movement.reverses_id, source.code, target.code, posting.amount, source.currency
FROM ledger_posting posting
JOIN ledger_movement movement ON movement.id = posting.movement_id
JOIN ledger_account source ON source.id = posting.source_id
JOIN ledger_account target ON target.id = posting.target_id
ORDER BY posting.movement_id, posting.step
"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What `export ledger` wants to know."""
    parser.add_argument(
        "--format", choices=sorted(_FORMATS), default="beancount", help="the format (beancount)"
    )
    parser.add_argument("--output", type=Path, help="the file to write (standard output)")


def run(options: argparse.Namespace) -> int:
    """Write everything as it stood at one moment, however long the writing takes."""
    with ExitStack() as stack:
        out: TextIO = (
            stack.enter_context(options.output.open("w", encoding="utf-8")) if options.output else sys.stdout
        )
        # On a terminal that shows the books a bar would stand in the midst of them.
        bar = nullcontext(_tell_nobody) if out.isatty() else options.progress("Writing the books out")
        tell = stack.enter_context(bar)
        stack.enter_context(transaction.atomic())
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        out.writelines(_FORMATS[options.format](tell))
    return 0


def _tell_nobody(_share: float) -> None:
    """Nobody waits for it."""


def journal(tell: Tell = _tell_nobody) -> Iterator[str]:
    """The journal in beancount's language, line by line; `tell` hears which share is written."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(at)::date, max(at)::date FROM ledger_movement")
        first, last = cursor.fetchone()
    yield 'option "title" "Guildhall"\n'
    accounts = Account.objects.order_by("code", "currency").values_list("code", "currency")
    for code, same in groupby(accounts.iterator(_AT_ONCE), key=lambda account: account[0]):
        yield f"{first or date.min} open {account_name(code)} {','.join(currency for _, currency in same)}\n"
    for postings in _movements(tell):
        number, kind, key, _by, at, _facts, _reverses, *_flow = postings[0]
        yield f"\n{at.date()} * {_quoted(kind)}\n  movement: {number}\n  key: {_quoted(key)}\n"
        for *_head, source, target, minor, currency in postings:
            money = Money(minor, currency)
            # A journal counts what is owed to people below zero and what lies at a bank above it.
            yield f"  {account_name(source)}  {money}\n  {account_name(target)}  {-money}\n"
    yield "\n"
    if last:
        yield from _assertions(last + timedelta(days=1))


def _assertions(day: date) -> Iterator[str]:
    accounts = Account.objects.order_by("currency", "code").values_list("currency", "code")
    for currency, same in groupby(accounts.iterator(_AT_ONCE), key=lambda account: account[0]):
        for some in batched((code for _currency, code in same), _AT_ONCE, strict=False):
            for code, money in balances_of(some, currency).items():
                yield f"{day} balance {account_name(code)}  {(-money).amount} ~ 0 {currency}\n"


def account_name(code: str) -> str:
    """An account as beancount names it: ``Liabilities:Wallet:Person:018f…``."""
    parts = ["".join(c if c.isascii() and c.isalnum() else "-" for c in part) for part in code.split(":")]
    named = ":".join(part[:1].upper() + part[1:] for part in parts)
    return f"{_ROOTS.get(first_word(code), 'Liabilities')}:{named}"


def objects(tell: Tell = _tell_nobody) -> Iterator[str]:
    """Each movement as a JSON object on a line of its own, and each seal behind what it covers."""
    seals = Seal.objects.order_by("through").iterator(chunk_size=1_000)
    seal = next(seals, None)
    for postings in _movements(tell):
        number, kind, key, by, at, facts, reverses, *_flow = postings[0]
        while seal is not None and seal.through < number:
            yield _sealed(seal)
            seal = next(seals, None)
        movement = {
            "movement": number,
            "kind": kind,
            "key": key,
            "by": str(by) if by else None,
            "at": at.isoformat(),
            "facts": json.loads(facts) if isinstance(facts, str) else facts,
            "reverses": reverses,
            "postings": [
                {
                    "source": source,
                    "target": target,
                    "minor": minor,
                    "amount": Money(minor, currency).amount,
                    "currency": currency,
                }
                for *_head, source, target, minor, currency in postings
            ],
        }
        yield json.dumps(movement, ensure_ascii=False) + "\n"
    for left in (seal, *seals) if seal is not None else ():
        yield _sealed(left)


def _sealed(seal: Seal) -> str:
    facts = {"seal": seal.through, "movements": seal.movements, "head": bytes(seal.head).hex()}
    return json.dumps({**facts, "at": seal.at.isoformat()}) + "\n"


def _movements(tell: Tell) -> Iterator[list[tuple[Any, ...]]]:
    """The postings of one movement after the other, read from the database some at a time."""
    total = Movement.objects.count()
    with transaction.atomic(), connection.chunked_cursor() as cursor:
        cursor.execute(_POSTINGS)
        for done, (_number, postings) in enumerate(groupby(cursor, key=lambda row: row[0]), start=1):
            yield list(postings)
            tell(done / total)


def _quoted(text: str) -> str:
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


_FORMATS: Final = {"beancount": journal, "ndjson": objects}
