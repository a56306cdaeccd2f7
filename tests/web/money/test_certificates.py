"""Making out a certificate, and what a stranger who was shown one can learn about it, and cannot."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from guildhall.earnings.models import Certificate, Checks, SigningKey
from guildhall.earnings.queries import signed_text_of
from guildhall.earnings.rules import Said, code_from, code_in_groups
from guildhall.edge import limits
from guildhall.edge.limits import Limit
from guildhall.people.actions import create_token
from guildhall.people.models import Person
from tests.builders.certificates import a_certificate, earned
from tests.builders.talent import a_profile
from tests.cast import a_person
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

TODAY = timezone.now()
JOINED = TODAY - timedelta(days=200)
NOBODY = f"/certificates/{code_from(bytes(16))}"


@pytest.fixture
def gul(amara: Person) -> Person:
    """Somebody who has been here for half a year and was paid 95.00 two months ago."""
    worker = a_person("Gul", at=JOINED)
    earned(amara, worker, 10_000, TODAY - timedelta(days=70))
    return worker


@pytest.fixture
def certificate(gul: Person) -> Certificate:
    return a_certificate(gul, at=TODAY)


def address(certificate: Certificate) -> str:
    return f"/certificates/{certificate.code}"


def make_out(person: Person, **typed: Any) -> Any:
    return by(person).post("/money/certificates", {"months": "6", "language": "ur", **typed})


# ---------------------------------------------------------------- its holder


def test_the_way_leads_from_money(gul: Person) -> None:
    assert 'href="/money/certificates"' in by(gul).get("/money").content.decode()
    assert "None yet" in text_of(by(gul).get("/money/certificates"))


def test_it_is_made_out_looked_at_saved_and_withdrawn(gul: Person) -> None:
    made = make_out(gul, with_amounts="on")
    certificate = Certificate.objects.get(person=gul)
    assert made["Location"] == f"/money/certificates/{certificate.pk}"
    shown = text_of(by(gul).get(made["Location"]))
    for word in (
        "95.00 USD",
        "آمدنی کی سند",
        code_in_groups(certificate.code),
        "Nobody has looked it up yet",
    ):
        assert word in shown
    paper = by(gul).get(f"{made['Location']}/file")
    assert paper["Content-Type"] == "application/pdf"
    assert paper.content.startswith(b"%PDF")
    by(None).get(address(certificate))
    assert "checked 1 time" in text_of(by(gul).get("/money/certificates"))
    assert "1 time" in text_of(by(gul).get(made["Location"]))
    by(gul).post(f"{made['Location']}/withdrawal")
    assert "Withdrawn" in text_of(by(gul).get(made["Location"]))
    again = by(gul).post(f"{made['Location']}/withdrawal")
    assert again.status_code == 409
    assert "moved on" in text_of(again)


def test_amounts_are_only_said_when_asked_for(gul: Person) -> None:
    make_out(gul)
    certificate = Certificate.objects.get(person=gul)
    assert "95.00" not in text_of(by(None).get(address(certificate)))
    assert "has chosen not to state amounts" in text_of(by(None).get(address(certificate)))


def test_whoever_has_just_come_is_told_to_wait_and_keeps_what_they_typed(eve: Person) -> None:
    answer = make_out(eve, months="12")
    assert answer.status_code == 409
    assert "is not over yet" in text_of(answer)
    assert '<option value="12" selected>' in answer.content.decode()
    assert make_out(eve, months="13").status_code == 422


def test_nobody_else_has_it(certificate: Certificate, eve: Person) -> None:
    own = f"/money/certificates/{certificate.pk}"
    assert by(eve).get(own).status_code == 404
    assert by(eve).get(f"{own}/file").status_code == 404
    assert by(eve).post(f"{own}/withdrawal").status_code == 404
    assert str(certificate.pk) not in by(eve).get("/money/certificates").content.decode()


# ---------------------------------------------------------------- whoever was shown it


def test_a_clerk_reads_that_it_is_valid_and_exactly_what_the_paper_says(certificate: Certificate) -> None:
    answer = by(None).get(address(certificate))
    shown = text_of(answer)
    said = Said.read(certificate.body)
    for word in ("Valid", "Gul", said.hall, "95.00 USD", "1 of 6", "Checked at"):
        assert word in shown
    assert answer["X-Robots-Tag"] == "noindex, nofollow, noarchive"
    assert 'name="robots" content="noindex' in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"


def test_nothing_leads_from_there_to_the_person(certificate: Certificate, gul: Person) -> None:
    a_profile(gul, handle="gul")
    page = by(None).get(address(certificate)).content.decode()
    for trace in (str(gul.pk), gul.email, "/talent/gul", str(certificate.pk)):
        assert trace not in page


def test_a_code_is_found_however_it_is_typed(certificate: Certificate) -> None:
    typed = code_in_groups(certificate.code).upper().replace("0", "O")
    assert by(None).get("/certificates", {"code": typed})["Location"] == address(certificate)
    assert "Valid" in text_of(by(None).get(f"/certificates/{typed}"))
    assert by(None).get("/certificates", {"code": ""}).status_code == 422


@pytest.mark.parametrize("code", ["", "nonsense", "x" * 79, "Ж" * 26, code_from(b"\7" * 16)])
def test_what_was_never_issued_is_said_so_and_always_alike(code: str) -> None:
    answer = by(None).get(f"/certificates/{code}") if code else by(None).get(NOBODY)
    assert answer.status_code == 404
    assert "Never issued here" in text_of(answer)
    assert not Checks.objects.exists()


def test_the_signed_text_is_checked_without_the_code(certificate: Certificate) -> None:
    text = signed_text_of(certificate)
    broken = "\r\n".join(text[at : at + 92] for at in range(0, len(text), 92))
    assert "Valid" in text_of(by(None).post("/certificates", {"text": broken}))
    changed = by(None).post("/certificates", {"text": text[:-9] + "A" + text[-8:]})
    assert "Changed, or not from here" in text_of(changed)
    assert "95.00" not in text_of(changed)
    assert text[:40] in changed.content.decode(), "what was pasted is still there"
    assert by(None).post("/certificates", {"text": ""}).status_code == 422


def test_a_withdrawn_and_an_expired_one_say_nothing_of_the_person(
    certificate: Certificate, gul: Person
) -> None:
    by(gul).post(f"/money/certificates/{certificate.pk}/withdrawal")
    withdrawn = text_of(by(None).get(address(certificate)))
    old = a_certificate(gul, at=TODAY)
    Certificate.objects.filter(pk=old.pk).update(expires_on=(TODAY - timedelta(days=1)).date())
    expired = text_of(by(None).get(address(old)))
    assert "its holder has withdrawn it" in withdrawn
    assert "its time is over" in expired
    for shown in (withdrawn, expired):
        assert "Gul" not in shown
        assert "95.00" not in shown


def test_codes_cannot_be_tried_out(monkeypatch: Any, certificate: Certificate) -> None:
    monkeypatch.setattr(limits, "CERTIFICATES", Limit("certificate", burst=3, rate=0.001))
    tries = [by(None).get(NOBODY).status_code for _try in range(4)]
    assert tries == [404, 404, 404, 429]
    assert by(None).get(address(certificate)).status_code == 429
    assert by(None).post("/certificates", {"text": "x"}).status_code == 429
    assert by(None).get(f"/api/v1{address(certificate)}").status_code == 429


def test_the_keys_are_for_everybody(certificate: Certificate) -> None:
    shown = text_of(by(None).get("/certificates/keys"))
    assert certificate.key.public in shown
    listed = by(None).get("/api/v1/certificates/keys").json()["items"]
    assert [key["name"] for key in listed] == [certificate.key.name]


# ---------------------------------------------------------------- programs and operators


def test_a_program_makes_one_out_and_another_checks_it(gul: Person) -> None:
    _token, secret = create_token(by=gul, name="Mine", scopes=["read", "work"], at=TODAY)
    headers = {"Authorization": f"Bearer {secret}"}
    made = by(None).post(
        "/api/v1/money/certificates",
        {"months": 3, "with_amounts": True, "language": "ur"},
        content_type="application/json",
        headers=headers,
    )
    assert made.status_code == 201
    shown = made.json()
    assert shown["says"]["amounts"][0]["total"] == {"amount": "95.00", "currency": "USD"}
    code = shown["says"]["code"]
    checked = by(None).get(f"/api/v1/certificates/{code}").json()
    assert (checked["standing"], checked["says"]) == ("valid", shown["says"])
    text = {"text": shown["signed_text"]}
    posted = by(None).post("/api/v1/certificates/checks", text, content_type="application/json").json()
    assert posted["standing"] == "valid"
    own = f"/api/v1/money/certificates/{shown['id']}"
    assert [one["count"] for one in by(None).get(f"{own}/checks", headers=headers).json()["items"]] == [2]
    assert by(None).get(f"{own}/file", headers=headers).content.startswith(b"%PDF")
    taken = by(None).post(f"{own}/withdrawal", content_type="application/json", headers=headers).json()
    assert taken["standing"] == "withdrawn"
    after = by(None).get(f"/api/v1/certificates/{code}").json()
    assert (after["standing"], after["says"]) == ("withdrawn", None)
    assert by(None).get(f"/api/v1{NOBODY}").status_code == 404


def test_an_operator_begins_a_new_key(certificate: Certificate, olga: Person, gul: Person) -> None:
    assert certificate.key.name in text_of(by(olga).get("/operator/signing-key"))
    by(olga).post("/operator/signing-key")
    assert SigningKey.objects.count() == 2
    assert "Valid" in text_of(by(None).get(address(certificate)))
    assert by(gul).post("/operator/signing-key").status_code == 404
