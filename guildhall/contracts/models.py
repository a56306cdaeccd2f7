"""Contracts, their frozen terms, milestones and requests for a refund."""

from django.db import models
from django.db.models import F, Func, Q, Value

from guildhall.contracts import states
from guildhall.escrow.models import Hold
from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.people.models import Person


class Contract(Stateful):
    """What a client and a worker agreed; the columns copied from its terms never change within a version."""

    MOVES = states.CONTRACT_MOVES
    NOUN = "contract"

    origin = models.CharField(max_length=120, unique=True)  # what it grew from: "proposal:<id>"
    client = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    worker = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(max_length=200)
    amount = models.BigIntegerField()  # the sum of its milestones
    currency = models.CharField(max_length=3)
    silence_days = models.PositiveIntegerField()  # delivered and unanswered for so long: released
    terms_number = models.PositiveIntegerField(default=1)  # the version of the terms in force
    opened_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    end_reason = models.TextField(default="")

    class Meta:
        constraints = [
            states_check("contract", states.CONTRACT_MOVES),
            models.CheckConstraint(condition=~Q(client=F("worker")), name="contract_between_two"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="contract_amount_positive"),
            models.CheckConstraint(condition=Q(currency__regex=r"^[A-Z]{3}$"), name="contract_currency"),
            models.CheckConstraint(
                condition=~Q(state=states.ENDED) | Q(ended_at__isnull=False), name="contract_ended_at"
            ),
        ]
        indexes = [
            models.Index(fields=["client", "-opened_at", "-id"], name="contract_of_client"),
            models.Index(fields=["worker", "-opened_at", "-id"], name="contract_of_worker"),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def total(self) -> Money:
        """The sum of its milestones."""
        return Money(self.amount, self.currency)


class Terms(Identified):
    """One version of what was agreed, word for word as it was hashed."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()
    body = models.TextField()  # canonical JSON: the very bytes behind the hash
    hash = models.CharField(max_length=64)  # SHA-256 of the body, in hexadecimal digits

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "number"], name="terms_number_once"),
            models.CheckConstraint(
                condition=Q(
                    hash=Func(
                        Func(Func(F("body"), Value("UTF8"), function="convert_to"), function="sha256"),
                        Value("hex"),
                        function="encode",
                        output_field=models.CharField(),
                    )
                ),
                name="terms_hash_is_of_body",
            ),
        ]


class Acceptance(Identified):
    """One side's yes to one version of the terms, by the hash that they were shown."""

    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    hash = models.CharField(max_length=64)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["terms", "person"], name="acceptance_once")]


class Milestone(Stateful):
    """One sum for one piece of the work."""

    MOVES = states.MILESTONE_MOVES
    NOUN = "milestone"

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    number = models.PositiveIntegerField()  # its place in the terms, from 1
    title = models.CharField(max_length=200)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    due = models.DateField(null=True)
    hold = models.OneToOneField(Hold, null=True, on_delete=models.PROTECT, related_name="+")
    delivered_at = models.DateTimeField(null=True)  # of the last delivery
    release_at = models.DateTimeField(null=True)  # the instant at which silence releases it
    warned = models.PositiveSmallIntegerField(null=True)  # of how few days left the client was told, if ever
    released = models.BigIntegerField(default=0)  # what of the amount went to the worker, before deductions
    returned = models.BigIntegerField(default=0)  # what of it went back to the client

    class Meta:
        constraints = [
            states_check("milestone", states.MILESTONE_MOVES),
            models.UniqueConstraint(fields=["contract", "number"], name="milestone_number_once"),
            models.CheckConstraint(condition=Q(amount__gt=0), name="milestone_amount_positive"),
            models.CheckConstraint(
                condition=Q(released__gte=0, returned__gte=0, amount__gte=F("released") + F("returned")),
                name="milestone_within_amount",
            ),
            models.CheckConstraint(
                condition=Q(state__in=[states.PLANNED, states.DROPPED]) | Q(hold__isnull=False),
                name="milestone_money_before_work",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.DELIVERED)
                | Q(delivered_at__isnull=False, release_at__isnull=False),
                name="milestone_delivered_has_instant",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[states.RELEASED, states.RETURNED, states.SETTLED])
                | Q(amount=F("released") + F("returned")),
                name="milestone_finished_is_empty",
            ),
            models.CheckConstraint(
                condition=~Q(state=states.RELEASED) | Q(returned=0), name="milestone_released_is_all"
            ),
            models.CheckConstraint(
                condition=~Q(state=states.RETURNED) | Q(released=0), name="milestone_returned_is_all"
            ),
        ]
        indexes = [
            models.Index(
                fields=["release_at"], condition=Q(state=states.DELIVERED), name="milestone_to_release"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def sum(self) -> Money:
        """What it was agreed for."""
        return Money(self.amount, self.currency)

    @property
    def left(self) -> Money:
        """What has gone neither to the worker nor back, whether it is set aside yet or not."""
        return Money(self.amount - self.released - self.returned, self.currency)


class Refund(Stateful):
    """A request of the client to have something back, or what the worker gave back unasked."""

    MOVES = states.REFUND_MOVES
    NOUN = "refund"

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    asked_at = models.DateTimeField()
    answer_by = models.DateTimeField()  # unanswered until then, a case opens
    answer = models.TextField(default="")

    class Meta:
        constraints = [
            states_check("refund", states.REFUND_MOVES),
            models.CheckConstraint(condition=Q(amount__gt=0), name="refund_amount_positive"),
            models.UniqueConstraint(
                fields=["milestone"], condition=Q(state=states.ASKED), name="refund_one_asked"
            ),
        ]
        indexes = [
            models.Index(fields=["answer_by"], condition=Q(state=states.ASKED), name="refund_unanswered"),
        ]

    @property
    def sum(self) -> Money:
        """What is asked for."""
        return Money(self.amount, self.currency)
