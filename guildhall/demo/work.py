"""Working, delivering, disagreeing and parting in the sample year."""

from datetime import datetime, timedelta
from functools import partial

from guildhall.contracts.actions import answer_refund, end_contract, fund_milestone, propose_refund
from guildhall.contracts.models import Contract, Milestone
from guildhall.demo.arrivals import Year
from guildhall.demo.drawing import picture
from guildhall.demo.pay import cost_of, fill_wallet
from guildhall.demo.sampling import words
from guildhall.demo.telling import file_of
from guildhall.disputes.actions import accept_offer, offer_split, open_case, rule_case
from guildhall.disputes.models import Case
from guildhall.kernel.money import Money
from guildhall.reputation.actions import leave_feedback
from guildhall.workroom.actions import (
    approve_delivery,
    ask_for_changes,
    deliver_work,
    open_conversation,
    say,
)
from guildhall.workroom.models import Delivery


class Engagement:
    """One contract as it is lived: milestone after milestone, then the end and what each says."""

    def __init__(self, year: Year, contract: Contract) -> None:
        self.draw, self.diary, self.town = year.draw, year.diary, year.town
        self.contract = contract
        self.client, self.worker = contract.client, contract.worker
        self.talk = words("talk")
        self.steps = list(Milestone.objects.filter(contract=contract).order_by("number"))

    def begin(self, at: datetime) -> None:
        """Say hello in the workroom and take up the first milestone."""
        conversation = open_conversation(
            subject=f"contract:{self.contract.id}", members=[self.client, self.worker], at=at
        )
        say(conversation=conversation, text=self.draw.choice(self.talk["start"]), by=self.worker, at=at)
        self.take_up(0, at)

    def take_up(self, step: int, at: datetime) -> None:
        """Set the money of a step aside if it is not yet, and plan its delivery."""
        milestone = self.steps[step]
        milestone.refresh_from_db()
        if milestone.is_in("planned"):
            fill_wallet(self.client, cost_of(milestone), at)
            fund_milestone(milestone=milestone, by=self.client, at=at)
        if self.draw.random() < 0.03:
            self.diary.plan(at + timedelta(days=4), lambda at: self.give_back(step, at))
            return
        wait = timedelta(hours=self.draw.randint(20, 24 * 9))
        self.diary.plan(at + wait, lambda at: self.deliver(step, at))

    def deliver(self, step: int, at: datetime, *, again: bool = False) -> None:
        """Hand over a file and a note; then the client looks, asks, disagrees or stays silent."""
        milestone = self.steps[step]
        note = self.draw.choice(self.talk["again" if again else "deliver"])
        text = f"{self.contract.title}\n{milestone.title}\n\n{note}\n"
        files = [file_of(self.worker, f"part-{step + 1}.txt", text.encode(), at)]
        if self.town.area_of[self.worker.id] == "design":
            files.append(file_of(self.worker, f"part-{step + 1}.png", picture(self.draw), at))
        delivery = deliver_work(
            milestone=milestone, note=note, items=[step + 1], files=files, by=self.worker, at=at
        )
        wait = timedelta(hours=self.draw.randint(3, 90))
        fate = self.draw.random()
        if fate < 0.15 and not again:
            self.diary.plan(at + wait, lambda at: self.ask(step, delivery, at))
        elif fate < 0.19:
            self.diary.plan(at + wait, lambda at: self.disagree(step, at))
        elif fate < 0.28:
            self.diary.plan(at + timedelta(days=10, hours=2), lambda at: self.go_on(step, at))
        else:
            self.diary.plan(at + wait, lambda at: self.approve(step, delivery, at))

    def ask(self, step: int, delivery: Delivery, at: datetime) -> None:
        """Ask for one change by item."""
        wish = self.draw.choice(self.talk["changes"])
        ask_for_changes(delivery=delivery, items={step + 1: wish}, note="", by=self.client, at=at)
        self.diary.plan(at + timedelta(hours=30), lambda at: self.deliver(step, at, again=True))

    def approve(self, step: int, delivery: Delivery, at: datetime) -> None:
        """Take the delivery: the money goes."""
        approve_delivery(delivery=delivery, by=self.client, at=at)
        self.go_on(step, at)

    def give_back(self, step: int, at: datetime) -> None:
        """Both agree that this step is not needed."""
        milestone = self.steps[step]
        reason = words("case")["refund"][0]
        request = propose_refund(
            milestone=milestone,
            amount=Money(milestone.amount, milestone.currency),
            reason=reason,
            by=self.client,
            at=at,
        )
        answer_refund(refund=request, agree=True, by=self.worker, at=at + timedelta(hours=5))
        self.go_on(step, at + timedelta(hours=6))

    def disagree(self, step: int, at: datetime) -> None:
        """Open a case over part of the sum; it is settled by an offer or by a ruling."""
        milestone = self.steps[step]
        contested = Money(max(100, milestone.amount * self.draw.choice((50, 100)) // 100), milestone.currency)
        case = open_case(
            milestone=milestone,
            contested=contested,
            reason=self.draw.choice(words("case")["reason"]),
            by=self.client,
            at=at,
        )
        if self.draw.random() < 0.5:
            self.diary.plan(at + timedelta(days=2), lambda at: self.settle(step, case, at))
        else:
            self.diary.plan(at + timedelta(days=6), lambda at: self.rule(step, case, at))

    def settle(self, step: int, case: Case, at: datetime) -> None:
        """The worker offers a split and the client takes it."""
        to_worker = Money(case.sum.minor * 60 // 100, case.sum.currency)
        offer = offer_split(case=case, to_worker=to_worker, by=self.worker, at=at)
        accept_offer(offer=offer, by=self.client, at=at + timedelta(hours=9))
        self.go_on(step, at + timedelta(hours=10))

    def rule(self, step: int, case: Case, at: datetime) -> None:
        """The adjudicator decides, with reasons."""
        to_worker = Money(case.sum.minor * self.draw.choice((0, 50, 75, 100)) // 100, case.sum.currency)
        reasons = self.draw.choice(words("case")["ruling"])
        rule_case(case=case, to_worker=to_worker, reasons=reasons, by=self.town.adjudicator, at=at)
        self.go_on(step, at + timedelta(hours=1))

    def go_on(self, step: int, at: datetime) -> None:
        """To the next step, or to the end of the contract."""
        if step + 1 < len(self.steps):
            self.diary.plan(at + timedelta(hours=2), lambda at: self.take_up(step + 1, at))
        else:
            self.diary.plan(at + timedelta(days=1), self.part)

    def part(self, at: datetime) -> None:
        """End the contract if the hall has not done so, and plan what each will say of the other."""
        self.contract.refresh_from_db()
        if self.contract.is_in("active"):
            held = Milestone.objects.filter(
                contract=self.contract, state__in=["funded", "delivered", "changes_asked"]
            )
            if held.exists():  # part of a silent or contested step is still waiting for its instant
                self.diary.plan(at + timedelta(days=3), self.part)
                return
            end_contract(contract=self.contract, reason="All is delivered and paid.", by=self.client, at=at)
        for author, chance in ((self.client, 0.85), (self.worker, 0.75)):
            if self.draw.random() < chance:
                wait = timedelta(hours=self.draw.randint(2, 200))
                self.diary.plan(at + wait, partial(self.speak, author))

    def speak(self, author: object, at: datetime) -> None:
        """Leave feedback, drawn from how such things go."""
        stars = self.draw.choices((5, 4, 3, 2, 1), weights=(60, 25, 9, 4, 2))[0]
        by_client = author == self.client
        said = words("about_worker" if by_client else "about_client")[str(stars)]
        leave_feedback(
            contract=self.contract,
            stars=stars,
            text=self.draw.choice(said),
            by=self.client if by_client else self.worker,
            at=at,
        )


def work_on(year: Year, contract: Contract, at: datetime) -> None:
    """Let a new contract begin, at the moment it was agreed."""
    Engagement(year, contract).begin(at)
