"""Holds, who paid into them, and what left them."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from guildhall.escrow.savings import models as _savings  # noqa: F401 - Django finds its tables here
from guildhall.escrow.states import HOLD_MOVES, RELEASE_MOVES
from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money


class Hold(Stateful):
    """Money set aside for one purpose, with everything that will decide where it goes.

    `placed`, `left` and `frozen` speak of the work; the client's fee lies beside it in the same account and
    leaves in the same proportion.
    """

    MOVES = HOLD_MOVES
    NOUN = "hold"

    purpose = models.CharField(max_length=120, unique=True)  # milestone:<id>
    worker = models.CharField(max_length=80)  # the party that earns it: person:<id>
    currency = models.CharField(max_length=3)
    placed = models.BigIntegerField()  # for the work, when it was set aside
    left = models.BigIntegerField()  # of that, still here
    frozen = models.BigIntegerField(default=0)  # of that, not to be moved until a case ends
    client_fee = models.BigIntegerField(default=0)  # the client's own fee, when it was set aside
    client_fee_left = models.BigIntegerField(default=0)
    deductions: Any = models.JSONField(
        default=list
    )  # as agreed: [{account, basis_points, name}], maybe steps
    clearing_days = models.PositiveSmallIntegerField()  # as agreed
    placed_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["worker", "-id"], name="hold_of_worker")]
        constraints = [
            states_check("hold", HOLD_MOVES),
            models.CheckConstraint(condition=Q(currency__regex="^[A-Z]{3}$"), name="hold_currency"),
            models.CheckConstraint(
                condition=Q(placed__gt=0, frozen__gte=0, left__gte=F("frozen"), left__lte=F("placed")),
                name="hold_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(client_fee_left__gte=0, client_fee_left__lte=F("client_fee")),
                name="hold_fee_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state="closed") | Q(left=0, client_fee_left=0), name="hold_closes_empty"
            ),
        ]

    def __str__(self) -> str:
        return self.purpose

    @property
    def account(self) -> str:
        """The ledger account that its money lies in."""
        return f"escrow:{self.id}"

    @property
    def money_left(self) -> Money:
        """What is still set aside for the work."""
        return Money(self.left, self.currency)

    @property
    def money_free(self) -> Money:
        """What of it no case has frozen."""
        return Money(self.left - self.frozen, self.currency)

    @property
    def money_frozen(self) -> Money:
        """What of it a case has frozen."""
        return Money(self.frozen, self.currency)


class HoldPart(models.Model):
    """What one payer put into a hold, the client's fee included."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="parts")
    number = models.PositiveSmallIntegerField()
    party = models.CharField(max_length=80)  # person:<id>, or fund:<programme>
    account = models.CharField(max_length=120)  # where it came from, and where it goes back to
    amount = models.BigIntegerField()
    returned = models.BigIntegerField(default=0)

    class Meta:
        indexes = [models.Index(fields=["party", "-hold"], name="hold_part_of_party")]
        constraints = [
            models.UniqueConstraint(fields=["hold", "number"], name="hold_part_once"),
            models.UniqueConstraint(fields=["hold", "account"], name="hold_payer_once"),
            models.CheckConstraint(
                condition=Q(amount__gt=0, returned__gte=0, returned__lte=F("amount")),
                name="hold_part_adds_up",
            ),
        ]


class Release(Stateful):
    """Money that left a hold: to the worker, back to the payers, or some to each.

    Its id is the key under which it was asked for, so that asking twice moves money once.
    """

    MOVES = RELEASE_MOVES
    NOUN = "release"

    class Kind(models.TextChoices):
        """What made the money leave."""

        RELEASE = "release"
        RETURN = "return"
        SPLIT = "split"

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="releases")
    kind = models.CharField(max_length=8, choices=Kind)
    worker = models.CharField(max_length=80)
    currency = models.CharField(max_length=3)
    gross = models.BigIntegerField()  # of the work, to the worker's side
    net = models.BigIntegerField()  # of that, to the worker
    returned = models.BigIntegerField()  # of the work, to the payers
    fee_kept = models.BigIntegerField()  # of the client's fee, to the hall
    fee_returned = models.BigIntegerField()  # of the client's fee, to the payers
    by = models.UUIDField(null=True)
    at = models.DateTimeField()
    matures_at = models.DateTimeField(null=True)  # when the worker may spend it

    class Meta:
        indexes = [
            models.Index(fields=["matures_at"], condition=Q(state="clearing"), name="release_due"),
            models.Index(fields=["worker", "-id"], name="release_of_worker"),
        ]
        constraints = [
            states_check("release", RELEASE_MOVES),
            models.CheckConstraint(
                condition=Q(gross__gte=0, net__gte=0, returned__gte=0, fee_kept__gte=0, fee_returned__gte=0)
                & Q(net__lte=F("gross")),
                name="release_adds_up",
            ),
            models.CheckConstraint(
                condition=~Q(state="clearing") | Q(matures_at__isnull=False), name="release_clears_until"
            ),
        ]

    @property
    def money_net(self) -> Money:
        """What the worker gets of it."""
        return Money(self.net, self.currency)

    @property
    def money_gross(self) -> Money:
        """What the payers paid of the work with it."""
        return Money(self.gross, self.currency)


class ReleaseLine(models.Model):
    """One named line of a release: where a part of it went and why."""

    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="lines")
    number = models.PositiveSmallIntegerField()
    account = models.CharField(max_length=120)
    amount = models.BigIntegerField()
    name = models.CharField(max_length=40)  # net, fee, client_fee, returned …

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["release", "number"], name="release_line_once"),
            models.CheckConstraint(condition=Q(amount__gte=0), name="release_line_amount"),
        ]


class Freeze(Identified):
    """A part of a hold that was frozen or thawed, and why."""

    hold = models.ForeignKey(Hold, on_delete=models.PROTECT, related_name="freezes")
    amount = models.BigIntegerField()  # more than zero: frozen; less: thawed
    reason = models.CharField(max_length=120)
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(amount=0), name="freeze_of_something")]
