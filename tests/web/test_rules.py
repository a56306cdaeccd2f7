"""The house rules as everyone reads them."""

from typing import Any

import pytest
from django.test import Client
from django.utils.html import escape

from guildhall.kernel.rules import set_rule
from guildhall.screening.rules import PUBLISHED
from guildhall.web.values import percent, value_with_unit
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_a_visitor_reads_every_rule_with_its_meaning(client: Client) -> None:
    page = client.get("/rules").content.decode()
    for name in ("worker_fee", "silence_days", "clearing_days", "minimum_fixed"):
        assert f'id="{name}"' in page
    assert "As first set, unchanged" in page


def test_a_change_stands_there_with_its_day_and_its_reason(client: Client, olga: Any) -> None:
    change = set_rule(name="silence_days", value=7, reason="People asked <b>for it</b>.", by=olga.pk, at=NOW)
    page = client.get("/rules").content.decode()
    assert "7 days" in page
    assert "People asked &lt;b&gt;for it&lt;/b&gt;." in page
    assert f"Version {change.pk}" in page


def test_the_rules_of_an_earlier_version_can_be_read(client: Client, olga: Any) -> None:
    first = set_rule(name="silence_days", value=7, reason="Shorter.", by=olga.pk, at=NOW)
    set_rule(name="silence_days", value=21, reason="Longer.", by=olga.pk, at=NOW)
    page = client.get(f"/rules?version={first.pk}").content.decode()
    assert "<b>7 days</b>" in page
    assert "as they stood" in page


@pytest.mark.parametrize(
    ("version", "status"), [("999999999", 404), ("x", 422), ("-1", 422), ("9" * 40, 422), ("0" * 5_000, 422)]
)
def test_a_version_that_never_was_is_no_page(client: Client, version: str, status: int) -> None:
    assert client.get(f"/rules?version={version}").status_code == status


def test_B15_a_cursor_that_is_not_ours_is_refused(client: Client) -> None:
    assert client.get("/rules?after=WyJ4Il0").status_code == 422


@pytest.mark.parametrize(
    ("value", "unit", "said"),
    [
        (500, "basis points", "5\u00a0%"),
        (125, "basis points", "1.25\u00a0%"),
        (50, "basis points", "0.5\u00a0%"),
        (1, "days", "1 day"),
        (10, "days", "10 days"),
        (500, "minor units of USD", "5.00 USD"),
        (100_000, "megabytes", "100\u202f000 megabytes"),
    ],
)
def test_a_value_is_said_with_its_unit(value: int, unit: str, said: str) -> None:
    assert value_with_unit(value, unit) == said


def test_a_share_of_nothing_is_nothing() -> None:
    assert percent(0) == "0\u00a0%"


def test_every_rule_about_words_can_be_read_where_refusals_point(client: Client) -> None:
    page = client.get("/rules").content.decode()
    for rule in PUBLISHED:
        assert page.count(f'id="{rule.name}"') == 1
        assert escape(str(rule.says)) in page
