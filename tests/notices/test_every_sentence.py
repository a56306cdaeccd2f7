"""Every sentence that the hall knows is said to somebody, because something really happened."""

import json
from datetime import date, timedelta

import pytest

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    end_contract,
    fund_milestone,
    propose_refund,
    release_silent_milestones,
    warn_of_silence,
    withdraw_refund,
)
from guildhall.disputes.actions import (
    accept_offer,
    contest_more,
    cry_out_waiting_cases,
    offer_split,
    open_case,
    rule_case,
    take_case,
    take_up_unanswered_refunds,
    withdraw_case,
)
from guildhall.escrow.background import mature_due
from guildhall.insights.signs import show_broken
from guildhall.jobs.actions.deciding import accept_proposal, decline_proposal
from guildhall.jobs.actions.posting import edit_job
from guildhall.jobs.actions.proposing import edit_proposal, withdraw_proposal
from guildhall.jobs.actions.talking import talk_about_proposal
from guildhall.jobs.background import expire_due
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.differences import open_difference
from guildhall.notices.models import Notice
from guildhall.notices.queries import notices_of
from guildhall.notices.words import WORDS, say
from guildhall.payments.actions import (
    answer_difference,
    ask_for_refunds,
    ask_gateways,
    give_up_old_deposits,
    match_deposit,
    open_payout_batch,
    receive_notice,
    recover_chargeback,
    refund_deposit,
    remove_method,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.payments.models import Chargeback, Deposit, GatewayNotice, KeptMethod, PracticeIntent
from guildhall.payments.practice import pay_in_practice
from guildhall.payments.practice.disputing import dispute_practice_payment
from guildhall.payments.practice.signing import sign
from guildhall.payments.queries import available_to
from guildhall.people.actions import (
    confirm_roles,
    drop_decision,
    set_roles,
)
from guildhall.people.models import Decision, Person
from guildhall.reputation.actions import leave_feedback
from guildhall.statements.actions import open_statement
from guildhall.workroom.actions import ask_for_changes
from tests.builders.bankfiles import hear_from_the_bank
from tests.builders.certificates import two_signing_keys
from tests.builders.contracts import (
    a_contract,
    a_delivered_milestone,
    a_delivery,
    a_funded_milestone,
    again,
    milestones_in,
    usd,
)
from tests.builders.jobs import a_brief, a_proposal, an_offer, an_open_job
from tests.builders.money import a_payout_account, a_wallet_with, send_the_post, spent_on_work
from tests.builders.own_money import own_money_moved
from tests.builders.papers import a_corrected_paper
from tests.builders.plans import be_paid_by_plan, look_after_an_account
from tests.cast import NOW, a_person
from tests.notices.putting_by import exchange_and_save

pytestmark = pytest.mark.django_db

DAY = timedelta(days=1)


def listen() -> None:
    while deliver_events(at=NOW + 400 * DAY, most=1000):
        pass


def told(person: Person) -> list[str]:
    """What somebody was told so far, the oldest first."""
    listen()
    return [say(notice.kind, notice.facts) for notice in notices_of(person).order_by("made_at", "id")]


def forget() -> None:
    listen()
    Notice.objects.all().delete()


def proposals_of_every_fate(client: Person, worker: Person, rival: Person) -> None:
    job = an_open_job(client)
    ours, theirs = a_proposal(job, worker), a_proposal(job, rival)
    edit_proposal(proposal=ours, offer=an_offer(10_000), by=worker, at=NOW)
    edit_job(job=job, brief=a_brief(brief="We open in January, with a van to be painted."), by=client, at=NOW)
    talk_about_proposal(proposal=theirs, text="Could you come by on Monday?", by=client, at=NOW)
    withdraw_proposal(proposal=a_proposal(an_open_job(client), worker), by=worker, at=NOW)
    decline_proposal(proposal=a_proposal(an_open_job(client), worker), reason="price", by=client, at=NOW)
    a_wallet_with(client, 30_000, NOW)
    again_confirmed = edit_proposal(proposal=ours, offer=an_offer(9_000), by=worker, at=NOW)
    accept_proposal(proposal=again_confirmed, terms_hash=terms_for(again_confirmed).hash, by=client, at=NOW)
    an_open_job(client, deadline=date(2026, 12, 10))
    expire_due(at=NOW + 300 * DAY)


def work_in_two_steps(client: Person, worker: Person) -> None:
    contract = a_contract(client, worker)
    for milestone in milestones_in(contract):
        fund_milestone(milestone=milestone, by=client, at=NOW)
        delivery = a_delivery(again(milestone))
        ask_for_changes(delivery=delivery, items={1: "Greener"}, note="", by=client, at=NOW + DAY)
        a_delivery(again(milestone), at=NOW + 2 * DAY)
        approve_milestone(milestone=again(milestone), by=client, at=NOW + 3 * DAY)
    leave_feedback(contract=contract, stars=5, text="Careful.", by=client, at=NOW + 4 * DAY)
    leave_feedback(contract=contract, stars=4, text="Clear.", by=worker, at=NOW + 4 * DAY)
    a_delivered_milestone(client, worker)
    warn_of_silence(at=NOW + 6 * DAY)
    release_silent_milestones(at=NOW + 30 * DAY)
    mature_due(at=NOW + 60 * DAY)


def ask_back_in_every_way(client: Person, worker: Person) -> None:
    for agree in (True, False):
        refund = propose_refund(
            milestone=a_funded_milestone(client, worker), amount=usd(4_000), reason="Less.", by=client, at=NOW
        )
        answer_refund(refund=refund, agree=agree, answer="It is done.", by=worker, at=NOW + DAY)
    refund = propose_refund(
        milestone=a_funded_milestone(client, worker), amount=usd(4_000), reason="Less.", by=client, at=NOW
    )
    withdraw_refund(refund=refund, by=client, at=NOW + DAY)
    whole = a_funded_milestone(client, worker)
    propose_refund(milestone=whole, amount=usd(10_000), reason="I am ill.", by=worker, at=NOW)
    propose_refund(
        milestone=a_funded_milestone(client, worker), amount=usd(4_000), reason="No word.", by=client, at=NOW
    )
    take_up_unanswered_refunds(at=NOW + 30 * DAY)
    end_contract(
        contract=again(a_delivered_milestone(client, worker)).contract,
        reason="Enough.",
        by=worker,
        at=NOW + DAY,
    )


def quarrel_to_every_end(client: Person, worker: Person, judge: Person, operator: Person) -> None:
    for contested, to_worker in ((10_000, 10_000), (10_000, 4_000), (10_000, 0), (6_000, 2_000)):
        case = open_case(
            milestone=a_delivered_milestone(client, worker),
            contested=usd(contested),
            reason="Crooked.",
            by=client,
            at=NOW + DAY,
        )
        take_case(case=case, by=judge, at=NOW + 2 * DAY)
        if contested < 10_000:
            contest_more(case=case, contested=usd(500), reason="Pale.", by=worker, at=NOW + 2 * DAY)
        rule_case(case=case, to_worker=usd(to_worker), reasons="It was so.", by=judge, at=NOW + 3 * DAY)
    for opener, other, to_worker in ((client, worker, 3_000), (worker, client, 10_000)):
        milestone = a_delivered_milestone(client, worker)
        case = open_case(
            milestone=milestone, contested=usd(10_000), reason="Crooked.", by=opener, at=NOW + DAY
        )
        offer = offer_split(case=case, to_worker=usd(to_worker), by=other, at=NOW + DAY)
        accept_offer(offer=offer, by=opener, at=NOW + DAY)
    undelivered = a_funded_milestone(client, worker)
    open_case(milestone=undelivered, contested=usd(10_000), reason="No word.", by=client, at=NOW)
    a_delivery(undelivered)  # all of its money is frozen
    taken_back = open_case(
        milestone=a_delivered_milestone(client, worker),
        contested=usd(6_000),
        reason="Crooked.",
        by=client,
        at=NOW + DAY,
    )
    withdraw_case(case=taken_back, by=client, at=NOW + DAY)
    left = open_case(
        milestone=a_delivered_milestone(client, worker),
        contested=usd(6_000),
        reason="Crooked.",
        by=client,
        at=NOW + DAY,
    )
    take_case(case=left, by=judge, at=NOW + DAY)
    cry_out_waiting_cases(at=NOW + 60 * DAY)  # nobody has ruled in time
    set_roles(person=judge, is_operator=False, is_adjudicator=False, by=operator, at=NOW + 61 * DAY)


def money_in_and_out(person: Person, operator: Person) -> None:
    hear(deposit_by(person), 1, "failed")
    deposit_by(person)
    give_up_old_deposits(at=NOW + 2 * DAY)
    deposit = deposit_by(person)
    hear(deposit, 1, "paid")
    hear(deposit, 2, "failed")
    hear(deposit, 1, "paid", minor=1)
    match_deposit(notice=GatewayNotice.objects.get(outcome="unmatched"), person=person, by=operator, at=NOW)
    a_wallet_with(person, 10_000, NOW)
    a_payout_account(person, NOW)
    payouts = [request_payout(by=person, amount=usd(4_000), at=NOW + 30 * DAY) for _each in range(2)]
    batch = open_payout_batch(by=operator, at=NOW + 30 * DAY)
    send_payout_batch(batch=batch, by=operator, at=NOW + 30 * DAY)
    settle_payout(payout=payouts[0], by=operator, at=NOW + 31 * DAY)
    return_payout(payout=payouts[1], reason="No such account.", by=operator, at=NOW + 31 * DAY)


def cards_and_what_goes_back(person: Person) -> None:
    """A kept card of the silent practice bank: charged, sent back, taken back, given back, made good."""
    deposit = start_deposit(by=person, amount=usd(1_000), at=NOW, keep=True)
    pay_in_practice(deposit=deposit, choice="silent", at=NOW)
    card = KeptMethod.objects.get(person=person)
    start_deposit(by=person, amount=usd(700), at=NOW, method=card)
    ask_gateways(at=NOW)
    remove_method(method=card, by=person, at=NOW)
    refund_deposit(deposit=deposit, amount=usd(100), by=person, at=NOW)
    ask_for_refunds(at=NOW)
    send_the_post(NOW + DAY)
    again = deposit_by(person)
    pay_in_practice(deposit=again, choice="wavers", at=NOW)
    refund_deposit(deposit=again, amount=usd(200), by=person, at=NOW)
    ask_for_refunds(at=NOW)
    intent = PracticeIntent.objects.get(deposit=str(again.pk))
    dispute_practice_payment(intent=intent, at=NOW)
    send_the_post(NOW + DAY)
    dispute_practice_payment(intent=intent, at=NOW)
    send_the_post(NOW + DAY)


def owe_the_hall(person: Person, worker: Person, operator: Person) -> None:
    """What was paid in is spent, and then taken back: the hall bears it, until there is something to take."""
    deposit = deposit_by(person)
    pay_in_practice(deposit=deposit, at=NOW)
    spent_on_work(person, Money(available_to(person)[0].minor, "USD"), NOW, earned_by=worker)
    dispute_practice_payment(intent=PracticeIntent.objects.get(deposit=str(deposit.pk)), at=NOW)
    send_the_post(NOW + DAY)
    hear(deposit_by(person), 1, "paid")
    chargeback = Chargeback.objects.get(deposit=deposit)
    recover_chargeback(chargeback=chargeback, amount=usd(500), by=operator, at=NOW)


def deposit_by(person: Person) -> Deposit:
    return start_deposit(by=person, amount=usd(1_000), at=NOW)


def hear(deposit: Deposit, serial: int, outcome: str, minor: int = 1_000) -> None:
    """A processor's word about a deposit."""
    said = {
        "reference": f"word_{new_id()}",
        "serial": serial,
        "deposit": str(deposit.pk),
        "outcome": outcome,
        "minor": minor,
        "currency": "USD",
    }
    body = json.dumps(said).encode()
    receive_notice(rail="practice", body=body, signature=sign(body, NOW), at=NOW)


def operators_decide_in_twos(operator: Person, second: Person, person: Person) -> None:
    for office in ("operator", "adjudicator"):
        roles = {f"is_{each}": each == office for each in ("operator", "adjudicator")}
        set_roles(person=person, **roles, by=operator, at=NOW + 40 * DAY)
        decision = Decision.objects.get(state="asked")
        answer = drop_decision if office == "operator" else confirm_roles
        answer(decision=decision, by=second, at=NOW + 40 * DAY)


def find_what_does_not_fit(person: Person, operator: Person) -> None:
    difference = open_difference(
        source="check",
        name="L3",
        subject="a wallet",
        account=f"wallet:{person.party}",
        facts={"wrong": "keeps 5 more"},
        at=NOW,
    )
    answer_difference(difference=difference, answer="It was a drill.", by=operator, at=NOW)


def test_every_sentence_is_said(
    amara: Person, bushra: Person, chen: Person, dalia: Person, olga: Person
) -> None:
    dawit = a_person("Dawit", adjudicates=True)
    proposals_of_every_fate(amara, bushra, chen)
    work_in_two_steps(amara, bushra)
    ask_back_in_every_way(amara, bushra)
    quarrel_to_every_end(amara, bushra, dalia, olga)
    set_roles(person=dawit, is_operator=False, is_adjudicator=False, by=olga, at=NOW + 62 * DAY)
    cry_out_waiting_cases(at=NOW + 62 * DAY)  # and nobody is left to rule
    money_in_and_out(bushra, olga)
    open_statement(person=bushra, reason="She asked.", by=olga, at=NOW + 62 * DAY)
    exchange_and_save(bushra, olga)
    felix = a_person("Felix")
    cards_and_what_goes_back(felix)
    owe_the_hall(felix, chen, olga)
    operators_decide_in_twos(olga, a_person("Oleg", operates=True), chen)
    show_broken(["L1", "L10"], at=NOW + 41 * DAY)
    find_what_does_not_fit(bushra, olga)
    hear_from_the_bank(chen, at=NOW)
    look_after_an_account(chen)
    be_paid_by_plan(a_person("Femi"), olga)
    own_money_moved(amara, bushra, by=olga, second=Person.objects.get(name="Oleg"), at=NOW + 41 * DAY)
    listen()
    a_corrected_paper(olga, at=NOW + 70 * DAY)
    two_signing_keys(bushra, olga, at=NOW + 63 * DAY)
    listen()
    said = set(Notice.objects.values_list("kind", flat=True))
    assert said == set(WORDS)


def test_a_ruling_that_pays_all_is_told_as_a_ruling(amara: Person, bushra: Person, dalia: Person) -> None:
    case = open_case(
        milestone=a_delivered_milestone(amara, bushra),
        contested=usd(10_000),
        reason="Crooked.",
        by=amara,
        at=NOW + DAY,
    )
    forget()
    rule_case(case=case, to_worker=usd(10_000), reasons="It is straight.", by=dalia, at=NOW + DAY)
    assert "After the ruling 100.00 USD of “Part 1” went to Bushra." in told(amara)
    assert "After the ruling 95.00 USD of “Part 1” is yours once it has cleared." in told(bushra)


def test_a_deposit_taken_back_is_told_so(bushra: Person) -> None:
    deposit = deposit_by(bushra)
    hear(deposit, 1, "paid")
    hear(deposit, 2, "failed")
    assert told(bushra) == [
        "10.00 USD has arrived on your account.",
        "The bank has taken your deposit of 10.00 USD back.",
    ]


def test_an_unanswered_request_that_became_a_case_is_told_to_both(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    propose_refund(milestone=milestone, amount=usd(4_000), reason="No word.", by=amara, at=NOW)
    forget()
    take_up_unanswered_refunds(at=NOW + 30 * DAY)
    sentence = "The request for money of “Part 1” was not answered in time, so it became a case."
    assert told(amara) == [sentence]
    assert sentence in told(bushra)


def test_what_is_contested_more_is_told_to_the_other_side_and_to_whoever_has_the_case(
    amara: Person, bushra: Person, dalia: Person, eve: Person
) -> None:
    case = open_case(
        milestone=a_delivered_milestone(amara, bushra),
        contested=usd(1_000),
        reason="Crooked.",
        by=bushra,
        at=NOW + DAY,
    )
    offer_split(case=case, to_worker=usd(500), by=bushra, at=NOW + DAY)
    forget()
    contest_more(case=case, contested=usd(2_000), reason="And pale.", by=amara, at=NOW + DAY)
    sentence = (
        "Amara contests 20.00 USD more of “Part 1”: 30.00 USD is frozen by the case now, and what was offered"
        " before stands no longer."
    )
    assert told(bushra) == [sentence]
    assert told(dalia) == []
    take_case(case=case, by=dalia, at=NOW + DAY)
    forget()
    contest_more(case=case, contested=usd(500), reason="And small.", by=bushra, at=NOW + DAY)
    assert told(dalia) == ["More is contested in a case that you have: it is about 35.00 USD now."]
    assert len(told(amara)) == 1
    assert told(bushra) == told(eve) == []
