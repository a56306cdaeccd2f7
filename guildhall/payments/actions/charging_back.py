"""A payer's bank takes a payment back, months later: who bears it, and how the client makes it good.

The rule, as `docs/money.md` publishes it: the client's wallet gives what it holds, then the hall's
reserve, and what that has not is the shortfall, which is an alarm. Nobody else's money is touched: not
what is set aside for a worker, nor what a worker has earned.
"""

import logging
from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.differences import open_difference
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions.crediting import Borne, take_back
from guildhall.payments.events import CHARGEBACK_RECOVERED
from guildhall.payments.gateways import Notice
from guildhall.payments.models import Chargeback, Deposit, DepositRefund
from guildhall.payments.states import GIVEN_BACK, TAKEN
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

log = logging.getLogger(__name__)

RECOVER: Final = "chargeback_recovery"
"""The kind of decision that takes from a client's wallet what a chargeback has cost the hall."""


class NothingOwed(Refusal):
    """The client owes nothing for it, or their wallet holds nothing."""

    code = "nothing_owed"


class MoreThanOwed(Unfit):
    """More than the client owes for it, or than their wallet holds."""

    code = "more_than_owed"


def follow_chargeback(deposit: Deposit, notice: Notice, at: datetime) -> None:
    """Do what a processor says about a chargeback of a deposit that has arrived; the highest word holds."""
    known = Chargeback.objects.select_for_update().filter(rail=deposit.rail, reference=notice.subject).first()
    if notice.outcome == "failed":
        _take(known, deposit, notice, at)
    elif known is not None:
        _give_back(known, notice, at)
    else:
        _remember_given_back(deposit, notice, at)


def _take(known: Chargeback | None, deposit: Deposit, notice: Notice, at: datetime) -> None:
    if known is not None:
        Chargeback.objects.filter(pk=known.pk).update(serial=notice.serial)
        return  # it is taken already
    chargeback = _new(deposit, notice, at)
    key = f"dispute:{chargeback.pk}:{notice.serial}"
    borne = take_back(deposit, notice.amount, key=key, at=at, facts={"reference": notice.subject})
    chargeback.from_wallet, chargeback.from_reserve = borne.wallet, borne.reserve
    chargeback.from_shortfall = borne.shortfall
    chargeback.save(force_insert=True)
    facts = _facts(chargeback, deposit) | {"reason": notice.reason, "borne": borne.by_the_hall}
    record_event(f"chargeback.{TAKEN}", subject=chargeback.pk, by=None, at=at, **facts)
    if borne.by_the_hall:
        _open_case(chargeback, deposit, borne, at)


def _new(deposit: Deposit, notice: Notice, at: datetime) -> Chargeback:
    return Chargeback(
        id=new_id(),
        deposit=deposit,
        rail=deposit.rail,
        reference=notice.subject,
        amount=notice.amount.minor,
        currency=notice.amount.currency,
        serial=notice.serial,
        state=TAKEN,
        moved_at=at,
        taken_at=at,
    )


def _remember_given_back(deposit: Deposit, notice: Notice, at: datetime) -> None:
    """It was over before the hall heard that it had begun: the word about its beginning finds it so."""
    chargeback = _new(deposit, notice, at)
    chargeback.from_wallet = chargeback.amount
    chargeback.save(force_insert=True)
    move(chargeback, GIVEN_BACK, by=None, at=at, **_facts(chargeback, deposit))


def _open_case(chargeback: Chargeback, deposit: Deposit, borne: Borne, at: datetime) -> None:
    """What the hall bore is a case against the client: nothing is paid out to them until it is looked at."""
    open_difference(
        source=deposit.rail,
        name="chargeback",
        subject=str(chargeback.pk),
        account=f"wallet:person:{deposit.person_id}",
        facts={
            "wrong": f"{chargeback.reference} took back {chargeback.amount} {chargeback.currency}; "
            f"the hall bore {borne.by_the_hall}, of which {borne.shortfall} is missing",
            "borne": borne.by_the_hall,
            "shortfall": borne.shortfall,
        },
        at=at,
        currency=chargeback.currency,
    )


def _give_back(chargeback: Chargeback, notice: Notice, at: datetime) -> None:
    """The dispute is won: each gets back what they gave, and the client what they have made good since."""
    Chargeback.objects.filter(pk=chargeback.pk).update(serial=notice.serial)
    if chargeback.is_in(GIVEN_BACK):
        return
    deposit = chargeback.deposit
    healed = min(chargeback.recovered, chargeback.from_shortfall)
    parts = {
        f"wallet:person:{deposit.person_id}": chargeback.from_wallet + chargeback.recovered,
        "shortfall": chargeback.from_shortfall - healed,
        "reserve": chargeback.from_reserve - (chargeback.recovered - healed),
    }
    outside, currency = f"outside:{chargeback.rail}", chargeback.currency
    move_money(
        kind="chargeback.given_back",
        key=f"dispute:{chargeback.pk}:{notice.serial}",
        flows=[Flow(outside, target, part, currency) for target, part in parts.items() if part],
        by=None,
        at=at,
        facts={"reference": chargeback.reference},
    )
    move(chargeback, GIVEN_BACK, by=None, at=at, **_facts(chargeback, deposit))


@transaction.atomic
def recover_chargeback(*, chargeback: Chargeback, amount: Money, by: Person, at: datetime) -> Decision | None:
    """Take from the client's wallet what a chargeback has cost the hall, as far as both reach.

    Where there is a second operator it waits for their yes: the decision comes back.

    Raises:
        NotFound: who asks is no operator.
        NothingOwed: nothing is owed any more, or the wallet is empty.
        MoreThanOwed: it is more than that.
        WaitsForSecond: it was asked for before.
    """
    if not by.is_operator:
        raise NotFound
    chargeback = _locked(chargeback.pk)
    _refuse(chargeback, amount)
    named = {"amount": amount.minor, "currency": amount.currency, "reference": chargeback.reference}
    person = chargeback.deposit.person
    asked = ask_second(RECOVER, chargeback.pk, facts=named, concerns=person, by=by, at=at)
    if asked is None:
        _recover(chargeback, amount, by=by, at=at, cause=str(new_id()), alone=True)
    return asked


@transaction.atomic
def confirm_recovery(*, decision: Decision, by: Person, at: datetime) -> Chargeback:
    """Confirm as the second operator that the client makes good what a chargeback has cost.

    Raises:
        NotFound: they are no operator.
        SecondNeeded: they asked for it, or it concerns them.
        NothingOwed, MoreThanOwed: the wallet or the case has changed since.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == RECOVER, "another verb's decision"
    chargeback = _locked(decision.subject_id)
    decision = confirm_second(decision, by=by, at=at)
    amount = Money(decision.facts["amount"], decision.facts["currency"])
    _refuse(chargeback, amount)
    _recover(chargeback, amount, by=by, at=at, cause=str(decision.pk), asked_by=str(decision.asked_by_id))
    return chargeback


def heal_from_refund(refund: DepositRefund, at: datetime) -> None:
    """What comes back of a deposit that was taken back pays first what the hall bore of that.

    So it is the same whether a refund comes back before its deposit is taken back or after.
    """
    left = refund.amount
    for chargeback in Chargeback.objects.select_for_update().filter(deposit=refund.deposit, state=TAKEN):
        part = min(left, chargeback.owed.minor)
        if part:
            _recover(chargeback, Money(part, chargeback.currency), by=None, at=at, cause=str(refund.pk))
        left -= part


def _locked(chargeback_id: UUID) -> Chargeback:
    return (
        Chargeback.objects.select_for_update(of=("self",))
        .select_related("deposit__person")
        .get(pk=chargeback_id)
    )


def _refuse(chargeback: Chargeback, amount: Money) -> None:
    held = balance_of(f"wallet:{chargeback.deposit.person.party}", chargeback.currency)
    most = Money(min(chargeback.owed.minor, held.minor), chargeback.currency)
    if not most.minor:
        raise NothingOwed(_("Nothing is owed for this chargeback, or the client’s wallet is empty."))
    if amount.currency != most.currency or not 0 < amount.minor <= most.minor:
        raise MoreThanOwed(
            _("Take more than nothing and at most %(most)s: what is owed, as far as the wallet reaches.")
            % {"most": most},
            field="amount",
        )


def _recover(
    chargeback: Chargeback, amount: Money, *, by: Person | None, at: datetime, cause: str, **facts: object
) -> None:
    missing = chargeback.from_shortfall - min(chargeback.recovered, chargeback.from_shortfall)
    parts = {"shortfall": min(missing, amount.minor), "reserve": max(0, amount.minor - missing)}
    wallet = f"wallet:{chargeback.deposit.person.party}"
    move_money(
        kind="chargeback.recovered",
        key=f"recovered:{chargeback.pk}:{cause}",
        flows=[Flow(wallet, target, part, amount.currency) for target, part in parts.items() if part],
        by=by.pk if by else None,
        at=at,
        facts={"reference": chargeback.reference},
    )
    Chargeback.objects.filter(pk=chargeback.pk).update(recovered=F("recovered") + amount.minor)
    chargeback.recovered += amount.minor
    known = _facts(chargeback, chargeback.deposit) | {"amount": amount.minor}
    doer = by.pk if by else None
    record_event(CHARGEBACK_RECOVERED, subject=chargeback.pk, by=doer, at=at, **known, **facts)


def _facts(chargeback: Chargeback, deposit: Deposit) -> dict[str, object]:
    return {
        "person": str(deposit.person_id),
        "amount": chargeback.amount,
        "currency": chargeback.currency,
        "deposit": str(deposit.pk),
        "rail": chargeback.rail,
        "reference": chargeback.reference,
    }
