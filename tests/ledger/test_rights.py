"""C21: the role that serves the hall moves money through the functions and through nothing else."""

from datetime import UTC, datetime

import pytest
from django.db import DatabaseError, connection, transaction

from guildhall.config.migrating import grant_rights
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import snapshot_derived
from guildhall.ledger.queries import balance_of

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def _as_the_running_hall() -> None:
    with connection.cursor() as cursor:
        cursor.execute("CREATE ROLE guildhall_trial")
        grant_rights("guildhall_trial")
        cursor.execute("SET LOCAL ROLE guildhall_trial")


@pytest.mark.usefixtures("_as_the_running_hall")
def test_C21_the_functions_are_enough() -> None:
    flows = [Flow("outside:practice", "wallet:amara", 500, "USD")]
    move_money(kind="credit.given", key="one", flows=flows, by=None, at=AT)
    move_batch(moves=[Move("credit.given", "two", flows)], by=None, at=AT)
    assert snapshot_derived(at=AT) == 1
    assert balance_of("wallet:amara", "USD").minor == 1_000


@pytest.mark.usefixtures("_as_the_running_hall")
@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_account SET balance = balance + 1",
        "INSERT INTO ledger_account (code, currency, derived, balance) VALUES ('wallet:e', 'USD', false, 0)",
        "INSERT INTO ledger_movement (kind, key, at, facts) VALUES ('x.y', 'z', now(), '{}')",
        "INSERT INTO ledger_posting VALUES (1, 1, 1, 2, 5)",
        "INSERT INTO ledger_snapshot (account_id, through, balance, at) VALUES (1, 1, 1, now())",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_movement",
        "ALTER TABLE ledger_posting DISABLE TRIGGER ALL",
        (
            "SELECT ledger_move_one(ARRAY['outside:x','wallet:e'], ARRAY['USD','USD'], ARRAY[true,false],"
            " 'x.y', 'z', ARRAY[1], ARRAY[2], ARRAY[5]::bigint[], NULL, now(), '{}', NULL, false)"
        ),
    ],
)
def test_C21_and_everything_else_is_forbidden(statement: str) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
