"""A whole hall at random, from the post to the payout: after each step every promise of `check` holds.

Whoever has the right to a step mostly takes it, so that money really travels the whole way; sometimes
somebody else tries, and then nothing may have happened. What the walks did is counted.
"""

from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from functools import partial
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import (
    initialize,
    precondition,
    rule,
)

from guildhall.contracts.actions import (
    answer_refund,
    end_contract,
    fund_milestone,
    propose_refund,
    release_silent_milestones,
    withdraw_refund,
)
from guildhall.contracts.models import Contract, Refund
from guildhall.contracts.states import HELD
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
from guildhall.escrow.actions import mature_clearing
from guildhall.escrow.models import Release
from guildhall.escrow.savings.models import Saving
from guildhall.jobs.actions.deciding import accept_proposal
from guildhall.jobs.actions.posting import draft_job, edit_job, open_job
from guildhall.jobs.actions.proposing import edit_proposal, send_proposal
from guildhall.jobs.background import expire_due
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.models import Delivery as StillToHear
from guildhall.ledger.background import snapshot_derived
from guildhall.payments.models import Deposit, Payout
from guildhall.payments.queries import unmatched_notices_seen_by
from guildhall.reputation.actions import leave_feedback, reveal_due_feedback
from guildhall.workroom.actions import approve_delivery, ask_for_changes, deliver_work
from guildhall.workroom.models import Delivery
from tests.builders.jobs import a_brief, an_offer
from tests.proofs.banking import AtTheBank, anything, done, seldom, shares
from tests.proofs.seeing import UNDELIVERED, chosen, may_be_funded, milestones, usd

tried: Counter[str] = Counter()


class Hall(AtTheBank):
    """Jobs, work, quarrels and praise; each walk begins with a contract whose first part is funded."""

    @initialize()
    def begin(self) -> None:
        super().begin()
        self.post(who=0, what="post", which=0)
        self.propose(who=0, which=0, minor=12_000)
        self.accept(which=0, wrongly=False, fund="first", short=False)

    # A job finds its worker.

    @rule(
        who=anything,
        which=anything,
        minor=st.sampled_from([1_000, 5_001, 12_000]),
        way=st.sampled_from(["post", "edit", "propose", "accept", "first", "eve", "short"]),
    )
    def find_work(self, who: int, which: int, minor: int, way: str) -> None:
        if way in {"post", "edit"} or not Job.objects.filter(state="open").exists():
            self.post(who, way, which)
        elif way == "propose" or not Proposal.objects.filter(state="sent").exists():
            self.propose(who, which, minor)
        else:
            fund = "first" if way == "first" else "all"
            self.accept(which=which, wrongly=way == "eve", fund=fund, short=way == "short")

    def post(self, who: int, what: str, which: int) -> None:
        by = chosen(self.clients, who)
        job = chosen(Job.objects.filter(client=by, state="open").order_by("pk"), which)
        if what == "edit" and job:
            brief = a_brief(deliverables=(f"As of {self.at}",), deadline=None)
            self.tries("edit the brief", lambda: edit_job(job=job, brief=brief, by=by, at=self.at))
            return
        draft = draft_job(brief=a_brief(deadline=None), by=by, at=self.at)
        self.tries("post", lambda: open_job(job=draft, by=by, at=self.at))

    def propose(self, who: int, which: int, minor: int) -> None:
        by, job = chosen(self.workers, who), chosen(Job.objects.filter(state="open").order_by("pk"), which)
        offer = an_offer(minor, at=self.at)
        sent = Proposal.objects.filter(job=job, worker=by, state="sent").first()
        if sent is None:
            sent = self.tries("propose", lambda: send_proposal(job=job, offer=offer, by=by, at=self.at))
        if sent and minor != 12_000:
            self.tries(
                "edit a proposal", lambda: edit_proposal(proposal=sent, offer=offer, by=by, at=self.at)
            )

    def accept(self, *, which: int, wrongly: bool, fund: str, short: bool) -> None:
        proposal = chosen(Proposal.objects.filter(state="sent").order_by("pk"), which)
        by = self.eve if wrongly else proposal.job.client
        if not short:  # else they find out what is missing in their wallet
            self.has_at_least(by, proposal.price)
        terms = terms_for(proposal).hash
        self.tries(
            "accept",
            lambda: accept_proposal(proposal=proposal, terms_hash=terms, fund=fund, by=by, at=self.at),
        )

    # The work, and the answers to it.

    @rule(turns=st.lists(anything, min_size=4, max_size=4))
    def onward(self, turns: list[int]) -> None:
        """Of all that can come next, by those who have the right to it, one of the two least tried so far."""
        for number, turn in enumerate(turns):
            if number:
                self.everything_holds()
            steps = self.next_steps(turn)
            if rare := sorted(steps, key=lambda name: tried[name])[:2]:
                name = chosen(rare, turn)
                tried[name] += 1
                steps[name]()

    def next_steps(self, t: int) -> dict[str, Callable[[], None]]:
        delivered, asked = milestones("delivered"), Refund.objects.filter(state="asked")
        cases, sent = Case.objects.filter(state="open"), Payout.objects.filter(state="sent")
        held, odd = milestones(*HELD), t % 2 == 1
        steps: dict[str, tuple[Any, Callable[[], None]]] = {
            "edit the brief": (Job.objects.filter(state="open"), lambda: self.find_work(0, t, 0, "edit")),
            "edit a proposal": (
                Job.objects.filter(state="open"),
                lambda: self.find_work(t, t, 5_001, "propose"),
            ),
            "fund": (may_be_funded(), lambda: self.fund(which=t, wrongly=False)),
            "deliver": (milestones(*UNDELIVERED), lambda: self.deliver(which=t, wrongly=False)),
            "approve": (delivered, lambda: self.answer_a_delivery(which=t, wrongly=False, approve=True)),
            "ask changes": (delivered, lambda: self.answer_a_delivery(which=t, wrongly=False, approve=False)),
            "silence": (delivered, lambda: self.time_passes(11)),
            "taken up": (asked, lambda: self.time_passes(11)),
            "matured": (Release.objects.filter(state="clearing"), lambda: self.time_passes(4)),
            "ask back": (held, lambda: self.ask_back(which=t, share=3, worker=False, way="wait")),
            "answer": (
                held,
                lambda: self.ask_back(which=t, share=3, worker=False, way="no" if odd else "yes"),
            ),
            "withdraw a request": (
                asked,
                lambda: self.ask_back(which=t, share=3, worker=False, way="withdraw"),
            ),
            "open a case": (held, lambda: self.open_a_case(which=t, share=2, worker=odd)),
            "payout": (self.earners(), lambda: self.ask_for_a_payout(t, 2)),
            "batch": (
                Payout.objects.filter(state="requested", batch=None),
                lambda: self.go_on_with_payouts(which=t, back=False, later=True),
            ),
            "failed after paid": (Deposit.objects.filter(state="settled"), lambda: self.take_back(t)),
            "match": (
                unmatched_notices_seen_by(self.olga),
                lambda: self.match(which=t, minor=700, wrongly=False),
            ),
            "fill": (self.clients, lambda: self.fill(3_000, self.olga)),
            "end": (
                Contract.objects.filter(state="active") if t % 4 == 0 else (),
                lambda: self.end_or_speak(which=t, worker=odd, way="end"),
            ),
            "settle": (sent, lambda: self.go_on_with_payouts(which=t, back=False, later=False)),
            "return": (sent, lambda: self.go_on_with_payouts(which=t, back=True, later=False)),
        }
        for name, way in (("accept an offer", "accept"), ("rule", "rule"), ("withdraw a case", "withdraw")):
            steps[name] = (
                cases,
                partial(self.go_on_with_a_case, which=t, percent=t, way=way, worker=odd),
            )
        return {name: step for name, (reason, step) in steps.items() if chosen(reason, 0)}

    @precondition(lambda _self: may_be_funded().exists())
    @rule(which=anything, wrongly=seldom)
    def fund(self, *, which: int, wrongly: bool) -> None:
        milestone = chosen(may_be_funded(), which)
        by = self.eve if wrongly else milestone.contract.client
        self.has_at_least(milestone.contract.client, milestone.amount)
        self.tries("fund", lambda: fund_milestone(milestone=milestone, by=by, at=self.at))

    @precondition(lambda _self: milestones(*UNDELIVERED).exists())
    @rule(which=anything, wrongly=seldom)
    def deliver(self, *, which: int, wrongly: bool) -> None:
        milestone = chosen(milestones(*UNDELIVERED), which)
        by = milestone.contract.client if wrongly else milestone.contract.worker
        self.tries(
            "deliver",
            lambda: deliver_work(milestone=milestone, note="Here.", items=[1], files=[], by=by, at=self.at),
        )

    @precondition(lambda _self: milestones("delivered").exists())
    @rule(which=anything, wrongly=seldom, approve=st.booleans())
    def answer_a_delivery(self, *, which: int, wrongly: bool, approve: bool) -> None:
        milestone = chosen(milestones("delivered"), which)
        by = milestone.contract.worker if wrongly else milestone.contract.client
        last = Delivery.objects.filter(milestone=milestone).latest("version")
        if approve:
            self.tries("approve", lambda: approve_delivery(delivery=last, by=by, at=self.at))
        else:
            self.tries(
                "ask changes",
                lambda: ask_for_changes(delivery=last, items={1: "Larger."}, note="", by=by, at=self.at),
            )

    @precondition(lambda _self: milestones(*HELD).exists())
    @rule(which=anything, share=shares, worker=seldom, way=st.sampled_from(["wait", "yes", "no", "withdraw"]))
    def ask_back(self, *, which: int, share: int, worker: bool, way: str) -> None:
        milestone = chosen(milestones(*HELD), which)
        client, earner = milestone.contract.client, milestone.contract.worker
        by, amount = earner if worker else client, usd(max(1, milestone.left.minor // share))
        refund = Refund.objects.filter(milestone=milestone, state="asked").first()
        if refund is None:
            refund = self.tries(
                "ask back",
                lambda: propose_refund(milestone=milestone, amount=amount, reason="So.", by=by, at=self.at),
            )
        if refund is None or way == "wait":
            return
        if way == "withdraw":
            self.tries("withdraw a request", lambda: withdraw_refund(refund=refund, by=client, at=self.at))
            return
        agree = way == "yes"
        self.tries(
            "answer",
            lambda: answer_refund(refund=refund, agree=agree, answer="Hm.", by=earner, at=self.at),
        )

    # They disagree.

    @precondition(lambda _self: milestones(*HELD).exists())
    @rule(which=anything, share=shares, worker=st.booleans())
    def open_a_case(self, *, which: int, share: int, worker: bool) -> None:
        milestone = chosen(milestones(*HELD), which)
        by = milestone.contract.worker if worker else milestone.contract.client
        amount = usd(max(1, milestone.left.minor // share))
        case = Case.objects.filter(milestone=milestone, state="open").first()
        if case and share > 1:
            more = usd(max(1, (milestone.left - case.sum).minor // share))
            self.tries(
                "contest more",
                lambda: contest_more(case=case, contested=more, reason="Nor this.", by=by, at=self.at),
            )
            return
        self.tries(
            "open a case",
            lambda: open_case(milestone=milestone, contested=amount, reason="No.", by=by, at=self.at),
        )

    @precondition(lambda _self: Case.objects.filter(state="open").exists())
    @rule(
        which=anything,
        percent=st.integers(-1, 101),
        way=st.sampled_from(["offer", "accept", "rule", "withdraw", "eve"]),
        worker=st.booleans(),
    )
    def go_on_with_a_case(self, *, which: int, percent: int, way: str, worker: bool) -> None:
        case = chosen(Case.objects.filter(state="open").order_by("pk"), which)
        contract = case.milestone.contract
        by = contract.worker if worker else contract.client
        part = usd(case.contested * percent // 100)
        offer = Offer.objects.filter(case=case, state="made").first()
        if way == "offer" or (way == "accept" and offer is None):
            offer = self.tries("offer", lambda: offer_split(case=case, to_worker=part, by=by, at=self.at))
        if way == "accept" and offer:
            other = contract.worker if offer.by_id == contract.client_id else contract.client
            self.tries("accept an offer", lambda: accept_offer(offer=offer, by=other, at=self.at))
        elif way == "withdraw":
            self.tries("withdraw a case", lambda: withdraw_case(case=case, by=case.opened_by, at=self.at))
        elif way in {"rule", "eve"}:
            judge = self.dalia if way == "rule" else self.eve
            self.tries(
                "rule",
                lambda: rule_case(case=case, to_worker=part, reasons="So.", by=judge, at=self.at),
            )

    # It ends, and is spoken of.

    @precondition(lambda _self: Contract.objects.exists())
    @rule(which=anything, worker=st.booleans(), way=st.sampled_from(["speak", "speak", "end"]))
    def end_or_speak(self, *, which: int, worker: bool, way: str) -> None:
        contract = chosen(Contract.objects.order_by("opened_at", "pk"), which)
        by = contract.worker if worker else contract.client
        if way == "end":
            self.tries("end", lambda: end_contract(contract=contract, reason="So.", by=by, at=self.at))
        else:
            self.tries(
                "feedback",
                lambda: leave_feedback(contract=contract, stars=4, text="Well.", by=by, at=self.at),
            )

    @rule(days=st.sampled_from([0, 1, 4, 11]))
    def time_passes(self, days: int) -> None:
        self.at += timedelta(days=days, hours=1)
        done["silence"] += release_silent_milestones(at=self.at)
        done["taken up"] += take_up_unanswered_refunds(at=self.at)
        saved = Saving.objects.count()
        done["matured"] += mature_clearing(at=self.at)
        done["saved"] += Saving.objects.count() - saved
        reveal_due_feedback(at=self.at)
        expire_due(at=self.at)
        self.give_up()
        snapshot_derived(at=self.at)
        while heard := deliver_events(at=self.at):
            done["heard"] += heard
        assert not StillToHear.objects.exists(), "every event was heard"
