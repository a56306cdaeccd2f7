"""Accounts, movements and their postings, which only the functions in the database write; and differences."""

from typing import Any

from django.contrib.postgres.indexes import BrinIndex
from django.db import models
from django.db.models import F, Q

from guildhall.kernel.models import Stateful, states_check
from guildhall.ledger.states import CLOSED, DIFFERENCE_MOVES, OPENED


class Account(models.Model):
    """A name under which money of one currency is kept.

    Its row is updated in place and often, so the table leaves half of each page free for that.
    """

    code = models.CharField(max_length=120)  # wallet:person:<id>; the ledger knows nobody behind it
    currency = models.CharField(max_length=3)
    derived = models.BooleanField()  # summed when asked for; `balance` stays 0
    balance = models.BigIntegerField(default=0)  # minor units; of a derived account always 0

    class Meta:
        # What the name must look like is proved by a trigger when an account is opened: a CHECK would be
        # computed again at every change of the balance.
        constraints = [
            models.UniqueConstraint(fields=["code", "currency"], name="account_once"),
            models.CheckConstraint(condition=Q(balance__gte=0), name="account_keeps_its_floor"),
            models.CheckConstraint(
                condition=Q(derived=False) | Q(balance=0), name="account_derived_keeps_none"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.currency}"


class Movement(models.Model):
    """One business cause for money to move: permanent. Numbers rise in the order of each account's life."""

    kind = models.CharField(max_length=32)  # noun.past: hold.placed
    key = models.CharField(max_length=120)  # the cause: the same one never moves money twice
    by = models.UUIDField(null=True)  # who caused it; null: the hall, because time had come
    at = models.DateTimeField()
    facts = models.JSONField(default=dict)
    reverses = models.ForeignKey(
        "self", null=True, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["key"], name="movement_once"),
            models.UniqueConstraint(
                fields=["reverses"], condition=Q(reverses__isnull=False), name="movement_reversed_once"
            ),
            models.CheckConstraint(condition=~Q(key=""), name="movement_has_a_key"),
            models.CheckConstraint(condition=Q(kind__contains="."), name="movement_has_a_kind"),
        ]
        indexes = [
            # Rows lie nearly in the order of time: a summary of every few pages finds them and costs little.
            BrinIndex(fields=["at"], name="movement_by_time", autosummarize=True, pages_per_range=32),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.key}"


class Posting(models.Model):
    """An amount taken from one account and given to another of the same currency.

    There are no foreign keys in the database: its only writer finds the accounts itself, and the daily check
    proves it. One row serves both accounts, so it cannot be out of balance.
    """

    pk = models.CompositePrimaryKey("movement_id", "step")
    movement = models.ForeignKey(
        Movement, on_delete=models.PROTECT, related_name="postings", db_constraint=False, db_index=False
    )
    source = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    target = models.ForeignKey(
        Account, on_delete=models.PROTECT, related_name="+", db_constraint=False, db_index=False
    )
    amount = models.BigIntegerField()  # minor units of the currency of both accounts
    step = models.SmallIntegerField()  # its place within the movement

    class Meta:
        indexes = [
            models.Index(fields=["source", "movement"], name="posting_by_source"),
            models.Index(fields=["target", "movement"], name="posting_by_target"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(amount__gt=0), name="posting_moves_something"),
            models.CheckConstraint(condition=~Q(source=F("target")), name="posting_goes_elsewhere"),
        ]


class Snapshot(models.Model):
    """What a derived account held after all movements up to a number: later sums begin there."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+")
    through = models.BigIntegerField()  # the last movement that is in it
    balance = models.BigIntegerField()
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "through"], name="snapshot_once")]


class Seal(models.Model):
    """A link of the chain over all movements: whoever knows a head notices a row that was changed before it.

    It is made behind the writers, never in their transaction: there, everybody would wait for everybody.
    """

    through = models.BigIntegerField(primary_key=True)  # the last movement that is in it
    movements = models.BigIntegerField()  # how many it adds to the link before
    digest = models.BinaryField()  # SHA-256 over the digests of these
    head = models.BinaryField()  # SHA-256 over the head before, the digest and `through`
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=Q(movements__gt=0), name="seal_of_something")]
        indexes = [models.Index(fields=["at"], name="seal_by_time")]

    def __str__(self) -> str:
        return f"{self.through} {bytes(self.head).hex()}"


class Month(models.Model):
    """A month that nothing is written in any more, and the numbers between which its movements lie."""

    month = models.DateField(primary_key=True)  # its first day
    first = models.BigIntegerField(null=True)  # null: nothing moved
    last = models.BigIntegerField(null=True)
    rest = models.BigIntegerField()  # from here on lies all that belongs to a later month
    at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class Closing(models.Model):
    """What an account that moved in a month held at its end. One that did not holds what it held before."""

    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="+", db_index=False)
    month = models.DateField()
    balance = models.BigIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["account", "month"], name="closing_once")]


class Difference(Stateful):
    """Something in the books or in a report that does not fit, and what an operator found out about it."""

    MOVES = DIFFERENCE_MOVES
    NOUN = "difference"

    source = models.CharField(max_length=24)  # who noticed: ``check``, or a rail
    name = models.CharField(max_length=40)  # what was noticed: ``L3``, ``missing here``
    subject = models.CharField(max_length=200)  # which row or line
    account = models.CharField(max_length=120)  # whose payouts wait; empty: nobody's
    currency = models.CharField(max_length=3)  # of that account; empty: every one
    facts: Any = models.JSONField(default=dict)  # what an operator needs to see
    opened_at = models.DateTimeField()
    answer_by = models.DateTimeField()  # when an operator is to have looked at it
    closed_by = models.UUIDField(null=True)
    answer = models.TextField(default="")  # what it was, and what was done

    class Meta:
        constraints = [
            states_check("difference", DIFFERENCE_MOVES),
            models.UniqueConstraint(
                fields=["source", "name", "subject", "account", "currency"],
                condition=Q(state=OPENED),
                name="difference_open_once",
            ),
            models.CheckConstraint(
                condition=~Q(state=CLOSED) | (Q(closed_by__isnull=False) & ~Q(answer="")),
                name="difference_closed_with_an_answer",
            ),
        ]
        indexes = [
            models.Index(fields=["account"], condition=Q(state=OPENED), name="difference_open_on"),
            models.Index(fields=["state", "-id"], name="difference_by_state"),
            models.Index(fields=["source", "name", "subject"], name="difference_about"),
        ]

    def __str__(self) -> str:
        return f"{self.name}: {self.subject}"
