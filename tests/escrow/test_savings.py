"""A share of each payment is kept for a goal: exactly, up to the goal, and for its owner alone."""

from datetime import date, timedelta
from functools import partial

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from guildhall.escrow.actions import mature_clearing
from guildhall.escrow.actions.locking import NotAnAmount, WrongCurrency
from guildhall.escrow.savings.goals import (
    GoalNeedsLess,
    GoalNotFit,
    GoalsExceedAll,
    NotInSavings,
    ShortForSaving,
    end_goal,
    put_into_savings,
    set_goal,
    take_savings,
    warn_of_goal_days,
)
from guildhall.escrow.savings.models import SavingsGoal
from guildhall.escrow.savings.queries import savings_in, sum_saved_by
from guildhall.escrow.savings.rules import shares_of
from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
from guildhall.kernel.states import ForbiddenMove
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import what_is_broken
from tests.builders.savings import CLEARED, a_goal, a_payment
from tests.cast import NOW
from tests.racing import ends_of

LATER = NOW + timedelta(hours=1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def wallet(person: Person, currency: str = "USD") -> int:
    return balance_of(f"wallet:{person.party}", currency).minor


def kept(goal: SavingsGoal) -> int:
    goal.refresh_from_db()
    assert balance_of(goal.account, goal.currency) == goal.money_saved
    return goal.saved


@pytest.mark.django_db
def test_a_share_is_kept_when_a_payment_becomes_available(amara: Person, bushra: Person) -> None:
    goal = a_goal(bushra, NOW)
    release = a_payment(amara, bushra, 10_005, LATER)
    assert kept(goal) == 0
    mature_clearing(at=LATER + CLEARED)
    assert (kept(goal), wallet(bushra)) == (1_000, 9_005)
    [saving] = savings_in(goal)
    assert (saving.release, saving.money) == (release, usd(1_000))
    assert mature_clearing(at=LATER + CLEARED) == 0
    assert sum_saved_by(bushra, "USD") == usd(1_000)
    assert what_is_broken() == {}


@pytest.mark.django_db
def test_what_was_earned_before_the_goal_was_set_is_not_touched(amara: Person, bushra: Person) -> None:
    a_payment(amara, bushra, 10_000, NOW)
    goal = a_goal(bushra, NOW)
    mature_clearing(at=NOW + CLEARED)
    assert (kept(goal), wallet(bushra)) == (0, 10_000)


@pytest.mark.django_db
def test_payments_in_another_currency_and_to_others_are_not_touched(
    amara: Person, bushra: Person, chen: Person
) -> None:
    goal = a_goal(bushra, NOW)
    a_payment(amara, bushra, 10_000, LATER, "JPY")
    a_payment(amara, chen, 10_000, LATER)
    mature_clearing(at=LATER + CLEARED)
    assert (kept(goal), wallet(bushra, "JPY"), wallet(chen)) == (0, 10_000, 10_000)


@pytest.mark.django_db
def test_it_stops_exactly_at_the_goal_and_says_so_once(amara: Person, bushra: Person) -> None:
    goal = a_goal(bushra, NOW, target=1_500)
    for _each in range(3):
        a_payment(amara, bushra, 10_000, LATER)
    mature_clearing(at=LATER + CLEARED)
    assert (kept(goal), wallet(bushra)) == (1_500, 28_500)
    assert goal.is_in("reached")
    assert Event.objects.get(name="savings_goal.reached").facts["saved"] == 1_500
    a_payment(amara, bushra, 10_000, LATER + CLEARED)
    mature_clearing(at=LATER + 2 * CLEARED)
    assert (kept(goal), wallet(bushra)) == (1_500, 38_500)
    assert what_is_broken() == {}


@pytest.mark.django_db
def test_several_goals_share_by_largest_remainder_and_never_more_than_all(
    amara: Person, bushra: Person
) -> None:
    goals = [a_goal(bushra, NOW, share=share, name=str(share)) for share in (3_333, 3_333, 3_334)]
    with pytest.raises(GoalsExceedAll, match="0 % is left"):
        a_goal(bushra, NOW, share=1)
    assert a_goal(bushra, NOW, share=10_000, currency="JPY").currency == "JPY", "each currency by itself"
    a_payment(amara, bushra, 101, LATER)
    mature_clearing(at=LATER + CLEARED)
    assert [kept(goal) for goal in goals] == [34, 33, 34]
    assert wallet(bushra) == 0
    end_goal(goal=goals[0], by=bushra, at=LATER)
    assert a_goal(bushra, NOW, share=3_333).share == 3_333


@settings(suppress_health_check=[HealthCheck.too_slow])
@given(
    st.integers(0, 10**12),
    st.lists(st.tuples(st.integers(1, 3_000), st.integers(0, 10**12)), min_size=1, max_size=3),
)
def test_shares_never_take_more_than_there_is_or_is_lacking(net: int, goals: list[tuple[int, int]]) -> None:
    parts = shares_of(net, goals)
    assert sum(parts) <= net
    for part, (share, lacks) in zip(parts, goals, strict=True):
        assert 0 <= part <= lacks
        assert abs(part - net * share / 10_000) < 1 or part == lacks


@pytest.mark.django_db
def test_the_owner_puts_in_and_takes_out_at_any_time_and_nobody_else_does(
    amara: Person, bushra: Person, eve: Person
) -> None:
    a_payment(amara, bushra, 5_000, NOW)
    mature_clearing(at=NOW + CLEARED)
    goal = a_goal(bushra, NOW, target=4_000)
    for verb in (put_into_savings, take_savings):
        with pytest.raises(NotFound):
            verb(goal=goal, amount=usd(1), by=eve, at=LATER)
        with pytest.raises(WrongCurrency):
            verb(goal=goal, amount=Money(1, "JPY"), by=bushra, at=LATER)
        with pytest.raises(NotAnAmount):
            verb(goal=goal, amount=usd(0), by=bushra, at=LATER)
    with pytest.raises(NotFound):
        end_goal(goal=goal, by=eve, at=LATER)
    put_into_savings(goal=goal, amount=usd(3_000), by=bushra, at=LATER)
    with pytest.raises(GoalNeedsLess, match=r"lacks 10\.00 USD"):
        put_into_savings(goal=goal, amount=usd(1_001), by=bushra, at=LATER)
    with pytest.raises(NotInSavings, match=r"Only 30\.00 USD"):
        take_savings(goal=goal, amount=usd(3_001), by=bushra, at=LATER)
    take_savings(goal=goal, amount=usd(1_000), by=bushra, at=LATER)
    assert (kept(goal), wallet(bushra)) == (2_000, 3_000)
    put_into_savings(goal=goal, amount=usd(2_000), by=bushra, at=LATER)
    goal.refresh_from_db()
    assert goal.is_in("reached")
    take_savings(goal=goal, amount=usd(1_000), by=bushra, at=LATER)
    with pytest.raises(GoalNeedsLess, match=r"lacks 0\.00 USD"):
        put_into_savings(goal=goal, amount=usd(1), by=bushra, at=LATER)
    take_savings(goal=goal, amount=usd(3_000), by=bushra, at=LATER)
    goal.refresh_from_db()
    assert goal.is_in("ended"), "reached, and taken out whole"
    assert wallet(bushra) == 5_000
    with pytest.raises(ForbiddenMove):
        end_goal(goal=goal, by=bushra, at=LATER)
    assert what_is_broken() == {}


@pytest.mark.django_db
def test_one_cannot_put_in_what_one_has_not(bushra: Person) -> None:
    goal = a_goal(bushra, NOW)
    with pytest.raises(ShortForSaving, match=r"0\.05 USD more than is available"):
        put_into_savings(goal=goal, amount=usd(5), by=bushra, at=LATER)
    assert kept(goal) == 0


@pytest.mark.django_db
def test_a_goal_ends_and_all_of_it_is_in_the_wallet(amara: Person, bushra: Person) -> None:
    goal = a_goal(bushra, NOW)
    a_payment(amara, bushra, 10_000, LATER)
    mature_clearing(at=LATER + CLEARED)
    end_goal(goal=goal, by=bushra, at=LATER + CLEARED)
    assert (kept(goal), wallet(bushra)) == (0, 10_000)
    a_payment(amara, bushra, 10_000, LATER + CLEARED)
    mature_clearing(at=LATER + 2 * CLEARED)
    assert wallet(bushra) == 20_000
    assert what_is_broken() == {}


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"name": "  "}, "name"),
        ({"name": "x" * 61}, "name"),
        ({"share": 0}, "share"),
        ({"share": 10_001}, "share"),
        ({"target": Money(0, "USD")}, "target"),
        ({"by_day": date(2026, 12, 1)}, "by_day"),
    ],
)
def test_what_does_not_fit_is_refused_with_its_field(
    bushra: Person, wrong: dict[str, object], field: str
) -> None:
    fit = {"name": "Fee", "target": usd(1), "share": 1, "by_day": date(2026, 12, 2)}
    with pytest.raises(GoalNotFit) as refused:
        set_goal(**{**fit, **wrong}, by=bushra, at=NOW)  # type: ignore[arg-type]
    assert refused.value.field == field
    assert not SavingsGoal.objects.exists()


@pytest.mark.django_db
def test_whose_day_is_near_is_told_once_and_whoever_has_it_all_is_not(amara: Person, bushra: Person) -> None:
    near, far = a_goal(bushra, NOW, by_day=date(2026, 12, 20)), a_goal(bushra, NOW)
    assert warn_of_goal_days(at=NOW) == 0
    day = NOW.replace(day=13)
    assert warn_of_goal_days(at=day) == 1
    assert warn_of_goal_days(at=day) == 0
    said = Event.objects.get(name="savings_goal.day_near")
    assert (said.subject_id, said.facts["amount"]) == (near.pk, 20_000)
    assert far.warned_at is None


@pytest.mark.django_db(transaction=True)
def test_what_is_kept_is_taken_once_however_many_ask(amara: Person, bushra: Person) -> None:
    goal = a_goal(bushra, NOW, share=10_000)
    a_payment(amara, bushra, 10_000, LATER)
    mature_clearing(at=LATER + CLEARED)
    ends = ends_of([partial(take_savings, goal=goal, amount=usd(3_000), by=bushra, at=LATER)] * 16)
    assert ends == {"done": 3, "not_in_savings": 13}
    assert (kept(goal), wallet(bushra)) == (1_000, 9_000)


@pytest.mark.django_db(transaction=True)
def test_two_tabs_cannot_give_away_more_than_a_payment(bushra: Person) -> None:
    ends = ends_of([partial(a_goal, bushra, NOW, share=4_000)] * 8)
    assert ends == {"done": 2, "goals_exceed_all": 6}


@pytest.mark.django_db(transaction=True)
def test_keeping_and_taking_at_once_never_wait_for_each_other_for_ever(amara: Person, bushra: Person) -> None:
    goal = a_goal(bushra, NOW, share=5_000, target=10**6)
    put = 0
    for _turn in range(5):
        a_payment(amara, bushra, 1_000, LATER)
        mature_clearing(at=LATER + CLEARED)
        put += 500
        a_payment(amara, bushra, 1_000, LATER)
        take = partial(take_savings, goal=goal, amount=usd(1), by=bushra, at=LATER)
        ends = ends_of([partial(mature_clearing, at=LATER + CLEARED), *[take] * 4])
        assert ends == {"done": 5}
        put += 500 - 4
    assert kept(goal) == put
    assert what_is_broken() == {}
