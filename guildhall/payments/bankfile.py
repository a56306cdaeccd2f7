"""A payout batch as the file that goes to the bank, or to a local company."""

from collections.abc import Iterator
from uuid import UUID

from django.conf import settings

from guildhall.documents.csv import csv_lines
from guildhall.payments.banking.naming import name_transfers
from guildhall.payments.banking.sheets import Layout, SheetRow, sheet_as_csv
from guildhall.payments.banking.transfers import VERSION, Order, Party, Transfer, order_as_xml
from guildhall.payments.models import Payout, PayoutBatch, PayoutMethod
from guildhall.payments.words import Handed

COLUMNS = ("payout", "beneficiary", "bank", "account", "amount", "currency", "reference")


def file_of_batch(batch: PayoutBatch) -> Handed:
    """The file that a batch becomes. The same batch gives the same bytes, under one name.

    Where an operator chose a company's sheet it is that; where the hall's own bank account is known, an order
    that is valid by its schema; else a list, from which somebody types the transfers.

    Raises:
        NotWritable: a name or number with which no bank would take it.
    """
    payouts = list(batch.payouts.select_related("account").order_by("id"))
    name = f"payouts-{batch.opened_at:%Y-%m-%d}-{batch.pk}"
    if batch.sheet:
        return Handed(f"{name}.csv", _sheet(batch, payouts), "text/csv")
    if is_order(batch):
        return Handed(f"{name}.xml", order_as_xml(_order(batch, payouts)), "application/xml")
    return Handed(f"{name}.csv", "".join(_list(payouts)).encode(), "text/csv; charset=utf-8")


def is_order(batch: PayoutBatch) -> bool:
    """Whether its file is an order to the bank by pain.001."""
    ordered = batch.method in {PayoutMethod.IBAN, PayoutMethod.ACCOUNT} and not batch.sheet
    return bool(ordered and settings.GUILDHALL_RAILS.bank and batch.currency)


def written_as(batch: PayoutBatch) -> str:
    """What its file is, in a word: the name of a sheet, the version of an order, or CSV."""
    if batch.sheet:
        return str(batch.sheet)
    return VERSION if is_order(batch) else "CSV"


def _codes(payouts: list[Payout]) -> dict[UUID, str]:
    return name_transfers("payout", [each.pk for each in payouts])


def _order(batch: PayoutBatch, payouts: list[Payout]) -> Order:
    bank = settings.GUILDHALL_RAILS.bank
    assert bank, "an order has a payer"
    codes = _codes(payouts)
    return Order(
        name=batch.pk.hex,
        payer=Party(bank.name, bank.number, bank.is_iban, bank.bic, bank.at),
        transfers=[
            Transfer(
                reference=codes[each.pk],
                to=Party(
                    each.account.holder,
                    each.account.number,
                    each.account.method == PayoutMethod.IBAN,
                    each.account.bic,
                    each.account.bank,
                ),
                amount=each.money,
                text=f"{bank.name} {codes[each.pk]}",
            )
            for each in payouts
        ],
        written_at=batch.opened_at,
        day=batch.opened_at.date(),
    )


def _sheet(batch: PayoutBatch, payouts: list[Payout]) -> bytes:
    assert batch.sheet, "it is written as one"
    codes = _codes(payouts)
    rows = [
        SheetRow(
            reference=codes[each.pk],
            holder=each.account.holder,
            account=each.account.number,
            bank=each.account.bank,
            bic=each.account.bic,
            amount=each.money,
        )
        for each in payouts
    ]
    return sheet_as_csv(Layout.kept(batch.sheet.layout), rows, day=batch.opened_at.date())


def _list(payouts: list[Payout]) -> Iterator[str]:
    """The lines of the list; nothing in it can be taken for a formula by a spreadsheet."""
    codes = _codes(payouts)
    return csv_lines(
        COLUMNS,
        (
            (
                str(payout.pk),
                payout.account.holder,
                payout.account.bank,
                payout.account.number,
                payout.money.amount,
                payout.currency,
                codes[payout.pk],
            )
            for payout in payouts
        ),
    )
