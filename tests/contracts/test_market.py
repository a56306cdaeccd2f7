"""Two people do whatever comes to their minds, in any order, and every invariant holds after each step."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    end_contract,
    fund_milestone,
    propose_refund,
    release_silent_milestones,
    withdraw_refund,
)
from guildhall.contracts.models import Contract, Milestone, Refund
from guildhall.disputes.actions import (
    accept_offer,
    contest_more,
    offer_split,
    open_case,
    rule_case,
    take_up_unanswered_refunds,
    withdraw_case,
)
from guildhall.disputes.models import Case, Offer
from guildhall.disputes.queries import contentions_in
from guildhall.escrow.actions import mature_clearing
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.models import Event
from guildhall.reputation.actions import leave_feedback, reveal_due_feedback
from guildhall.workroom.actions import ask_for_changes, deliver_work
from guildhall.workroom.models import Delivery
from tests.builders.contracts import a_contract, milestones_in, usd, what_is_broken
from tests.cast import NOW, a_person

whose = st.sampled_from(["amara", "bushra", "dalia"])
which = st.integers(0, 1)
amounts = st.one_of(st.integers(-1, 12_000), st.sampled_from([1, 4_000, 7_000]))


class Market(RuleBasedStateMachine):
    """One contract of two milestones, its two sides and an adjudicator."""

    @initialize()
    def begin(self) -> None:
        self.world = transaction.atomic()
        self.world.__enter__()
        self.at = NOW
        self.people = {
            "amara": a_person("Amara"),
            "bushra": a_person("Bushra"),
            "dalia": a_person("Dalia", adjudicates=True),
        }
        self.contract = a_contract(
            self.people["amara"], self.people["bushra"], sums=(4_000, 7_000), client_fee_bp=333
        )
        self.steps = milestones_in(self.contract)

    def teardown(self) -> None:
        """Forget this market."""
        if hasattr(self, "world"):
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def try_to(self, verb: Callable[[], object]) -> None:
        """Do it or be refused; a refusal changes nothing, not even the log."""
        before = Event.objects.count()
        try:
            verb()
        except (Refusal, NotFound):
            assert Event.objects.count() == before

    @rule(days=st.integers(0, 8))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days, hours=1)
        release_silent_milestones(at=self.at)
        take_up_unanswered_refunds(at=self.at)
        mature_clearing(at=self.at)
        reveal_due_feedback(at=self.at)

    @rule(who=whose, step=which)
    def fund(self, who: str, step: int) -> None:
        self.try_to(lambda: fund_milestone(milestone=self.steps[step], by=self.people[who], at=self.at))

    @rule(who=whose, step=which, items=st.lists(st.integers(0, 4), max_size=3))
    def deliver(self, who: str, step: int, items: list[int]) -> None:
        self.try_to(
            lambda: deliver_work(
                milestone=self.steps[step],
                note="Here.",
                items=items,
                files=[],
                by=self.people[who],
                at=self.at,
            )
        )

    @precondition(lambda _self: Delivery.objects.exists())
    @rule(who=whose, data=st.data())
    def ask_for_changes(self, who: str, data: Any) -> None:
        delivery = data.draw(st.sampled_from(list(Delivery.objects.order_by("at", "id"))))
        self.try_to(
            lambda: ask_for_changes(
                delivery=delivery, items={1: "Larger."}, note="", by=self.people[who], at=self.at
            )
        )

    @rule(who=whose, step=which)
    def approve(self, who: str, step: int) -> None:
        self.try_to(lambda: approve_milestone(milestone=self.steps[step], by=self.people[who], at=self.at))

    @rule(who=whose, step=which, minor=amounts)
    def propose_refund(self, who: str, step: int, minor: int) -> None:
        self.try_to(
            lambda: propose_refund(
                milestone=self.steps[step], amount=usd(minor), reason="So.", by=self.people[who], at=self.at
            )
        )

    @precondition(lambda _self: Refund.objects.exists())
    @rule(who=whose, agree=st.sampled_from(["yes", "no"]), data=st.data())
    def answer_refund(self, who: str, agree: str, data: Any) -> None:
        refund = data.draw(st.sampled_from(list(Refund.objects.order_by("asked_at", "id"))))
        self.try_to(
            lambda: answer_refund(
                refund=refund, agree=agree == "yes", answer="Hm.", by=self.people[who], at=self.at
            )
        )

    @precondition(lambda _self: Refund.objects.exists())
    @rule(who=whose, data=st.data())
    def withdraw_refund(self, who: str, data: Any) -> None:
        refund = data.draw(st.sampled_from(list(Refund.objects.order_by("asked_at", "id"))))
        self.try_to(lambda: withdraw_refund(refund=refund, by=self.people[who], at=self.at))

    @rule(who=whose, step=which, minor=amounts)
    def open_case(self, who: str, step: int, minor: int) -> None:
        self.try_to(
            lambda: open_case(
                milestone=self.steps[step],
                contested=usd(minor),
                reason="No.",
                by=self.people[who],
                at=self.at,
            )
        )

    @precondition(lambda _self: Case.objects.exists())
    @rule(
        who=whose, minor=amounts, what=st.sampled_from(["offer", "more", "withdraw", "rule"]), data=st.data()
    )
    def go_on_with_a_case(self, who: str, minor: int, what: str, data: Any) -> None:
        case = data.draw(st.sampled_from(list(Case.objects.order_by("opened_at", "id"))))
        by = self.people[who]
        verbs: dict[str, Callable[[], object]] = {
            "offer": lambda: offer_split(case=case, to_worker=usd(minor), by=by, at=self.at),
            "more": lambda: contest_more(case=case, contested=usd(minor), reason="Nor.", by=by, at=self.at),
            "withdraw": lambda: withdraw_case(case=case, by=by, at=self.at),
            "rule": lambda: rule_case(case=case, to_worker=usd(minor), reasons="So.", by=by, at=self.at),
        }
        self.try_to(verbs[what])
        case.refresh_from_db()
        if case.state == "withdrawn" and case.opened_by_id == self.people["bushra"].pk:
            self.the_client_has_time(case)

    def the_client_has_time(self, case: Case) -> None:
        """A worker's case that has just been withdrawn let go of nothing that the client had asked for."""
        if case.moved_at != self.at or case.milestone.state != "delivered":
            return
        assert case.milestone.release_at is not None
        assert case.milestone.release_at >= self.at + timedelta(days=3)
        taken = [case.refund, *(one.refund for one in contentions_in(case))]
        if any(taken):
            asked = Refund.objects.get(milestone=case.milestone, state="asked")
            assert asked.amount >= sum(refund.amount for refund in taken if refund)

    @precondition(lambda _self: Offer.objects.exists())
    @rule(who=whose, data=st.data())
    def accept_an_offer(self, who: str, data: Any) -> None:
        offer = data.draw(st.sampled_from(list(Offer.objects.order_by("at", "id"))))
        self.try_to(lambda: accept_offer(offer=offer, by=self.people[who], at=self.at))

    @rule(who=whose)
    def end(self, who: str) -> None:
        self.try_to(
            lambda: end_contract(contract=self.contract, reason="Enough.", by=self.people[who], at=self.at)
        )

    @rule(who=whose, stars=st.integers(0, 6))
    def speak(self, who: str, stars: int) -> None:
        self.try_to(
            lambda: leave_feedback(
                contract=self.contract, stars=stars, text="Well.", by=self.people[who], at=self.at
            )
        )

    @invariant()
    def everything_holds(self) -> None:
        assert not what_is_broken()

    @invariant()
    def an_ended_contract_stays_ended(self) -> None:
        if hasattr(self, "ended"):
            assert Contract.objects.get().state == "ended"
        elif Contract.objects.filter(state="ended").exists():
            self.ended = True
            assert not Milestone.objects.filter(state__in=["planned", "funded", "delivered"]).exists()


@pytest.mark.slow
@pytest.mark.xdist_group("market")
@pytest.mark.django_db
def test_whatever_they_do_the_invariants_hold() -> None:
    run_state_machine_as_test(
        Market,
        settings=settings(
            max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )
