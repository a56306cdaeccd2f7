"""A market at random: whatever people try, in whatever order, every promise of the hall still holds."""

from collections import Counter
from datetime import timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from guildhall.contracts.models import Contract
from guildhall.jobs.actions.deciding import accept_proposal, decline_proposal
from guildhall.jobs.actions.posting import close_job, draft_job, edit_job, open_job
from guildhall.jobs.actions.proposing import edit_proposal, send_proposal, withdraw_proposal
from guildhall.jobs.background import expire_due
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.queries import open_jobs, proposals_visible_to, terms_for
from guildhall.jobs.rules import bands
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.models import Delivery
from guildhall.ledger.queries import balance_of
from tests.builders.contracts import money_for, what_is_broken
from tests.builders.jobs import a_brief, a_proposal, an_offer, an_open_job, usd
from tests.cast import NOW, a_person

NAMES = ("Amara", "Bushra", "Chen", "Eve")
anybody = st.integers(0, len(NAMES) - 1)
anything = st.integers(0, 5)


class Market(RuleBasedStateMachine):
    """Four people who post, propose, choose and change their minds; each may try to act on anything."""

    @initialize()
    def begin(self) -> None:
        self.run = transaction.atomic()
        self.run.__enter__()
        self.now = NOW
        self.people = [a_person(name) for name in NAMES]
        for person in self.people:
            money_for(person, 20_000)
        amara, bushra, chen, _eve = self.people
        self.jobs: list[Job] = [an_open_job(amara)]
        self.proposals: list[Proposal] = [a_proposal(self.jobs[0], worker) for worker in (bushra, chen)]
        self.read: dict[Any, str] = {}

    def tries(self, verb: Any) -> Any:
        try:
            return verb()
        except (Refusal, NotFound):
            return None

    def teardown(self) -> None:
        """Forget this run, so that the next one begins in an empty hall."""
        if hasattr(self, "run"):
            transaction.set_rollback(True)
            self.run.__exit__(None, None, None)

    @rule(who=anybody, budget=st.sampled_from([None, 100, 500, 12_000]), days=st.sampled_from([None, 1, 30]))
    def post(self, who: int, budget: int | None, days: int | None) -> None:
        deadline = None if days is None else (self.now + timedelta(days=days)).date()
        brief = a_brief(budget=None, deadline=deadline)
        job = draft_job(brief=brief, by=self.people[who], at=self.now)
        self.jobs.append(job)
        if budget:
            changed = a_brief(budget=usd(budget), deadline=deadline)
            self.tries(lambda: edit_job(job=job, brief=changed, by=self.people[who], at=self.now))
        self.tries(lambda: open_job(job=job, by=self.people[who], at=self.now))

    @precondition(lambda self: self.jobs)
    @rule(who=anybody, job=anything, more=st.booleans())
    def change_or_close(self, *, who: int, job: int, more: bool) -> None:
        chosen, by = self.jobs[job % len(self.jobs)], self.people[who]
        brief = a_brief(deliverables=(f"Version at {self.now}",), deadline=None)
        if more:
            self.tries(lambda: edit_job(job=chosen, brief=brief, by=by, at=self.now))
        else:
            self.tries(lambda: close_job(job=chosen, by=by, at=self.now))

    @precondition(lambda self: self.jobs)
    @rule(who=anybody, job=anything, minor=st.integers(400, 30_000))
    def propose(self, who: int, job: int, minor: int) -> None:
        chosen, by = self.jobs[job % len(self.jobs)], self.people[who]
        sent = self.tries(
            lambda: send_proposal(job=chosen, offer=an_offer(minor, at=self.now), by=by, at=self.now)
        )
        if sent:
            self.proposals.append(sent)

    @precondition(lambda self: self.proposals)
    @rule(who=anybody, which=anything, minor=st.integers(400, 30_000))
    def change_proposal(self, who: int, which: int, minor: int) -> None:
        chosen, by = self.proposals[which % len(self.proposals)], self.people[who]
        self.tries(
            lambda: edit_proposal(proposal=chosen, offer=an_offer(minor, at=self.now), by=by, at=self.now)
        )

    @precondition(lambda self: self.proposals)
    @rule(who=anybody, which=anything, decline=st.booleans())
    def withdraw_or_decline(self, *, who: int, which: int, decline: bool) -> None:
        chosen, by = self.proposals[which % len(self.proposals)], self.people[who]
        if decline:
            self.tries(lambda: decline_proposal(proposal=chosen, reason="price", by=by, at=self.now))
        else:
            self.tries(lambda: withdraw_proposal(proposal=chosen, by=by, at=self.now))

    @precondition(lambda self: self.proposals)
    @rule(which=anything)
    def read_terms(self, which: int) -> None:
        chosen = self.proposals[which % len(self.proposals)]
        self.read[chosen.pk] = terms_for(chosen).hash

    @precondition(lambda self: self.proposals)
    @rule(who=anybody, which=anything, fund=st.sampled_from(["first", "all"]), rightly=st.booleans())
    def accept(self, *, who: int, which: int, fund: str, rightly: bool) -> None:
        chosen = self.proposals[which % len(self.proposals)]
        by, read = self.people[who], self.read.get(chosen.pk, "")
        if rightly:  # else an acceptance would hardly ever come about
            by, read = chosen.job.client, terms_for(chosen).hash
        before = balance_of(f"wallet:{by.party}", "USD")
        contract = self.tries(
            lambda: accept_proposal(proposal=chosen, terms_hash=read, fund=fund, by=by, at=self.now)
        )
        if contract is None:
            assert balance_of(f"wallet:{by.party}", "USD") == before
        else:
            event("accepted")
            assert terms_for(Proposal.objects.get(pk=chosen.pk)).hash == read

    @rule(who=anybody, minor=st.integers(1, 40_000))
    def pay_in(self, who: int, minor: int) -> None:
        money_for(self.people[who], minor, at=self.now)

    @rule(hours=st.sampled_from([1, 30]))
    def time_passes(self, hours: int) -> None:
        self.now += timedelta(hours=hours)
        expire_due(at=self.now)
        deliver_events(at=self.now, most=1000)
        assert not Delivery.objects.exclude(trouble="").exists()

    @invariant()
    def every_promise_holds(self) -> None:
        assert what_is_broken() == {}

    @invariant()
    def who_may_see_what(self) -> None:
        for person in getattr(self, "people", []):
            for sides in proposals_visible_to(person).values_list("worker_id", "job__client_id"):
                assert person.pk in sides
        came = Counter(job for job, _worker in set(Proposal.objects.values_list("job_id", "worker_id")))
        for job in open_jobs():
            assert job.band == next(name for least, name in bands() if came[job.pk] >= least)

    @invariant()
    def contracts_grow_from_acceptances_alone(self) -> None:
        grown = {
            f"proposal:{pk}" for pk in Proposal.objects.filter(state="accepted").values_list("pk", flat=True)
        }
        assert set(Contract.objects.values_list("origin", flat=True)) == grown


@pytest.mark.slow
@pytest.mark.xdist_group("market")
@pytest.mark.django_db
def test_a_market_at_random_keeps_every_promise() -> None:
    run_state_machine_as_test(
        Market,
        settings=settings(
            max_examples=8,
            stateful_step_count=20,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
