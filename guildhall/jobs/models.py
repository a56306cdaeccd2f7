"""Jobs, what they ask for, the proposals made to them and how those were answered."""

from datetime import date
from typing import Any, ClassVar

from django.db import models
from django.db.models import Q

from guildhall.jobs.states import ACCEPTED, CLOSED, DRAFT, JOB_MOVES, OPEN, PROPOSAL_MOVES, SENT
from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.skills.models import Skill


class Job(Stateful):
    """A brief in the hall, from its first draft on."""

    MOVES: ClassVar[dict[str, set[str]]] = JOB_MOVES
    NOUN: ClassVar[str] = "job"

    client = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=120)
    brief = models.TextField()  # Markdown, in the client's own words
    country = models.CharField(max_length=2, default="")  # the client's, when it was written
    currency = models.CharField(max_length=3)
    budget = models.BigIntegerField(null=True)  # minor units; null: the price is to be proposed
    deadline = models.DateField(
        null=True
    )  # the day the work is wanted; an open job expires when it has passed
    skills = models.ManyToManyField(Skill, through="JobSkill", related_name="+")
    version = models.PositiveIntegerField(default=1)  # of what a worker would be bound to
    made_at = models.DateTimeField()
    opened_at = models.DateTimeField(null=True)
    source_link = models.CharField(max_length=500, null=True)  # noqa: DJ001 - null where the hall is the source
    content_hash = models.CharField(max_length=64, default="")  # of what was read at the source
    draft_reason = models.CharField(max_length=200, default="")  # why an imported post stayed a draft

    named_skills: list[dict[str, str]]  # slug and name of each skill it asks for: set by queries
    band: str  # how many proposals there are, roughly: set by queries, never the count itself

    class Meta:
        constraints = [
            states_check("job", JOB_MOVES),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="job_currency"),
            models.CheckConstraint(condition=Q(country__regex=r"^([A-Z]{2})?$"), name="job_country"),
            models.CheckConstraint(
                condition=Q(budget__isnull=True) | Q(budget__gt=0), name="job_budget_positive"
            ),
            models.CheckConstraint(
                condition=Q(state__in=[DRAFT, CLOSED]) | Q(opened_at__isnull=False), name="job_opened_before"
            ),
            models.UniqueConstraint(fields=["client", "source_link"], name="job_source_once"),
        ]
        indexes = [
            models.Index(fields=["-opened_at", "-id"], condition=Q(state=OPEN), name="job_open_newest"),
            models.Index(
                fields=["currency", "-budget", "-id"], condition=Q(state=OPEN), name="job_open_budget"
            ),
            models.Index(fields=["deadline", "id"], condition=Q(state=OPEN), name="job_open_deadline"),
            models.Index(fields=["client", "-id"], name="job_of_client"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def money(self) -> Money | None:
        """The budget, or None where the price is to be proposed."""
        return None if self.budget is None else Money(self.budget, self.currency)


class JobSkill(models.Model):
    """A skill that a job asks for, in the client's order."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="asked")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveSmallIntegerField()

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "skill"], name="job_skill_once")]
        indexes = [models.Index(fields=["skill", "job"], name="job_skill_jobs")]


class Deliverable(models.Model):
    """One numbered thing that a job asks to be delivered."""

    job = models.ForeignKey(Job, on_delete=models.CASCADE, related_name="deliverables")
    number = models.PositiveSmallIntegerField()
    text = models.CharField(max_length=300)

    class Meta:
        ordering = ["number"]
        constraints = [models.UniqueConstraint(fields=["job", "number"], name="deliverable_number_once")]


class Proposal(Stateful):
    """A worker's sealed offer for a job: theirs and the client's to read, nobody else's."""

    MOVES: ClassVar[dict[str, set[str]]] = PROPOSAL_MOVES
    NOUN: ClassVar[str] = "proposal"

    job = models.ForeignKey(Job, on_delete=models.PROTECT, related_name="proposals")
    worker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    delivery = models.DateField()  # the day by which everything is promised
    letter = models.TextField()
    version = models.PositiveIntegerField(default=1)
    job_version = models.PositiveIntegerField()  # the version of the job that the worker has read
    sent_at = models.DateTimeField()
    shortlisted_at = models.DateTimeField(null=True)  # the client's own mark; the worker never sees it

    class Meta:
        constraints = [
            states_check("proposal", PROPOSAL_MOVES),
            models.CheckConstraint(condition=Q(price__gt=0), name="proposal_price_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="proposal_currency"),
            models.UniqueConstraint(
                fields=["job", "worker"], condition=Q(state__in=[SENT, ACCEPTED]), name="proposal_live_once"
            ),
            models.UniqueConstraint(
                fields=["job"], condition=Q(state=ACCEPTED), name="proposal_accepted_once"
            ),
        ]
        indexes = [
            models.Index(fields=["job", "-sent_at", "-id"], name="proposal_of_job"),
            models.Index(fields=["worker", "-sent_at", "-id"], name="proposal_of_worker"),
        ]

    @property
    def money(self) -> Money:
        """The price."""
        return Money(self.price, self.currency)

    @property
    def first_day(self) -> date:
        """The first of the days that it promises. Once it has passed, the offer can be accepted no more."""
        return min([self.delivery, *(step.due for step in self.milestones.all() if step.due)])


class ProposalMilestone(models.Model):
    """One step of a proposal; the steps sum to its price."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="milestones")
    number = models.PositiveSmallIntegerField()
    title = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    due = models.DateField(null=True)

    class Meta:
        ordering = ["number"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "number"], name="proposal_milestone_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="proposal_milestone_positive"),
        ]


class ProposalVersion(models.Model):
    """What a proposal said before it was edited. Never changed, never shown to a rival."""

    proposal = models.ForeignKey(Proposal, on_delete=models.CASCADE, related_name="versions")
    version = models.PositiveIntegerField()
    job_version = models.PositiveIntegerField()
    price = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    delivery = models.DateField()
    letter = models.TextField()
    milestones: Any = models.JSONField()  # [[title, amount, due or null], …]
    until = models.DateTimeField()  # when the next version took its place

    class Meta:
        constraints = [models.UniqueConstraint(fields=["proposal", "version"], name="proposal_version_once")]


class Decline(Identified):
    """Why a client said no, in a code that can be counted and a note that can be read."""

    proposal = models.OneToOneField(Proposal, on_delete=models.CASCADE, related_name="decline")
    reason = models.CharField(max_length=24)
    note = models.TextField(default="")
    at = models.DateTimeField()


class Acceptance(Identified):
    """What a client agreed to when a proposal became a contract."""

    proposal = models.OneToOneField(Proposal, on_delete=models.PROTECT, related_name="acceptance")
    terms_hash = models.CharField(max_length=64)
    contract = models.UUIDField(unique=True)
    funded = models.CharField(max_length=5)  # "first" or "all"
    at = models.DateTimeField()
