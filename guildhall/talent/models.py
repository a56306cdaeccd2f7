"""A worker's profile: what they offer, under a handle that others can keep."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q

from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.skills.models import Skill


class Availability(models.TextChoices):
    """How much new work somebody takes."""

    OPEN = "open"
    LIMITED = "limited"
    AWAY = "away"


class Profile(models.Model):
    """What one person offers. It carries no way to reach them outside the hall."""

    person = models.OneToOneField(Person, primary_key=True, on_delete=models.CASCADE, related_name="+")
    handle = models.CharField(max_length=40, unique=True)  # in their page's address: "bushra-h"
    title = models.CharField(max_length=100)
    overview = models.TextField(default="")  # Markdown
    rate_amount = models.BigIntegerField(null=True)  # what an hour costs; null: by agreement
    rate_currency = models.CharField(max_length=3, default="")
    languages = ArrayField(models.CharField(max_length=3), default=list)  # ISO 639 codes
    availability = models.CharField(max_length=12, default=Availability.OPEN)
    shown = models.BooleanField(default=True)  # to others; its owner always sees it
    made_at = models.DateTimeField()
    changed_at = models.DateTimeField()
    skills = models.ManyToManyField(Skill, through="ProfileSkill", related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(handle__regex=r"^[a-z0-9]+(-[a-z0-9]+)*$"), name="profile_handle"
            ),
            models.CheckConstraint(
                condition=Q(rate_amount__isnull=True, rate_currency="")
                | Q(rate_amount__gt=0, rate_currency__regex=r"^[A-Z]{3}$"),
                name="profile_rate_is_money",
            ),
            models.CheckConstraint(
                condition=Q(availability__in=[choice.value for choice in Availability]),
                name="profile_availability",
            ),
        ]

    def __str__(self) -> str:
        return self.handle

    @property
    def rate(self) -> Money | None:
        """What an hour costs, or None when it is agreed case by case."""
        return None if self.rate_amount is None else Money(self.rate_amount, self.rate_currency)


class ProfileSkill(models.Model):
    """A skill that somebody offers, in the order in which they name them."""

    profile = models.ForeignKey(Profile, on_delete=models.CASCADE, related_name="offered")
    skill = models.ForeignKey(Skill, on_delete=models.PROTECT, related_name="+")
    place = models.PositiveSmallIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["profile", "skill"], name="profile_skill_once")]
        indexes = [models.Index(fields=["skill", "profile"], name="profile_with_skill")]
