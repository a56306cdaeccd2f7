"""The hall's income is taken out, and tax is paid: two operators, then the bank."""

from datetime import datetime
from typing import Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.states import ForbiddenMove, move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.payments.actions.batching import OwnPayout
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.actions.in_twos import (
    FEES,
    TAX,
    NotOfTheHall,
    ask_for_two,
    reason_for,
    refuse_more_than_held,
)
from guildhall.payments.actions.own_money import lock_own_money
from guildhall.payments.actions.payout_accounts import NotAnAccount
from guildhall.payments.actions.settling import BANK
from guildhall.payments.banking.naming import name_transfer
from guildhall.payments.events import OWN_TRANSFER_SENT
from guildhall.payments.models import OwnTransfer, PayoutAccount
from guildhall.payments.rules import account_number, is_account_number
from guildhall.payments.states import OWN_TRANSFER_MOVES, RETURNED, SENT, SETTLED
from guildhall.people.actions.deciding import confirm_second
from guildhall.people.models import Decision, Person

OUT: Final = "own_transfer"
"""The kind of decision that takes the hall's own money out."""

OUT_END: Final = "own_transfer_end"
"""The kind of decision that says what became of it."""

_SHORTEST, _LONGEST = 2, 70


@transaction.atomic
def take_out_fees(
    *, account: str, amount: Money, holder: str, number: str, reason: str, by: Person, at: datetime
) -> Decision:
    """Ask to take income of the hall out, to an account of whoever runs it.

    Args:
        account: ``fees:<kind>``.
        amount: how much of it.
        holder: to whom.
        number: their account.
        reason: what for.
        by: the operator.
        at: when.

    Raises:
        NotFound: who asks is no operator.
        NotOfTheHall, NotAnAccount, NotDepositable, NoReasonGiven: it cannot be that.
        NotSoMuch: the account holds less.
        NoSecondOperator: nobody could confirm it.
    """
    return _ask(FEES, account, amount, (holder, number, reason), by=by, at=at)


@transaction.atomic
def pay_tax(
    *, account: str, amount: Money, holder: str, number: str, reason: str, by: Person, at: datetime
) -> Decision:
    """Ask to pay an authority what was withheld for it: ``tax:<authority>:<kind>``. As `take_out_fees`."""
    return _ask(TAX, account, amount, (holder, number, reason), by=by, at=at)


def _ask(
    word: str, account: str, amount: Money, said: tuple[str, str, str], *, by: Person, at: datetime
) -> Decision:
    if not by.is_operator:
        raise NotFound
    sum_to_move(amount)
    if not account.startswith(word):
        raise NotOfTheHall(_("Choose an account of the hall from the list."), field="account")
    holder, number = " ".join(said[0].split()), account_number(said[1])
    if not _SHORTEST <= len(holder) <= _LONGEST or not holder.isprintable():
        raise NotAnAccount(_("Write the name in 2 to 70 characters, as the bank knows it."), field="holder")
    if not is_account_number(number):
        raise NotAnAccount(
            _("Write the account number with 4 to 34 letters and digits; an IBAN must add up."),
            field="number",
        )
    reason = reason_for(said[2])
    lock_own_money()
    refuse_more_than_held(account, amount)
    facts = {"account": account, "amount": amount.minor, "currency": amount.currency, "holder": holder}
    facts |= {"number": number, "reason": reason}
    return ask_for_two(OUT, new_id(), facts=facts, unfit=_owners_of(number), by=by, at=at)


def _owners_of(number: str) -> list[UUID]:
    """Who ever named this account as theirs."""
    return list(PayoutAccount.objects.filter(number=number).values_list("person", flat=True))


@transaction.atomic
def confirm_own_transfer(*, decision: Decision, by: Person, at: datetime) -> OwnTransfer:
    """Confirm as the second operator that the hall's money goes out: it is on its way then.

    Raises:
        NotFound: they are no operator.
        OwnPayout: it would pay an account of theirs.
        SecondNeeded: they asked for it themselves.
        NotSoMuch: the account holds less by now.
        ForbiddenMove: it is decided.
    """
    assert decision.kind == OUT, "another verb's decision"
    if by.pk in _owners_of(decision.facts["number"]):
        raise OwnPayout
    decision = confirm_second(decision, by=by, at=at)
    facts = decision.facts
    amount = Money(facts["amount"], facts["currency"])
    lock_own_money()
    refuse_more_than_held(facts["account"], amount)
    transfer = OwnTransfer(
        id=decision.subject_id,
        account=facts["account"],
        amount=amount.minor,
        currency=amount.currency,
        holder=facts["holder"],
        number=facts["number"],
        reason=facts["reason"],
        sent_at=at,
        state=SENT,
        moved_at=at,
    )
    transfer.save(force_insert=True)
    name_transfer("own", transfer.pk)
    _book(transfer, "", transfer.account, transfer.transit, by=by.pk, at=at)
    record_event(
        OWN_TRANSFER_SENT,
        subject=transfer.pk,
        by=by.pk,
        at=at,
        **_facts(transfer),
        asked_by=str(decision.asked_by_id),
    )
    return transfer


@transaction.atomic
def end_own_transfer(
    *, transfer: OwnTransfer, arrived: bool, by: Person, at: datetime, reason: str = ""
) -> Decision:
    """Say what the bank has done with the hall's money: a second operator confirms it.

    Args:
        transfer: which.
        arrived: whether it left; else it came back.
        by: the operator.
        at: when.
        reason: why it came back.

    Raises:
        NotFound: who asks is no operator.
        NoReasonGiven: it came back, and no reason is given.
        NoSecondOperator: nobody could confirm it.
        WaitsForSecond: it was said before.
        ForbiddenMove: its end is known.
    """
    if not by.is_operator:
        raise NotFound
    transfer = _locked(transfer.pk)
    end = SETTLED if arrived else RETURNED
    if end not in OWN_TRANSFER_MOVES[transfer.state]:
        raise ForbiddenMove(_("This cannot be done now: it has moved on. Look at it again."))
    facts = {"end": end, "amount": transfer.amount, "currency": transfer.currency}
    facts |= {"account": transfer.account, "reason": "" if arrived else reason_for(reason)}
    return ask_for_two(OUT_END, transfer.pk, facts=facts, unfit=_owners_of(transfer.number), by=by, at=at)


@transaction.atomic
def confirm_own_end(*, decision: Decision, by: Person, at: datetime) -> OwnTransfer:
    """Confirm as the second operator what became of the hall's money.

    Raises:
        NotFound: they are no operator.
        OwnPayout: it pays an account of theirs.
        SecondNeeded: they said so themselves.
        ForbiddenMove: it is decided, or the bank has said it meanwhile.
    """
    assert decision.kind == OUT_END, "another verb's decision"
    transfer = _locked(decision.subject_id)
    if by.pk in _owners_of(transfer.number):
        raise OwnPayout
    decision = confirm_second(decision, by=by, at=at)
    if decision.facts["end"] == SETTLED:
        let_own_arrive(transfer, by=by.pk, at=at)
    else:
        let_own_come_back(transfer, decision.facts["reason"], by=by.pk, at=at)
    return transfer


def let_own_arrive(transfer: OwnTransfer, *, by: UUID | None, at: datetime) -> Movement:
    """The bank says that the hall's money went: the movement, for whoever has seen it there."""
    move(transfer, SETTLED, by=by, at=at, **_facts(transfer))
    return _book(transfer, ".settled", transfer.transit, BANK, by=by, at=at)


def let_own_come_back(transfer: OwnTransfer, reason: str, *, by: UUID | None, at: datetime) -> Movement:
    """The bank has sent the hall's money back: it lies where it came from."""
    source = transfer.transit if transfer.is_in(SENT) else BANK
    move(transfer, RETURNED, by=by, at=at, **_facts(transfer), reason=reason)
    OwnTransfer.objects.filter(pk=transfer.pk).update(returned_because=reason)
    transfer.returned_because = reason
    return move_money(
        kind="own.returned",
        key=f"own_transfer.returned:{transfer.pk}",
        flows=[Flow(source, transfer.account, transfer.amount, transfer.currency)],
        by=by,
        at=at,
        facts={"reason": reason},
    )


def _locked(key: UUID) -> OwnTransfer:
    return OwnTransfer.objects.select_for_update().get(pk=key)


def _book(
    transfer: OwnTransfer, step: str, source: str, target: str, *, by: UUID | None, at: datetime
) -> Movement:
    flows = [Flow(source, target, transfer.amount, transfer.currency)]
    key, facts = f"own_transfer{step}:{transfer.pk}", {"reason": transfer.reason}
    if transfer.account.startswith(TAX):
        return move_money(kind="tax.paid", key=key, flows=flows, by=by, at=at, facts=facts)
    return move_money(kind="fees.taken_out", key=key, flows=flows, by=by, at=at, facts=facts)


def _facts(transfer: OwnTransfer) -> dict[str, object]:
    return {"account": transfer.account, "amount": transfer.amount, "currency": transfer.currency}
