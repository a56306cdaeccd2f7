"""Signs of life."""

from django.db import models


class Sign(models.Model):
    """When something was last seen, by the database's clock: the worker alive, background work begun."""

    name = models.CharField(max_length=80, primary_key=True)  # "worker", "work:escrow.mature_due"
    at = models.DateTimeField()
    note = models.TextField(default="")

    def __str__(self) -> str:
        return f"{self.name} at {self.at:%Y-%m-%d %H:%M:%S}"
