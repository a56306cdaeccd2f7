"""Tables that every package writes through the kernel's own doors."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import UUID7


class Identified(models.Model):
    """Anything with an id: a UUIDv7 made by the database."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)

    class Meta:
        abstract = True


class Stateful(Identified):
    """Anything with a life: its state, and the table of moves that it may make.

    Only `kernel.states.move` writes `state` and `moved_at`.
    """

    MOVES: ClassVar[dict[str, set[str]]]
    """``{state: {next state, …}}``; a state with an empty set is terminal."""
    NOUN: ClassVar[str]
    """The first half of its events' names: ``proposal`` in ``proposal.accepted``."""

    state = models.CharField(max_length=24)
    moved_at = models.DateTimeField()

    class Meta:
        abstract = True

    def is_in(self, *states: str) -> bool:
        """Whether its state is one of these; a state that its table does not know is a bug."""
        assert set(states) <= set(self.MOVES), f"{self.NOUN} has no state {set(states) - set(self.MOVES)}"
        return self.state in states


class Event(Identified):
    """Something that happened: written in the transaction that made it so, and never changed."""

    name = models.CharField(max_length=64)  # noun.past: "proposal.accepted"
    subject_id = models.UUIDField()  # what it happened to
    by = models.UUIDField(null=True)  # who did it; null: the hall itself, because time had come
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)

    class Meta:
        indexes = [
            models.Index(fields=["subject_id", "id"], name="event_of_subject"),
            models.Index(fields=["name", "id"], name="event_by_name"),
            models.Index(fields=["by", "id"], name="event_by_person"),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.subject_id}"


class Delivery(models.Model):
    """An event that reactions have still to hear of. The row goes once all have."""

    event = models.OneToOneField(
        Event, primary_key=True, on_delete=models.CASCADE, related_name="+", db_constraint=False
    )
    heard_by: Any = models.JSONField(default=list)  # names of the reactions that are done
    tries = models.PositiveIntegerField(default=0)
    next_try_at = models.DateTimeField()
    trouble = models.TextField(default="")  # the last failure, for the operator

    class Meta:
        indexes = [models.Index(fields=["next_try_at"], name="delivery_next_try")]


class RuleChange(models.Model):
    """One change of one house rule: who set it, to what, when and why. The last one holds."""

    name = models.CharField(max_length=48)
    value = models.BigIntegerField()  # of a rule that is a table: how many rows it has
    rows: Any = models.JSONField(null=True)  # of such a rule: [{column: cell}]; null: the rule is a number
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    reason = models.TextField()

    class Meta:
        indexes = [models.Index(fields=["name", "-id"], name="rule_change_last")]

    def __str__(self) -> str:
        return f"{self.name} = {self.value}"


def states_check(noun: str, moves: dict[str, set[str]]) -> models.CheckConstraint:
    """The constraint that keeps `state` within the table of moves, for a model's Meta."""
    return models.CheckConstraint(condition=models.Q(state__in=sorted(moves)), name=f"{noun}_state_is_known")
