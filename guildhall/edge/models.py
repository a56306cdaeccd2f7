"""Kept replies and rate buckets."""

from django.db import models

from guildhall.kernel.models import Identified
from guildhall.people.models import Person


class KeptReply(Identified):
    """The answer to a mutating request, kept under the key that its sender gave; never deleted.

    The row is written in the transaction of the effect, so the two stand or fall together.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    endpoint = models.CharField(max_length=300)  # method and path
    key = models.CharField(max_length=128)
    body_digest = models.BinaryField(max_length=32)  # SHA-256 of what was asked
    status = models.PositiveSmallIntegerField(null=True)  # null only inside the first try's transaction
    headers = models.JSONField(default=dict)
    body = models.BinaryField(default=b"")  # encrypted: it may hold a secret shown once
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "endpoint", "key"], name="kept_reply_once"),
        ]

    def __str__(self) -> str:
        return f"{self.endpoint} {self.key}"


class Bucket(models.Model):
    """How many requests somebody may still make at once. The table is unlogged: a crash empties it."""

    name = models.CharField(max_length=80, primary_key=True)  # what is limited, and for whom
    tokens = models.FloatField()
    filled_at = models.DateTimeField()

    def __str__(self) -> str:
        return self.name
