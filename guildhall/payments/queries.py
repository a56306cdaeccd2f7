"""Questions about deposits and payouts, from the one who asks."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import CharField, Count, Exists, F, OuterRef, Q, QuerySet, Sum, Value
from django.db.models.functions import Cast, Concat

from guildhall.kernel.money import Money
from guildhall.ledger.models import Difference
from guildhall.ledger.queries import balances_of, currencies_of, differences_open_on, open_differences
from guildhall.payments.deposits import deposits_with_unknown_outcome, refunds_with_unknown_outcome
from guildhall.payments.models import (
    BankLine,
    Deposit,
    DepositRefund,
    GatewayNotice,
    Payout,
    PayoutAccount,
    PayoutBatch,
    PracticeIntent,
    PracticeNotice,
)
from guildhall.payments.rules import BATCH_IS_OLD, DEPOSIT_LASTS, PAYOUT_IS_SLOW, TRANSFER_LASTS
from guildhall.payments.states import OPENED, REQUESTED, SENT, STARTED
from guildhall.people.models import Person


def available_to(person: Person) -> list[Money]:
    """What this person may spend or withdraw, by currency; those that were ever used."""
    wallet = f"wallet:{person.party}"
    return [balances_of([wallet], currency)[wallet] for currency in currencies_of([wallet])]


def deposits_of(person: Person) -> QuerySet[Deposit]:
    """What this person has paid in or wants to."""
    return Deposit.objects.filter(person=person)


def deposits_under_way_of(person: Person) -> QuerySet[Deposit]:
    """Those of which the processor has not spoken yet."""
    return deposits_of(person).filter(state=STARTED)


_ON_THE_WAY_OUT = ("wallet", "clearing")
"""First words of a person's accounts whose money may still be on its way to their bank."""


def doubts_about(person: Person, currency: str) -> QuerySet[Difference]:
    """What does not fit about this person's money in a currency: payouts of it wait for an operator."""
    codes = [f"{word}:{person.party}" for word in _ON_THE_WAY_OUT]
    codes += [payout.transit for payout in payouts_under_way_of(person).filter(currency=currency)]
    return differences_open_on(codes, currency)


def under_doubt() -> Exists:
    """As a filter of payouts: those that wait because something about their account does not fit."""
    person, payout = Cast(OuterRef("person_id"), CharField()), Cast(OuterRef("id"), CharField())
    codes = [Concat(Value(f"{word}:person:"), person) for word in _ON_THE_WAY_OUT]
    codes.append(Concat(Value("transit:"), payout))
    return Exists(
        open_differences()
        .annotate(of_payout=OuterRef("currency"))
        .filter(Q(currency="") | Q(currency=F("of_payout")), account__in=codes)
    )


def owner_of_account(code: str) -> UUID | None:
    """Whose money an account holds, where it is one person's: who is told of what does not fit about it."""
    word, _, rest = code.partition(":")
    if word == "transit":
        return Payout.objects.filter(pk=rest).values_list("person_id", flat=True).first()
    kind, _, person = rest.partition(":")
    return UUID(person[:36]) if word in (*_ON_THE_WAY_OUT, "savings") and kind == "person" else None


def differences_seen_by(operator: Person) -> QuerySet[Difference]:
    """What did not fit, open and closed, for operators."""
    return Difference.objects.all() if operator.is_operator else Difference.objects.none()


def payouts_of(person: Person) -> QuerySet[Payout]:
    """What this person has asked to be paid."""
    return Payout.objects.filter(person=person).select_related("account")


def payouts_under_way_of(person: Person) -> QuerySet[Payout]:
    """Those that are on their way."""
    return payouts_of(person).filter(state__in=[REQUESTED, SENT])


def sum_under_way_of(person: Person, currency: str) -> Money:
    """How much of one currency is on its way to this person's bank."""
    under_way = payouts_under_way_of(person).filter(currency=currency)
    return Money(int(under_way.aggregate(sum=Sum("amount"))["sum"] or 0), currency)


def payout_account_of(person: Person) -> PayoutAccount | None:
    """Where this person is paid."""
    return PayoutAccount.objects.filter(person=person, ended_at=None).first()


def payouts_seen_by(operator: Person) -> QuerySet[Payout]:
    """Everything that goes out, for operators."""
    payouts = Payout.objects.select_related("person", "account", "batch")
    return payouts if operator.is_operator else payouts.none()


def payouts_waiting_for(operator: Person) -> QuerySet[Payout]:
    """What no batch holds yet."""
    return payouts_seen_by(operator).filter(state=REQUESTED, batch=None)


def reaches(operator: Person) -> Q:
    """Payouts that pay this operator: their own, and whoever's that go to an account they ever named."""
    theirs = PayoutAccount.objects.filter(person=operator).values("number")
    return Q(person=operator) | Q(account__number__in=theirs)


@dataclass(frozen=True, slots=True)
class Waiting:
    """What waits to be sent: how many payouts, how many of them the asker may send, the sums by currency.

    Args:
        stopped: how many wait because something about their account does not fit.
    """

    count: int
    sendable: int
    stopped: int
    totals: list[Money]


def sums_waiting_for(operator: Person) -> Waiting:
    """All that waits, counted and summed, for operators."""
    rows = list(
        payouts_waiting_for(operator)
        .values("currency")
        .annotate(total=Sum("amount"), count=Count("id"))
        .order_by("currency")
    )
    stopped = payouts_waiting_for(operator).filter(under_doubt()).count()
    own = payouts_waiting_for(operator).filter(reaches(operator)).exclude(under_doubt()).count()
    count = sum(row["count"] for row in rows)
    totals = [Money(int(row["total"]), row["currency"]) for row in rows]
    return Waiting(count, count - own - stopped, stopped, totals)


@dataclass(frozen=True, slots=True)
class WaitingGroup:
    """Payouts that the asker may send in one batch: one way, one currency."""

    method: str
    total: Money
    count: int


def groups_waiting_for(operator: Person) -> list[WaitingGroup]:
    """What may become a batch, for operators."""
    rows = (
        payouts_waiting_for(operator)
        .exclude(reaches(operator))
        .exclude(under_doubt())
        .values("account__method", "currency")
        .annotate(total=Sum("amount"), count=Count("id"))
        .order_by("currency", "account__method")
    )
    return [
        WaitingGroup(row["account__method"], Money(int(row["total"]), row["currency"]), row["count"])
        for row in rows
    ]


def payout_batches_seen_by(operator: Person) -> QuerySet[PayoutBatch]:
    """The batches, for operators."""
    batches = PayoutBatch.objects.select_related("opened_by", "sent_by", "sheet")
    return batches if operator.is_operator else batches.none()


@dataclass(frozen=True, slots=True)
class BatchSums:
    """How much a batch is: its payouts, those whose end is not known, and the sums by currency."""

    count: int
    under_way: int
    totals: list[Money]


def own_under_way_in(batch: PayoutBatch, operator: Person) -> int:
    """How many payouts of a batch pay this operator and have no end yet: another has to say it of them."""
    return Payout.objects.filter(reaches(operator), batch=batch, state=SENT).count()


def sums_of_batch(batch: PayoutBatch) -> BatchSums:
    """The sums of a batch that the asker has loaded."""
    rows = list(
        Payout.objects.filter(batch=batch)
        .values("currency")
        .annotate(total=Sum("amount"), count=Count("id"), under_way=Count("id", filter=Q(state=SENT)))
        .order_by("currency")
    )
    return BatchSums(
        count=sum(row["count"] for row in rows),
        under_way=sum(row["under_way"] for row in rows),
        totals=[Money(int(row["total"]), row["currency"]) for row in rows],
    )


def bank_lines_to_explain(operator: Person) -> QuerySet[BankLine]:
    """Lines that nothing here explains: what went, and what came and lies in suspense; for operators."""
    unexplained = Q(outcome=BankLine.Outcome.UNEXPLAINED) & ~Q(amount=0)
    suspended = Q(outcome=BankLine.Outcome.SUSPENDED, notice__matched_with=None, notice__isnull=False)
    lines = BankLine.objects.filter(unexplained | suspended).select_related("file", "notice")
    return lines if operator.is_operator else lines.none()


def explained() -> Exists:
    """As a filter of notices: those that are a bank's line of which two operators have said what it was."""
    lines = BankLine.objects.filter(notice=OuterRef("pk"))
    return Exists(lines.exclude(outcome=BankLine.Outcome.SUSPENDED))


def unmatched_notices_seen_by(operator: Person) -> QuerySet[GatewayNotice]:
    """Money that came, fits no deposit, and is nobody's yet; for operators."""
    notices = GatewayNotice.objects.filter(
        outcome=GatewayNotice.Outcome.UNMATCHED,
        facts__outcome="paid",
        facts__amount__gt=0,
        matched_with=None,
    ).exclude(facts__about__in=["refund", "chargeback"])
    notices = notices.exclude(explained())
    return notices if operator.is_operator else notices.none()


@dataclass(frozen=True, slots=True)
class MoneyThatWaits:
    """Money on its way for longer than it should be, the oldest first."""

    deposits: QuerySet[Deposit]
    payouts: QuerySet[Payout]
    batches: QuerySet[PayoutBatch]
    notices: QuerySet[PracticeNotice]
    unknown_deposits: QuerySet[Deposit]
    unknown_refunds: QuerySet[DepositRefund]


def waits_too_long(at: datetime) -> Q:
    """As a filter of deposits: begun longer ago than a payer needs, who for a transfer goes to their bank."""
    transfers = Q(rail="bank", started_at__lt=at - TRANSFER_LASTS)
    return transfers | (~Q(rail="bank") & Q(started_at__lt=at - DEPOSIT_LASTS))


def money_that_waits(operator: Person, *, at: datetime) -> MoneyThatWaits:
    """What a bank, or whoever sends the batches, should have answered by now; for operators.

    Deposits that nobody finished, payouts of which the bank does not say that they arrived, batches that
    were opened and not sent, words of the practice bank that do not arrive; and, however young, what may have
    been charged or sent back or not, because its rail does not say.
    """
    deposits = Deposit.objects.filter(waits_too_long(at), state=STARTED)
    payouts = payouts_seen_by(operator).filter(state=SENT, moved_at__lt=at - PAYOUT_IS_SLOW)
    batches = payout_batches_seen_by(operator).filter(state=OPENED, opened_at__lt=at - BATCH_IS_OLD)
    notices = PracticeNotice.objects.filter(sent_at=None).exclude(trouble="")
    if not operator.is_operator:
        deposits, notices = deposits.none(), notices.none()
    return MoneyThatWaits(
        deposits.order_by("started_at", "id"),
        payouts.order_by("moved_at", "id"),
        batches.order_by("opened_at", "id"),
        notices.select_related("intent").order_by("due_at", "id"),
        deposits_with_unknown_outcome(operator).order_by("moved_at", "id"),
        refunds_with_unknown_outcome(operator).order_by("moved_at", "id"),
    )


@dataclass(frozen=True, slots=True)
class HallsOwn:
    """The hall's own money in one currency, and what it could not cover."""

    reserve: Money
    shortfall: Money


def halls_own_seen_by(operator: Person) -> list[HallsOwn]:
    """The reserve and the shortfall by currency, for operators."""
    if not operator.is_operator:
        return []
    codes = ["reserve", "shortfall"]
    held = [balances_of(codes, currency) for currency in currencies_of(codes)]
    return [HallsOwn(each["reserve"], each["shortfall"]) for each in held]


def practice_intents() -> QuerySet[PracticeIntent]:
    """Payments at the practice bank: whoever knows the reference is the payer."""
    return PracticeIntent.objects.all()
