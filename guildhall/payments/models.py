"""Deposits and what goes back of them, kept cards, notices of rails, payouts, and the practice bank."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.payments.exchange import models as _exchange  # noqa: F401 - Django finds its tables here
from guildhall.payments.states import (
    BATCH_MOVES,
    CHARGEBACK_MOVES,
    DEPOSIT_MOVES,
    PAYOUT_MOVES,
    REFUND_MOVES,
    TAKEN,
)
from guildhall.people.models import Person

_CURRENCY = "^[A-Z]{3}$"


class KeptMethod(Identified):
    """A card that a processor keeps for somebody. Of the card itself the hall has only what it shows."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    rail = models.CharField(max_length=24)
    method = models.CharField(max_length=120)  # the processor's id of it
    payer = models.CharField(max_length=120)  # the processor's id of the person
    brand = models.CharField(max_length=24)
    last4 = models.CharField(max_length=4)
    expires = models.CharField(max_length=7, default="")  # 2030-04
    kept_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True)
    forget_at = models.DateTimeField(null=True)  # when to ask the processor to delete it; null: it has

    class Meta:
        indexes = [
            models.Index(fields=["forget_at"], condition=Q(forget_at__isnull=False), name="method_to_forget")
        ]
        constraints = [models.UniqueConstraint(fields=["rail", "method"], name="kept_method_once")]


class Deposit(Stateful):
    """Somebody's intent to pay money in through a processor, and what became of it."""

    MOVES = DEPOSIT_MOVES
    NOUN = "deposit"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    rail = models.CharField(max_length=24)
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    pay_url = models.CharField(max_length=300, default="")  # the processor's page; empty until it answered
    started_at = models.DateTimeField()
    serial = models.PositiveIntegerField(default=0)  # of the processor's last word that we followed
    back_to = models.CharField(max_length=300, default="")  # where in the hall the payer goes on afterwards
    ask_at = models.DateTimeField(null=True)  # when to ask the processor for its page; null: asked
    asks = models.PositiveIntegerField(default=0)  # how often it was asked
    payment = models.CharField(max_length=255, default="")  # the processor's id of it, once it has said so
    method = models.ForeignKey(  # the kept card that it is to be paid with
        KeptMethod, null=True, on_delete=models.PROTECT, related_name="+"
    )
    payer = models.CharField(max_length=120, default="")  # the processor's id of the payer, if it knew them
    keep = models.BooleanField(default=False)  # whether the payer wants their card kept
    look_at = models.DateTimeField(null=True)  # when to ask what became of it, should no word come by itself

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="deposit_of_person"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="deposit_to_ask"),
            models.Index(fields=["started_at"], condition=Q(state="started"), name="deposit_under_way"),
            models.Index(fields=["look_at"], condition=Q(look_at__isnull=False), name="deposit_to_look_at"),
            models.Index(fields=["rail", "payment"], condition=~Q(payment=""), name="deposit_by_payment"),
        ]
        constraints = [
            states_check("deposit", DEPOSIT_MOVES),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_amount"),
            models.CheckConstraint(condition=Q(currency__regex=_CURRENCY), name="deposit_currency"),
        ]

    @property
    def money(self) -> Money:
        """What is to be paid in."""
        return Money(self.amount, self.currency)


class DepositRefund(Stateful):
    """Money that goes back where a deposit came from. It lies in transit until the rail has spoken."""

    MOVES = REFUND_MOVES
    NOUN = "deposit_refund"

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="refunds")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    requested_at = models.DateTimeField()
    serial = models.PositiveIntegerField(default=0)  # of the rail's last word that we followed
    ask_at = models.DateTimeField(null=True)  # when to ask the rail, for it or about it; null: it has spoken
    asks = models.PositiveIntegerField(default=0)  # how often it was asked
    reason = models.CharField(max_length=200, default="")  # why it came back

    class Meta:
        indexes = [
            models.Index(fields=["deposit", "id"], name="refund_of_deposit"),
            models.Index(fields=["ask_at"], condition=Q(ask_at__isnull=False), name="refund_to_ask"),
        ]
        constraints = [
            states_check("deposit_refund", REFUND_MOVES),
            models.CheckConstraint(condition=Q(amount__gt=0), name="deposit_refund_amount"),
        ]

    @property
    def money(self) -> Money:
        """What goes back."""
        return Money(self.amount, self.currency)

    @property
    def transit(self) -> str:
        """The ledger account that its money lies in while it is on its way."""
        return f"transit:{self.id}"


class Chargeback(Stateful):
    """What a payer's bank has taken back of a deposit, who bore it, and what the client has made good."""

    MOVES = CHARGEBACK_MOVES
    NOUN = "chargeback"

    deposit = models.ForeignKey(Deposit, on_delete=models.PROTECT, related_name="chargebacks")
    rail = models.CharField(max_length=24)
    reference = models.CharField(max_length=120)  # the processor's id of it
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    serial = models.PositiveIntegerField()  # of the processor's last word that we followed
    taken_at = models.DateTimeField()
    from_wallet = models.BigIntegerField(default=0)  # out of the client's wallet, as far as it reached
    from_reserve = models.BigIntegerField(default=0)  # then at the hall's cost
    from_shortfall = models.BigIntegerField(default=0)  # and what the hall did not have
    recovered = models.BigIntegerField(default=0)  # what the client has made good of the hall's part

    class Meta:
        indexes = [models.Index(fields=["deposit", "id"], name="chargeback_of_deposit")]
        constraints = [
            states_check("chargeback", CHARGEBACK_MOVES),
            models.UniqueConstraint(fields=["rail", "reference"], name="chargeback_once"),
            models.CheckConstraint(
                condition=Q(amount=F("from_wallet") + F("from_reserve") + F("from_shortfall"), amount__gt=0),
                name="chargeback_is_borne",
            ),
            models.CheckConstraint(
                condition=Q(recovered__gte=0, recovered__lte=F("from_reserve") + F("from_shortfall")),
                name="chargeback_recovered",
            ),
        ]

    @property
    def money(self) -> Money:
        """What was taken back."""
        return Money(self.amount, self.currency)

    @property
    def owed(self) -> Money:
        """What the client still owes the hall for it."""
        owed = self.from_reserve + self.from_shortfall - self.recovered if self.is_in(TAKEN) else 0
        return Money(owed, self.currency)


class GatewayNotice(Identified):
    """A processor's word with a valid signature, and what came of it."""

    class Outcome(models.TextChoices):
        """What the hall did with it."""

        FOLLOWED = "followed"
        OLDER = "older"  # a later word had already arrived
        UNMATCHED = "unmatched"  # names no deposit of ours, or another sum: put aside, an operator decides

    rail = models.CharField(max_length=24)
    reference = models.CharField(max_length=120)  # the processor's own id of it
    deposit = models.ForeignKey(Deposit, null=True, on_delete=models.PROTECT, related_name="notices")
    facts: Any = models.JSONField()  # what it said
    outcome = models.CharField(max_length=12, choices=Outcome)
    at = models.DateTimeField()
    matched_with = models.ForeignKey(  # whose money it was found to be, after no deposit had explained it
        Person, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "reference"], name="gateway_notice_once")]


class RefusedNotices(models.Model):
    """How many words without a valid signature arrived on a day. Nothing else of them is kept."""

    rail = models.CharField(max_length=24)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["rail", "day"], name="refused_notices_once")]


class PayoutMethod(models.TextChoices):
    """In which way an account is paid to."""

    IBAN = "iban"
    ACCOUNT = "account"  # a number that only its own country's banks know
    WALLET = "wallet"  # of a mobile-money company: its number is a telephone's


class PayoutAccount(Identified):
    """Where a person wants to be paid. A change ends one and begins another.

    One without a currency is for all currencies that have none of their own.
    """

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    holder = models.CharField(max_length=70)
    bank = models.CharField(max_length=70)
    number = models.CharField(max_length=34)  # an IBAN, a local account or a wallet's number, without spaces
    method = models.CharField(max_length=8, choices=PayoutMethod, default=PayoutMethod.ACCOUNT)
    bic = models.CharField(max_length=11, default="")  # of the bank; empty: not known
    currency = models.CharField(max_length=3, default="")  # which money goes there; empty: any
    set_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)
    rests_until = models.DateTimeField(null=True)  # no payout before; accounts of old halls may have none

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person", "currency"],
                condition=Q(ended_at__isnull=True),
                name="payout_account_one_in_force",
            )
        ]

    @property
    def masked(self) -> str:
        """Its number as it may be shown: only the last four characters."""
        return "•••• " + self.number[-4:]


class PayoutBatch(Stateful):
    """Payouts that go to one bank or company in one file: one way, one currency."""

    MOVES = BATCH_MOVES
    NOUN = "payout_batch"

    opened_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    sent_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    method = models.CharField(max_length=8, default="")  # empty: of a time when files were mixed
    currency = models.CharField(max_length=3, default="")
    rail = models.CharField(max_length=24, default="bank")  # where the money leaves
    sheet = models.ForeignKey(  # the upload sheet it is written as; null: the order or list for the bank
        "payments.SheetLayout", null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        constraints = [states_check("payout_batch", BATCH_MOVES)]


class Payout(Stateful):
    """An instruction to pay somebody. Its money lies in transit until the bank has spoken."""

    MOVES = PAYOUT_MOVES
    NOUN = "payout"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey(PayoutAccount, on_delete=models.PROTECT, related_name="+")
    batch = models.ForeignKey(PayoutBatch, null=True, on_delete=models.PROTECT, related_name="payouts")
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    requested_at = models.DateTimeField()
    reason = models.CharField(max_length=200, default="")  # why the bank sent it back

    class Meta:
        indexes = [
            models.Index(fields=["person", "-id"], name="payout_of_person"),
            models.Index(fields=["state", "id"], name="payout_by_state"),
        ]
        constraints = [
            states_check("payout", PAYOUT_MOVES),
            models.CheckConstraint(condition=Q(amount__gt=0), name="payout_amount"),
            models.CheckConstraint(condition=Q(currency__regex=_CURRENCY), name="payout_currency"),
            models.CheckConstraint(
                condition=Q(state__in=["requested", "returned"]) | Q(batch__isnull=False),
                name="payout_leaves_in_a_batch",
            ),
        ]

    @property
    def money(self) -> Money:
        """What is to be paid out."""
        return Money(self.amount, self.currency)

    @property
    def transit(self) -> str:
        """The ledger account that its money lies in while it is on its way."""
        return f"transit:{self.id}"

    @property
    def outside(self) -> str:
        """The ledger account into which it leaves: of the bank or company that its batch goes to."""
        return f"outside:{self.batch.rail}" if self.batch else "outside:bank"


class PracticeIntent(Identified):
    """The practice bank's own record of a payment it was asked for: it stands for a stranger's database."""

    reference = models.CharField(max_length=48, unique=True)  # in the address of its page; not to be guessed
    deposit = models.CharField(max_length=48)  # what the hall called it
    amount = models.BigIntegerField()
    currency = models.CharField(max_length=3)
    back_to = models.CharField(max_length=300)
    choice = models.CharField(max_length=12, default="")  # what the visitor chose; empty until then
    keep = models.BooleanField(default=False)  # whether the payer wants a practice card kept
    started_at = models.DateTimeField()


class PracticeNotice(models.Model):
    """A word that the practice bank has still to send, or has sent."""

    intent = models.ForeignKey(PracticeIntent, on_delete=models.PROTECT, related_name="notices")
    reference = models.CharField(max_length=48)  # not unique: a processor may send the same word twice
    serial = models.PositiveIntegerField()
    outcome = models.CharField(max_length=12)
    about = models.CharField(max_length=12, default="deposit")
    subject = models.CharField(
        max_length=48, default=""
    )  # the hall's id of a refund, the bank's of a chargeback
    minor = models.BigIntegerField(null=True)  # another sum than the intent's: a part of it, or a lie
    due_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    tries = models.PositiveIntegerField(default=0)
    trouble = models.CharField(max_length=200, default="")

    class Meta:
        indexes = [
            models.Index(fields=["due_at"], condition=Q(sent_at__isnull=True), name="practice_notice_due")
        ]


# Tables of this package too: they stand with what reads and writes the files of banks.
from guildhall.payments.banking.models import (  # noqa: E402
    BankFile,
    BankLine,
    BankStatement,
    BookedLine,
    SenderRefund,
    SheetLayout,
    StatementColumns,
    TransferReference,
)
from guildhall.payments.paying_out.models import (  # noqa: E402 - below what it needs
    OwnTransfer,
    PayoutLock,
    PayoutPlan,
    PayoutTurn,
    Rhythm,
)

__all__ = [
    "BankFile",
    "BankLine",
    "BankStatement",
    "BookedLine",
    "Deposit",
    "GatewayNotice",
    "OwnTransfer",
    "Payout",
    "PayoutAccount",
    "PayoutBatch",
    "PayoutLock",
    "PayoutMethod",
    "PayoutPlan",
    "PayoutTurn",
    "PracticeIntent",
    "PracticeNotice",
    "RefusedNotices",
    "Rhythm",
    "SenderRefund",
    "SheetLayout",
    "StatementColumns",
    "TransferReference",
]
