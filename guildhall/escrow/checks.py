"""The invariants of holds, as queries for the rows that break them and the accounts that each concerns."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from functools import lru_cache

from django.db import connection

from guildhall.escrow.rules import Deduction, split_release
from guildhall.escrow.savings import checks as _savings  # noqa: F401 - it registers its own
from guildhall.kernel.registry import register_check

_HOLDS = "SELECT count(*) FROM escrow_hold"
_RELEASES = "SELECT count(*) FROM escrow_release"
_OF_HOLD = "ARRAY['escrow:' || hold.id || ' ' || hold.currency]"

register_check(
    "E2",
    formula="escrow accounts and holds answer to each other, and each account holds what its hold has left",
    count=_HOLDS,
    broken="""
        SELECT coalesce(hold.id::text, account.code),
            'the hold says ' || coalesce((hold."left" + hold.client_fee_left)::text, 'nothing')
            || ', its account ' || coalesce(account.balance::text, 'nothing'),
            ARRAY[coalesce(account.code || ' ' || account.currency,
                'escrow:' || hold.id || ' ' || hold.currency)]
        FROM escrow_hold hold
        FULL JOIN (SELECT * FROM ledger_account WHERE code LIKE 'escrow:%') account
            ON account.code = 'escrow:' || hold.id AND account.currency = hold.currency
        WHERE hold.id IS NULL OR coalesce(account.balance, 0) <> hold."left" + hold.client_fee_left
    """,
)

register_check(
    "escrow.in_and_out",
    formula="placed = left + Σ released + Σ returned, and the client's fee leaves as the work does",
    count=_HOLDS,
    broken=f"""
        SELECT hold.id::text, 'placed ' || hold.placed || ', left ' || hold."left"
            || ', gone ' || coalesce(gone.work, 0) || ', of the fee ' || hold.client_fee_left
            || ' left and ' || coalesce(gone.fee, 0) || ' gone',
            {_OF_HOLD}
        FROM escrow_hold hold
        LEFT JOIN (
            SELECT hold_id, sum(gross + returned) AS work, sum(fee_kept + fee_returned) AS fee
            FROM escrow_release GROUP BY hold_id
        ) gone ON gone.hold_id = hold.id
        WHERE hold.placed <> hold."left" + coalesce(gone.work, 0)
            OR hold.client_fee <> hold.client_fee_left + coalesce(gone.fee, 0)
            OR hold.client_fee_left <> div(hold.client_fee::numeric * hold."left", hold.placed)
    """,  # noqa: S608 - put together from constants of this file
)

# A release's lines as they must have moved: the nth line that is not empty is the nth posting.
_LINES = """
    SELECT line.release_id, release.kind || ':' || line.release_id AS key,
        row_number() OVER (PARTITION BY line.release_id ORDER BY line.number) AS step,
        'escrow:' || release.hold_id AS source, line.account, line.amount, release.currency
    FROM escrow_releaseline line JOIN escrow_release release ON release.id = line.release_id
    WHERE line.amount > 0
"""


def _postings_of(kinds: str) -> str:
    """The postings of some kinds of movements, accounts by their names."""
    return f"""
        SELECT movement.key, posting.step, source.code AS source, target.code AS account, posting.amount,
            target.currency
        FROM ledger_movement movement
        JOIN ledger_posting posting ON posting.movement_id = movement.id
        JOIN ledger_account source ON source.id = posting.source_id
        JOIN ledger_account target ON target.id = posting.target_id
        WHERE movement.kind IN ({kinds})
    """  # noqa: S608 - kinds are written below


# What a release's deductions made of its gross, without the lines that are the client's.
_DIVIDED = """
    SELECT release.id, release.hold_id, release.turn, release.gross, release.released, hold.deductions,
        line.lines
    FROM (
        SELECT release.id, release.hold_id, release.gross, movement.id AS turn,
            coalesce(sum(release.gross) OVER (
                PARTITION BY release.hold_id ORDER BY movement.id ROWS UNBOUNDED PRECEDING EXCLUDE CURRENT ROW
            ), 0)::bigint AS released
        FROM escrow_release release
        JOIN ledger_movement movement ON movement.key = release.kind || ':' || release.id
            AND movement.kind IN ('hold.released', 'hold.returned', 'hold.split')
    ) release
    JOIN escrow_hold hold ON hold.id = release.hold_id
    JOIN (
        SELECT own.id, string_agg(
            replace(line.account, own.worker, 'W') || ' ' || line.amount || ' ' || line.name, E'\n'
            ORDER BY line.number) AS lines
        FROM escrow_releaseline line JOIN escrow_release own ON own.id = line.release_id
        WHERE line.name NOT IN ('client_fee', 'returned')
        GROUP BY own.id
    ) line ON line.id = release.id
"""


def releases_divided_otherwise() -> Iterator[tuple[str, str]]:
    """Every release whose lines are not what `split_release` makes of it, after those before it."""
    yield from _of_one_deduction()
    yield from _of_several_deductions()


def _of_one_deduction() -> Iterator[tuple[str, str]]:
    """Releases that were divided alike stand together, so that each way of dividing is computed once."""
    divided = f"{_DIVIDED} WHERE jsonb_array_length(hold.deductions) <= 1"
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT gross, released, deductions::text, lines "  # noqa: S608 - from constants of this file
            f"FROM ({divided}) divided GROUP BY 1, 2, 3, 4"
        )
        for gross, released, deductions, found in cursor.fetchall():
            wanted = _wanted(gross, released, deductions)
            if found != wanted:
                cursor.execute(
                    f"SELECT id::text FROM ({divided}) divided "  # noqa: S608 - the same
                    "WHERE (gross, released, deductions::text, lines) = (%s, %s, %s, %s)",
                    [gross, released, deductions, found],
                )
                for (name,) in cursor.fetchall():
                    yield name, f"{gross} was divided as {found}, agreed was {wanted}"


def _of_several_deductions() -> Iterator[tuple[str, str]]:
    """Where several deductions share small releases, each takes what it could not take before."""
    taken: dict[str, Counter[str]] = defaultdict(Counter)
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT id::text, hold_id::text, gross, released, deductions::text, lines "  # noqa: S608 - the same
            f"FROM ({_DIVIDED} WHERE jsonb_array_length(hold.deductions) > 1) divided ORDER BY hold_id, turn"
        )
        for name, hold, gross, released, deductions, found in cursor.fetchall():
            wanted = _wanted(gross, released, deductions, taken[hold])
            if found != wanted:
                yield name, f"{gross} was divided as {found}, agreed was {wanted}"
            for line in found.split("\n"):
                _account, amount, own_name = line.split(" ", 2)
                taken[hold][own_name] += int(amount)


def _wanted(gross: int, released: int, deductions: str, taken: Mapping[str, int] | None = None) -> str:
    """The lines of a release as they should be."""
    agreed = _agreed(deductions)
    before = None if taken is None else [taken.get(one.name, 0) for one in agreed]
    due = split_release(gross, agreed, "clearing:W", released=released, taken=before)
    lines = [line for line in due if line.amount or line.name == "net"]
    return "\n".join(f"{line.account} {line.amount} {line.name}" for line in lines)


@lru_cache(maxsize=1024)
def _agreed(deductions: str) -> list[Deduction]:
    """The deductions of a hold; few ways of dividing are agreed on by many."""
    return [Deduction.read(deduction) for deduction in json.loads(deductions)]


register_check(
    "E4",
    formula="a release = Σ its lines as f(gross, deductions agreed), each line moved as it is named",
    count=_RELEASES,
    broken=f"""
        SELECT release.id::text, 'its lines sum to ' || coalesce(line.total, 0) || ', it says '
            || release.gross || ' + ' || release.returned || ' and fees '
            || release.fee_kept || ' + ' || release.fee_returned,
            ARRAY['clearing:' || release.worker || ' ' || release.currency] || {_OF_HOLD}
        FROM escrow_release release
        JOIN escrow_hold hold ON hold.id = release.hold_id
        LEFT JOIN (
            SELECT line.release_id, sum(line.amount) AS total, min(line.amount) AS least,
                coalesce(sum(line.amount) FILTER (
                    WHERE line.name = 'client_fee' AND line.account = 'fees:client'), 0) AS fee,
                coalesce(sum(line.amount) FILTER (WHERE line.name = 'returned' AND EXISTS (
                    SELECT FROM escrow_holdpart part
                    WHERE part.hold_id = own.hold_id AND part.account = line.account)), 0) AS back,
                sum(line.amount) FILTER (WHERE line.number = 1 AND line.name = 'net'
                    AND line.account = 'clearing:' || own.worker) AS net
            FROM escrow_releaseline line JOIN escrow_release own ON own.id = line.release_id
            GROUP BY line.release_id
        ) line ON line.release_id = release.id
        WHERE line.least < 0 OR coalesce(line.fee, 0) <> release.fee_kept
            OR coalesce(line.back, 0) <> release.returned::numeric + release.fee_returned
            OR line.net IS DISTINCT FROM release.net
            OR line.total IS DISTINCT FROM
                release.gross::numeric + release.returned + release.fee_kept + release.fee_returned
            OR release.worker <> hold.worker OR release.currency <> hold.currency
            OR release.matures_at IS DISTINCT FROM CASE WHEN release.net > 0
                THEN release.at + hold.clearing_days * interval '24 hours' END
        UNION ALL
        SELECT coalesce(line.release_id::text, posted.key),
            'line ' || coalesce(line.step, posted.step) || ': '
            || coalesce(line.amount || ' for ' || line.account, 'nothing') || ', moved was '
            || coalesce(posted.amount || ' to ' || posted.account, 'nothing'),
            array_remove(ARRAY[line.source || ' ' || line.currency, line.account || ' ' || line.currency,
                posted.source || ' ' || posted.currency, posted.account || ' ' || posted.currency], NULL)
        FROM ({_LINES}) line
        FULL JOIN ({_postings_of("'hold.released', 'hold.returned', 'hold.split'")}) posted
            ON posted.key = line.key AND posted.step = line.step
        WHERE (line.source, line.account, line.amount, line.currency)
            IS DISTINCT FROM (posted.source, posted.account, posted.amount, posted.currency)
    """,  # noqa: S608 - put together from constants of this file
    also=releases_divided_otherwise,
)

register_check(
    "E5",
    formula="a release shown as free has moved once, its net, into its worker's wallet, and no other has",
    count=_RELEASES,
    broken=f"""
        SELECT coalesce(release.id::text, posted.key), 'is ' || coalesce(release.state, 'nowhere') || ' over '
            || coalesce(release.net, 0) || ', moved was '
            || coalesce(posted.amount || ' ' || posted.currency || ' to ' || posted.account, 'nothing'),
            array_remove(ARRAY['clearing:' || release.worker || ' ' || release.currency,
                posted.source || ' ' || posted.currency, posted.account || ' ' || posted.currency], NULL)
        FROM (SELECT * FROM escrow_release WHERE state = 'matured') release
        FULL JOIN ({_postings_of("'clearing.matured'")}) posted ON posted.key = 'matured:' || release.id
        WHERE ('clearing:' || release.worker, 'wallet:' || release.worker, release.net, release.currency, 1)
            IS DISTINCT FROM
            (posted.source, posted.account, posted.amount, posted.currency, posted.step::integer)
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "E6",
    formula="what a worker's clearing account holds = Σ releases in clearing",
    count="SELECT count(*) FROM ledger_account WHERE code LIKE 'clearing:%'",
    broken="""
        SELECT coalesce(account.code, 'clearing:' || due.worker), 'holds ' || coalesce(account.balance, 0)
            || ', in clearing are ' || coalesce(due.net, 0),
            ARRAY[coalesce(account.code || ' ' || account.currency,
                'clearing:' || due.worker || ' ' || due.currency)]
        FROM (SELECT * FROM ledger_account WHERE code LIKE 'clearing:%') account
        FULL JOIN (
            SELECT worker, currency, sum(net) AS net FROM escrow_release WHERE state = 'clearing'
            GROUP BY worker, currency
        ) due ON account.code = 'clearing:' || due.worker AND account.currency = due.currency
        WHERE coalesce(account.balance, 0) <> coalesce(due.net, 0)
    """,
)

register_check(
    "E7",
    formula="what payers paid in = the work + the client's fee, and they got back what was returned",
    count=_HOLDS,
    broken=f"""
        SELECT hold.id::text, 'its payers paid ' || part.amount || ' and got back ' || part.returned,
            {_OF_HOLD}
        FROM escrow_hold hold
        LEFT JOIN (
            SELECT hold_id, sum(amount) AS amount, sum(returned) AS returned FROM escrow_holdpart
            GROUP BY hold_id
        ) part ON part.hold_id = hold.id
        LEFT JOIN (
            SELECT hold_id, sum(returned + fee_returned) AS returned FROM escrow_release GROUP BY hold_id
        ) gone ON gone.hold_id = hold.id
        WHERE part.amount IS DISTINCT FROM hold.placed::numeric + hold.client_fee
            OR part.returned <> coalesce(gone.returned, 0)
        UNION ALL
        SELECT coalesce(part.hold_id::text, posted.key), 'part ' || coalesce(part.number, posted.step) || ': '
            || coalesce(part.amount || ' from ' || part.account, 'nothing') || ', moved was '
            || coalesce(posted.amount || ' from ' || posted.source, 'nothing'),
            array_remove(ARRAY[part.account || ' ' || part.currency, posted.source || ' ' || posted.currency,
                posted.account || ' ' || posted.currency], NULL)
        FROM (
            SELECT part.*, hold.currency
            FROM escrow_holdpart part JOIN escrow_hold hold ON hold.id = part.hold_id
        ) part
        FULL JOIN ({_postings_of("'hold.placed'")}) posted
            ON posted.key = 'hold:' || part.hold_id AND posted.step = part.number
        WHERE (part.account, 'escrow:' || part.hold_id, part.amount, part.currency)
            IS DISTINCT FROM (posted.source, posted.account, posted.amount, posted.currency)
    """,  # noqa: S608 - put together from constants of this file
)

register_check(
    "escrow.frozen",
    formula="0 ≤ frozen ≤ left, frozen = Σ freezes, and a closed hold is empty",
    count=_HOLDS,
    broken=f"""
        SELECT hold.id::text, hold.state || ', left ' || hold."left" || ', frozen ' || hold.frozen, {_OF_HOLD}
        FROM escrow_hold hold
        CROSS JOIN LATERAL (
            SELECT coalesce(sum(amount), 0) AS amount FROM escrow_freeze WHERE hold_id = hold.id
        ) freezes
        WHERE hold.frozen <> freezes.amount OR hold.frozen > hold."left"
            OR (hold.state = 'closed') <> (hold."left" = 0)
    """,  # noqa: S608 - put together from constants of this file
)
