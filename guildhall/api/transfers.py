"""What to write on a transfer to the hall's bank account, as JSON."""

from uuid import UUID

from django.conf import settings
from django.shortcuts import get_object_or_404
from ninja import Router, Schema

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.shapes import Sum
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound
from guildhall.payments.bank_queries import code_of_deposit
from guildhall.payments.queries import deposits_of

router = Router(tags=["money"])


class TransferShown(Schema):
    """What the payer's bank asks for. With another sum, or without the purpose, it waits for operators."""

    to: str
    account: str
    bic: str
    bank: str
    amount: Sum
    purpose: str


@router.get(
    "/money/deposits/{deposit_id}/transfer", response=TransferShown, summary="What to write on a transfer"
)
@needs_scope("read")
def show_transfer(request: HallRequest, deposit_id: UUID) -> TransferShown:
    """Only of a deposit through the rail `bank`."""
    deposit = get_object_or_404(deposits_of(person_of(request)), pk=deposit_id)
    code, bank = code_of_deposit(deposit.pk), settings.GUILDHALL_RAILS.bank
    if not code or bank is None:
        raise NotFound
    return TransferShown(
        to=bank.name,
        account=bank.number,
        bic=bank.bic,
        bank=bank.at,
        amount=Sum.of(deposit.money),
        purpose=code,
    )
