"""What the indexes have still to hear of, and which state of the tables each of them mirrors."""

from django.db import models


class Mark(models.Model):
    """Something changed that an index mirrors: it is to be read again. The row goes once it was.

    Marks are never merged: one that came while another was being worked off must outlive it.
    """

    kind = models.CharField(max_length=8)  # "jobs" or "people"
    subject_id = models.UUIDField()

    class Meta:
        indexes = [models.Index(fields=["kind", "id"], name="search_mark_kind")]


class Shelf(models.Model):
    """Which index belongs to these tables. Whoever writes it holds this row locked."""

    kind = models.CharField(max_length=8, primary_key=True)
    generation = models.UUIDField()  # the folder of the index
    serial = models.PositiveBigIntegerField()  # how often it was written since it was built
