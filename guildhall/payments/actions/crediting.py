"""What a processor's last word about a deposit does with the money: it comes, goes again, and comes back."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from guildhall.kernel.money import Money
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
        take_back(deposit, deposit.money, key=f"chargeback:{deposit.pk}:{deposit.serial}", at=at)
    move(deposit, FAILED, by=None, at=at, **facts_of_deposit(deposit), taken_back=taken_back)


def _taken_back(deposit: Deposit) -> Movement | None:
    """The last movement that took this deposit back, if one did; nothing has mirrored it yet."""
    serials = GatewayNotice.objects.filter(
        deposit=deposit,
        outcome=GatewayNotice.Outcome.FOLLOWED,
        facts__outcome="failed",
        facts__about="deposit",
    ).values_list("facts__serial", flat=True)
    keys = [f"chargeback:{deposit.pk}:{serial}" for serial in serials]
    return Movement.objects.filter(key__in=keys).order_by("-id").first()


def _mirror_of(movement: Movement) -> list[Flow]:
    postings = Posting.objects.filter(movement=movement).order_by("step").select_related("source", "target")
    return [
        Flow(posting.target.code, posting.source.code, posting.amount, posting.source.currency)
        for posting in postings
    ]


@dataclass(frozen=True, slots=True)
class Borne:
    """Who bore what was taken back, in minor units: the client's wallet, then the hall."""

    wallet: int
    reserve: int
    shortfall: int

    @property
    def by_the_hall(self) -> int:
        """What the wallet did not reach for."""
        return self.reserve + self.shortfall


def take_back(
    deposit: Deposit, taken: Money, *, key: str, at: datetime, facts: Mapping[str, Any] | None = None
) -> Borne:
    """The rail has the money again: out of the wallet as far as it reaches, then at the hall's cost.

    The reserve gives what it has, the shortfall the rest: no wallet goes below zero.
    """
    wallet, outside = _wallet(deposit), f"outside:{deposit.rail}"
    for attempt in range(_TRIES):
        held = balances_of([wallet, "reserve"], taken.currency)
        from_wallet = min(taken.minor, held[wallet].minor)
        from_reserve = min(taken.minor - from_wallet, held["reserve"].minor)
        borne = Borne(from_wallet, from_reserve, taken.minor - from_wallet - from_reserve)
        parts = {wallet: borne.wallet, "reserve": borne.reserve, "shortfall": borne.shortfall}
        flows = [Flow(source, outside, part, taken.currency) for source, part in parts.items() if part]
        try:
            move_money(kind="chargeback.taken", key=key, flows=flows, by=None, at=at, facts=facts)
        except Overdraft:
            if attempt == _TRIES - 1:
                raise
            continue  # somebody spent between the look and the movement
        if borne.shortfall:
            log.error("taking back deposit %s left the hall short of %s", deposit.pk, borne.shortfall)
        return borne
    raise AssertionError("the last try returns or raises")


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
