"""Tables of payouts that a plan asks for, of what stops them, and of the hall's own money going out."""

from datetime import date

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.payments.paying_out.dates import next_after
from guildhall.payments.states import OWN_TRANSFER_MOVES
from guildhall.people.models import Person


class Rhythm(models.TextChoices):
    """How often a person is paid without asking."""

    WEEKLY = "weekly"
    FORTNIGHTLY = "fortnightly"
    MONTHLY = "monthly"


class PayoutPlan(Identified):
    """When somebody wants their money of one currency, and from what sum. A change begins another one."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    rhythm = models.CharField(max_length=12, choices=Rhythm)
    day = models.PositiveSmallIntegerField()  # of the week, Monday is 1; of the month, from 1
    least = models.BigIntegerField()  # below it nothing is asked for
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    next_on = models.DateField()  # in UTC

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "currency"],
                condition=Q(ended_at__isnull=True),
                name="payout_plan_one_in_force",
            ),
            models.CheckConstraint(
                condition=Q(rhythm="monthly", day__gte=1, day__lte=31)
                | (~Q(rhythm="monthly") & Q(day__gte=1, day__lte=7)),
                name="payout_plan_day",
            ),
            models.CheckConstraint(condition=Q(least__gt=0), name="payout_plan_least"),
        ]
        indexes = [
            models.Index(fields=["next_on"], condition=Q(ended_at__isnull=True), name="payout_plan_due")
        ]

    @property
    def money_least(self) -> Money:
        """The least sum that is asked for."""
        return Money(self.least, self.currency)

    def after(self, day: date) -> date:
        """The first of its days after one."""
        return next_after(day, self.rhythm, self.day, since=self.next_on)


class PayoutTurn(Identified):
    """A day of a plan that has come: the payout that was asked for, or why none was."""

    class Why(models.TextChoices):
        """Why nothing was asked for, in words."""

        NOTHING = "nothing", _("nothing was available")
        LEAST = "least", _("less was available than the least you chose")
        NO_ACCOUNT = "no_account", _("you have not said where it should go")
        RESTS = "rests", _("your account was new and rested")
        LOCKED = "locked", _("payouts were locked until you sign in anew")
        DOUBT = "doubt", _("something about your account did not fit, and an operator looked at it")
        HELD = "held", _("what was available came from a client who was new here")
        LIMIT = "limit", _("you had asked for as much as a new account may in a day")

    plan = models.ForeignKey(PayoutPlan, on_delete=models.PROTECT, related_name="turns")
    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    currency = models.CharField(max_length=3)
    due_on = models.DateField()
    at = models.DateTimeField()
    payout = models.OneToOneField("payments.Payout", null=True, on_delete=models.PROTECT, related_name="turn")
    why = models.CharField(max_length=12, choices=Why, default="")
    available = models.BigIntegerField()  # in the wallet then, without what only goes back to its source

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["person", "currency", "due_on"], name="payout_turn_once"),
            models.CheckConstraint(
                condition=Q(payout__isnull=False, why="") | (Q(payout__isnull=True) & ~Q(why="")),
                name="payout_turn_asked_or_why_not",
            ),
        ]

    @property
    def money_available(self) -> Money:
        """What the wallet held then."""
        return Money(self.available, self.currency)


class PayoutLock(Identified):
    """Somebody said by a letter's link that an account is not theirs: no payouts until they sign in anew."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.OneToOneField("payments.PayoutAccount", on_delete=models.PROTECT, related_name="lock")
    locked_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-locked_at"], name="payout_lock_of_person")]


class OwnTransfer(Stateful):
    """The hall's own money on its way out: income that is taken out, or tax that is paid."""

    MOVES = OWN_TRANSFER_MOVES
    NOUN = "own_transfer"

    account = models.CharField(max_length=120)  # fees:<kind> or tax:<authority>:<kind>
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    holder = models.CharField(max_length=70)  # to whom
    number = models.CharField(max_length=34)  # their account
    reason = models.CharField(max_length=200)
    sent_at = models.DateTimeField()
    returned_because = models.CharField(max_length=200, default="")

    class Meta:
        constraints = [
            states_check("own_transfer", OWN_TRANSFER_MOVES),
            models.CheckConstraint(condition=Q(amount__gt=0), name="own_transfer_amount"),
            models.CheckConstraint(
                condition=Q(account__regex="^(fees|tax):"), name="own_transfer_of_the_hall"
            ),
        ]

    @property
    def money(self) -> Money:
        """What goes out."""
        return Money(self.amount, self.currency)

    @property
    def transit(self) -> str:
        """The ledger account that it lies in while it is on its way."""
        return f"transit:{self.id}"
