"""Stored files and who was let in to them."""

from django.db import models
from django.db.models import Q

from guildhall.kernel.models import Identified


class StoredFile(Identified):
    """A file as its owner gave it; its bytes lie in the hall's home under their digest."""

    owner = models.UUIDField()
    name = models.CharField(max_length=120)  # cleaned: no path, nothing invisible
    kind = models.CharField(max_length=100)  # media type, told by the content and not by the name
    size = models.BigIntegerField()
    digest = models.CharField(max_length=64)  # SHA-256, in hexadecimal digits
    stored_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(size__gt=0), name="file_not_empty"),
            models.CheckConstraint(condition=Q(digest__regex=r"^[0-9a-f]{64}$"), name="file_digest"),
        ]
        indexes = [
            models.Index(fields=["owner", "-id"], name="file_of_owner"),
            models.Index(fields=["digest"], name="file_by_digest"),
        ]

    def __str__(self) -> str:
        return self.name


class Access(Identified):
    """That somebody besides the owner may open a file, until it ends."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="access")
    to = models.UUIDField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["file", "to"], name="file_access_once"),
        ]
        indexes = [models.Index(fields=["to"], condition=Q(ended_at__isnull=True), name="file_access_open")]
