from datetime import UTC, datetime, timedelta

import pytest

from guildhall.jobs.actions.posting import JobEnded, close_job, edit_job
from guildhall.jobs.actions.proposing import (
    AlreadyProposed,
    OwnJob,
    ProposalEnded,
    TooManyTries,
    edit_proposal,
    offer_of,
    send_proposal,
    withdraw_proposal,
)
from guildhall.jobs.models import Proposal, ProposalVersion
from guildhall.jobs.rules import MOST_TRIES, BelowFloor
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from tests.builders.jobs import a_brief, a_draft, a_proposal, an_offer, an_open_job, usd
from tests.cast import NOW

LATER = NOW + timedelta(hours=2)


def test_a_proposal_is_kept_as_written_and_its_event_names_no_price(amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    assert offer_of(proposal) == an_offer()
    event = Event.objects.get(subject_id=proposal.pk)
    assert event.name == "proposal.sent"
    assert "11000" not in str(event.facts)
    assert event.facts["client"] == str(amara.pk)


def test_one_live_proposal_for_each_job_and_worker(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    first = a_proposal(job, bushra)
    with pytest.raises(AlreadyProposed):
        a_proposal(job, bushra)
    withdraw_proposal(proposal=first, by=bushra, at=LATER)
    again = a_proposal(job, bushra, at=LATER)
    assert again.pk != first.pk


def test_nobody_sends_and_withdraws_for_ever(amara: Person, bushra: Person, chen: Person) -> None:
    job = an_open_job(amara)
    for _again in range(MOST_TRIES):
        withdraw_proposal(proposal=a_proposal(job, bushra), by=bushra, at=LATER)
    with pytest.raises(TooManyTries):
        a_proposal(job, bushra, at=LATER)
    assert a_proposal(job, chen, at=LATER).is_in("sent")


def test_nobody_proposes_to_their_own_job(amara: Person) -> None:
    with pytest.raises(OwnJob):
        a_proposal(an_open_job(amara), amara)


def test_a_draft_is_not_there_for_others(amara: Person, bushra: Person) -> None:
    with pytest.raises(NotFound):
        a_proposal(a_draft(amara), bushra)


def test_a_job_whose_day_has_passed_takes_no_proposals(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    with pytest.raises(JobEnded):
        a_proposal(job, bushra, at=datetime(2026, 12, 21, 0, 0, tzinfo=UTC))


def test_a_closed_job_tells_its_bidders_and_is_gone_for_others(
    amara: Person, bushra: Person, chen: Person
) -> None:
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    close_job(job=job, by=amara, at=LATER)
    with pytest.raises(JobEnded):
        edit_proposal(proposal=proposal, offer=an_offer(12_000), by=bushra, at=LATER)
    with pytest.raises(NotFound):
        a_proposal(job, chen, at=LATER)


def test_a_price_below_the_floor_is_refused(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara, budget=None)
    with pytest.raises(BelowFloor):
        a_proposal(job, bushra, minor=499)
    assert not Proposal.objects.exists()


def test_a_letter_that_leads_away_is_refused(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    with pytest.raises(Unfit) as unfit:
        a_proposal(job, bushra, letter="Call me on WhatsApp +92 300 1234567 to agree on a better price.")
    assert unfit.value.field == "letter"


def test_an_edit_keeps_the_version_before(amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    edited = edit_proposal(proposal=proposal, offer=an_offer(9_000), by=bushra, at=LATER)
    assert (edited.version, edited.money) == (2, usd(9_000))
    kept = ProposalVersion.objects.get(proposal=proposal)
    assert (kept.version, kept.price, kept.until) == (1, 11_000, LATER)
    assert kept.milestones == [["Sketches", 4_400, "2026-12-08"], ["The finished sign", 6_600, "2026-12-15"]]


def test_the_same_words_again_make_no_new_version(amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    assert edit_proposal(proposal=proposal, offer=an_offer(), by=bushra, at=LATER).version == 1


def test_the_same_words_confirm_a_changed_brief(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    proposal = a_proposal(job, bushra)
    edit_job(job=job, brief=a_brief(deliverables=("More",)), by=amara, at=LATER)
    confirmed = edit_proposal(proposal=proposal, offer=an_offer(), by=bushra, at=LATER)
    assert (confirmed.version, confirmed.job_version) == (2, 2)


def test_a_refused_edit_changes_nothing(amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    with pytest.raises(Unfit):
        edit_proposal(proposal=proposal, offer=an_offer(letter=""), by=bushra, at=LATER)
    proposal.refresh_from_db()
    assert proposal.version == 1
    assert not ProposalVersion.objects.exists()


def test_a_withdrawn_proposal_takes_no_verb_any_more(amara: Person, bushra: Person) -> None:
    proposal = withdraw_proposal(proposal=a_proposal(an_open_job(amara), bushra), by=bushra, at=LATER)
    assert proposal.is_in("withdrawn")
    with pytest.raises(ProposalEnded):
        withdraw_proposal(proposal=proposal, by=bushra, at=LATER)
    with pytest.raises(ProposalEnded):
        edit_proposal(proposal=proposal, offer=an_offer(), by=bushra, at=LATER)


def test_eve_and_the_client_cannot_touch_a_proposal(amara: Person, bushra: Person, eve: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    for stranger in (eve, amara):
        with pytest.raises(NotFound):
            withdraw_proposal(proposal=proposal, by=stranger, at=LATER)
        with pytest.raises(NotFound):
            edit_proposal(proposal=proposal, offer=an_offer(), by=stranger, at=LATER)


def test_eve_may_propose_like_anybody(amara: Person, eve: Person) -> None:
    assert send_proposal(job=an_open_job(amara), offer=an_offer(), by=eve, at=LATER).is_in("sent")
