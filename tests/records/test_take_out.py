"""Taking along what the hall holds: all of it, only one's own, as valid JSON."""

import json

import pytest

from guildhall.kernel.registry import all_holdings
from guildhall.people.models import Person
from guildhall.records.queries import take_out_of
from tests.builders.contracts import a_delivered_milestone
from tests.builders.jobs import a_proposal, an_open_job
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_the_file_is_json_with_every_kind_that_a_package_names(amara: Person, bushra: Person) -> None:
    a_proposal(an_open_job(amara), bushra)
    a_delivered_milestone(amara, bushra)
    held = json.loads("".join(take_out_of(bushra, at=NOW)))
    kinds = {f"{each.package}.{each.what}" for each in all_holdings()}
    assert kinds <= set(held)
    assert held["taken_at"] == NOW.isoformat()
    assert all(isinstance(held[kind]["rows"], list) for kind in kinds)
    assert any("I drew the sign" in json.dumps(held[kind], ensure_ascii=False) for kind in kinds)


def test_a_stranger_holds_nothing_of_theirs(amara: Person, bushra: Person, eve: Person) -> None:
    a_proposal(an_open_job(amara, title="Zwieback for the canary"), bushra)
    a_delivered_milestone(amara, bushra)
    text = "".join(take_out_of(eve, at=NOW))
    for trace in ("Zwieback", "I drew the sign", str(amara.id), str(bushra.id)):
        assert trace not in text


def test_somebody_without_anything_gets_a_file_all_the_same(eve: Person) -> None:
    held = json.loads("".join(take_out_of(eve, at=NOW)))
    assert held["person"] == str(eve.id)
