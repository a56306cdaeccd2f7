"""What is taken of a price is read before anybody agrees to it."""

from datetime import datetime, timedelta

import pytest

from guildhall.escrow.fees import LEVIES, WORKER_FEE_STEPS, Levy
from guildhall.jobs.models import Job
from guildhall.jobs.rules import FLOORS_BY_CURRENCY
from guildhall.kernel.rules import set_table
from guildhall.people.models import Person
from tests.builders.contracts import a_delivered_milestone
from tests.builders.jobs import a_proposal
from tests.cast import NOW
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

LEVY = {"name": "Tax withheld", "account": "tax:fbr:income", "country": "PK", "share": 1_000}


def test_a_worker_reads_each_levy_before_sending_and_the_client_before_accepting(
    job: Job, bushra: Person, amara: Person, offer: dict[str, str], now: datetime
) -> None:
    set_table(name=LEVIES.name, rows=[LEVY], reason="The law.", by=None, at=NOW)
    looked = text_of(by(bushra).post(f"/jobs/{job.pk}/proposal", offer | {"do": "look"}))
    assert "Tax withheld, 10" in looked
    assert "−11.00 USD" in looked
    assert "93.50 USD" in looked
    proposal = a_proposal(job, bushra, at=now)
    accepting = text_of(by(amara).get(f"/proposals/{proposal.pk}/acceptance"))
    assert "levies are taken; the worker receives 93.50 USD" in accepting


def test_a_currency_may_have_a_floor_of_its_own(job: Job, bushra: Person, offer: dict[str, str]) -> None:
    set_table(
        name=FLOORS_BY_CURRENCY.name,
        rows=[{"currency": "USD", "least": 12_000}],
        reason="Living costs.",
        by=None,
        at=NOW,
    )
    looked = by(bushra).post(f"/jobs/{job.pk}/proposal", offer | {"do": "look"})
    assert looked.status_code == 422
    assert "120.00 USD" in text_of(looked)


def test_a_stepped_fee_says_its_steps(job: Job, bushra: Person, offer: dict[str, str]) -> None:
    step = {"currency": "USD", "over": 5_000, "share": 100}
    set_table(name=WORKER_FEE_STEPS.name, rows=[step], reason="Those who stay.", by=None, at=NOW)
    looked = text_of(by(bushra).post(f"/jobs/{job.pk}/proposal", offer | {"do": "look"}))
    assert "5 %, 1 % over 50.00 USD" in looked.replace("\u00a0", " ")
    # 50.00 at 5 % and 60.00 at 1 %.
    assert "106.90 USD" in looked


def test_the_client_reads_each_levy_again_before_releasing(
    amara: Person, bushra: Person, now: datetime
) -> None:
    levies = (Levy("Tax withheld", "tax:fbr:income", 1_000),)
    milestone = a_delivered_milestone(amara, bushra, at=now - timedelta(days=1), levies=levies)
    shown = text_of(by(amara).get(f"/milestones/{milestone.pk}/approval"))
    assert "Tax withheld, 10" in shown
    assert "85.00 USD" in shown
    terms = text_of(by(bushra).get(f"/contracts/{milestone.contract_id}/terms"))
    assert "Tax withheld" in terms
    assert "85.00 USD" in text_of(by(bushra).get(f"/contracts/{milestone.contract_id}"))
