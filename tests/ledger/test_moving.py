"""Money moves once per key, from accounts that hold it, and what is written stays."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from guildhall.kernel.ids import new_id
from guildhall.ledger.actions import Flow, Move, move_batch, move_money
from guildhall.ledger.background import snapshot_derived
from guildhall.ledger.models import Account, Movement, Posting, Snapshot
from guildhall.ledger.queries import balance_of, balances_of, entries_of, statement_of
from guildhall.ledger.refusals import BatchRefused, KeyReused, Overdraft
from guildhall.ledger.rules import is_derived

AT = datetime(2026, 3, 1, 12, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def flow(source: str, target: str, amount: int, currency: str = "USD") -> Flow:
    return Flow(source, target, amount, currency)


def move_one(*flows: Flow, key: str = "", kind: str = "credit.given", **facts: Any) -> Movement:
    return move_money(kind=kind, key=key or str(new_id()), flows=flows, by=None, at=AT, **facts)


def held(code: str, currency: str = "USD") -> int:
    return balance_of(code, currency).minor


def test_a_movement_takes_what_it_gives() -> None:
    move_one(flow("outside:practice", "wallet:amara", 12_000))
    move_one(flow("wallet:amara", "escrow:1", 11_000))
    move_one(flow("escrow:1", "clearing:bushra", 10_450), flow("escrow:1", "fees:work", 550))
    assert balances_of(["wallet:amara", "escrow:1", "clearing:bushra", "fees:work", "nobody:x"], "USD") == {
        "wallet:amara": balance_of("wallet:amara", "USD"),
        "escrow:1": balance_of("escrow:1", "USD"),
        "clearing:bushra": balance_of("clearing:bushra", "USD"),
        "fees:work": balance_of("fees:work", "USD"),
        "nobody:x": balance_of("nobody:x", "USD"),
    }
    assert [held(code) for code in ("wallet:amara", "escrow:1", "clearing:bushra", "fees:work")] == [
        1_000,
        0,
        10_450,
        550,
    ]
    assert held("outside:practice") == -12_000


def test_one_key_moves_once_and_the_second_try_gets_the_first_answer() -> None:
    first = move_one(flow("outside:practice", "wallet:amara", 500), key="deposit:1")
    move_one(flow("wallet:amara", "escrow:1", 500))
    again = move_one(flow("outside:practice", "wallet:amara", 500), key="deposit:1")
    assert first.pk == again.pk
    assert held("wallet:amara") == 0


def test_a_repeated_movement_is_known_although_its_source_is_empty_now() -> None:
    move_one(flow("outside:practice", "wallet:amara", 500))
    first = move_one(flow("wallet:amara", "escrow:1", 500), key="hold:1")
    assert move_one(flow("wallet:amara", "escrow:1", 500), key="hold:1").pk == first.pk
    assert (held("wallet:amara"), held("escrow:1")) == (0, 500)


@pytest.mark.parametrize(
    ("flows", "kind"),
    [
        ([flow("outside:practice", "wallet:amara", 501)], "deposit.settled"),
        ([flow("outside:practice", "wallet:eve", 500)], "deposit.settled"),
        ([flow("outside:bank", "wallet:amara", 500)], "deposit.settled"),
        ([flow("outside:practice", "wallet:amara", 500, "EUR")], "deposit.settled"),
        ([flow("outside:practice", "wallet:amara", 500)], "refund.settled"),
        ([flow("outside:practice", "wallet:amara", 250)] * 2, "deposit.settled"),
        ([flow("wallet:amara", "outside:practice", 500)], "deposit.settled"),
    ],
)
def test_C03_one_key_with_other_content_is_refused(flows: list[Flow], kind: str) -> None:
    move_one(flow("outside:practice", "wallet:amara", 500), key="deposit:1", kind="deposit.settled")
    with pytest.raises(KeyReused):
        move_one(*flows, key="deposit:1", kind=kind)
    assert (held("wallet:amara"), Movement.objects.count()) == (500, 1)


def test_an_overdraft_says_what_is_missing_and_changes_nothing() -> None:
    move_one(flow("outside:practice", "wallet:amara", 500))
    with pytest.raises(Overdraft, match=r"0\.07 USD") as refusal:
        move_one(flow("outside:practice", "wallet:bushra", 3), flow("wallet:amara", "escrow:1", 507))
    assert refusal.value.account == "wallet:amara"
    assert refusal.value.missing.minor == 7
    assert (held("wallet:amara"), held("wallet:bushra"), held("escrow:1")) == (500, 0, 0)
    assert Movement.objects.count() == 1


def test_a_refusal_leaves_the_transaction_usable() -> None:
    with transaction.atomic():
        with pytest.raises(Overdraft):
            move_one(flow("wallet:amara", "escrow:1", 1))
        move_one(flow("outside:practice", "wallet:amara", 1))
    assert held("wallet:amara") == 1


def test_money_may_pass_through_an_account_within_one_movement() -> None:
    move_one(flow("outside:practice", "escrow:1", 100), flow("escrow:1", "wallet:bushra", 100))
    assert (held("escrow:1"), held("wallet:bushra")) == (0, 100)


def test_each_currency_is_an_account_of_its_own() -> None:
    move_one(flow("outside:practice", "wallet:amara", 500))
    with pytest.raises(Overdraft, match="JPY"):
        move_one(flow("wallet:amara", "escrow:1", 1, "JPY"))


@pytest.mark.parametrize(
    ("code", "derived"),
    [
        ("wallet:person:1", False),
        ("reserve", False),
        ("fees:work", True),
        ("shortfall", True),
        ("outside:x", True),
    ],
)
def test_which_accounts_keep_a_balance(code: str, *, derived: bool) -> None:
    assert is_derived(code) is derived


@pytest.mark.parametrize("code", ["purse:amara", "walletx", ""])
def test_an_account_that_nobody_knows_is_a_bug(code: str) -> None:
    with pytest.raises(AssertionError):
        move_one(flow("outside:practice", code, 1))


@pytest.mark.parametrize("amount", [0, -1])
def test_C13_a_posting_of_nothing_is_a_bug(amount: int) -> None:
    with pytest.raises(AssertionError):
        move_one(flow("outside:practice", "wallet:amara", amount))


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE ledger_posting SET amount = amount + 1",
        "DELETE FROM ledger_posting",
        "TRUNCATE ledger_posting",
        "UPDATE ledger_movement SET kind = 'x.y'",
        "DELETE FROM ledger_movement",
        "TRUNCATE ledger_movement CASCADE",
        "UPDATE ledger_account SET code = 'wallet:eve'",
        "UPDATE ledger_account SET derived = true",
        "DELETE FROM ledger_account",
        "UPDATE ledger_account SET balance = -1 WHERE NOT derived",
        "UPDATE ledger_account SET balance = 1 WHERE derived",
        "INSERT INTO ledger_account (code, currency, derived, balance) VALUES ('wallet:e', 'USD', false, 5)",
        "INSERT INTO ledger_account (code, currency, derived, balance) VALUES ('wallet:e', 'usd', false, 0)",
    ],
)
def test_C21_what_is_written_cannot_be_changed_even_by_its_owner(statement: str) -> None:
    move_one(flow("outside:practice", "wallet:amara", 500))
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert (Posting.objects.get().amount, held("wallet:amara")) == (500, 500)


def pay(number: int, amount: int = 100, source: str = "wallet:amara") -> Move:
    escrow, worker = f"escrow:{number}", f"clearing:w{number}"
    fee = amount // 20
    return Move(
        "payroll.paid",
        f"pay:{number}",
        [flow(source, escrow, amount), flow(escrow, worker, amount - fee), flow(escrow, "fees:work", fee)],
    )


def test_a_batch_moves_as_one() -> None:
    move_one(flow("outside:practice", "wallet:amara", 10_000))
    outcome = move_batch(moves=[pay(number) for number in range(100)], by=None, at=AT)
    assert (outcome.moved, outcome.repeated, outcome.refused) == (100, 0, {})
    assert (held("wallet:amara"), held("fees:work"), held("clearing:w7")) == (0, 500, 95)


def test_a_batch_that_comes_again_or_grows_moves_what_is_new() -> None:
    move_one(flow("outside:practice", "wallet:amara", 10_000))
    move_batch(moves=[pay(number) for number in range(60)], by=None, at=AT)
    outcome = move_batch(moves=[pay(number) for number in range(100)], by=None, at=AT + timedelta(days=1))
    assert (outcome.moved, outcome.repeated) == (40, 60)
    assert move_batch(moves=[pay(number) for number in range(100)], by=None, at=AT).repeated == 100
    assert held("wallet:amara") == 0


def test_a_whole_batch_is_refused_with_a_reason_for_each() -> None:
    move_one(flow("outside:practice", "wallet:amara", 250))
    move_batch(moves=[pay(0)], by=None, at=AT)
    moves = [pay(0, 101), pay(1), pay(2), pay(3, 20, "wallet:nobody")]
    with pytest.raises(BatchRefused) as refusal:
        move_batch(moves=moves, by=None, at=AT)
    assert {key: reason.code for key, reason in refusal.value.refused.items()} == {
        "pay:0": "key_reused",
        "pay:2": "overdraft",
        "pay:3": "overdraft",
    }
    assert "3 movements" in refusal.value.sentence
    assert (held("wallet:amara"), held("clearing:w1")) == (150, 0)


def test_or_exactly_those_stay_out_that_cannot_move() -> None:
    move_one(flow("outside:practice", "wallet:amara", 250))
    outcome = move_batch(moves=[pay(1), pay(2), pay(3), pay(4, 50)], by=None, at=AT, whole=False)
    assert outcome.moved == 3
    assert [(key, reason.code) for key, reason in outcome.refused.items()] == [("pay:3", "overdraft")]
    assert (held("wallet:amara"), held("clearing:w4")) == (0, 48)


def test_a_batch_may_spend_what_it_brings() -> None:
    brought = Move("deposit.settled", "deposit:1", [flow("outside:practice", "wallet:amara", 100)])
    assert move_batch(moves=[pay(1), brought], by=None, at=AT).moved == 2


def test_an_empty_batch_is_none() -> None:
    assert move_batch(moves=[], by=None, at=AT).moved == 0


def test_odd_texts_are_kept_as_they_are() -> None:
    key = "a\"b\\c{d},é' %s \u202e"
    move_batch(
        moves=[
            Move("credit.given", key, [flow("outside:practice", "wallet:amara", 1)], facts={"n": '\\"{}'})
        ],
        by=None,
        at=AT,
    )
    movement = Movement.objects.get(key=key)
    assert movement.facts == {"n": '\\"{}'}


def test_L08_a_statement_runs_from_its_opening_to_the_balance_without_a_gap() -> None:
    for number in range(1, 48):
        move_one(flow("outside:practice", "wallet:amara", number))
        if number % 3 == 0:
            move_one(flow("wallet:amara", "escrow:1", number), flow("escrow:1", "wallet:amara", 1))
    seen, after, closing = [], "", held("wallet:amara")
    while True:
        statement = statement_of("wallet:amara", "USD", after=after)
        assert statement.closing.minor == closing
        assert statement.opening.minor + sum(entry.change.minor for entry in statement.entries) == closing
        seen += statement.entries
        closing, after = statement.opening.minor, statement.next
        if not after:
            break
    assert closing == 0
    assert list(reversed(seen)) == list(entries_of("wallet:amara", "USD"))


def test_a_statement_of_what_never_was() -> None:
    statement = statement_of("wallet:nobody", "USD")
    assert (statement.entries, statement.closing.minor, statement.next) == ([], 0, "")


def test_L11_snapshots_shorten_the_sum_and_never_change_it() -> None:
    for number in range(3):
        move_one(flow("outside:practice", "wallet:amara", 1_000))
        move_one(flow("wallet:amara", "fees:work", 10))
        assert snapshot_derived(at=AT) == 2
        assert snapshot_derived(at=AT) == 0
        assert (held("fees:work"), held("outside:practice")) == (10 * number + 10, -1_000 * number - 1_000)
    move_one(flow("wallet:amara", "fees:work", 5))
    assert held("fees:work") == 35
    assert Snapshot.objects.filter(account=Account.objects.get(code="fees:work")).count() == 3


def test_L04_a_correction_names_what_it_corrects_and_only_once() -> None:
    wrong = move_one(flow("outside:practice", "wallet:amara", 500))
    right = move_one(flow("wallet:amara", "outside:practice", 500), reverses=wrong.pk)
    assert Movement.objects.get(pk=right.pk).reverses_id == wrong.pk
    move_one(flow("outside:practice", "wallet:amara", 500))
    with pytest.raises(DatabaseError), transaction.atomic():
        move_one(flow("wallet:amara", "outside:practice", 500), reverses=wrong.pk)
