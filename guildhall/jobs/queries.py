"""Questions about jobs and proposals. Each knows who asks; a rival's answer holds a band, never a count."""

from collections.abc import Iterable
from functools import cache
from typing import Final
from uuid import UUID

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.db.models.expressions import RawSQL

from guildhall.contracts.queries import terms_by_contract
from guildhall.contracts.rules import SILENCE_DAYS, MilestoneTerms, Terms
from guildhall.escrow.fees import CLEARING_DAYS
from guildhall.jobs.models import Deliverable, Job, Proposal, ProposalMilestone
from guildhall.jobs.rules import MOST_TRIES, bands
from guildhall.jobs.states import ACCEPTED, OPEN, SENT, WITHDRAWN
from guildhall.jobs.sums import fees_of_job, settled_before
from guildhall.kernel.rules import rules_in_force
from guildhall.people.models import Person

SORTS: Final = {
    "received": ("-sent_at", "-id"),
    "price": ("price", "id"),
    "delivery": ("delivery", "id"),
}
"""How the proposals to a job can be ordered by its client."""


def open_jobs() -> QuerySet[Job]:
    """Jobs that anybody may read and propose to."""
    return _ready_for_a_page().filter(state=OPEN)


def jobs_visible_to(person: Person | None) -> QuerySet[Job]:
    """Open jobs; and for somebody signed in, their own and those they proposed to."""
    if person is None:
        return open_jobs()
    proposed = Exists(Proposal.objects.filter(job=OuterRef("pk"), worker=person))
    return _ready_for_a_page().filter(Q(state=OPEN) | Q(client=person) | proposed)


def jobs_owned_by(person: Person) -> QuerySet[Job]:
    """The jobs of a client, drafts and ended ones included."""
    return _ready_for_a_page().filter(client=person)


def jobs_counted_for(person: Person) -> QuerySet[Job]:
    """A client's jobs with how many proposals each received and how many wait: nobody else may count them."""
    kept, waiting = ~Q(proposals__state=WITHDRAWN), Q(proposals__state=SENT)
    return jobs_owned_by(person).annotate(
        received=Count("proposals", filter=kept), waiting=Count("proposals", filter=waiting)
    )


def proposals_received_by(person: Person) -> QuerySet[Proposal]:
    """The proposals to a client's jobs that were not withdrawn."""
    return _sealed(Proposal.objects.filter(job__client=person).exclude(state=WITHDRAWN))


def proposals_sent_by(person: Person) -> QuerySet[Proposal]:
    """A worker's own proposals."""
    return _sealed(Proposal.objects.filter(worker=person))


def proposals_withdrawn_from(person: Person) -> QuerySet[Proposal]:
    """What was taken back from a client: to lead them on from an old address, never to be read again."""
    return Proposal.objects.filter(job__client=person, state=WITHDRAWN)


def proposals_talked_about_by(person: Person) -> QuerySet[Proposal]:
    """For the conversation alone: what was said stays readable on both sides when a proposal has ended."""
    return _sealed(Proposal.objects.filter(Q(worker=person) | Q(job__client=person)))


def proposals_visible_to(person: Person) -> QuerySet[Proposal]:
    """The proposals that somebody sent or received; nobody else's."""
    received = Q(job__client=person) & ~Q(state=WITHDRAWN)
    return _sealed(Proposal.objects.filter(Q(worker=person) | received))


# Written out, because Django would put these together anew for every list, which costs more than asking them.
# The band is made inside the database, so that nothing further up can give the count away, and of no more
# rows than decide it, so that no clock can. Whoever withdrew goes on counting: else a band would tell its
# edge to somebody who takes a proposal back and sends it again.
_BAND = """(
SELECT CASE {cases} END
  FROM (SELECT made.worker_id FROM jobs_proposal AS made WHERE made.job_id = jobs_job.id LIMIT %s) AS few
)"""
_SKILLS = """ARRAY(
SELECT jsonb_build_object('slug', skill.slug, 'name', skill.name)
  FROM jobs_jobskill AS asked JOIN skills_skill AS skill ON skill.id = asked.skill_id
 WHERE asked.job_id = jobs_job.id ORDER BY asked.number
)"""


@cache
def _ready_for_a_page() -> QuerySet[Job]:
    """Jobs joined with what a page shows of them; put together once."""
    least_first = list(bands())
    band = _BAND.format(
        cases=" ".join("WHEN count(DISTINCT few.worker_id) >= %s THEN %s" for _band in least_first)
    )
    values = [value for pair in least_first for value in pair]
    return (
        Job.objects.select_related("client")  # type: ignore[no-redef]  # the model names what is annotated, for its readers
        .annotate(
            band=RawSQL(band, [*values, least_first[0][0] * MOST_TRIES], models.CharField()),  # noqa: S611 - nobody's words are in it
            named_skills=RawSQL(_SKILLS, [], ArrayField(models.JSONField())),  # noqa: S611 - the same
        )
        .fetch_mode(models.FETCH_RAISE)
    )


def _sealed(proposals: QuerySet[Proposal]) -> QuerySet[Proposal]:
    """Proposals joined with what a page shows of them."""
    return (
        proposals.select_related("job__client", "worker", "decline", "acceptance")
        .prefetch_related("milestones")
        .fetch_mode(models.FETCH_RAISE)
    )


def terms_agreed(proposals: Iterable[Proposal]) -> dict[UUID, Terms]:
    """The terms of the contracts that some of these proposals became, by the proposal."""
    made = {one.acceptance.contract: one.pk for one in proposals if one.is_in(ACCEPTED)}
    return {made[contract]: terms for contract, terms in terms_by_contract(made).items()} if made else {}


def terms_shown_of(proposal: Proposal) -> Terms:
    """What was agreed to; or what would be, under the rules in force now."""
    return terms_agreed([proposal]).get(proposal.pk) or terms_for(proposal)


def terms_for(proposal: Proposal) -> Terms:
    """What a client would agree to by accepting this proposal now, under the rules in force now."""
    rules = rules_in_force()
    job = Job.objects.get(pk=proposal.job_id)
    steps = ProposalMilestone.objects.filter(proposal=proposal).order_by("number")
    fees = fees_of_job(job, proposal.worker, rules)
    return Terms(
        title=job.title,
        brief=job.brief,
        deliverables=tuple(
            Deliverable.objects.filter(job=job).order_by("number").values_list("text", flat=True)
        ),
        milestones=tuple(MilestoneTerms(step.title, step.amount, step.due) for step in steps),
        currency=proposal.currency,
        client=job.client_id,
        worker=proposal.worker_id,
        worker_fee_bp=fees.worker_bp,
        client_fee_bp=fees.client_bp,
        silence_days=rules[SILENCE_DAYS],
        clearing_days=rules[CLEARING_DAYS],
        rules_version=rules.version,
        delivery=proposal.delivery,
        fee_steps=fees.steps,
        settled_before=sum(settled_before([(job, proposal.worker)], rules).values()) if fees.steps else 0,
        levies=fees.levies,
    )
