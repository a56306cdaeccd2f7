"""Signs of life, and whose database this is."""

from django.db import models


class Sign(models.Model):
    """When something was last seen, by the database's clock: the worker alive, background work begun."""

    name = models.CharField(max_length=80, primary_key=True)  # "worker", "work:escrow.mature_due"
    at = models.DateTimeField()
    note = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"


class Kind(models.Model):
    """Which kind of hall this database is that of: one row, written by whoever migrates it first."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    kind = models.CharField(max_length=8)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=models.Q(id=1), name="kind_of_hall_once"),
            models.CheckConstraint(
                condition=models.Q(kind__in=["demo", "own"]), name="kind_of_hall_is_known"
            ),
        ]

    def __str__(self) -> str:
        return self.kind
