"""The pages of cases and feedback."""

import re

import pytest

from guildhall.contracts.actions import ask_again, propose_refund
from guildhall.contracts.models import Milestone
from guildhall.disputes.actions import contest_more, offer_split
from guildhall.disputes.models import Case, Contention, Offer
from guildhall.people.models import Person
from guildhall.reputation.models import Feedback
from guildhall.workroom.actions import deliver_work
from tests.builders.contracts import a_file, again, usd, what_is_broken
from tests.cast import a_person
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ cases


def test_a_case_from_opening_to_agreement(delivered: Milestone, amara: Person, bushra: Person) -> None:
    opened = by(amara).post(
        f"/milestones/{delivered.pk}/case", {"contested": "40.00", "reason": "The ear is missing."}
    )
    assert opened.status_code == 302
    case = Case.objects.get()
    assert opened["Location"] == f"/cases/{case.pk}"
    assert "The ear is missing." in text_of(by(bushra).get(f"/cases/{case.pk}"))
    assert "A case is open about 40.00 USD" in text_of(by(bushra).get(f"/contracts/{delivered.contract_id}"))
    too_much = by(bushra).post(f"/cases/{case.pk}/offers", {"to_worker": "40.01"})
    assert too_much.status_code == 422
    assert by(bushra).post(f"/cases/{case.pk}/offers", {"to_worker": "25.01"}).status_code == 302
    assert by(bushra).post(f"/cases/{case.pk}/messages", {"text": "It is there."}).status_code == 302
    page = text_of(by(amara).get(f"/cases/{case.pk}"))
    assert "Accept: 25.01 USD to the worker" in page
    assert "It is there." in page
    offer = Offer.objects.get()
    assert by(bushra).post(f"/offers/{offer.pk}/acceptance").status_code == 409
    assert by(amara).post(f"/offers/{offer.pk}/acceptance").status_code == 302
    ended = text_of(by(bushra).get(f"/cases/{case.pk}"))
    assert "14.99 USD" in ended
    assert by(amara).post(f"/offers/{offer.pk}/acceptance").status_code == 409
    assert not what_is_broken()


def test_either_side_contests_more_and_reads_what_was_contested(
    case: Case, amara: Person, bushra: Person, dalia: Person, eve: Person
) -> None:
    url, room = f"/cases/{case.pk}", f"/contracts/{case.milestone.contract_id}"
    propose_refund(
        milestone=again(case.milestone), amount=usd(2_000), reason="Pale.", by=amara, at=case.opened_at
    )
    by(bushra).post(f"{url}/offers", {"to_worker": "25.00", "seen": "40.00"})
    page = text_of(by(amara).get(url))
    assert "Up to 60.00 USD" in page
    assert "20.00 USD of it is asked back." in page
    assert f"{url}#widen" in by(amara).get(room).content.decode()
    assert "Contest more" not in text_of(by(dalia).get(url))

    for typed in ({"contested": "60.01", "reason": "All."}, {"contested": "1.00", "reason": " "}):
        refused = by(amara).post(f"{url}/contentions", typed)
        assert refused.status_code == 422
        assert f'value="{typed["contested"]}"' in refused.content.decode()
    for stranger in (eve, dalia):
        assert (
            by(stranger).post(f"{url}/contentions", {"contested": "1.00", "reason": "M."}).status_code == 404
        )
    assert not Contention.objects.exists()

    typed = {"contested": "60.00", "reason": "The sign is missing too."}
    assert by(amara).post(f"{url}/contentions", typed)["Location"] == url
    for person in (amara, bushra, dalia):
        page = text_of(by(person).get(url))
        assert "A case about 100.00 USD" in page
        assert "40.00 USD" in page
        assert "60.00 USD more" in page
        assert "The sign is missing too." in page
    assert "lapsed" in text_of(by(bushra).get(url))
    assert "Contest more" not in text_of(by(bushra).get(url))
    assert "Contest more" not in text_of(by(bushra).get(room))
    assert not what_is_broken()


def test_who_looked_before_more_was_contested_divides_nothing(
    case: Case, amara: Person, bushra: Person, dalia: Person
) -> None:
    url = f"/cases/{case.pk}"
    by(dalia).post(f"{url}/taking")
    assert '<input type="hidden" name="seen" value="40.00">' in by(bushra).get(url).content.decode()
    assert 'name="seen" value="40.00"' in by(dalia).get(f"{url}/ruling").content.decode()
    contest_more(case=case, contested=usd(1_000), reason="Pale.", by=amara, at=case.opened_at)
    for person, place in ((bushra, "offers"), (dalia, "ruling")):
        typed = {"to_worker": "40.00", "seen": "40.00", "reasons": "It is there."}
        answer = by(person).post(f"{url}/{place}", typed)
        assert answer.status_code == 409
        assert "50.00 USD is contested by now." in text_of(answer)
        assert 'name="seen" value="50.00"' in answer.content.decode()
    seen = {"to_worker": "40.00", "seen": "50.00", "reasons": "It is there."}
    assert by(bushra).post(f"{url}/offers", seen).status_code == 302
    assert by(dalia).post(f"{url}/ruling", seen).status_code == 302


def test_who_opened_it_reads_why_they_cannot_withdraw_alone(
    case: Case, amara: Person, bushra: Person
) -> None:
    url, refused = f"/cases/{case.pk}", "The other side has contested more"
    page = text_of(by(amara).get(url))
    assert "Withdraw the case" in page
    assert refused not in page
    contest_more(case=case, contested=usd(1_000), reason="Pale.", by=bushra, at=case.opened_at)
    page = text_of(by(amara).get(url))
    assert refused in page
    assert "Withdraw the case" not in page
    answer = by(amara).post(f"{url}/withdrawal")
    assert answer.status_code == 409
    assert "Offer a division, or let it be ruled." in text_of(answer)


def test_a_case_that_another_has_is_taken_on_once_it_is_late(case: Case, dalia: Person) -> None:
    """How late it is the database's clock says, so the day is moved and not the clock."""
    another = a_person("Another", adjudicates=True)
    assert by(dalia).post(f"/cases/{case.pk}/taking").status_code == 302
    url = f"/cases/{case.pk}"
    assert "Take it on" not in text_of(by(another).get(url))
    assert by(another).post(f"{url}/taking").status_code == 409
    Case.objects.filter(pk=case.pk).update(rule_by=case.opened_at)
    page = text_of(by(another).get(url))
    assert "Dalia had taken it on and has not ruled it." in page
    assert "Take it on" in page
    assert by(another).post(f"{url}/taking").status_code == 302
    assert by(dalia).post(f"{url}/messages", {"text": "Wait."}).status_code == 404


def test_a_long_case_is_read_page_by_page(case: Case, amara: Person, bushra: Person) -> None:
    milestone, at = again(case.milestone), case.opened_at
    for minor in range(25):
        offer_split(case=case, to_worker=usd(minor), by=bushra, at=at)
        ask_again(milestone=milestone, by=amara, at=at)
        files = [a_file(bushra, name=f"draft-{minor}.pdf", content=b"%PDF-1.7 " + bytes([minor + 32]))]
        deliver_work(milestone=milestone, note=f"Draft {minor}.", items=[1], files=files, by=bushra, at=at)
    url, pages = f"/cases/{case.pk}", {}
    first = by(amara).get(url).content.decode()
    for key in ("offers", "versions", "files"):
        [after] = re.findall(rf"{key}=([\w%-]+)\"", first)
        pages[key] = text_of(by(amara).get(f"{url}?{key}={after}"))
    assert "0.24 USD" in first
    assert "0.00 USD" in pages["offers"]
    assert "0.24 USD" not in pages["offers"]
    assert "Draft 24." in first
    assert "Draft 24." not in pages["versions"]
    assert "Draft 0." in pages["versions"]
    assert "draft-0.pdf" in first
    assert "draft-24.pdf" not in first
    assert "draft-24.pdf" in pages["files"]


def test_nothing_is_said_in_a_case_that_has_ended(case: Case, amara: Person) -> None:
    assert by(amara).post(f"/cases/{case.pk}/withdrawal").status_code == 302
    said = by(amara).post(f"/cases/{case.pk}/messages", {"text": "One more thing."})
    assert said.status_code == 409
    assert "This case has ended" in text_of(said)


def test_an_adjudicator_takes_and_rules(case: Case, amara: Person, bushra: Person, dalia: Person) -> None:
    hers = by(dalia)
    assert "Part 1" in text_of(hers.get("/cases"))
    assert "Take it on" in text_of(hers.get(f"/cases/{case.pk}"))
    assert hers.post(f"/cases/{case.pk}/taking").status_code == 302
    assert hers.post(f"/cases/{case.pk}/messages", {"text": "Which ear?"}).status_code == 302
    url = f"/cases/{case.pk}/ruling"
    assert hers.get(url).status_code == 200
    unreasoned = hers.post(url, {"to_worker": "30.00", "reasons": " "})
    assert unreasoned.status_code == 422
    assert hers.post(url, {"to_worker": "30.00", "reasons": "Two of three are there."}).status_code == 302
    for person in (amara, bushra, dalia):
        page = text_of(by(person).get(f"/cases/{case.pk}"))
        assert "Two of three are there." in page
        assert "10.00 USD" in page
    assert "No case is open" in text_of(hers.get("/cases"))
    assert hers.post(url, {"to_worker": "30.00", "reasons": "Again."}).status_code == 409
    assert not what_is_broken()


def test_a_case_is_withdrawn_by_who_opened_it(case: Case, amara: Person, bushra: Person) -> None:
    assert by(bushra).post(f"/cases/{case.pk}/withdrawal").status_code == 404
    assert by(amara).post(f"/cases/{case.pk}/withdrawal").status_code == 302
    assert "Withdrawn" in text_of(by(bushra).get(f"/cases/{case.pk}"))


def test_B20_a_side_who_adjudicates_does_not_rule(amara: Person, case: Case) -> None:
    Person.objects.filter(pk=amara.pk).update(is_adjudicator=True)
    amara.refresh_from_db()
    assert "Rule it" not in text_of(by(amara).get(f"/cases/{case.pk}"))
    answer = by(amara).post(f"/cases/{case.pk}/ruling", {"to_worker": "0", "reasons": "Mine."})
    assert answer.status_code == 403
    assert "No case is open" in text_of(by(amara).get("/cases"))


# ------------------------------------------------------------------ feedback


def test_both_speak_and_then_read(delivered: Milestone, amara: Person, bushra: Person) -> None:
    url = f"/contracts/{delivered.contract_id}/feedback"
    early = by(amara).post(url, {"stars": "5", "text": "Soon."})
    assert early.status_code == 409
    by(amara).post(f"/milestones/{delivered.pk}/approval", {"version": "1"})
    assert by(amara).post(url, {"stars": "7", "text": "x"}).status_code == 422
    assert by(amara).post(url, {"stars": "5", "text": "A pleasure."}).status_code == 302
    assert "A pleasure." not in by(bushra).get(url).content.decode()
    assert by(bushra).post(url, {"stars": "4", "text": "Clear words."}).status_code == 302
    assert "A pleasure." in text_of(by(bushra).get(url))
    assert "Clear words." in text_of(by(amara).get(url))
    assert by(amara).post(url, {"stars": "1", "text": "Revenge."}).status_code == 409
    assert Feedback.objects.get(by=amara).stars == 5


def test_who_speaks_while_the_work_goes_on_reads_when_it_is_shown(case: Case, amara: Person) -> None:
    by(amara).post(f"/milestones/{case.milestone_id}/approval", {"version": "1"})
    url = f"/contracts/{case.milestone.contract_id}/feedback"
    assert by(amara).post(url, {"stars": "5", "text": "A pleasure."}).status_code == 302
    assert "or 14 days after the contract’s end" in text_of(by(amara).get(url))
