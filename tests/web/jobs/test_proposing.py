import re
from datetime import timedelta
from typing import Any

import pytest

from guildhall.jobs.actions.posting import edit_job
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.offers import MilestoneDraft
from guildhall.people.models import Person
from tests.builders.jobs import a_brief, a_proposal, usd
from tests.web.visiting import by, filled_in, text_of

pytestmark = pytest.mark.django_db


def test_the_net_is_shown_before_anything_is_sent(job: Job, bushra: Person, offer: dict[str, str]) -> None:
    client = by(bushra)
    looked = client.post(f"/jobs/{job.pk}/proposal", offer | {"do": "look"})
    assert looked.status_code == 200
    assert "−5.50 USD" in text_of(looked)
    assert "104.50 USD" in text_of(looked)
    assert not Proposal.objects.exists()
    unseen = client.post(f"/jobs/{job.pk}/proposal", offer | {"do": "send"})
    assert unseen.status_code == 200
    assert not Proposal.objects.exists()
    shown = re.search(r'name="shown" value="([^"]+)"', looked.content.decode())
    assert shown
    sent = client.post(f"/jobs/{job.pk}/proposal", offer | {"do": "send", "shown": shown[1]})
    proposal = Proposal.objects.get()
    assert sent.headers["Location"] == f"/proposals/{proposal.pk}"
    assert "104.50 USD" in text_of(client.get(f"/proposals/{proposal.pk}"))
    assert "Open your proposal" in text_of(client.get(f"/jobs/{job.pk}"))


def test_a_price_that_changed_after_looking_is_looked_at_again(
    job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    sent = {"do": "send", "shown": "11000-10450"}
    page = by(bushra).post(f"/jobs/{job.pk}/proposal", offer | sent | {"price": "100.00"})
    assert page.status_code == 200
    assert "95.00 USD" in text_of(page)
    assert not Proposal.objects.exists()


def test_milestones_are_typed_in_rows_and_more_rows_can_be_had(
    job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    client = by(bushra)
    typed = offer | {"title_1": "Sketches", "amount_1": "40.00", "title_2": "Sign", "amount_2": "70.00"}
    more = client.post(f"/jobs/{job.pk}/proposal", typed | {"do": "more"})
    assert more.status_code == 200
    assert "Milestone 6" in text_of(more)
    assert 'value="Sketches"' in more.content.decode()
    looked = client.post(f"/jobs/{job.pk}/proposal", typed | {"do": "look"})
    shown = re.search(r'name="shown" value="([^"]+)"', looked.content.decode())
    assert shown
    client.post(f"/jobs/{job.pk}/proposal", typed | {"do": "send", "shown": shown[1]})
    assert Proposal.objects.get().milestones.count() == 2


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"price": ""}, "This field is required"),
        ({"price": "4.99"}, "minimum_fixed"),
        ({"price": "１００"}, "without signs"),
        ({"delivery": "2020-01-01"}, "That day has passed"),
        ({"letter": " "}, "This field is required"),
        ({"title_1": "Half", "amount_1": "50.00"}, "they must be the same"),
        ({"amount_1": "50.00"}, "Say what this step is"),
        ({"title_1": "Half"}, "Write what this step costs"),
    ],
)
def test_an_offer_that_does_not_fit_keeps_what_was_typed(
    change: dict[str, str], sentence: str, job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    page = by(bushra).post(f"/jobs/{job.pk}/proposal", {**offer, "do": "look", **change})
    assert page.status_code == 422
    assert sentence in text_of(page)
    assert not Proposal.objects.exists()


def test_a_letter_that_leads_away_is_refused_when_sent(
    job: Job, bushra: Person, offer: dict[str, str]
) -> None:
    letter = "Write to me on WhatsApp +92 300 1234567."
    sent = offer | {"letter": letter, "do": "send", "shown": "11000-10450"}
    page = by(bushra).post(f"/jobs/{job.pk}/proposal", sent)
    assert page.status_code == 422
    assert letter in text_of(page)
    assert not Proposal.objects.exists()


def test_a_proposal_is_changed_and_withdrawn(
    job: Job, bushra: Person, offer: dict[str, str], now: Any
) -> None:
    proposal = a_proposal(job, bushra, at=now)
    client = by(bushra)
    assert "Sketches" in client.get(f"/jobs/{job.pk}/proposal").content.decode()
    sent = {"do": "send", "shown": "9000-8550", "price": "90.00"}
    assert client.post(f"/jobs/{job.pk}/proposal", offer | sent).status_code == 302
    proposal.refresh_from_db()
    assert (proposal.version, proposal.money) == (2, usd(9_000))
    assert client.get(f"/proposals/{proposal.pk}/withdrawal").status_code == 200
    assert client.post(f"/proposals/{proposal.pk}/withdrawal").status_code == 302
    assert client.post(f"/proposals/{proposal.pk}/withdrawal").status_code == 409
    assert "Withdrawn" in text_of(client.get(f"/proposals/{proposal.pk}"))


@pytest.mark.parametrize(
    ("change", "kept"),
    [
        ({"price": "90.00"}, ("90.00 USD", 14)),
        ({"delivery": 9}, ("110.00 USD", 9)),
        ({"delivery": 20}, ("110.00 USD", 20)),
        ({"price": "130.00", "delivery": 3}, ("130.00 USD", 3)),
    ],
)
@pytest.mark.parametrize("renamed", [False, True])
def test_a_price_or_a_day_alone_is_changed_by_what_a_browser_sends(
    *, change: dict[str, Any], kept: tuple[str, int], renamed: bool, job: Job, bushra: Person, now: Any
) -> None:
    def day(days: int) -> str:
        return str((now + timedelta(days=days)).date())

    proposal = a_proposal(job, bushra, at=now, milestones=())
    if renamed:
        edit_job(job=job, brief=a_brief(title="A sign alone", deadline=None), by=job.client, at=now)
    client, address = by(bushra), f"/jobs/{job.pk}/proposal"
    typed = {name: day(said) if isinstance(said, int) else said for name, said in change.items()}
    looked = client.post(address, filled_in(client.get(address), address) | typed | {"do": "look"})
    assert looked.status_code == 200
    assert "they must be the same" not in text_of(looked)
    assert client.post(address, filled_in(looked, address) | {"do": "send"}).status_code == 302
    proposal.refresh_from_db()
    assert (str(proposal.money), str(proposal.delivery)) == (kept[0], day(kept[1]))
    [step] = proposal.milestones.all()
    assert (step.amount, step.due) == (proposal.price, proposal.delivery)
    assert step.title == ("A sign alone" if renamed else job.title)


def test_one_milestone_with_a_name_of_its_own_stays_typed(job: Job, bushra: Person, now: Any) -> None:
    sign = [MilestoneDraft("The sign", usd(11_000), (now + timedelta(days=14)).date())]
    a_proposal(job, bushra, at=now, milestones=sign)
    address = f"/jobs/{job.pk}/proposal"
    assert filled_in(by(bushra).get(address), address)["title_1"] == "The sign"


def test_nobody_proposes_to_their_own_job(job: Job, amara: Person, offer: dict[str, str]) -> None:
    sent = offer | {"do": "send", "shown": "11000-10450"}
    page = by(amara).post(f"/jobs/{job.pk}/proposal", sent)
    assert page.status_code == 409
    assert "your own job" in text_of(page)
