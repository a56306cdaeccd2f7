"""A payment is followed from the hold to the bank, and every minor unit of it is somewhere."""

import random
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from guildhall.contracts.actions import approve_milestone, fund_milestone
from guildhall.contracts.models import Milestone
from guildhall.disputes.actions import rule_case
from guildhall.escrow.actions import mature_clearing
from guildhall.ledger.windows import Leg
from guildhall.payments.actions import (
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
)
from guildhall.payments.models import Payout
from guildhall.people.models import Person
from guildhall.statements.following import portions_of
from guildhall.statements.timelines import Place, Timeline, timelines_of
from tests.builders.contracts import (
    a_case,
    a_contract,
    a_delivered_milestone,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
)
from tests.builders.money import a_payout_account
from tests.cast import NOW

DAY = timedelta(days=1)
LONG_AGO = datetime(2026, 1, 1, tzinfo=UTC)


def paid(client: Person, worker: Person, *, minor: int = 10_000, at: datetime = NOW) -> Milestone:
    milestone = a_delivered_milestone(client, worker, minor=minor, at=at)
    approve_milestone(milestone=milestone, by=client, at=at + timedelta(hours=2))
    return again(milestone)


def seen_by(person: Person, milestone: Milestone) -> Timeline:
    return timelines_of([again(milestone)], person)[milestone.pk]


def here(timeline: Timeline) -> dict[Place, int]:
    return {step.place: step.here.minor for step in timeline.steps if step.here}


def told(timeline: Timeline) -> list[tuple[str, str]]:
    return [(step.place.value, step.status) for step in timeline.steps]


def sent(payout: Payout, operator: Person, at: datetime) -> None:
    send_payout_batch(batch=open_payout_batch(by=operator, at=at), by=operator, at=at)
    del payout


@pytest.mark.django_db
def test_step_by_step(amara: Person, bushra: Person, olga: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, at=NOW)
    assert told(seen_by(bushra, milestone))[0] == ("in_escrow", "now")
    milestone = paid(amara, bushra)
    clearing = seen_by(bushra, milestone)
    assert here(clearing) == {Place.CLEARING: 9_500}
    step = clearing.step(Place.CLEARING)
    assert step is not None
    assert step.until == NOW + timedelta(hours=2) + 3 * DAY
    assert clearing.deductions == [("fee", usd(500))]
    mature_clearing(at=NOW + 4 * DAY)
    assert here(seen_by(bushra, milestone)) == {Place.AVAILABLE: 9_500}
    a_payout_account(bushra, NOW)
    payout = request_payout(by=bushra, amount=usd(9_000), at=NOW + 9 * DAY)
    assert here(seen_by(bushra, milestone)) == {Place.AVAILABLE: 500, Place.ON_ITS_WAY: 9_000}
    sent(payout, olga, NOW + 9 * DAY)
    settle_payout(payout=payout, by=olga, at=NOW + 11 * DAY)
    arrived = seen_by(bushra, milestone)
    assert here(arrived) == {Place.AVAILABLE: 500, Place.ARRIVED: 9_000}
    assert [(one.pk, sum_) for one, sum_ in arrived.payouts] == [(payout.pk, usd(9_000))]
    arrival = arrived.step(Place.ARRIVED)
    assert arrival is not None
    assert arrival.at == NOW + 11 * DAY


@pytest.mark.django_db
def test_the_client_sees_it_as_far_as_the_worker_s_wallet(
    amara: Person, bushra: Person, olga: Person
) -> None:
    milestone = paid(amara, bushra)
    mature_clearing(at=NOW + 4 * DAY)
    a_payout_account(bushra, NOW)
    sent(request_payout(by=bushra, amount=usd(9_500), at=NOW + 9 * DAY), olga, NOW + 9 * DAY)
    seen = seen_by(amara, milestone)
    assert told(seen) == [("in_escrow", "done"), ("clearing", "done"), ("available", "done")]
    assert seen.payouts == []


@pytest.mark.django_db
def test_what_came_first_goes_first_and_what_came_back_goes_first_again(
    amara: Person, bushra: Person, olga: Person
) -> None:
    first, second = paid(amara, bushra), paid(amara, bushra, minor=20_000, at=NOW + DAY)
    mature_clearing(at=NOW + 9 * DAY)
    a_payout_account(bushra, NOW)
    back = request_payout(by=bushra, amount=usd(10_000), at=NOW + 9 * DAY)
    assert here(seen_by(bushra, first)) == {Place.ON_ITS_WAY: 9_500}
    assert here(seen_by(bushra, second)) == {Place.ON_ITS_WAY: 500, Place.AVAILABLE: 18_500}
    sent(back, olga, NOW + 9 * DAY)
    return_payout(payout=back, reason="No such account.", by=olga, at=NOW + 6 * DAY)
    assert here(seen_by(bushra, first)) == {Place.AVAILABLE: 9_500}
    request_payout(by=bushra, amount=usd(9_600), at=NOW + 11 * DAY)
    assert here(seen_by(bushra, first)) == {Place.ON_ITS_WAY: 9_500}
    assert here(seen_by(bushra, second)) == {Place.ON_ITS_WAY: 100, Place.AVAILABLE: 18_900}


@pytest.mark.django_db
def test_what_is_divided_or_spent_here_is_shown_as_that(amara: Person, bushra: Person, dalia: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, at=NOW)
    case = a_case(milestone, contested=4_000, by=amara, at=NOW)
    frozen = seen_by(bushra, milestone)
    assert frozen.frozen == usd(4_000)
    rule_case(case=case, to_worker=usd(1_000), reasons="So.", by=dalia, at=NOW + DAY)
    ruled = seen_by(bushra, milestone)
    assert here(ruled) == {Place.ESCROW: 6_000, Place.CLEARING: 950, Place.RETURNED: 3_000}
    mature_clearing(at=NOW + 9 * DAY)
    own = a_contract(bushra, dalia, sums=(900,), at=NOW + 10 * DAY)
    fund_milestone(milestone=milestones_in(own)[0], by=bushra, at=NOW + 10 * DAY)
    assert here(seen_by(bushra, milestone)) == {
        Place.ESCROW: 6_000,
        Place.USED: 900,
        Place.AVAILABLE: 50,
        Place.RETURNED: 3_000,
    }


@pytest.mark.django_db
def test_many_are_followed_in_as_many_questions_as_one(
    amara: Person, bushra: Person, django_assert_num_queries: Any
) -> None:
    milestones = [paid(amara, bushra, at=NOW + number * DAY) for number in range(5)]
    mature_clearing(at=NOW + 20 * DAY)
    a_payout_account(bushra, NOW)
    request_payout(by=bushra, amount=usd(30_000), at=NOW + 20 * DAY)
    loaded = [again(milestone) for milestone in milestones]
    with django_assert_num_queries(4):  # releases, their lines, the wallet's legs, the payouts
        found = timelines_of(loaded, bushra)
    assert sum(here(each).get(Place.ON_ITS_WAY, 0) for each in found.values()) == 30_000


@given(st.integers(0, 500), st.lists(st.tuples(st.sampled_from("iopr"), st.integers(1, 300)), max_size=40))
def test_every_sum_is_followed_to_its_last_unit(held: int, steps: list[tuple[str, int]]) -> None:
    """Random wallets: each sum's portions add up to it, and each sum that left is made of portions."""
    legs: list[Leg] = []
    balance, out = held, {"payout:before": 70}
    for number, (what, minor) in enumerate(steps):
        if what == "i":
            legs.append(Leg("clearing.matured", f"matured:{number}", minor, LONG_AGO))
        elif what == "r" and out:
            key = random.Random(minor).choice(sorted(out))
            legs.append(
                Leg("payout.returned", key.replace("payout:", "payout.returned:"), out.pop(key), LONG_AGO)
            )
        elif what in "op" and minor <= balance:
            key = f"payout:{number}" if what == "p" else f"hold:{number}"
            legs.append(Leg("payout.sent" if what == "p" else "hold.placed", key, -minor, LONG_AGO))
            if what == "p":
                out[key] = minor
        else:
            continue
        balance += legs[-1].change
    found = portions_of(held, legs)
    back = {leg.key.replace("payout.returned:", "payout:") for leg in legs if leg.kind == "payout.returned"}
    for leg in legs:
        if leg.kind == "clearing.matured":
            assert sum(portion.minor for portion in found[leg.key]) == leg.change
        elif leg.change < 0 and leg.key not in back:
            parts = [portion.minor for each in found.values() for portion in each if portion.by == leg.key]
            assert sum(parts) == -leg.change
    there = sum(portion.minor for each in found.values() for portion in each if not portion.by)
    assert there == balance
