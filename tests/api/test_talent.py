"""Profiles over the API: the same verbs, the same refusals."""

from datetime import timedelta
from typing import Any

import pytest
from django.test import Client

from guildhall.kernel.delivery import deliver_events
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from guildhall.talent.models import Profile
from tests.builders.contracts import an_ended_contract
from tests.builders.jobs import a_draft, an_open_job
from tests.builders.talent import a_profile
from tests.cast import NOW

pytestmark = pytest.mark.django_db

OFFER = {
    "title": "Logos",
    "overview": "By **hand**.",
    "skills": ["Logo", "illustrations"],
    "languages": ["ur"],
    "rate": {"amount": "9.00", "currency": "USD"},
}


def program_of(person: Person, *scopes: str) -> Client:
    _token, secret = create_token(by=person, name="trial", scopes=scopes or ("read", "work"), at=NOW)
    return Client(headers={"Authorization": f"Bearer {secret}"})


def write(program: Client, offer: dict[str, Any]) -> Any:
    return program.put("/api/v1/profile", offer, content_type="application/json")


def hear() -> None:
    while deliver_events(at=NOW + timedelta(days=4_000)):
        pass  # reactions may have announced something themselves


def test_a_profile_is_written_read_and_found(bushra: Person) -> None:
    answer = write(program_of(bushra), OFFER)
    assert answer.status_code == 200, answer.content
    said = answer.json()
    assert (said["handle"], said["skills"], said["rate"]) == (
        "bushra",
        ["logo-design", "illustration"],
        OFFER["rate"],
    )
    hear()
    visitor = Client()
    assert visitor.get("/api/v1/talent/bushra").json()["overview"] == "By **hand**."
    found = visitor.get("/api/v1/talent?words=logos&country=pk").json()
    assert (found["total"], [one["handle"] for one in found["items"]], found["next"]) == (1, ["bushra"], "")
    assert not found["nearly"]
    near = visitor.get("/api/v1/talent?words=logox&skill=Logo Design").json()
    assert ([one["handle"] for one in near["items"]], near["nearly"]) == (["bushra"], True)
    none = visitor.get("/api/v1/talent?words=zzxqq").json()
    assert (none["items"], none["total"], none["nearly"]) == ([], 0, False)
    assert visitor.get("/api/v1/talent/bushra/feedback").json() == {"items": [], "next": ""}


def test_what_is_said_of_two_roles_stands_apart(amara: Person, bushra: Person, eve: Person) -> None:
    an_ended_contract(amara, bushra, by_client="A steady hand.", by_worker="Slow to answer.")
    a_profile(bushra)
    a_profile(amara)
    visitor = Client()

    def words(path: str) -> list[str]:
        return [one["text"] for one in visitor.get(f"/api/v1{path}").json()["items"]]

    assert words("/talent/bushra/feedback") == ["A steady hand."]
    assert words("/talent/amara/feedback") == []
    assert words(f"/jobs/{an_open_job(amara).pk}/client/feedback") == ["Slow to answer."]
    draft = f"/api/v1/jobs/{a_draft(amara).pk}/client/feedback"
    assert visitor.get(draft).status_code == 404
    assert program_of(eve).get(draft).status_code == 404


def test_B13_contacts_are_never_in_it(bushra: Person) -> None:
    a_profile(bushra)
    hear()
    for path in ("/api/v1/talent", "/api/v1/talent/bushra", "/api/v1/talent/bushra/feedback"):
        said = Client().get(path).content
        assert b"example.org" not in said
        assert str(bushra.pk).encode() not in said


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"title": ""}, "title"),
        ({"skills": ["stink bombs"]}, "skills"),
        ({"languages": ["klingon"]}, "languages"),
        ({"rate": {"amount": "1e3", "currency": "USD"}}, "rate"),
        ({"rate": {"amount": "1.00", "currency": "ZZZ"}}, "rate"),
        ({"overview": "mail me: b@example.org"}, "overview"),
        ({"is_staff": True}, "is_staff"),
        ({"person": "x"}, "person"),
    ],
)
def test_D13_what_does_not_fit_changes_nothing(bushra: Person, change: dict[str, Any], field: str) -> None:
    answer = write(program_of(bushra), OFFER | change)
    assert answer.status_code == 422
    assert field in answer.content.decode()
    assert Profile.objects.count() == 0


def test_a_hidden_profile_is_its_owners(bushra: Person, eve: Person) -> None:
    a_profile(bushra, shown=False)
    hear()
    for other in (Client(), program_of(eve)):
        assert other.get("/api/v1/talent/bushra").status_code == 404
        assert other.get("/api/v1/talent/bushra/feedback").status_code == 404
        assert other.get("/api/v1/talent").json()["total"] == 0
    assert program_of(bushra).get("/api/v1/profile").json()["shown"] is False
    assert program_of(eve).get("/api/v1/profile").status_code == 404


def test_writing_needs_a_person_and_the_scope(bushra: Person) -> None:
    assert write(Client(), OFFER).status_code == 401
    assert Client().get("/api/v1/profile").status_code == 401
    assert write(program_of(bushra, "read"), OFFER).status_code == 403
    assert program_of(bushra, "work").get("/api/v1/profile").status_code == 403
    assert Profile.objects.count() == 0


@pytest.mark.parametrize(
    "query", ["sort=cheap", "after=x", "rate=abc", "size=0", "size=101", "currency=usd", "words=" + "a" * 201]
)
def test_D18_a_wrong_question_gets_a_problem(query: str) -> None:
    answer = Client().get(f"/api/v1/talent?{query}")
    assert answer.status_code == 422
    assert answer["Content-Type"] == "application/problem+json"


def test_the_list_of_skills_is_open() -> None:
    skills = Client().get("/api/v1/skills").json()
    assert len(skills) >= 300
    assert {"slug": "logo-design", "name": "Logo design", "area": "design"} in skills
