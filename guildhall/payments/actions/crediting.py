"""What a processor's last word about a deposit does with the money: it comes, goes again, and comes back."""

import logging
from datetime import datetime

from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement, Posting
from guildhall.ledger.queries import balances_of
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.actions.own_money import give_excess_to_reserve, lock_own_money
from guildhall.payments.models import Deposit, GatewayNotice
from guildhall.payments.states import FAILED, SETTLED

log = logging.getLogger(__name__)

_TRIES = 5


def settle_deposit(deposit: Deposit, at: datetime) -> None:
    """The money is there: into the wallet, or, if it had been taken back, to whoever bore that.

    A wallet that was spent could not give it all back; the reserve and the shortfall gave the rest. So the
    money that comes again goes where it was taken: all of it to the wallet would pay the spent part twice.
    """
    if deposit.is_in(SETTLED):
        return
    taken = _taken_back(deposit)
    flows = [Flow(f"outside:{deposit.rail}", _wallet(deposit), deposit.amount, deposit.currency)]
    if taken:
        lock_own_money()
        flows = _mirror_of(taken)
    move_money(
        kind="deposit.settled",
        key=f"deposit:{deposit.pk}:{deposit.serial}",
        flows=flows,
        by=None,
        at=at,
        reverses=taken.pk if taken else None,
    )
    if taken:  # an operator may have made good what now comes back
        give_excess_to_reserve(deposit.currency, key=f"reserve:{deposit.pk}:{deposit.serial}", at=at)
    move(deposit, SETTLED, by=None, at=at, **facts_of_deposit(deposit))


def fail_deposit(deposit: Deposit, at: datetime) -> None:
    """The money is not there: nothing happens, or what had come is taken back."""
    if deposit.is_in(FAILED):
        return
    taken_back = deposit.is_in(SETTLED)
    if taken_back:
        _take_back(deposit, at)
    move(deposit, FAILED, by=None, at=at, **facts_of_deposit(deposit), taken_back=taken_back)


def _taken_back(deposit: Deposit) -> Movement | None:
    """The last movement that took this deposit back, if one did; nothing has mirrored it yet."""
    serials = GatewayNotice.objects.filter(
        deposit=deposit, outcome=GatewayNotice.Outcome.FOLLOWED, facts__outcome="failed"
    ).values_list("facts__serial", flat=True)
    keys = [f"chargeback:{deposit.pk}:{serial}" for serial in serials]
    return Movement.objects.filter(key__in=keys).order_by("-id").first()


def _mirror_of(movement: Movement) -> list[Flow]:
    postings = Posting.objects.filter(movement=movement).order_by("step").select_related("source", "target")
    return [
        Flow(posting.target.code, posting.source.code, posting.amount, posting.source.currency)
        for posting in postings
    ]


def _take_back(deposit: Deposit, at: datetime) -> None:
    """The processor has the money again: out of the wallet as far as it reaches, then at the hall's cost."""
    wallet = _wallet(deposit)
    outside = f"outside:{deposit.rail}"
    for attempt in range(_TRIES):
        held = balances_of([wallet, "reserve"], deposit.currency)
        from_wallet = min(deposit.amount, held[wallet].minor)
        from_reserve = min(deposit.amount - from_wallet, held["reserve"].minor)
        parts = {
            wallet: from_wallet,
            "reserve": from_reserve,
            "shortfall": deposit.amount - from_wallet - from_reserve,
        }
        try:
            move_money(
                kind="chargeback.taken",
                key=f"chargeback:{deposit.pk}:{deposit.serial}",
                flows=[
                    Flow(source, outside, part, deposit.currency) for source, part in parts.items() if part
                ],
                by=None,
                at=at,
            )
        except Overdraft:
            if attempt == _TRIES - 1:
                raise
            continue  # somebody spent between the look and the movement
        if parts["shortfall"]:
            log.error("taking back deposit %s left the hall short of %s", deposit.pk, parts["shortfall"])
        return


def _wallet(deposit: Deposit) -> str:
    return f"wallet:person:{deposit.person_id}"


def facts_of_deposit(deposit: Deposit) -> dict[str, object]:
    """What every event of a deposit says about it."""
    return {
        "person": str(deposit.person_id),
        "amount": deposit.amount,
        "currency": deposit.currency,
        "rail": deposit.rail,
    }
