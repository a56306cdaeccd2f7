"""The last days of the year: whoever opens the sample hall finds everything that can be, in every state."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Final

from guildhall.contracts.actions import (
    answer_refund,
    end_contract,
    fund_milestone,
    propose_refund,
    withdraw_refund,
)
from guildhall.demo.arrivals import Year
from guildhall.demo.bank import hear_from_the_bank
from guildhall.demo.certificates import show_a_bank
from guildhall.demo.clock import Story
from guildhall.demo.going_back import leave_money_on_its_way_back, send_money_back
from guildhall.demo.pay import ask_for, bring_back, cost_of, fill_wallet
from guildhall.demo.sampling import SampleBrief, words
from guildhall.demo.telling import DAY, HOUR, engage, hand_over, offer, post, take
from guildhall.disputes.actions import accept_offer, offer_split, open_case, rule_case, withdraw_case
from guildhall.jobs.actions.deciding import decline_proposal
from guildhall.jobs.actions.posting import close_job
from guildhall.jobs.actions.proposing import withdraw_proposal
from guildhall.kernel.money import Money
from guildhall.ledger.differences import open_difference
from guildhall.payments.actions import (
    answer_difference,
    open_payout_batch,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.payments.models import PayoutBatch
from guildhall.payments.practice import pay_in_practice
from guildhall.people.actions import drop_decision, set_roles
from guildhall.people.queries import decisions_waiting_for
from guildhall.workroom.actions import ask_for_changes

_NOTE: Final = "Here is the part as agreed; what I was not sure of stands at its end."


def live_the_last_days(year: Year) -> None:
    """Plan them, counted back from the end, so that none depends on the day or on the draw."""
    stories: tuple[tuple[float, Callable[[Year, datetime], Story]], ...] = (
        (20, _earn),
        (9, _wait_for_amara),
        (8, _ask_for_changes),
        (8, _part_early),
        (6, _end_with_money_held),
        (8, _disagree),
        (8, _settle),
        (8, _think_better_of_it),
        (9, _rule),
        (7, _choose_nobody),
        (6, _let_the_day_pass),
        (4, _pay_out),
        (3, _decide_in_twos),
        (3, _pay_in),
        (3, show_a_bank),
        (2, send_money_back),
        (0.002, leave_money_on_its_way_back),
        (3, _look_into_a_report),
        (5, hear_from_the_bank),
    )
    for days, story in stories:
        year.diary.tell(year.diary.end - timedelta(days=days), partial(story, year))


def _brief(title: str, *deliver: str, skills: tuple[str, ...] = ("Data entry",)) -> SampleBrief:
    text = "Everything that is needed is in the folder. Small steps, please: I look at each before the next."
    return SampleBrief("admin", title, text, deliver, skills)


_EARNERS: Final = (
    ("Meena Kumari", "Joana Mota", "Type the guest book of a hostel"),
    ("Nusrat Jahan", "Awa Diop", "Put a club’s dates into one calendar"),
    ("Maricel Santos", "Lucas Almeida", "Write down the stock of a book stall"),
    ("Sita Gurung", "Sara Haddad", "Copy recipes from cards into files"),
    ("Selam Tesfaye", "Wei Lim", "Check the opening hours of 200 shops"),
)
"""Who has money in the last days, from whom, and for what: 24.00 each."""


def _earn(year: Year, at: datetime) -> Story:
    for worker, client, title in _EARNERS:
        year.diary.tell(at, partial(_earn_once, year, worker, client, title))
    yield HOUR


def _earn_once(year: Year, worker: str, client: str, title: str, at: datetime) -> Story:
    del at
    (step,) = yield from engage(year, client, worker, _brief(title, "The finished list"), [2_400])
    at = yield 6 * DAY
    delivery = hand_over(year, step, _NOTE, at, name="list", drawn=False)
    at = yield 5 * HOUR
    take(delivery, at)


def _wait_for_amara(year: Year, at: datetime) -> Story:
    """One step paid, one delivered and to be looked at, one still without its money."""
    del at
    brief = SampleBrief(
        "design",
        "A price board for a corner shop",
        "The board hangs behind the counter and is 80 × 60 cm. Prices change, so the figures are cards.",
        ("The board as a sketch", "The board as a drawing", "The figures as a sheet to cut"),
        ("Print design", "Typography"),
    )
    prices = [1_200, 2_400, 1_600]
    steps = yield from engage(year, "Amara Okafor", "Bushra Karim", brief, prices, fund="first")
    at = yield 3 * DAY
    delivery = hand_over(
        year, steps[0], "Three ways to hang the figures; take the second.", at, name="sketch"
    )
    at = yield 10 * HOUR
    take(delivery, at)
    at = yield HOUR
    fill_wallet(steps[1].contract.client, cost_of(steps[1]), at)
    fund_milestone(milestone=steps[1], by=steps[1].contract.client, at=at)
    at = yield 3 * DAY
    hand_over(year, steps[1], "Drawn out with measures; the hooks are from the shelf.", at, name="board")


def _ask_for_changes(year: Year, at: datetime) -> Story:
    del at
    brief = _brief("Redraw the plan of a camp site", "The plan", skills=("Illustration",))
    (step,) = yield from engage(year, "Ingrid Bakken", "Kofi Mensah", brief, [5_500])
    at = yield 5 * DAY
    delivery = hand_over(year, step, _NOTE, at, name="plan")
    at = yield DAY
    wish = words("talk")["changes"][0]
    ask_for_changes(delivery=delivery, items={1: wish}, note="", by=step.contract.client, at=at)


def _part_early(year: Year, at: datetime) -> Story:
    """The worker falls ill and ends it: what was set aside goes back, the step after it is dropped."""
    del at
    brief = _brief("Write down two interviews", "The first interview", "The second interview")
    steps = yield from engage(year, "Grace Mwangi", "Juma Ally", brief, [2_000, 2_000], fund="first")
    at = yield DAY
    reason = "I have been ill since Monday and do not want to keep you waiting."
    end_contract(contract=steps[0].contract, reason=reason, by=steps[0].contract.worker, at=at)


def _end_with_money_held(year: Year, at: datetime) -> Story:
    """The client ends it and asks for the money; the worker has not answered yet."""
    del at
    brief = _brief("Move a cookery blog to another address", "The moved blog", skills=("WordPress",))
    (step,) = yield from engage(year, "Henrik Lund", "Arjun Rao", brief, [8_000])
    at = yield 4 * DAY
    reason = "We keep the old address after all. I am sorry."
    end_contract(contract=step.contract, reason=reason, by=step.contract.client, at=at)


def _disagree(year: Year, at: datetime) -> Story:
    """A request is not answered before it becomes the case that waits for Dalia."""
    del at
    brief = _brief("Translate the label of a tea", "The label in French", skills=("French",))
    (step,) = yield from engage(year, "Kenji Mori", "Moussa Traoré", brief, [6_000])
    client, worker = step.contract.client, step.contract.worker
    at = yield 3 * DAY
    hand_over(year, step, _NOTE, at, name="label", drawn=False)
    at = yield 22 * HOUR
    missing, sum_asked = "A third of the words is missing.", Money(2_000, "USD")
    propose_refund(milestone=step, amount=sum_asked, reason=missing, by=client, at=at)
    at = yield 20 * HOUR
    reason = words("case")["reason"][0]
    case = open_case(milestone=step, contested=Money(2_000, "USD"), reason=reason, by=client, at=at)
    for minor in (2_000, 1_500):
        at = yield 6 * HOUR
        offer_split(case=case, to_worker=Money(minor, "USD"), by=worker, at=at)


def _settle(year: Year, at: datetime) -> Story:
    """One step is given back by agreement, the other divided by an offer that is accepted."""
    del at
    brief = _brief("Cut two radio talks", "The first talk", "The second talk", skills=("Audio editing",))
    steps = yield from engage(year, "Elif Demir", "Andrés Gómez", brief, [3_500, 3_500])
    client, worker = steps[0].contract.client, steps[0].contract.worker
    at = yield DAY
    reason = words("case")["refund"][0]
    refund = propose_refund(milestone=steps[1], amount=steps[1].sum, reason=reason, by=client, at=at)
    at = yield 5 * HOUR
    answer_refund(refund=refund, agree=True, by=worker, at=at)
    at = yield DAY
    hand_over(year, steps[0], _NOTE, at, name="talk", drawn=False)
    at = yield 8 * HOUR
    reason = words("case")["reason"][2]
    case = open_case(milestone=steps[0], contested=steps[0].sum, reason=reason, by=client, at=at)
    at = yield 8 * HOUR
    split = offer_split(case=case, to_worker=Money(2_100, "USD"), by=worker, at=at)
    at = yield 9 * HOUR
    accept_offer(offer=split, by=client, at=at)


def _think_better_of_it(year: Year, at: datetime) -> Story:
    """A request and a case that whoever made them takes back the same day; the work is paid."""
    del at
    brief = _brief("Answer a seed shop’s letters for a week", "The letters", skills=("Customer support",))
    (step,) = yield from engage(year, "Marta Kowalska", "Camila Rojas", brief, [4_200])
    client = step.contract.client
    at = yield DAY
    late = "The week is half over and I have seen none."
    refund = propose_refund(milestone=step, amount=Money(1_000, "USD"), reason=late, by=client, at=at)
    at = yield 3 * HOUR
    withdraw_refund(refund=refund, by=client, at=at)
    at = yield 21 * HOUR
    delivery = hand_over(year, step, _NOTE, at, name="letters", drawn=False)
    at = yield 3 * HOUR
    reason = words("case")["reason"][1]
    case = open_case(milestone=step, contested=step.sum, reason=reason, by=client, at=at)
    at = yield 4 * HOUR
    withdraw_case(case=case, by=client, at=at)
    at = yield HOUR
    take(delivery, at)


def _rule(year: Year, at: datetime) -> Story:
    """A request is declined, nobody takes the other's offer, so Dalia rules: a quarter goes back."""
    del at
    brief = _brief("Proofread the by-laws of a choir", "The by-laws", skills=("Proofreading",))
    (step,) = yield from engage(year, "Rosa Quispe", "Liza Cruz", brief, [4_000])
    at = yield 2 * DAY
    client, worker = step.contract.client, step.contract.worker
    hand_over(year, step, _NOTE, at, name="by-laws", drawn=False)
    at = yield 3 * HOUR
    reason = words("case")["reason"][1]
    refund = propose_refund(milestone=step, amount=Money(2_000, "USD"), reason=reason, by=client, at=at)
    at = yield 4 * HOUR
    answer_refund(refund=refund, agree=False, answer="They are on the second page.", by=worker, at=at)
    at = yield 2 * HOUR
    case = open_case(milestone=step, contested=step.sum, reason=reason, by=client, at=at)
    at = yield 12 * HOUR
    offer_split(case=case, to_worker=Money(3_600, "USD"), by=worker, at=at)
    at = yield DAY
    reasons = words("case")["ruling"][1]
    rule_case(case=case, to_worker=Money(3_000, "USD"), reasons=reasons, by=year.town.adjudicator, at=at)


def _choose_nobody(year: Year, at: datetime) -> Story:
    """One proposal is declined, one taken back; then the job is closed."""
    client = year.town.named("Claire Dubois")
    job = post(client, _brief("Plan a treasure hunt for a school", "The plan"), Money(5_000, "USD"), at)
    sent = []
    for name in ("Abena Boateng", "Jun Reyes"):
        at = yield 5 * HOUR
        step = [("The plan", Money(4_500, "USD"))]
        sent.append(offer(job, year.town.named(name), step, words("letter")["opening"][1], at))
    at = yield DAY
    note = words("case")["reject"][0]
    decline_proposal(proposal=sent[0], reason="skills", note=note, by=client, at=at)
    at = yield 2 * HOUR
    withdraw_proposal(proposal=sent[1], by=sent[1].worker, at=at)
    at = yield DAY
    close_job(job=job, by=client, at=at)


def _let_the_day_pass(year: Year, at: datetime) -> Story:
    """Nobody answers before the day that the client named: the hall takes the job down."""
    brief = _brief("Call 30 farms about their apples", "The answers in a table")
    post(year.town.named("Lindiwe Dube"), brief, Money(3_000, "USD"), at, days=3)
    yield HOUR


def _pay_out(year: Year, at: datetime) -> Story:
    """Of three payouts one arrives, one comes back, one is on its way; a fourth lies in an open batch.

    A fifth was asked for and lies in none: that is where the operator begins.
    """
    operator, sum_asked = year.town.operator, Money(2_000, "USD")
    people = [year.town.named(worker) for worker, _client, _title in _EARNERS]
    first = [ask_for(year, worker, sum_asked, at) for worker in people[:3]]
    at = yield HOUR
    batch = open_payout_batch(by=operator, at=at)
    at = yield HOUR
    send_payout_batch(batch=PayoutBatch.objects.get(pk=batch.pk), by=operator, at=at)
    at = yield DAY
    settle_payout(payout=first[0], by=operator, at=at)
    bring_back(year, first[1], "The account is closed.", at)
    at = yield DAY
    ask_for(year, people[3], sum_asked, at)
    at = yield HOUR
    open_payout_batch(by=operator, at=at)
    at = yield 20 * HOUR
    ask_for(year, people[4], sum_asked, at)


def _decide_in_twos(year: Year, at: datetime) -> Story:
    """Olga would have two more adjudicators: Oskar says no to one, and has not looked at the other."""
    first, second = year.town.operator, year.town.second_operator
    for name in ("Awa Diop", "Rosa Quispe"):
        person = year.town.named(name)
        set_roles(person=person, is_operator=False, is_adjudicator=True, by=first, at=at)
        at = yield 5 * HOUR
        if name == "Awa Diop":
            [decision] = decisions_waiting_for(second).filter(subject_id=person.pk)
            drop_decision(decision=decision, by=second, at=at)


def _look_into_a_report(year: Year, at: datetime) -> Story:
    """Two lines of the bank's report did not fit: Olga has found out what one was, the other waits."""
    charge = "the bank charged 0.80 USD that the books do not know"
    for line, wrong in ((14, charge), (31, "a payment of 55.00 USD stands in no report yet")):
        difference = open_difference(
            source="bank",
            name="report",
            subject=f"{at:%Y-%m} line {line}",
            account="",
            facts={"wrong": wrong},
            at=at,
        )
        at = yield HOUR
        if wrong == charge:
            answer_difference(
                difference=difference,
                answer="Their price for a transfer abroad. I have asked for a list of all of them.",
                by=year.town.operator,
                at=at,
            )


def _pay_in(year: Year, at: datetime) -> Story:
    """One payment was never finished and given up, one fails at the practice bank, one has just begun."""
    client = year.town.named("Tariq Aziz")
    start_deposit(by=client, amount=Money(20_000, "USD"), at=at)
    at = yield 2 * DAY
    deposit = start_deposit(by=client, amount=Money(20_000, "USD"), at=at)
    pay_in_practice(deposit=deposit, choice="fail", at=at)
    at = yield HOUR
    start_deposit(by=client, amount=Money(20_000, "USD"), at=at)
