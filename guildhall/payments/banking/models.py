"""What banks wrote to the hall, line by line, and how their files are read and written."""

from typing import Any

from django.db import models
from django.db.models import Q

from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.payments.states import BANK_FILE_MOVES, SENDER_REFUND_MOVES
from guildhall.people.models import Person


class TransferReference(models.Model):
    """The code that stands on a transfer, and which deposit, payout or refund it is about."""

    code = models.CharField(max_length=12, primary_key=True)
    noun = models.CharField(max_length=8)
    subject = models.UUIDField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["noun", "subject"], name="transfer_reference_once")]

    def __str__(self) -> str:
        return self.code


class StatementColumns(Identified):
    """What the columns of a bank's table mean, as an operator said. A change ends one and begins another."""

    rail = models.CharField(max_length=24)
    columns: Any = models.JSONField()  # `banking.tables.Columns`
    kept_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rail"], condition=Q(ended_at__isnull=True), name="statement_columns_one_in_force"
            )
        ]


class SheetLayout(Identified):
    """How a company's upload sheet is written. A change ends one version and begins the next."""

    name = models.CharField(max_length=60)  # of the company, as the operator calls it
    version = models.PositiveIntegerField()
    layout: Any = models.JSONField()  # `banking.sheets.Layout`
    kept_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    kept_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["name", "version"], name="sheet_layout_version_once"),
            models.UniqueConstraint(
                fields=["name"], condition=Q(ended_at__isnull=True), name="sheet_layout_one_in_force"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.version}"


class BankFile(Stateful):
    """A file from a bank: read whole, and booked once a second operator has confirmed it, or at once."""

    MOVES = BANK_FILE_MOVES
    NOUN = "bank_file"

    rail = models.CharField(max_length=24)
    file_hash = models.CharField(max_length=64)  # SHA-256 of its bytes
    name = models.CharField(max_length=200)
    size = models.BigIntegerField()
    written_in = models.CharField(max_length=80)
    brought_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    brought_at = models.DateTimeField()
    repeated = models.PositiveIntegerField(default=0)  # lines that an earlier file had brought

    class Meta:
        constraints = [
            states_check("bank_file", BANK_FILE_MOVES),
            models.UniqueConstraint(fields=["rail", "file_hash"], name="bank_file_once"),
        ]


class BankStatement(Identified):
    """What a file says of one account in one currency."""

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="statements")
    account = models.CharField(max_length=34)
    currency = models.CharField(max_length=3)
    opening = models.BigIntegerField(null=True)  # null: a table that does not say
    closing = models.BigIntegerField(null=True)
    first_day = models.DateField(null=True)  # null: nothing was booked
    last_day = models.DateField(null=True)


class BankLine(Identified):
    """One line of a file, and what the hall made of it."""

    class Outcome(models.TextChoices):
        """What became of it."""

        WAITING = "waiting"  # its file is not booked yet
        CREDITED = "credited"
        SUSPENDED = "suspended"
        ARRIVED = "arrived"  # a payout, or a refund
        RETURNED = "returned"
        UNDER_WAY = "under_way"  # the bank has no answer yet
        KNOWN = "known"  # the books had it before
        UNEXPLAINED = "unexplained"  # nothing here explains it: an operator looks

    file = models.ForeignKey(BankFile, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveIntegerField()  # its place in the file, from 1
    rail = models.CharField(max_length=24)
    own_account = models.CharField(max_length=34)
    reference = models.CharField(max_length=80)  # the bank's; empty for an answer about a transfer of ours
    amount = models.BigIntegerField()  # above zero what came; 0 for an answer
    currency = models.CharField(max_length=3)
    day = models.DateField(null=True)
    text = models.CharField(max_length=500)
    end_to_end = models.CharField(max_length=80)
    batch = models.CharField(max_length=80)  # what we called the file it answers, or was booked with
    party = models.CharField(max_length=140)
    account = models.CharField(max_length=34)
    returned = models.BooleanField(default=False)
    said = models.CharField(max_length=10)  # of an answer: paid, refused, under_way
    reason = models.CharField(max_length=200)
    outcome = models.CharField(max_length=12, choices=Outcome)
    notice = models.ForeignKey(
        "payments.GatewayNotice", null=True, on_delete=models.PROTECT, related_name="+"
    )
    payout = models.ForeignKey("payments.Payout", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["rail", "own_account", "reference"],
                condition=~Q(reference=""),
                name="bank_line_once",
            ),
            models.UniqueConstraint(fields=["file", "number"], name="bank_line_of_file"),
        ]
        indexes = [
            models.Index(fields=["rail", "currency", "day"], name="bank_line_by_day"),
            models.Index(fields=["rail"], condition=Q(outcome="unexplained"), name="bank_line_unexplained"),
            models.Index(fields=["payout"], condition=Q(payout__isnull=False), name="bank_line_of_payout"),
            models.Index(fields=["notice"], condition=Q(notice__isnull=False), name="bank_line_of_notice"),
        ]

    @property
    def money(self) -> Money:
        """What came, or below zero went."""
        return Money(self.amount, self.currency)


class BookedLine(models.Model):
    """Which movement of the ledger a line is: each of them has at most one line, a line may be many."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="movements")
    movement = models.OneToOneField("ledger.Movement", on_delete=models.PROTECT, related_name="+")

    def __str__(self) -> str:
        return f"{self.line_id} {self.movement_id}"


class SenderRefund(Stateful):
    """Money that nobody here explained, on its way back to the account that it came from."""

    MOVES = SENDER_REFUND_MOVES
    NOUN = "sender_refund"

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    sent_at = models.DateTimeField()
    reason = models.CharField(max_length=200, default="")  # why it came back

    class Meta:
        constraints = [
            states_check("sender_refund", SENDER_REFUND_MOVES),
            models.CheckConstraint(condition=Q(amount__gt=0), name="sender_refund_amount"),
            models.UniqueConstraint(
                fields=["line"], condition=~Q(state="returned"), name="sender_refund_one_at_a_time"
            ),
        ]

    @property
    def money(self) -> Money:
        """What goes back."""
        return Money(self.amount, self.currency)

    @property
    def transit(self) -> str:
        """The ledger account that it lies in while it is on its way."""
        return f"transit:{self.id}"
