from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.queries import terms_of
from guildhall.escrow.actions import ShortOfMoney
from guildhall.jobs.actions.deciding import (
    BriefChanged,
    OfferPassed,
    TermsChanged,
    accept_proposal,
    decline_proposal,
    shortlist_proposal,
)
from guildhall.jobs.actions.posting import JobEnded, close_job, edit_job
from guildhall.jobs.actions.proposing import (
    AlreadyProposed,
    ProposalEnded,
    edit_proposal,
    offer_of,
    withdraw_proposal,
)
from guildhall.jobs.models import Acceptance, Job, Proposal
from guildhall.jobs.offers import MilestoneDraft
from guildhall.jobs.queries import terms_for
from guildhall.jobs.rules import DECLINE_REASONS
from guildhall.jobs.sums import sums_of_terms
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.models import Event
from guildhall.kernel.rules import set_rule
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from guildhall.reputation.queries import client_facts
from tests.builders.contracts import money_for
from tests.builders.jobs import a_brief, a_proposal, an_offer, an_open_job, usd
from tests.cast import NOW

LATER = NOW + timedelta(hours=2)


def accept(proposal: Proposal, by: Person, *, fund: str = "first", at: datetime = LATER) -> Contract:
    return accept_proposal(proposal=proposal, terms_hash=terms_for(proposal).hash, fund=fund, by=by, at=at)


def wallet(person: Person) -> int:
    return balance_of(f"wallet:{person.party}", "USD").minor


def nothing_happened(job: Job, proposal: Proposal) -> bool:
    job.refresh_from_db()
    proposal.refresh_from_db()
    made = Contract.objects.exists() or Acceptance.objects.exists()
    told = Event.objects.filter(name__in=["job.filled", "proposal.accepted", "contract.opened"]).exists()
    return job.is_in("open") and proposal.is_in("sent") and not made and not told


def test_accepting_makes_the_contract_and_sets_the_first_milestone_aside(
    amara: Person, bushra: Person
) -> None:
    money_for(amara, 11_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    terms = terms_for(proposal)
    contract = accept(proposal, amara)
    job.refresh_from_db()
    proposal.refresh_from_db()
    assert job.is_in("filled")
    assert proposal.is_in("accepted")
    assert contract.origin == f"proposal:{proposal.pk}"
    assert contract.total == usd(11_000)
    assert wallet(amara) == 11_000 - 4_400
    assert list(Milestone.objects.order_by("number").values_list("title", "amount", "state")) == [
        ("Sketches", 4_400, "funded"),
        ("The finished sign", 6_600, "planned"),
    ]
    kept = Acceptance.objects.get(proposal=proposal)
    assert (kept.terms_hash, kept.contract, kept.funded) == (terms.hash, contract.pk, "first")
    event = Event.objects.get(name="proposal.accepted")
    assert event.facts["contract"] == str(contract.pk)


def test_all_milestones_can_be_set_aside_at_once(amara: Person, bushra: Person) -> None:
    money_for(amara, 12_000)
    accept(a_proposal(an_open_job(amara), bushra), amara, fund="all")
    assert wallet(amara) == 1_000
    assert {one.state for one in Milestone.objects.all()} == {"funded"}


@pytest.mark.parametrize(("fund", "missing"), [("first", 3_400), ("all", 10_000)])
def test_a_short_wallet_undoes_everything_and_says_how_much_is_missing(
    fund: str, missing: int, amara: Person, bushra: Person
) -> None:
    money_for(amara, 1_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    with pytest.raises(ShortOfMoney) as short:
        accept(proposal, amara, fund=fund)
    assert short.value.missing == usd(missing)
    assert nothing_happened(job, proposal)
    assert wallet(amara) == 1_000


def test_the_clients_fee_counts_into_what_is_missing(amara: Person, bushra: Person) -> None:
    set_rule(name="client_fee", value=300, reason="The hall needs it.", by=None, at=NOW)
    money_for(amara, 11_000)
    proposal = a_proposal(an_open_job(amara), bushra)
    sums = sums_of_terms(terms_for(proposal))
    assert (sums.client_total, sums.first) == (usd(11_330), usd(4_532))
    with pytest.raises(ShortOfMoney) as short:
        accept(proposal, amara, fund="all")
    assert short.value.missing == usd(330)


def test_b07_the_terms_that_count_are_the_ones_that_were_read(amara: Person, bushra: Person) -> None:
    money_for(amara, 20_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    read = terms_for(proposal).hash
    edit_proposal(proposal=proposal, offer=an_offer(15_000), by=bushra, at=LATER)
    with pytest.raises(TermsChanged):
        accept_proposal(proposal=proposal, terms_hash=read, by=amara, at=LATER)
    assert nothing_happened(job, proposal)


def test_b07_a_house_rule_that_changed_in_between_is_read_again(amara: Person, bushra: Person) -> None:
    money_for(amara, 20_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    read = terms_for(proposal).hash
    set_rule(name="worker_fee", value=900, reason="Costs rose.", by=None, at=NOW)
    with pytest.raises(TermsChanged):
        accept_proposal(proposal=proposal, terms_hash=read, by=amara, at=LATER)
    assert nothing_happened(job, proposal)


def test_B07_a_later_day_is_read_again(amara: Person, bushra: Person) -> None:
    money_for(amara, 20_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra, milestones=(MilestoneDraft("All of it", usd(11_000)),))
    read = terms_for(proposal).hash
    later = replace(offer_of(proposal), delivery=proposal.delivery + timedelta(days=1))
    edit_proposal(proposal=proposal, offer=later, by=bushra, at=LATER)
    with pytest.raises(TermsChanged):
        accept_proposal(proposal=proposal, terms_hash=read, by=amara, at=LATER)
    assert nothing_happened(job, proposal)
    assert terms_of(accept(proposal, amara)).delivery == later.delivery


def test_b07_an_edited_brief_binds_nobody_who_has_not_confirmed_it(amara: Person, bushra: Person) -> None:
    money_for(amara, 20_000)
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    edit_job(job=job, brief=a_brief(deliverables=("Twice as much",)), by=amara, at=LATER)
    with pytest.raises(BriefChanged):
        accept(proposal, amara)
    assert nothing_happened(job, proposal)
    edit_proposal(proposal=proposal, offer=offer_of(proposal), by=bushra, at=LATER)
    assert accept(proposal, amara).origin.endswith(str(proposal.pk))


def test_a_promise_that_has_passed_is_not_accepted(amara: Person, bushra: Person) -> None:
    money_for(amara, 20_000)
    proposal = a_proposal(an_open_job(amara, deadline=None), bushra)
    with pytest.raises(OfferPassed):
        accept(proposal, amara, at=datetime(2026, 12, 9, tzinfo=UTC))
    assert accept(proposal, amara, at=datetime(2026, 12, 8, 23, tzinfo=UTC)).is_in("active")


def test_b08_a_job_is_given_away_once(amara: Person, bushra: Person, chen: Person) -> None:
    money_for(amara, 50_000)
    job = an_open_job(amara)
    first, second = a_proposal(job, bushra), a_proposal(job, chen)
    accept(first, amara)
    for proposal in (first, second):
        with pytest.raises(JobEnded):
            accept(proposal, amara)
    assert Contract.objects.count() == 1


def test_the_rest_are_answered_when_the_job_is_filled(amara: Person, bushra: Person, chen: Person) -> None:
    money_for(amara, 50_000)
    job = an_open_job(amara)
    chosen, left = a_proposal(job, bushra), a_proposal(job, chen)
    accept(chosen, amara)
    deliver_events(at=LATER, most=1000)
    deliver_events(at=LATER, most=1000)
    left.refresh_from_db()
    chosen.refresh_from_db()
    assert left.is_in("declined")
    assert left.decline.reason == "filled"
    assert chosen.is_in("accepted")
    facts = client_facts([amara.pk])[amara.pk]
    assert (facts.posts, facts.hires) == (1, 1)


@pytest.mark.parametrize("how", ["closed", "expired"])
def test_everybody_is_answered_when_the_job_ends_without_a_choice(
    how: str, amara: Person, bushra: Person
) -> None:
    from guildhall.jobs.background import expire_due  # noqa: PLC0415 - beside its only use

    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    if how == "closed":
        close_job(job=job, by=amara, at=LATER)
    else:
        expire_due(at=NOW + timedelta(days=60))
    deliver_events(at=NOW + timedelta(days=61), most=1000)
    proposal.refresh_from_db()
    assert proposal.is_in("declined")
    assert proposal.decline.reason == how


@pytest.mark.parametrize("reason", DECLINE_REASONS)
def test_a_decline_carries_its_reason(reason: str, amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    declined = decline_proposal(proposal=proposal, reason=reason, note="Not this time.", by=amara, at=LATER)
    assert declined.is_in("declined")
    assert (declined.decline.reason, declined.decline.note) == (reason, "Not this time.")
    with pytest.raises(ProposalEnded):
        accept(proposal, amara)
    with pytest.raises(AlreadyProposed):
        a_proposal(proposal.job, bushra, at=LATER)


@pytest.mark.parametrize(
    ("reason", "note", "field"),
    [
        ("", "", "reason"),
        ("filled", "", "reason"),
        ("other", " ", "note"),
        ("price", "x" * 1001, "note"),
        ("price", "Write to me on WhatsApp +44 7700 900123 instead.", "note"),
    ],
)
def test_a_decline_without_a_fit_reason_is_refused(
    reason: str, note: str, field: str, amara: Person, bushra: Person
) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    with pytest.raises(Unfit) as unfit:
        decline_proposal(proposal=proposal, reason=reason, note=note, by=amara, at=LATER)
    assert unfit.value.field == field
    proposal.refresh_from_db()
    assert proposal.is_in("sent")


def test_the_shortlist_is_the_clients_own_mark(amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    assert shortlist_proposal(proposal=proposal, listed=True, by=amara, at=LATER).shortlisted_at == LATER
    shortlist_proposal(proposal=proposal, listed=True, by=amara, at=LATER)
    assert shortlist_proposal(proposal=proposal, listed=False, by=amara, at=LATER).shortlisted_at is None
    assert Event.objects.filter(name="proposal.shortlisted").count() == 2


def test_a_withdrawn_proposal_cannot_be_accepted(amara: Person, bushra: Person) -> None:
    money_for(amara, 20_000)
    proposal = a_proposal(an_open_job(amara), bushra)
    withdraw_proposal(proposal=proposal, by=bushra, at=LATER)
    with pytest.raises(ProposalEnded):
        accept(proposal, amara)


def test_eve_and_the_worker_decide_nothing(amara: Person, bushra: Person, eve: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    for stranger in (eve, bushra):
        with pytest.raises(NotFound):
            accept(proposal, stranger)
        with pytest.raises(NotFound):
            decline_proposal(proposal=proposal, reason="price", by=stranger, at=LATER)
        with pytest.raises(NotFound):
            shortlist_proposal(proposal=proposal, listed=True, by=stranger, at=LATER)


def test_an_unknown_way_of_funding_is_refused(amara: Person, bushra: Person) -> None:
    with pytest.raises(Unfit):
        accept(a_proposal(an_open_job(amara), bushra), amara, fund="some")


def test_the_net_that_is_shown_is_rounded_milestone_by_milestone(amara: Person, bushra: Person) -> None:
    offer = an_offer(1_998)
    steps = [replace(step, amount=usd(999)) for step in offer.milestones]
    proposal = a_proposal(an_open_job(amara), bushra, minor=1_998, milestones=steps)
    sums = sums_of_terms(terms_for(proposal))
    assert (sums.worker_fee, sums.net) == (usd(98), usd(1_900))
