from datetime import timedelta
from itertools import product

import pytest

from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.states import DRAFT, JOB_MOVES, PROPOSAL_MOVES
from guildhall.kernel.models import Event
from guildhall.kernel.states import ForbiddenMove, move
from guildhall.people.models import Person
from tests.cast import NOW

LATER = NOW + timedelta(hours=1)


def a_job_in(state: str, client: Person) -> Job:
    return Job.objects.create(
        client=client, title="A sign", currency="USD", state=state, moved_at=NOW, made_at=NOW, opened_at=NOW
    )


@pytest.mark.parametrize(("here", "there"), list(product(JOB_MOVES, JOB_MOVES)))
def test_a_job_moves_only_as_its_table_says(here: str, there: str, amara: Person) -> None:
    job = a_job_in(here, amara)
    if there in JOB_MOVES[here]:
        move(job, there, by=amara.id, at=LATER)
        assert Event.objects.get(subject_id=job.pk).name == f"job.{there}"
    else:
        with pytest.raises(ForbiddenMove):
            move(job, there, by=amara.id, at=LATER)
    job.refresh_from_db()
    assert job.state == (there if there in JOB_MOVES[here] else here)


@pytest.mark.parametrize(("here", "there"), list(product(PROPOSAL_MOVES, PROPOSAL_MOVES)))
def test_a_proposal_moves_only_as_its_table_says(
    here: str, there: str, amara: Person, bushra: Person
) -> None:
    proposal = Proposal.objects.create(
        job=a_job_in("open", amara),
        worker=bushra,
        state=here,
        moved_at=NOW,
        sent_at=NOW,
        price=1,
        currency="USD",
        delivery=NOW.date(),
        letter="x",
        job_version=1,
    )
    if there in PROPOSAL_MOVES[here]:
        move(proposal, there, by=bushra.id, at=LATER)
    else:
        with pytest.raises(ForbiddenMove):
            move(proposal, there, by=bushra.id, at=LATER)
    proposal.refresh_from_db()
    assert proposal.state == (there if there in PROPOSAL_MOVES[here] else here)


def test_an_ended_thing_has_no_way_out() -> None:
    assert [state for state, to in JOB_MOVES.items() if not to] == ["filled", "closed", "expired"]
    assert [state for state, to in PROPOSAL_MOVES.items() if not to] == ["withdrawn", "declined", "accepted"]
    assert DRAFT in JOB_MOVES
