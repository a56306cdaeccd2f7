"""Money that leaves a hold: to the worker, back to the payers, or some to each."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.escrow import states
from guildhall.escrow.actions.locking import NotAnAmount, facts_of_hold, lock_hold, minor_in
from guildhall.escrow.events import HOLD_RELEASED, HOLD_RETURNED, HOLD_SPLIT
from guildhall.escrow.models import Freeze, Hold, HoldPart, Release, ReleaseLine
from guildhall.escrow.queries import divide_next
from guildhall.escrow.rules import Line, fee_after
from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.money import Money, divide_by_weights
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.refusals import KeyReused

_KINDS = {
    Release.Kind.RELEASE: HOLD_RELEASED,
    Release.Kind.RETURN: HOLD_RETURNED,
    Release.Kind.SPLIT: HOLD_SPLIT,
}


class NotInHold(Refusal):
    """More is asked for than the hold has free."""

    code = "not_in_hold"


@transaction.atomic
def release_hold(*, hold: Hold, amount: Money, key: UUID, by: UUID | None, at: datetime) -> Release:
    """Let the worker have a part of a hold that no case has frozen; the net clears first.

    Args:
        hold: whose money.
        amount: of the work, gross.
        key: the release's id; asking again with it changes nothing.
        by: who decided; None when time did.
        at: when.

    Raises:
        NotInHold: less is free.
        KeyReused: the key has released something else.
    """
    gross = minor_in(amount, hold.currency)
    return _leave(hold, _Asked(Release.Kind.RELEASE, key, gross=gross, returned=0), by=by, at=at)


@transaction.atomic
def return_hold(*, hold: Hold, amount: Money, key: UUID, by: UUID | None, at: datetime) -> Release:
    """Give a part of a hold back to its payers in proportion to their parts, their fee for it included.

    Raises:
        NotInHold: less is free.
        KeyReused: the key has moved something else.
    """
    returned = minor_in(amount, hold.currency)
    return _leave(hold, _Asked(Release.Kind.RETURN, key, gross=0, returned=returned), by=by, at=at)


@transaction.atomic
def split_hold(
    *, hold: Hold, to_worker: Money, to_client: Money, key: UUID, by: UUID | None, at: datetime
) -> Release:
    """Send money to both sides at once, frozen money first: only what both agreed on, or what was ruled.

    Raises:
        NotInHold: the hold has less.
        KeyReused: the key has moved something else.
        NotAnAmount: both amounts are zero.
    """
    gross = minor_in(to_worker, hold.currency, least=0)
    returned = minor_in(to_client, hold.currency, least=0)
    if not gross + returned:
        raise NotAnAmount(_("The two amounts together must be more than zero."), field="to_worker")
    return _leave(hold, _Asked(Release.Kind.SPLIT, key, gross=gross, returned=returned), by=by, at=at)


@dataclass(frozen=True, slots=True)
class _Asked:
    """What is to leave a hold."""

    kind: Release.Kind
    key: UUID
    gross: int
    returned: int

    @property
    def total(self) -> int:
        return self.gross + self.returned


def _leave(hold: Hold, asked: _Asked, *, by: UUID | None, at: datetime) -> Release:
    locked = lock_hold(hold)
    earlier = Release.objects.filter(pk=asked.key).first()
    if earlier:
        if (earlier.hold_id, earlier.kind, earlier.gross, earlier.returned) != (
            hold.pk,
            asked.kind,
            asked.gross,
            asked.returned,
        ):
            raise KeyReused
        return earlier
    _check_enough(locked, asked)
    fee_left = fee_after(locked.client_fee, locked.placed, locked.left - asked.total)
    fee_kept, fee_returned = divide_by_weights(
        locked.client_fee_left - fee_left, [asked.gross, asked.returned]
    )
    earned = [
        *divide_next(locked, asked.gross, f"clearing:{locked.worker}"),
        Line("fees:client", fee_kept, "client_fee"),
    ]
    back = _lines_back(locked, asked.returned + fee_returned)
    net = earned[0].amount
    release = Release(
        id=asked.key,
        hold=locked,
        kind=asked.kind,
        worker=locked.worker,
        currency=locked.currency,
        gross=asked.gross,
        net=net,
        returned=asked.returned,
        fee_kept=fee_kept,
        fee_returned=fee_returned,
        by=by,
        at=at,
        matures_at=at + timedelta(days=locked.clearing_days) if net else None,
        state=states.CLEARING if net else states.RETURNED,
        moved_at=at,
    )
    release.save(force_insert=True)
    _take_out(locked, release, [*earned, *back], by=by, at=at)
    _write_down(locked, asked, fee_left, by=by, at=at)
    record_event(_KINDS[asked.kind], subject=locked.pk, by=by, at=at, **_facts_of_release(release))
    if not locked.left:
        move(locked, states.CLOSED, by=by, at=at, purpose=locked.purpose)
    for name in ("left", "frozen", "client_fee_left", "state", "moved_at"):
        setattr(hold, name, getattr(locked, name))  # the caller goes on with what is true now
    return release


def _check_enough(hold: Hold, asked: _Asked) -> None:
    free = hold.money_left if asked.kind == Release.Kind.SPLIT else hold.money_free
    if asked.total <= free.minor:
        return
    if hold.frozen and asked.total <= hold.left:
        raise NotInHold(
            _("Only %(free)s of this can move: a case has frozen %(frozen)s until it ends.")
            % {"free": free, "frozen": hold.money_frozen},
            field="amount",
        )
    raise NotInHold(
        _("Only %(free)s is still set aside here: %(asked)s cannot leave it.")
        % {"free": free, "asked": Money(asked.total, hold.currency)},
        field="amount",
    )


def _lines_back(hold: Hold, amount: int) -> list[Line]:
    """What each payer gets back, and written on their part."""
    if not amount:
        return []
    parts = list(hold.parts.order_by("number"))
    # Weighed by what each has not got back yet, so that many small returns never exceed a payer's part.
    shares = divide_by_weights(amount, [part.amount - part.returned for part in parts])
    for part, share in zip(parts, shares, strict=True):
        part.returned += share
    HoldPart.objects.bulk_update(parts, ["returned"])
    return [Line(part.account, share, "returned") for part, share in zip(parts, shares, strict=True) if share]


def _take_out(hold: Hold, release: Release, lines: Sequence[Line], *, by: UUID | None, at: datetime) -> None:
    kept = [line for line in lines if line.amount or line.name == "net"]
    ReleaseLine.objects.bulk_create(
        ReleaseLine(release=release, number=number, account=line.account, amount=line.amount, name=line.name)
        for number, line in enumerate(kept, start=1)
    )
    move_money(
        kind=_KINDS[Release.Kind(release.kind)],
        key=f"{release.kind}:{release.pk}",
        flows=[Flow(hold.account, line.account, line.amount, hold.currency) for line in kept if line.amount],
        by=by,
        at=at,
        facts={"purpose": hold.purpose},
    )


def _write_down(hold: Hold, asked: _Asked, fee_left: int, *, by: UUID | None, at: datetime) -> None:
    hold.left -= asked.total
    hold.client_fee_left = fee_left
    if asked.kind == Release.Kind.SPLIT and hold.frozen:
        thawed = min(hold.frozen, asked.total)
        hold.frozen -= thawed
        Freeze.objects.create(hold=hold, amount=-thawed, reason=f"split:{asked.key}", by=by, at=at)
    hold.save(update_fields=["left", "frozen", "client_fee_left"])


def _facts_of_release(release: Release) -> dict[str, Any]:
    return {
        **facts_of_hold(release.hold),
        "release": str(release.pk),
        "gross": release.gross,
        "net": release.net,
        "returned": release.returned,
        "matures_at": release.matures_at.isoformat() if release.matures_at else None,
    }
