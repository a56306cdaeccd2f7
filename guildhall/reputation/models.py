"""Feedback and facts."""

from django.db import models
from django.db.models import F, Q

from guildhall.contracts.models import Contract
from guildhall.kernel.models import Identified
from guildhall.people.models import Person


class Feedback(Identified):
    """What one side of a contract says of the other."""

    contract = models.ForeignKey(Contract, on_delete=models.PROTECT, related_name="+")
    by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    about = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    stars = models.PositiveSmallIntegerField()
    text = models.TextField(default="")
    at = models.DateTimeField()
    reveal_at = models.DateTimeField(null=True)  # seen from then on at the latest; null: the contract goes on
    revealed_at = models.DateTimeField(null=True)
    counts = models.BooleanField(default=False)  # money was settled under the contract when it was revealed

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["contract", "by"], name="feedback_once"),
            models.CheckConstraint(condition=Q(stars__gte=1, stars__lte=5), name="feedback_stars"),
            models.CheckConstraint(condition=~Q(by=F("about")), name="feedback_of_another"),
        ]
        indexes = [
            models.Index(
                fields=["about", "-revealed_at", "-id"],
                condition=Q(revealed_at__isnull=False),
                name="feedback_about",
            ),
            models.Index(
                fields=["reveal_at"], condition=Q(revealed_at__isnull=True), name="feedback_to_reveal"
            ),
        ]


class Fact(Identified):
    """One countable thing that happened with somebody; told twice, it counts once."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=24)  # see `rules.FactKind`
    subject = models.CharField(max_length=120)  # what it happened with: "milestone:<id>"
    value = models.BigIntegerField(null=True)  # its measure, such as seconds or stars
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "kind", "subject"], name="fact_once")]
