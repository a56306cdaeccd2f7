"""A payout batch as the file that goes to the bank."""

from collections.abc import Iterator

from guildhall.documents.csv import csv_lines
from guildhall.payments.models import PayoutBatch

COLUMNS = ("payout", "beneficiary", "bank", "account", "amount", "currency", "reference")


def bank_file(batch: PayoutBatch) -> Iterator[str]:
    """The lines of the file; nothing in it can be taken for a formula by a spreadsheet."""
    payouts = batch.payouts.select_related("account").order_by("id")
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
                f"GH-{payout.pk.hex[-10:].upper()}",
            )
            for payout in payouts.iterator(chunk_size=500)
        ),
    )
