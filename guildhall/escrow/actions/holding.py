"""Setting money aside."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guildhall.escrow.actions.locking import facts_of_hold, minor_in
from guildhall.escrow.events import HOLD_PLACED
from guildhall.escrow.fees import CLEARING_DAYS
from guildhall.escrow.models import Hold, HoldPart
from guildhall.escrow.rules import Deduction
from guildhall.escrow.states import OPEN
from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.refusals import Overdraft


class ShortOfMoney(Refusal):
    """A payer's wallet does not hold enough. `missing` says how much more it needs."""

    code = "short_of_money"

    def __init__(self, missing: Money) -> None:
        super().__init__(
            _("The wallet is %(missing)s short. Pay in at least that much, then try again.")
            % {"missing": missing}
        )
        self.missing = missing


class AlreadyHeld(Refusal):
    """Money was already set aside for this purpose."""

    code = "already_held"


@dataclass(frozen=True, slots=True)
class Payer:
    """Who pays how much for the work: ``person:<id>`` from the wallet, ``fund:<programme>`` from the fund."""

    party: str
    amount: Money

    @property
    def account(self) -> str:
        """Where the money comes from."""
        return self.party if self.party.startswith("fund:") else f"wallet:{self.party}"


@transaction.atomic
def hold_money(
    *,
    purpose: str,
    payers: Sequence[Payer],
    currency: str,
    deductions: Sequence[Deduction],
    worker: str,
    client_fee: int = 0,
    clearing_days: int | None = None,
    by: UUID | None,
    at: datetime,
) -> Hold:
    """Set money aside for one purpose, with everything that will later decide where it goes.

    Args:
        purpose: ``milestone:<id>``; there is one hold for each, ever.
        payers: who pays how much for the work; together at least one minor unit.
        currency: of every amount.
        deductions: what each release will owe to others than the worker.
        worker: the party that earns it.
        client_fee: minor units that the first payer sets aside for the hall on top.
        clearing_days: as agreed; by default the house rule in force.
        by: who does it; None for the hall itself.
        at: when.

    Raises:
        ShortOfMoney: a wallet does not hold so much.
        AlreadyHeld: there is a hold for this purpose.
        WrongCurrency, NotAnAmount: an amount does not fit.
    """
    assert client_fee >= 0, "a fee is not negative"
    placed = sum(minor_in(payer.amount, currency) for payer in payers)
    if clearing_days is None:
        clearing_days = rules_in_force()[CLEARING_DAYS]
    hold = Hold(
        id=new_id(),
        purpose=purpose,
        worker=worker,
        currency=currency,
        placed=placed,
        left=placed,
        client_fee=client_fee,
        client_fee_left=client_fee,
        deductions=[deduction.as_json() for deduction in deductions],
        clearing_days=clearing_days,
        placed_at=at,
        state=OPEN,
        moved_at=at,
    )
    _save_once(hold)
    _collect(hold, payers, by=by, at=at)
    facts = facts_of_hold(hold)
    record_event(HOLD_PLACED, subject=hold.pk, by=by, at=at, **facts, amount=placed, client_fee=client_fee)
    return hold


def _save_once(hold: Hold) -> None:
    """Let the first of those who set money aside for the same purpose win."""
    try:
        with transaction.atomic():
            hold.save(force_insert=True)
    except IntegrityError as error:
        if not Hold.objects.filter(purpose=hold.purpose).exists():
            raise
        raise AlreadyHeld(_("Money is already set aside for this.")) from error


def _collect(hold: Hold, payers: Sequence[Payer], *, by: UUID | None, at: datetime) -> None:
    """Take from each payer their part, and from the first the hall's fee as well."""
    parts = [
        HoldPart(
            hold=hold,
            number=number,
            party=payer.party,
            account=payer.account,
            amount=payer.amount.minor + (hold.client_fee if number == 1 else 0),
        )
        for number, payer in enumerate(payers, start=1)
    ]
    HoldPart.objects.bulk_create(parts)
    try:
        move_money(
            kind=HOLD_PLACED,
            key=f"hold:{hold.pk}",
            flows=[Flow(part.account, hold.account, part.amount, hold.currency) for part in parts],
            by=by,
            at=at,
            facts={"purpose": hold.purpose},
        )
    except Overdraft as overdraft:
        raise ShortOfMoney(overdraft.missing) from overdraft
