"""The part of a walk that happens at the bank: money comes in, on whatever words, and goes out again."""

from collections import Counter
from collections.abc import Callable
from functools import partial
from typing import Any

from django.db import transaction
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, precondition, rule

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.models import Event
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    fill_reserve,
    give_up_old_deposits,
    match_deposit,
    open_payout_batch,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.payments.models import Deposit, Payout, PayoutBatch
from guildhall.payments.queries import unmatched_notices_seen_by
from guildhall.people.models import Person
from tests.builders.contracts import HOUR, what_is_broken
from tests.builders.money import a_payout_account, said_by_the_bank
from tests.builders.savings import a_goal
from tests.cast import NOW, a_person
from tests.proofs.seeing import chosen, held_by, usd

anything = st.integers(0, 99)
sums = st.sampled_from([1, 700, 3_000, 12_000])
shares = st.sampled_from([1, 2, 3])
seldom = st.sampled_from([False, False, False, True])

done: Counter[str] = Counter()
"""How often each kind of step has happened."""


class AtTheBank(RuleBasedStateMachine):
    """Two who pay in, two who are paid out, an adjudicator, an operator, and somebody without business."""

    @initialize()
    def begin(self) -> None:
        self.world = transaction.atomic()
        self.world.__enter__()
        self.at = NOW
        self.clients = [a_person("Amara"), a_person("Femi")]
        self.workers = [a_person("Bushra"), a_person("Chen")]
        self.dalia = a_person("Dalia", adjudicates=True)
        self.olga = a_person("Olga", operates=True)
        self.eve = a_person("Eve")
        for worker in self.workers:
            a_payout_account(worker, self.at)
            for target, share in ((2_500, 1_111), (90_000, 3_333)):
                a_goal(worker, self.at - HOUR, target=target, share=share)
        self.mail: list[tuple[Deposit, int, str, int]] = []

    def teardown(self) -> None:
        """Forget this hall."""
        if hasattr(self, "world"):
            transaction.set_rollback(True)
            self.world.__exit__(None, None, None)

    def tries(self, name: str, verb: Callable[[], Any]) -> Any:
        """Do it or be refused; a refusal changes nothing, not even the log."""
        before = Event.objects.count()
        try:
            result = verb()
        except (Refusal, NotFound):
            assert Event.objects.count() == before
            done["refused"] += 1
            return None
        done[name] += 1
        return result

    @rule(
        who=anything,
        minor=sums,
        words=st.sampled_from(["paid", "failed", "paid failed", "paid failed paid", "paid other"]),
        arrivals=st.lists(st.tuples(anything, st.booleans()), max_size=4),
    )
    def pay_in(self, who: int, minor: int, words: str, arrivals: list[tuple[int, bool]]) -> None:
        """What the bank will say about it lies in the post, and comes in whatever order, twice or late."""
        person = chosen(self.clients, who)
        deposit = self.tries("deposit", lambda: start_deposit(by=person, amount=usd(minor), at=self.at))
        for serial, word in enumerate(words.split(), start=1):
            self.mail.append((deposit, serial, word, minor))
        for which, again in arrivals:
            if self.mail:
                self.post_arrives(which=which, again=again)

    def post_arrives(self, *, which: int, again: bool) -> None:
        deposit, serial, word, minor = letter = chosen(self.mail, which)
        if not again:
            self.mail.remove(letter)
        spoken = "paid" if word == "other" else word
        was = Deposit.objects.get(pk=deposit.pk).state
        told = said_by_the_bank(
            deposit, serial, spoken, at=self.at, minor=minor + 1 if word == "other" else minor
        )
        done["notice again" if again else "notice"] += 1
        done["unmatched"] += told.outcome == "unmatched"
        done["failed after paid"] += was == "settled" and Deposit.objects.get(pk=deposit.pk).state == "failed"

    def take_back(self, which: int) -> None:
        """The bank wants the money of a deposit again, from a wallet that still has it."""
        settled = Deposit.objects.filter(state="settled").select_related("person").order_by("pk")
        deposit = chosen([one for one in settled if one.amount <= held_by(one.person)], which)
        if deposit:
            said_by_the_bank(deposit, deposit.serial + 10, "failed", at=self.at)
            done["failed after paid"] += 1

    def has_at_least(self, person: Person, minor: int) -> None:
        missing = minor - balance_of(f"wallet:{person.party}", "USD").minor
        if missing > 0:
            deposit = self.tries("deposit", lambda: start_deposit(by=person, amount=usd(missing), at=self.at))
            said_by_the_bank(deposit, 1, "paid", at=self.at)
            done["notice"] += 1

    def earners(self) -> list[Person]:
        return [worker for worker in self.workers if held_by(worker)]

    @precondition(lambda self: self.earners())
    @rule(who=anything, share=shares)
    def ask_for_a_payout(self, who: int, share: int) -> None:
        by = chosen(self.earners(), who)
        amount = usd(max(1, held_by(by) // share))
        self.tries("payout", lambda: request_payout(by=by, amount=amount, at=self.at))

    @precondition(lambda _self: Payout.objects.filter(state__in=["requested", "sent"]).exists())
    @rule(which=anything, back=seldom, later=seldom, wrongly=seldom)
    def go_on_with_payouts(self, *, which: int, back: bool, later: bool, wrongly: bool = False) -> None:
        by = self.eve if wrongly else self.olga
        sent = chosen(Payout.objects.filter(state="sent").order_by("pk"), which)
        if sent is None or later:
            if Payout.objects.filter(state="requested", batch=None).exists():
                self.tries("batch", lambda: open_payout_batch(by=by, at=self.at))
            for batch in PayoutBatch.objects.filter(state="opened"):
                self.tries("send", partial(send_payout_batch, batch=batch, by=by, at=self.at))
        elif back:
            self.tries("return", lambda: return_payout(payout=sent, reason="No.", by=by, at=self.at))
        else:
            self.tries("settle", lambda: settle_payout(payout=sent, by=by, at=self.at))

    @rule(which=anything, minor=sums, wrongly=seldom)
    def match(self, which: int, minor: int, *, wrongly: bool) -> None:
        """Money without a name finds somebody; where there is none, the hall's own is filled up instead."""
        by = self.eve if wrongly else self.olga
        notice = chosen(unmatched_notices_seen_by(self.olga).order_by("pk"), which)
        if notice is None:
            self.fill(minor, by)
            return
        owner = chosen(self.clients, which)
        self.tries("match", lambda: match_deposit(notice=notice, person=owner, by=by, at=self.at))

    def fill(self, minor: int, by: Person) -> None:
        self.tries("fill", lambda: fill_reserve(amount=usd(minor), by=by, at=self.at))

    def give_up(self) -> None:
        done["given up"] += give_up_old_deposits(at=self.at)

    @invariant()
    def everything_holds(self) -> None:
        assert balance_of("shortfall", "USD").minor <= 0, "what is above nothing there is the reserve's"
        broken = what_is_broken()
        if balance_of("shortfall", "USD").minor < 0:
            broken.pop("L10", None)  # the hall owes what its reserve could not bear: the alarm is meant
        assert not broken
