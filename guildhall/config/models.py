"""Whose database this is."""

from django.db import models


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
