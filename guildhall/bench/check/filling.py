"""Books as a hall has them: deposits, holds, releases and clearing, with the packages' rows behind them.

The movements go through the money door. The rows behind them are written at once, as the verbs would have
written them one by one: a million of those would take an hour.
"""

import json
import random
from collections.abc import Callable
from dataclasses import astuple, dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from uuid import UUID

import psycopg

from guildhall.invoicing.actions.issuing import HALLS_NAME
from guildhall.invoicing.models import HALL
from guildhall.invoicing.rules import Category, Identity, Kind
from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, Move, move_batch
from guildhall.ledger.background import close_finished_months, seal_settled, snapshot_derived

MOVEMENTS_EACH: Final = 4
_BEGINNING: Final = datetime(2024, 1, 1, tzinfo=UTC)
_ORDERS_A_DAY: Final = 2_500
_RAIL: Final = "practice"
_NAME: Final = "Somebody"
_FEE_BP: Final = 500


@dataclass(frozen=True, slots=True)
class _Order:
    """Somebody pays in, sets aside, and somebody else has earned it."""

    deposit: UUID
    hold: UUID
    release: UUID
    client: UUID
    worker: UUID
    amount: int
    at: datetime

    @property
    def fee(self) -> int:
        """What the hall takes of it."""
        return self.amount * _FEE_BP // 10_000

    def moves(self) -> list[Move]:
        """Its movements, in their order."""
        client, worker = f"wallet:person:{self.client}", f"person:{self.worker}"
        escrow, net = f"escrow:{self.hold}", self.amount - self.fee
        flows = [
            ("deposit.settled", f"deposit:{self.deposit}:1", [(f"outside:{_RAIL}", client, self.amount)]),
            ("hold.placed", f"hold:{self.hold}", [(client, escrow, self.amount)]),
            (
                "hold.released",
                f"release:{self.release}",
                [(escrow, f"clearing:{worker}", net), (escrow, "fees:work", self.fee)],
            ),
            (
                "clearing.matured",
                f"matured:{self.release}",
                [(f"clearing:{worker}", f"wallet:{worker}", net)],
            ),
        ]
        return [
            Move(kind, key, [Flow(source, target, amount, "USD") for source, target, amount in each])
            for kind, key, each in flows
        ]


def fill(
    owner_url: str, *, movements: int, people: int, seed: int, tell: Callable[[float], None]
) -> datetime:
    """Fill an empty hall with so many movements, day after day; returns the end of the last day."""
    draw = random.Random(seed)
    persons = [new_id() for _number in range(people)]
    orders = movements // MOVEMENTS_EACH
    day = _BEGINNING
    with psycopg.connect(owner_url, autocommit=True) as owner:
        owner.execute(_PEOPLE, [persons])
        owner.execute(_ORDERS)
        for first in range(0, orders, _ORDERS_A_DAY):
            day = _BEGINNING + timedelta(days=first // _ORDERS_A_DAY)
            some = [_an_order(draw, persons, day) for _each in range(min(_ORDERS_A_DAY, orders - first))]
            move_batch(moves=[move for order in some for move in order.moves()], by=None, at=day)
            with owner.cursor().copy("COPY bench_order FROM STDIN") as copy:
                for order in some:
                    copy.write_row(astuple(order))
            seal_settled(at=day)
            tell(0.8 * (first + len(some)) / orders)
        for number, statement in enumerate(_ROWS, start=1):
            owner.execute(statement)
            tell(0.8 + 0.15 * number / len(_ROWS))
        end = day + timedelta(days=1)
        close_finished_months(at=end)
        snapshot_derived(at=end)
        owner.execute("VACUUM ANALYZE")
    return end


def _an_order(draw: random.Random, persons: list[UUID], at: datetime) -> _Order:
    client, worker = draw.sample(persons, 2)
    return _Order(new_id(), new_id(), new_id(), client, worker, draw.randrange(100, 100_000), at)


_PEOPLE: Final = f"""
    INSERT INTO people_person (id, email, name, password, country, town, language, timezone, joined_at,
        is_active, is_operator, is_adjudicator)
    SELECT id, id || '@example.org', '{_NAME}', '!', '', '', 'en', 'UTC', now(), true, false, false
    FROM unnest(%s::uuid[]) AS id
"""  # noqa: S608 - from constants of this file

_ORDERS: Final = """
    CREATE UNLOGGED TABLE bench_order (deposit uuid, hold uuid, release uuid, client uuid, worker uuid,
        amount bigint, at timestamptz)
"""

_FEE: Final = f"(amount * {_FEE_BP} / 10000)"

_SOMEBODY, _THE_HALL = (json.dumps(Identity(name=name).as_json()) for name in (_NAME, HALLS_NAME))

# Nobody here is registered for VAT. Each series runs in the order of time, as a number drawn for each would.
_PAPERS: Final = f"""
    WITH paper AS (
        SELECT 'person:' || worker AS issuer, 'person:' || client AS recipient, '{Kind.WORK}' AS kind,
            release, at, amount AS gross, '{_SOMEBODY}'::jsonb AS seller
        FROM bench_order
        UNION ALL
        SELECT '{HALL}', 'person:' || worker, '{Kind.WORKER_FEE}', release, at, {_FEE}, '{_THE_HALL}'
        FROM bench_order
    ), numbered AS (
        SELECT *, extract(year FROM at AT TIME ZONE 'UTC')::int AS year, (at AT TIME ZONE 'UTC')::date AS day,
            row_number() OVER (
                PARTITION BY issuer, extract(year FROM at AT TIME ZONE 'UTC') ORDER BY at, release
            ) AS serial
        FROM paper
    )
    INSERT INTO invoicing_invoice (id, issuer, recipient, year, serial, number, kind, release_id, cause,
        reason, issued_on, supplied_on, at, currency, net, tax, gross, category, rate, seller, buyer, title,
        item, purchase_order, cost_centre, language)
    SELECT uuidv7(), issuer, recipient, year, serial,
        CASE issuer WHEN '{HALL}' THEN 'H' ELSE upper(right(issuer, 6)) END || '-' || year || '-'
            || lpad(serial::text, greatest(5, length(serial::text)), '0'),
        kind, release, '', '', day, day, at, 'USD', gross, 0, gross, '{Category.NOT_SUBJECT}', 0, seller,
        '{_SOMEBODY}', '', '', '', '', 'en'
    FROM numbered ORDER BY at, release, kind
"""  # noqa: S608 - from constants of this file

_SERIES: Final = """
    INSERT INTO invoicing_series (issuer, year, last, last_on)
    SELECT issuer, year, max(serial), max(issued_on) FROM invoicing_invoice GROUP BY issuer, year
"""

_ROWS: Final = (  # written here, of constants of this file
    f"""INSERT INTO payments_deposit (id, person_id, rail, amount, currency, pay_url, started_at, serial,
            back_to, asks, payment, payer, keep, state, moved_at)
        SELECT deposit, client, '{_RAIL}', amount, 'USD', '', at, 1, '', 0, '', '', false, 'settled', at
        FROM bench_order""",  # noqa: S608 - from constants of this file
    f"""INSERT INTO payments_gatewaynotice (id, rail, reference, deposit_id, facts, outcome, at)
        SELECT uuidv7(), '{_RAIL}', deposit, deposit, jsonb_build_object('serial', 1, 'outcome', 'paid',
            'amount', amount, 'currency', 'USD', 'deposit', deposit), 'followed', at FROM bench_order""",  # noqa: S608 - from constants of this file
    f"""INSERT INTO escrow_hold (id, purpose, worker, currency, placed, "left", frozen, client_fee,
            client_fee_left, deductions, clearing_days, placed_at, state, moved_at)
        SELECT hold, 'bench:' || hold, 'person:' || worker, 'USD', amount, 0, 0, 0, 0,
            '[{{"account": "fees:work", "basis_points": {_FEE_BP}, "name": "fee"}}]', 0, at, 'closed', at
        FROM bench_order""",  # noqa: S608 - from constants of this file
    """INSERT INTO escrow_holdpart (hold_id, number, party, account, amount, returned)
        SELECT hold, 1, 'person:' || client, 'wallet:person:' || client, amount, 0 FROM bench_order""",
    f"""INSERT INTO escrow_release (id, hold_id, kind, worker, currency, gross, net, returned, fee_kept,
            fee_returned, at, matures_at, state, moved_at)
        SELECT release, hold, 'release', 'person:' || worker, 'USD', amount, amount - {_FEE}, 0, 0, 0, at, at,
            'matured', at FROM bench_order""",  # noqa: S608 - from constants of this file
    f"""INSERT INTO escrow_releaseline (release_id, number, account, amount, name)
        SELECT release, 1, 'clearing:person:' || worker, amount - {_FEE}, 'net' FROM bench_order
        UNION ALL SELECT release, 2, 'fees:work', {_FEE}, 'fee' FROM bench_order""",  # noqa: S608 - from constants of this file
    _PAPERS,
    _SERIES,
    """INSERT INTO kernel_event (id, name, subject_id, at, facts)
        SELECT uuidv7(), told.name, told.subject, at, '{}' FROM bench_order
        CROSS JOIN LATERAL (VALUES ('deposit.settled', deposit), ('hold.closed', hold),
            ('release.matured', release)) AS told(name, subject)""",
    "DROP TABLE bench_order",
)
"""What the packages would have written beside the movements."""
