"""What is new in a conversation is marked, in it and in the lists that lead to it, until it was looked at."""

from datetime import datetime

import pytest

from guildhall.contracts.models import Milestone
from guildhall.disputes.models import Case
from guildhall.jobs.actions.talking import talk_about_proposal
from guildhall.people.models import Person
from tests.builders.jobs import a_proposal, an_open_job
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


def test_a_room_marks_what_is_new_until_it_was_looked_at(
    funded: Milestone, amara: Person, bushra: Person, eve: Person
) -> None:
    room = f"/contracts/{funded.contract_id}"
    for words in ("The second, please.", "And blue."):
        by(amara).post(f"{room}/messages", {"text": words})
    assert "2 new messages" in text_of(by(bushra).get("/work"))
    assert "new message" not in text_of(by(amara).get("/work")), "nobody's own words are new to them"
    assert by(eve).get(room).status_code == 404
    by(bushra).head(room)
    seen = text_of(by(bushra).get(room))
    assert seen.count("● New") == 2
    assert "● New" not in text_of(by(bushra).get(room))
    assert "new message" not in text_of(by(bushra).get("/work"))


def test_the_talk_of_a_case_is_marked(case: Case, amara: Person, bushra: Person) -> None:
    by(bushra).post(f"/cases/{case.pk}/messages", {"text": "The ear is in the file."})
    page = f"/cases/{case.pk}"
    assert "● New" in text_of(by(amara).get(page))
    assert "● New" not in text_of(by(amara).get(page))


def test_the_talk_before_hiring_is_marked_for_both(amara: Person, bushra: Person, now: datetime) -> None:
    job = an_open_job(amara, at=now)
    proposal = a_proposal(job, bushra, at=now)
    talk_about_proposal(proposal=proposal, text="How would you begin?", by=amara, at=now)
    for address in ("/work", "/proposals"):
        assert "1 new message" in text_of(by(bushra).get(address)), address
    talk = f"/proposals/{proposal.pk}/conversation"
    assert "● New" in text_of(by(bushra).get(talk))
    assert "new message" not in text_of(by(bushra).get("/work"))
    by(bushra).post(talk, {"text": "With three sketches."})
    assert "1 new message" in text_of(by(amara).get(f"/jobs/{job.pk}"))
    assert "● New" in text_of(by(amara).get(talk))
    assert "new message" not in text_of(by(amara).get(f"/jobs/{job.pk}"))


def test_programs_read_what_is_new_and_say_when_it_was_read(
    funded: Milestone, amara: Person, bushra: Person, eve: Person
) -> None:
    contract = f"/api/v1/contracts/{funded.contract_id}"
    by(amara).post(f"/contracts/{funded.contract_id}/messages", {"text": "Blue, please."})
    program = by(bushra)
    assert program.get(contract).json()["unread"] == 1
    assert program.get("/api/v1/contracts").json()["items"][0]["unread"] == 1
    [message] = program.get(f"{contract}/messages").json()["items"]
    assert message["new"] is True
    reading = f"/api/v1/messages/{message['id']}/reading"
    assert by(eve).post(reading, content_type="application/json").status_code == 404
    assert program.get(contract).json()["unread"] == 1, "reading by a program is not looking"
    assert program.post(reading, content_type="application/json").status_code == 204
    assert program.get(contract).json()["unread"] == 0
    assert program.get(f"{contract}/messages").json()["items"][0]["new"] is False
