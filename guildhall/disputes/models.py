"""Cases, what is contested more in them, offers and rulings."""

from django.db import models
from django.db.models import F, Q

from guildhall.contracts.models import Milestone, Refund
from guildhall.disputes import states
from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.people.models import Person


class Case(Stateful):
    """A disagreement about a sum of one milestone."""

    MOVES = states.CASE_MOVES
    NOUN = "case"

    milestone = models.ForeignKey(Milestone, on_delete=models.PROTECT, related_name="+")
    refund = models.ForeignKey(  # the request that it took over
        Refund, null=True, on_delete=models.PROTECT, related_name="+"
    )
    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    adjudicator = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    contested = models.BigIntegerField()  # when it was opened, and what was contested more since
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    opened_at = models.DateTimeField()
    rule_by = models.DateTimeField()  # when the house rules want a ruling at the latest
    to_worker = models.BigIntegerField(null=True)  # how it ended; null while open or when withdrawn

    class Meta:
        constraints = [
            states_check("case", states.CASE_MOVES),
            models.CheckConstraint(condition=Q(contested__gt=0), name="case_contests_something"),
            models.CheckConstraint(
                condition=Q(to_worker__isnull=True) | Q(to_worker__gte=0, to_worker__lte=F("contested")),
                name="case_split_within",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=[states.AGREED, states.RULED]) | Q(to_worker__isnull=False),
                name="case_ended_with_split",
            ),
            models.UniqueConstraint(
                fields=["milestone"], condition=Q(state=states.OPEN), name="case_one_open"
            ),
        ]
        indexes = [
            models.Index(fields=["rule_by", "id"], condition=Q(state=states.OPEN), name="case_waiting"),
        ]

    @property
    def sum(self) -> Money:
        """What is contested."""
        return Money(self.contested, self.currency)


class Contention(Identified):
    """What one side contested more in an open case, and why."""

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    refund = models.ForeignKey(  # the request that it took over
        Refund, null=True, on_delete=models.PROTECT, related_name="+"
    )
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    contested = models.BigIntegerField()  # besides what was contested before
    currency = models.CharField(max_length=3)
    reason = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(contested__gt=0), name="contention_of_something"),
        ]

    @property
    def sum(self) -> Money:
        """What is contested more."""
        return Money(self.contested, self.currency)


class Offer(Stateful):
    """A division that one side would accept, to the smallest unit."""

    MOVES = states.OFFER_MOVES
    NOUN = "offer"

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_worker = models.BigIntegerField()
    to_client = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            states_check("offer", states.OFFER_MOVES),
            models.CheckConstraint(condition=Q(to_worker__gte=0, to_client__gte=0), name="offer_parts"),
            models.UniqueConstraint(
                fields=["case", "by"], condition=Q(state=states.MADE), name="offer_one_made"
            ),
        ]


class Ruling(Identified):
    """An adjudicator's decision and its reasons."""

    case = models.OneToOneField(Case, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    to_worker = models.BigIntegerField()
    to_client = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    reasons = models.TextField()
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(to_worker__gte=0, to_client__gte=0), name="ruling_parts"),
        ]
