"""House rules that are tables: written whole, by operators, with what was typed kept when it does not fit."""

import pytest
from django.test import Client

from guildhall.escrow.fees import WORKER_FEE_STEPS
from guildhall.kernel.models import RuleChange
from guildhall.kernel.rules import rules_in_force
from guildhall.people.models import Person
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def typed(rows: list[dict[str, str]], reason: str = "The law.") -> dict[str, str]:
    cells = {f"{name}-{place}": text for place, row in enumerate(rows) for name, text in row.items()}
    return cells | {"rows": str(len(rows)), "reason": reason}


def test_a_table_is_written_with_sums_as_people_write_them(olga: Person) -> None:
    path = "/operator/rules/worker_fee_steps"
    rows = [
        {"currency": "", "over": "", "share": ""},
        {"currency": "usd", "over": "500.00", "share": "300"},
        {"currency": "JPY", "over": "50000", "share": "200"},
    ]
    answer = by(olga).post(path, typed(rows))
    assert (answer.status_code, answer.headers["Location"]) == (302, path)
    assert rules_in_force().rows_of(WORKER_FEE_STEPS) == (
        {"currency": "USD", "over": 50_000, "share": 300},
        {"currency": "JPY", "over": 50_000, "share": 200},
    )
    shown = text_of(by(olga).get(path))
    assert "USD 500.00 USD 3 %" in shown.replace("\u00a0", " ")
    assert "The law." in shown
    assert "2 rows" in text_of(by(olga).get("/operator/rules"))
    everybody = text_of(Client().get("/rules")).replace("\u00a0", " ")
    assert "JPY 50000 JPY 2 %" in everybody
    assert "USD, 500.00 USD, 3 %" in everybody


@pytest.mark.parametrize(
    ("row", "cell"),
    [
        ({"over": "five"}, "over-1"),
        ({"over": "0.001"}, "over-1"),
        ({"over": "1e3"}, "over-1"),
        ({"over": ""}, "over-1"),
        ({"share": "5.5"}, "share-1"),
        ({"share": "-1"}, "share-1"),
        ({"share": "9" * 30}, "share-1"),
        ({"share": "３００"}, "share-1"),
        ({"currency": "dollars"}, "currency-1"),
        ({"currency": ""}, "currency-1"),
    ],
)
def test_C13_what_does_not_fit_stays_typed_beside_its_sentence(
    olga: Person, row: dict[str, str], cell: str
) -> None:
    whole = {"currency": "USD", "over": "500.00", "share": "300"} | row
    path = "/operator/rules/worker_fee_steps"
    answer = by(olga).post(path, typed([{"currency": "", "over": "", "share": ""}, whole]))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert f'id="id_{cell}_error"' in page
    for text in filter(None, whole.values()):
        assert f'value="{text}"' in page
    assert not RuleChange.objects.exists()


def test_a_table_needs_a_reason_and_keeps_its_rows(olga: Person) -> None:
    rows = [{"currency": "USD", "over": "500.00", "share": "300"}]
    answer = by(olga).post("/operator/rules/worker_fee_steps", typed(rows, reason=" "))
    assert answer.status_code == 422
    assert 'value="500.00"' in answer.content.decode()
    assert not RuleChange.objects.exists()


def test_nobody_else_comes_near(eve: Person) -> None:
    path = "/operator/rules/levies"
    assert by(eve).get(path).status_code == 404
    assert by(eve).post(path, typed([])).status_code == 404
    assert by(None).get(path).status_code == 302
    assert not RuleChange.objects.exists()
