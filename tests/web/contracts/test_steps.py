"""A contract with several milestones in hand: each has its doors, whatever the others wait for."""

import re
from datetime import datetime
from typing import Any

import pytest
from django.test import Client

from guildhall.contracts.actions import end_contract, fund_milestone
from guildhall.contracts.models import Milestone
from guildhall.disputes.actions import contest_more, open_case
from guildhall.people.models import Person
from tests.builders.contracts import a_contract, a_delivery, again, milestones_in, usd, what_is_broken
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


@pytest.fixture
def two(amara: Person, bushra: Person, now: datetime) -> list[Milestone]:
    contract = a_contract(amara, bushra, at=now)
    for milestone in milestones_in(contract):
        fund_milestone(milestone=milestone, by=amara, at=now)
    return milestones_in(contract)


def the_link(page: Any, words: str) -> str:
    """Where the page's link with these words leads."""
    found = re.search(rf'<a [^>]*href="([^"]+)"[^>]*>(?:<[^>]+>)*{words}<', page.content.decode())
    assert found, f"no link says {words!r}"
    return found[1]


def at_step(client: Client, milestone: Milestone, title: str) -> Any:
    """The workroom, opened and then led to a milestone by its link."""
    room = client.get(f"/contracts/{milestone.contract_id}")
    return client.get(the_link(room, title))


def test_every_funded_milestone_has_its_doors(
    two: list[Milestone], amara: Person, bushra: Person, now: datetime
) -> None:
    first, second = two
    a_delivery(first, at=now)
    open_case(milestone=again(first), contested=usd(4_000), reason="No ear.", by=amara, at=now)
    client, worker = by(amara), by(bushra)

    door = the_link(worker.get(f"/contracts/{first.contract_id}"), "Deliver something")
    assert door == f"/milestones/{second.pk}/delivery", "what is contested stands behind what can be done"
    sent = worker.post(door, {"note": "The sign.", "items": ["1"]})
    assert sent["Location"] == f"/contracts/{first.contract_id}?step=2"

    room = client.get(sent["Location"])
    for words, noun in (
        ("Accept the work", "approval"),
        ("Ask for changes", "changes"),
        ("Ask for money back", "refund"),
        ("Open a case", "case"),
    ):
        assert the_link(room, words) == f"/milestones/{second.pk}/{noun}"
    assert client.post(f"/milestones/{second.pk}/approval", {"version": "1"}).status_code == 302
    assert again(second).state == "released"

    contested = client.get(f"/contracts/{first.contract_id}")
    assert "In a case" in text_of(contested)
    assert "Accept the work" not in text_of(contested), "all of it is frozen: there is nothing to accept"
    assert not what_is_broken()


def test_a_milestone_beside_another_in_work_is_reached_by_its_link(
    two: list[Milestone], amara: Person, bushra: Person, now: datetime
) -> None:
    first, second = two
    worker = by(bushra)
    room = at_step(worker, first, "Part 2")
    assert the_link(room, "Deliver something") == f"/milestones/{second.pk}/delivery"
    assert the_link(room, "Give money back") == f"/milestones/{second.pk}/refund"
    assert the_link(room, "Open a case") == f"/milestones/{second.pk}/case"
    a_delivery(second, at=now)
    to_answer = by(amara).get(f"/contracts/{first.contract_id}")
    assert the_link(to_answer, "Accept the work") == f"/milestones/{second.pk}/approval"


def test_my_work_leads_to_the_very_milestone(two: list[Milestone], bushra: Person) -> None:
    page = by(bushra).get("/work").content.decode()
    for milestone in two:
        assert f'href="/contracts/{milestone.contract_id}?step={milestone.number}"' in page


def test_what_is_said_at_a_milestone_comes_back_to_it(two: list[Milestone], amara: Person) -> None:
    at_second = f"/contracts/{two[1].contract_id}?step=2"
    page = by(amara).get(at_second).content.decode()
    assert f'action="/contracts/{two[1].contract_id}/messages?step=2"' in page
    said = by(amara).post(f"/contracts/{two[1].contract_id}/messages?step=2", {"text": "Blue, please."})
    assert said["Location"] == at_second


@pytest.mark.parametrize("step", ["", "0", "3", "x", "-1", "²", "9" * 400, "1&after="])
def test_a_step_that_there_is_not_is_the_one_at_hand(
    two: list[Milestone], amara: Person, eve: Person, step: str
) -> None:
    room = f"/contracts/{two[0].contract_id}?step={step}"
    assert by(amara).get(room).status_code == 200
    assert by(eve).get(room).status_code == 404


# ------------------------------------------------------------------ the version that was seen


@pytest.mark.parametrize("noun", ["approval", "changes"])
@pytest.mark.parametrize("version", ["", "99", "0"])
def test_B7_an_answer_to_no_version_is_refused(
    delivered: Milestone, amara: Person, noun: str, version: str
) -> None:
    url = f"/milestones/{delivered.pk}/{noun}"
    answer = by(amara).post(url, {"version": version, "note": "Larger."})
    assert answer.status_code == 422
    assert "Say which version of the work you answer" in text_of(answer)
    assert again(delivered).state == "delivered"
    assert 'name="version" value="1"' in answer.content.decode()


def test_B7_the_page_names_the_version_that_it_shows(
    delivered: Milestone, amara: Person, now: datetime
) -> None:
    by(amara).post(f"/milestones/{delivered.pk}/changes", {"version": "1", "note": "Larger."})
    a_delivery(delivered, at=now, note="Version two.")
    answer = by(amara).post(f"/milestones/{delivered.pk}/approval", {"version": "1"})
    assert answer.status_code == 409
    assert "newer version" in text_of(answer)
    assert "You accept version 2" in text_of(answer)
    assert 'name="version" value="2"' in answer.content.decode()


# ------------------------------------------------------------------ where the money is


def test_a_part_that_was_paid_earlier_does_not_date_the_rest(
    amara: Person, bushra: Person, delivered: Milestone, now: datetime
) -> None:
    open_case(milestone=delivered, contested=usd(4_000), reason="No ear.", by=amara, at=now)
    by(amara).post(f"/milestones/{delivered.pk}/approval", {"version": "1"})
    assert again(delivered).released == 6_000
    page = text_of(by(bushra).get(f"/contracts/{delivered.contract_id}"))
    assert "free on" not in page
    assert "3 days later" in page
    assert "40.00 USD waits for its case" in page


def test_what_a_case_has_frozen_is_paid_by_no_silence(
    amara: Person, bushra: Person, delivered: Milestone, now: datetime
) -> None:
    room = f"/contracts/{delivered.contract_id}"
    case = open_case(milestone=delivered, contested=usd(4_000), reason="No ear.", by=amara, at=now)
    hers, his = (text_of(by(person).get(room)) for person in (amara, bushra))
    assert "60.00 USD to Bushra, 40.00 USD waits for its case" in hers
    assert "57.00 USD to you, 40.00 USD waits for its case" in his
    assert "unanswered, it is paid on" in hers
    assert "Delivered, waiting for you" in text_of(by(amara).get("/work"))
    contest_more(case=case, contested=usd(6_000), reason="Nor a tail.", by=amara, at=now)
    hers = text_of(by(amara).get(room))
    assert "100.00 USD waits for its case" in hers
    assert "silence pays nothing while it is frozen" in hers
    assert "unanswered, it is paid on" not in hers
    assert "Delivered, waiting for you" not in hers
    waiting = text_of(by(amara).get("/work")).partition("Contracts")[0]
    assert "In a case" in waiting
    assert "Delivered, waiting for you" not in waiting


def test_an_ended_contract_shows_the_last_part_that_had_money(
    amara: Person, bushra: Person, now: datetime
) -> None:
    contract = a_contract(amara, bushra, at=now)
    first, second = milestones_in(contract)
    fund_milestone(milestone=first, by=amara, at=now)
    end_contract(contract=contract, reason="I am ill.", by=bushra, at=now)
    page = text_of(by(amara).get(f"/contracts/{contract.pk}"))
    assert "40.00 USD to the client" in page
    assert "dropped" not in page.lower().partition("milestones")[0]
    dropped = text_of(by(amara).get(f"/contracts/{contract.pk}?step={second.number}"))
    assert "never, it was dropped" in dropped
    assert "On the account of Bushra" not in dropped
