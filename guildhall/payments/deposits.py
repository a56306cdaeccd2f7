"""Questions about what was paid in: what may go back of it, what was taken back, which cards are kept."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q, QuerySet, Sum

from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.ledger.models import Posting
from guildhall.payments.models import Chargeback, Deposit, DepositRefund, KeptMethod
from guildhall.payments.rules import DEPOSIT_GOES_HOME
from guildhall.payments.states import RETURNED, SETTLED, TAKEN, UNKNOWN
from guildhall.payments.words import Instruction
from guildhall.people.models import Person


def instruction_for(deposit: Deposit) -> Instruction:
    """What a rail is asked when it is asked for a deposit or about it."""
    return Instruction(
        reference=str(deposit.pk),
        amount=deposit.money,
        at=deposit.started_at,
        back_to=f"{settings.GUILDHALL_BASE_URL}{deposit.back_to}",
        payer=deposit.payer,
        person=str(deposit.person_id),
        method=deposit.method.method if deposit.method else "",
        keep=deposit.keep,
        payment=deposit.payment,
    )


def instruction_for_refund(refund: DepositRefund) -> Instruction:
    """What a rail is asked when it is asked for a refund or about it."""
    deposit = refund.deposit
    return Instruction(
        reference=str(refund.pk),
        amount=refund.money,
        at=refund.requested_at,
        about="refund",
        person=str(deposit.person_id),
        payment=deposit.payment or str(deposit.pk),
    )


def refundable_of(deposit: Deposit) -> Money:
    """How much of a deposit can still go back: what neither went back nor was taken back."""
    if not deposit.is_in(SETTLED):
        return Money(0, deposit.currency)
    gone = _sum(deposit.refunds.exclude(state=RETURNED)) + _sum(deposit.chargebacks.filter(state=TAKEN))
    return Money(max(0, deposit.amount - gone), deposit.currency)


def _sum(rows: QuerySet[DepositRefund] | QuerySet[Chargeback]) -> int:
    return int(rows.aggregate(sum=Sum("amount"))["sum"] or 0)


def refunds_of(person: Person) -> QuerySet[DepositRefund]:
    """What this person has sent back to where it came from."""
    return DepositRefund.objects.filter(deposit__person=person).select_related("deposit")


def kept_methods_of(person: Person) -> QuerySet[KeptMethod]:
    """The cards that processors keep for this person."""
    return KeptMethod.objects.filter(person=person, removed_at=None)


def chargebacks_of(person: Person) -> QuerySet[Chargeback]:
    """What banks have taken back of this person's deposits."""
    return Chargeback.objects.filter(deposit__person=person).select_related("deposit")


def chargebacks_seen_by(operator: Person) -> QuerySet[Chargeback]:
    """Every chargeback, for operators."""
    chargebacks = Chargeback.objects.select_related("deposit__person")
    return chargebacks if operator.is_operator else chargebacks.none()


def deposits_with_unknown_outcome(operator: Person) -> QuerySet[Deposit]:
    """Kept cards that may have been charged or not, for operators."""
    deposits = Deposit.objects.filter(state=UNKNOWN).select_related("person")
    return deposits if operator.is_operator else deposits.none()


def refunds_with_unknown_outcome(operator: Person) -> QuerySet[DepositRefund]:
    """Refunds that may have been paid or not, for operators."""
    refunds = DepositRefund.objects.filter(state=UNKNOWN).select_related("deposit__person")
    return refunds if operator.is_operator else refunds.none()


def going_home_only(person: Person, currency: str, *, at: datetime) -> Money:
    """How much of a wallet can only go back where it was paid in from: money paid in lately and not spent.

    What was set aside for work since then counts as spent from it first.
    """
    since = at - timedelta(days=rules_in_force()[DEPOSIT_GOES_HOME])
    wallet = f"wallet:{person.party}"
    legs = Posting.objects.filter(movement__at__gt=since)
    came, went = Q(target__code=wallet), Q(source__code=wallet)

    def total(which: Q, kinds: list[str]) -> int:
        found = legs.filter(which, movement__kind__in=kinds, source__currency=currency)
        return int(found.aggregate(sum=Sum("amount"))["sum"] or 0)

    back = ["chargeback.taken", "refund.sent"]
    paid_in = total(came, ["deposit.settled", "deposit.matched", "chargeback.given_back", "refund.returned"])
    spent = total(went, ["hold.placed"]) - total(came, ["hold.returned", "hold.split"])
    return Money(max(0, paid_in - total(went, back) - max(0, spent)), currency)
