"""Figures as they may be shown, and signs of life."""

from django.db import models


class Figure(models.Model):
    """A public figure, already rounded; one that would give somebody away has no row."""

    name = models.CharField(max_length=24)  # one of those in `rules`
    currency = models.CharField(max_length=3, default="")  # empty where it is no money
    value = models.BigIntegerField()
    counted_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["name", "currency"], name="figure_once")]

    def __str__(self) -> str:
        return f"{self.name} {self.value} {self.currency}".strip()


class Sign(models.Model):
    """When something was last seen, by the database's clock: the worker alive, background work begun.

    A note says what was wrong then.
    """

    name = models.CharField(max_length=80, primary_key=True)  # "worker", "check", "work:escrow.mature_due"
    at = models.DateTimeField()
    note = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
