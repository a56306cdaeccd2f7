"""Two sample years, played whole: every state is there, every promise holds, each story is right to the cent.

Whoever opens a sample hall finds all of it on whatever day it is built. One year has chance in it, too.
"""

import random
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.apps import apps
from django.db import transaction

from guildhall import demo
from guildhall.contracts.models import Contract, Milestone
from guildhall.demo.sampling import briefs
from guildhall.demo.stories import (
    bakery,
    brochure,
    city_jumper,
    newcomer,
    one_sunday,
    small_business,
    swimmer,
)
from guildhall.disputes.queries import cases_to_rule
from guildhall.escrow.fees import CLIENT_FEE
from guildhall.escrow.models import Hold, Release
from guildhall.escrow.savings.models import SavingsGoal
from guildhall.files.models import StoredFile
from guildhall.jobs.actions.posting import open_job
from guildhall.jobs.models import Job, Proposal
from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import Delivery, RuleChange, Stateful
from guildhall.kernel.rules import rules_in_force
from guildhall.notices.models import Notice
from guildhall.payments.exchange.models import ExchangeQuote
from guildhall.payments.exchange.rules import rate_between
from guildhall.payments.models import Payout
from guildhall.payments.queries import payouts_waiting_for
from guildhall.people.models import Person
from guildhall.reputation.models import Feedback
from guildhall.workroom.models import Attachment, Conversation
from tests.builders.contracts import what_is_broken

CALIFORNIA = ZoneInfo("America/Los_Angeles")

WITH_CHANCE = 24
"""How many jobs are posted in the first year besides those of the stories."""
YEARS = {
    "a Friday in autumn": (datetime(2026, 11, 20, 12, tzinfo=UTC), WITH_CHANCE),
    "the night of a leap day": (datetime(2028, 2, 29, 23, 30, tzinfo=UTC), 0),
}

pytestmark = [pytest.mark.slow, pytest.mark.xdist_group("sample-years")]


@dataclass(frozen=True, slots=True)
class Played:
    """A year that was played: when it ended, its jobs besides the stories, and how far it was said to be."""

    end: datetime
    jobs: int
    heard: list[float]


@pytest.fixture(scope="module", params=list(YEARS.values()), ids=list(YEARS), autouse=True)
def year(request: pytest.FixtureRequest, django_db_setup: None, django_db_blocker: Any) -> Iterator[Played]:
    """Played once for this whole file, and undone after it."""
    end, jobs = request.param
    heard: list[float] = []
    with django_db_blocker.unblock(), transaction.atomic():
        assert not demo.is_begun()
        demo.build(at=end, progress=heard.append, jobs=jobs)
        yield Played(end, jobs, heard)
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", [model for model in apps.get_models() if issubclass(model, Stateful)])
def test_there_is_one_in_every_state(model: type[Stateful]) -> None:
    found = set(model._base_manager.values_list("state", flat=True))
    assert found == set(model.MOVES), f"no {model.NOUN} is {set(model.MOVES) - found}"


def test_the_operator_and_the_adjudicator_have_something_to_do() -> None:
    assert payouts_waiting_for(Person.objects.get(email="olga@example.org")).exists()
    assert cases_to_rule(Person.objects.get(email="dalia@example.org")).exists()


def test_every_promise_holds_and_every_event_was_heard() -> None:
    assert what_is_broken() == {}
    assert not Delivery.objects.exists()


def test_it_is_built_and_says_how_far_it_is(year: Played) -> None:
    assert demo.is_built()
    assert year.heard[-1] == 1.0
    assert year.heard == sorted(year.heard)


def test_everybody_is_there_with_one_password() -> None:
    assert Person.objects.count() == 25 + 60 + 3
    for email, _does in demo.whom_to_sign_in_as()[:-1]:
        assert Person.objects.get(email=email).check_password("guildhall-demo")
    assert len(set(Person.objects.exclude(email="olga@example.org").values_list("password", flat=True))) == 1
    assert Notice.objects.filter(person__email="amara@example.org").exists()


def test_chance_has_brought_people_together_besides_the_stories(year: Played) -> None:
    wishes = {brief.title for brief in briefs(random.Random(1), 306)}
    assert Job.objects.filter(title__in=wishes).count() == year.jobs
    by_chance = Contract.objects.filter(title__in=wishes).exists()
    spoken = Feedback.objects.filter(contract__title__in=wishes).exists()
    assert by_chance is spoken is bool(year.jobs)


def took(begun: datetime | None, done: datetime | None) -> timedelta:
    assert begun is not None
    assert done is not None
    return done - begun


def contract_of(title: str) -> Contract:
    return Contract.objects.select_related("client", "worker").get(title=title)


def releases_of(contract: Contract) -> list[Release]:
    holds = Milestone.objects.filter(contract=contract).values("hold")
    return list(Release.objects.filter(hold__in=holds).order_by("id"))


def interviews_of(job: Job) -> int:
    subjects = [f"proposal:{pk}" for pk in Proposal.objects.filter(job=job).values_list("pk", flat=True)]
    return Conversation.objects.filter(subject__in=subjects).count()


def spoken_of(contract: Contract) -> list[int]:
    return list(Feedback.objects.filter(contract=contract, counts=True).values_list("stars", flat=True))


def test_city_jumper_costs_2970_of_the_3000_that_he_has() -> None:
    job = Job.objects.get(title=city_jumper.TITLE)
    states = list(Proposal.objects.filter(job=job).values_list("state", flat=True))
    assert (len(states), states.count("accepted"), states.count("declined")) == (25, 1, 24)
    assert job.budget == 300_000
    assert interviews_of(job) == 2
    contract = contract_of(city_jumper.TITLE)
    assert (contract.worker.name, contract.worker.country) == ("Chen Wei", "CN")
    assert (contract.state, contract.amount, contract.currency) == ("ended", 270_000, "USD")
    holds = Hold.objects.filter(pk__in=Milestone.objects.filter(contract=contract).values("hold"))
    fees = sum(hold.client_fee for hold in holds)
    assert fees == 27_000
    assert job.budget - (contract.amount + fees) == 3_000, "under budget by 30.00"
    delivery = Proposal.objects.get(job=job, state="accepted").delivery
    assert contract.ended_at is not None
    assert contract.ended_at.date() <= delivery, "on time"
    pictures = StoredFile.objects.filter(
        pk__in=Attachment.objects.filter(message__conversation__subject=f"contract:{contract.pk}").values(
            "file"
        )
    )
    assert [file.kind for file in pictures] == ["image/png"] * 3
    assert spoken_of(contract) == [5, 5]


def test_the_fee_of_that_week_has_a_history_with_reasons() -> None:
    changes = list(RuleChange.objects.filter(name="client_fee").order_by("id"))
    assert [change.value for change in changes] == [1_000, 0]
    assert all(change.reason for change in changes)
    assert rules_in_force()[CLIENT_FEE] == 0


def test_one_sunday_ends_on_that_sunday() -> None:
    contract = contract_of(one_sunday.TITLE)
    job = Job.objects.get(title=one_sunday.TITLE)
    assert (contract.worker.name, contract.worker.country) == ("Diego Torres", "MX")
    assert (contract.state, contract.amount) == ("ended", 15_000)
    assert interviews_of(job) == 2
    assert contract.opened_at.hour == contract.opened_at.minute == 0, "midnight UTC"
    there = contract.opened_at.astimezone(CALIFORNIA)
    assert (there.hour, there.strftime("%A")) == (17, "Sunday")
    assert job.opened_at is not None
    assert contract.ended_at is not None
    days = {moment.astimezone(CALIFORNIA).date() for moment in (job.opened_at, contract.ended_at)}
    assert days == {there.date()}
    assert spoken_of(contract) == [5, 5]


@pytest.mark.parametrize("before", [datetime(2026, 11, 20, tzinfo=UTC), datetime(2027, 3, 5, 9, tzinfo=UTC)])
def test_there_is_such_a_sunday_in_whatever_season_the_year_ends(before: datetime) -> None:
    begins = one_sunday.sunday_afternoon(before=before)
    assert timedelta(0) <= before - begins < timedelta(days=140)
    assert (begins + timedelta(hours=4)).hour == 0


def test_a_business_is_begun_for_500_pounds_by_three_people_in_three_weeks() -> None:
    contracts = [contract_of(title) for title, *_rest in small_business.PARTS]
    assert {contract.currency for contract in contracts} == {"GBP"}
    assert sum(contract.amount for contract in contracts) == 50_000
    assert len({contract.worker_id for contract in contracts}) == 3
    assert {contract.state for contract in contracts} == {"ended"}
    begun = Job.objects.get(title=small_business.PARTS[0][0]).opened_at
    assert all(took(begun, contract.ended_at) <= timedelta(days=21) for contract in contracts)
    for contract in contracts:
        assert [release.gross for release in releases_of(contract)] == [contract.amount], "each is paid alone"


def test_the_corner_shop_pays_30_pounds_within_a_week() -> None:
    contract = contract_of(small_business.CORNER_SHOP)
    assert (contract.client.town, contract.worker.name) == ("Leeds", "Bushra Karim")
    assert (contract.state, contract.amount, contract.currency) == ("ended", 3_000, "GBP")
    job = Job.objects.get(title=small_business.CORNER_SHOP)
    assert took(job.opened_at, contract.ended_at) <= timedelta(days=7)
    assert [(one.gross, one.net, one.state) for one in releases_of(contract)] == [(3_000, 2_850, "matured")]


def test_what_the_corner_shop_paid_is_paid_out_in_rupees() -> None:
    (quote,) = ExchangeQuote.objects.filter(person__name="Bushra Karim", state="accepted")
    assert (str(quote.money), str(quote.money_reached)) == ("28.50 GBP", "9875.25 PKR")
    assert Payout.objects.filter(person=quote.person, currency="PKR", amount=987_525).exists()


def test_the_stink_bomb_is_refused_with_its_rule(year: Played) -> None:
    job = Job.objects.get(title=small_business.STINK_BOMB)
    assert (job.state, job.opened_at) == ("draft", None)
    with pytest.raises(Unfit) as refused:
        open_job(job=job, by=job.client, at=year.end)
    assert refused.value.rule == "no_harm_to_people"


def test_the_swimmer_has_been_paid_40_and_240_wait(year: Played) -> None:
    worker = Person.objects.get(name=swimmer.NAME)
    began = year.end - timedelta(days=4)
    steps = Milestone.objects.filter(contract__worker=worker, contract__opened_at__gte=began)
    paid = {step.amount for step in steps if step.state == "released"}
    waiting = sorted(step.amount for step in steps if step.state == "funded")
    assert paid == {3_000, 1_000}
    assert waiting == [6_000, 9_000, 9_000]
    assert sum(step.amount for step in steps) == 28_000
    hours = {
        step.amount: took(step.contract.opened_at, step.delivered_at)
        for step in steps
        if step.state == "released"
    }
    assert hours == {3_000: timedelta(hours=3), 1_000: timedelta(hours=1)}


def test_the_swimmer_saves_half_of_it_until_it_buys_20000_rupees() -> None:
    (goal,) = SavingsGoal.objects.filter(person__name=swimmer.NAME)
    rate = rate_between(rules_in_force(), "USD", "PKR")
    assert rate is not None
    assert rate.reached_by(goal.target - 1) < 2_000_000 <= rate.reached_by(goal.target)
    assert (goal.state, goal.saved) == ("open", 1_425), "of the 30.00, without the fee"


def test_the_newcomer_is_paid_by_silence_on_the_tenth_day() -> None:
    contract = contract_of(newcomer.TITLE)
    job = Job.objects.get(title=newcomer.TITLE)
    assert [one.price for one in Proposal.objects.filter(job=job)] == [4_500], "the bid of 1.00 was refused"
    (step,) = Milestone.objects.filter(contract=contract)
    (release,) = releases_of(contract)
    assert took(step.delivered_at, release.at) == timedelta(days=10)
    assert (release.by, release.gross, release.net) == (None, 4_500, 4_275)


def test_one_brochure_is_one_order() -> None:
    contract = contract_of(brochure.TITLE)
    assert (contract.client.name, contract.state, contract.amount) == ("Thomas Weber", "ended", 14_000)
    assert took(contract.opened_at, contract.ended_at) <= timedelta(days=7)


def test_the_bakery_waits_for_amara_with_bushra_among_six(year: Played) -> None:
    proposals = Proposal.objects.filter(job__title=bakery.TITLE, job__state="open", state="sent")
    assert proposals.count() == 6
    assert proposals.filter(worker__email="bushra@example.org", delivery__gte=year.end.date()).exists()
