"""A hall in which everything has happened once, by the hall's own verbs."""

from datetime import datetime, timedelta

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    propose_refund,
    release_silent_milestones,
)
from guildhall.contracts.models import Milestone
from guildhall.disputes.actions import (
    accept_offer,
    contest_more,
    offer_split,
    open_case,
    rule_case,
    take_up_unanswered_refunds,
)
from guildhall.disputes.models import Case
from guildhall.earnings.actions import change_signing_key, withdraw_certificate
from guildhall.escrow.actions import mature_clearing
from guildhall.escrow.savings.goals import end_goal, put_into_savings, take_savings
from guildhall.jobs.actions.deciding import accept_proposal, decline_proposal
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.money import Money
from guildhall.ledger.background import close_finished_months, seal_settled, snapshot_derived
from guildhall.ledger.differences import open_difference
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    answer_difference,
    ask_for_refunds,
    ask_gateways,
    explain_line,
    fill_reserve,
    import_bank_file,
    open_payout_batch,
    recover_chargeback,
    refund_deposit,
    request_payout,
    return_payout,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.payments.exchange.quoting import accept_quote, quote_exchange
from guildhall.payments.models import Chargeback, Deposit, PracticeIntent
from guildhall.payments.practice import hand_over_words, pay_in_practice
from guildhall.payments.practice.disputing import dispute_practice_payment
from guildhall.payments.queries import available_to
from guildhall.people.models import Person
from guildhall.reputation.actions import leave_feedback
from guildhall.workroom.actions import ask_for_changes, deliver_work
from tests.builders.bankfiles import Said, camt
from tests.builders.certificates import a_certificate
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_contract,
    a_delivered_milestone,
    a_delivery,
    a_file,
    a_funded_milestone,
    milestones_in,
    money_for,
    usd,
)
from tests.builders.exchange import TO_DOLLARS, TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.jobs import a_proposal, an_open_job
from tests.builders.money import (
    a_chargeback,
    a_kept_card,
    a_payout_account,
    a_wallet_with,
    said_by_the_bank,
    spent_on_work,
)
from tests.builders.own_money import a_plan_that_had_its_turn, own_money_moved
from tests.builders.papers import a_corrected_paper, heard
from tests.builders.savings import a_goal
from tests.builders.talent import a_profile
from tests.cast import NOW, a_person


def a_hall_with_everything() -> None:
    """Jobs, contracts in most of their states, cases both ways, money in, out and back again."""
    amara, bushra, chen = a_person("Amara"), a_person("Bushra"), a_person("Chen")
    dalia, olga = a_person("Dalia", adjudicates=True), a_person("Olga", operates=True)
    a_person("Eve")
    a_profile(bushra)
    _a_job_from_post_to_praise(amara, bushra, chen)
    _quarrels(amara, bushra, dalia)
    a_delivered_milestone(amara, bushra, at=NOW + 8 * DAY)
    a_contract(amara, bushra, at=NOW + 8 * DAY)
    _silence_pays(amara, bushra)
    _words_of_the_bank(amara)
    _savings_and_exchanges(bushra, olga)
    _what_goes_back(a_person("Femi"), bushra, olga)
    mature_clearing(at=NOW + 40 * DAY)
    _payouts(bushra, olga, at=NOW + 40 * DAY)
    _differences(olga, at=NOW + 41 * DAY)
    _lines_of_the_bank(olga, at=NOW + 41 * DAY)
    approve_milestone(
        milestone=a_delivered_milestone(amara, bushra, at=NOW + 41 * DAY), by=amara, at=NOW + 42 * DAY
    )
    a_plan_that_had_its_turn(chen, at=NOW + 30 * DAY)
    own_money_moved(amara, bushra, by=olga, second=a_person("Oleg", operates=True), at=NOW + 41 * DAY)
    while deliver_events(at=NOW + 42 * DAY):
        pass
    a_corrected_paper(olga, at=NOW + 42 * DAY)
    heard(NOW + 42 * DAY)
    withdraw_certificate(certificate=a_certificate(bushra, at=NOW), by=bushra, at=NOW + 62 * DAY)
    change_signing_key(by=olga, at=NOW + 63 * DAY)
    a_certificate(bushra, at=NOW + 64 * DAY)
    snapshot_derived(at=NOW + 42 * DAY)
    seal_settled(at=NOW + 42 * DAY)
    close_finished_months(at=NOW + 100 * DAY)


def _a_job_from_post_to_praise(client: Person, worker: Person, rival: Person) -> None:
    money_for(client, 12_000)
    job = an_open_job(client)
    proposal, other = a_proposal(job, worker), a_proposal(job, rival, minor=10_000)
    decline_proposal(proposal=other, reason="other", note="Too steep.", by=client, at=NOW)
    contract = accept_proposal(
        proposal=proposal, terms_hash=terms_for(proposal).hash, fund="all", by=client, at=NOW + HOUR
    )
    for milestone in milestones_in(contract):
        file = a_file(worker)
        first = deliver_work(
            milestone=milestone, note="Here.", items=[1], files=[file], by=worker, at=NOW + DAY
        )
        ask_for_changes(delivery=first, items={1: "Larger."}, note="Nearly.", by=client, at=NOW + DAY + HOUR)
        a_delivery(milestone, at=NOW + 2 * DAY)
        approve_milestone(milestone=milestone, by=client, at=NOW + 3 * DAY)
    for side in (client, worker):
        leave_feedback(contract=contract, stars=5, text="Well.", by=side, at=NOW + 4 * DAY)


def _quarrels(client: Person, worker: Person, adjudicator: Person) -> None:
    """One ruled, one agreed, two open; a request agreed to, one that waits, two that a case took over."""
    ruled, agreed, opened, widened, given, asked, taken = (
        a_funded_milestone(client, worker, client_fee_bp=300, at=NOW) for _each in range(7)
    )
    for milestone in (ruled, agreed, opened, widened):
        open_case(milestone=milestone, contested=usd(6_000), reason="No.", by=client, at=NOW + DAY)
    rule_case(case=_case_of(ruled), to_worker=usd(2_001), reasons="So.", by=adjudicator, at=NOW + 2 * DAY)
    offer = offer_split(case=_case_of(agreed), to_worker=usd(3_333), by=worker, at=NOW + 2 * DAY)
    accept_offer(offer=offer, by=client, at=NOW + 2 * DAY)
    offer_split(case=_case_of(widened), to_worker=usd(6_000), by=worker, at=NOW + 2 * DAY)
    propose_refund(milestone=widened, amount=usd(2_000), reason="Late.", by=client, at=NOW + 2 * DAY)
    contest_more(case=_case_of(widened), contested=usd(3_000), reason="And no.", by=client, at=NOW + 3 * DAY)
    refund = propose_refund(milestone=given, amount=usd(4_000), reason="Less.", by=client, at=NOW)
    answer_refund(refund=refund, agree=True, by=worker, at=NOW + HOUR)
    propose_refund(milestone=taken, amount=usd(1_000), reason="Late.", by=client, at=NOW)
    take_up_unanswered_refunds(at=NOW + 8 * DAY)
    propose_refund(milestone=asked, amount=usd(1_000), reason="Late.", by=client, at=NOW + 8 * DAY)


def _case_of(milestone: Milestone) -> Case:
    return Case.objects.get(milestone=milestone)


def _silence_pays(client: Person, worker: Person) -> None:
    a_delivered_milestone(client, worker, at=NOW - 20 * DAY)
    release_silent_milestones(at=NOW - 9 * DAY)


def _what_goes_back(payer: Person, worker: Person, operator: Person) -> None:
    """Refunds that arrive, come back and are not known; chargebacks that are lost, won and made good."""
    card = a_kept_card(payer, 9_000, NOW, "silent")
    silent = Deposit.objects.get(person=payer)
    start_deposit(by=payer, amount=usd(800), at=NOW, method=card)
    deposits = [silent]
    for choice in ("now", "wavers"):
        deposit = start_deposit(by=payer, amount=usd(2_000), at=NOW)
        pay_in_practice(deposit=deposit, choice=choice, at=NOW)
        refund_deposit(deposit=deposit, amount=usd(300), by=payer, at=NOW)
        deposits.append(deposit)
    ask_for_refunds(at=NOW)
    for deposit in deposits:
        hand_over_words(deposit=deposit, at=NOW + HOUR)
    refund_deposit(deposit=silent, amount=usd(400), by=payer, at=NOW)
    ask_gateways(at=NOW)
    ask_for_refunds(at=NOW)
    spent_on_work(payer, available_to(payer)[0], NOW, earned_by=worker)
    won, lost = a_chargeback(payer, 700, NOW), a_chargeback(payer, 600, NOW)
    dispute_practice_payment(intent=PracticeIntent.objects.get(deposit=str(won.deposit_id)), at=NOW)
    hand_over_words(deposit=won.deposit, at=NOW)
    spent_on_work(payer, available_to(payer)[0], NOW, earned_by=worker)
    intent = PracticeIntent.objects.get(deposit=str(deposits[1].pk))
    dispute_practice_payment(intent=intent, at=NOW)
    hand_over_words(deposit=deposits[1], at=NOW)
    money_for(payer, 1_000)
    owed = Chargeback.objects.get(deposit=deposits[1])
    recover_chargeback(chargeback=owed, amount=min(usd(500), owed.owed), by=operator, at=NOW)
    fill_reserve(amount=-balance_of("shortfall", "USD"), by=operator, at=NOW)
    assert lost.owed == usd(0), "its wallet held it"


def _words_of_the_bank(payer: Person) -> None:
    """A deposit that was taken back, and one of which the bank says another sum."""
    a_wallet_with(payer, 500, NOW)
    for outcomes, minor in (("paid failed", 2_000), ("paid", 2_001)):
        deposit = start_deposit(by=payer, amount=Money(2_000, "USD"), at=NOW)
        for serial, outcome in enumerate(outcomes.split(), start=1):
            said_by_the_bank(deposit, serial, outcome, minor=minor, at=NOW)


def _savings_and_exchanges(person: Person, operator: Person) -> None:
    """One goal that is reached, one under way, one that was ended; a quote that was accepted and one not."""
    a_goal(person, NOW, target=900, share=2_000, name="A pen")
    under_way = a_goal(person, NOW, target=50_000, share=500)
    mature_clearing(at=NOW + 20 * DAY)
    take_savings(goal=under_way, amount=usd(3), by=person, at=NOW + 20 * DAY)
    ended = a_goal(person, NOW + 20 * DAY, name="Another")
    put_into_savings(goal=ended, amount=usd(40), by=person, at=NOW + 20 * DAY)
    end_goal(goal=ended, by=person, at=NOW + 20 * DAY)
    the_rates_are(TO_RUPEES, TO_DOLLARS, by=operator, at=NOW + 20 * DAY)
    the_hall_holds(500_000, "PKR", by=operator, at=NOW + 20 * DAY)
    accepted, _other = (
        quote_exchange(amount=usd(100), to="PKR", by=person, at=NOW + 20 * DAY) for _each in range(2)
    )
    accept_quote(quote=accepted, by=person, at=NOW + 20 * DAY)


def _differences(operator: Person, *, at: datetime) -> None:
    """One that waits for an answer, and one that has it."""
    waits, answered = (
        open_difference(
            source="bank", name="report", subject=f"line {line}", account="", facts={"wrong": "0.80"}, at=at
        )
        for line in (14, 31)
    )
    assert waits != answered
    answer_difference(difference=answered, answer="Their price for a transfer.", by=operator, at=at)


def _lines_of_the_bank(operator: Person, *, at: datetime) -> None:
    """What came and fits nothing, what went and nothing explains, and what went back to its sender."""
    lines = (
        Said("30.00", "who?", reference="L1"),
        Said("40.00", "who?", reference="L2"),
        Said("-1.00", "fee"),
    )
    content = camt(*lines, opening="0.00")
    file = import_bank_file(content=content, name="statement.xml", by=None, at=at)
    explain_line(line=file.lines.get(reference="L2"), what="back", by=operator, at=at)


def _payouts(person: Person, operator: Person, *, at: datetime) -> None:
    """One that arrived, one that came back, one that came back after it had arrived, one that waits."""
    a_payout_account(person, at)
    arrived, back, back_later = (
        request_payout(by=person, amount=usd(1_000 + number), at=at) for number in range(3)
    )
    send_payout_batch(batch=open_payout_batch(by=operator, at=at), by=operator, at=at)
    request_payout(by=person, amount=usd(77), at=at + timedelta(hours=1))
    settle_payout(payout=arrived, by=operator, at=at)
    return_payout(payout=back, reason="No such account.", by=operator, at=at)
    settle_payout(payout=back_later, by=operator, at=at)
    return_payout(payout=back_later, reason="Recalled.", by=operator, at=at + DAY)
