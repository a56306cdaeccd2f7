"""What payments announce, besides the moves of deposits, their refunds, chargebacks, payouts and batches.

Every one carries ``person``, ``amount`` and ``currency``.
"""

from typing import Final

DEPOSIT_STARTED: Final = "deposit.started"
DEPOSIT_UNMATCHED: Final = "deposit.unmatched"  # a processor's word that fits nothing: rail, reference
DEPOSIT_MATCHED: Final = "deposit.matched"  # an operator has said whose it is: rail, reference
DEPOSIT_REFUND_REQUESTED: Final = "deposit_refund.requested"  # deposit, rail
CHARGEBACK_RECOVERED: Final = "chargeback.recovered"  # the client has made it good: deposit, rail, reference
METHOD_KEPT: Final = "method.kept"  # rail, brand, ends_with; no amount
METHOD_REMOVED: Final = "method.removed"  # the same
RESERVE_FILLED: Final = "reserve.filled"  # the hall's own money came in: shortfall, reserve; no person
PAYOUT_REQUESTED: Final = "payout.requested"
PAYOUT_BATCH_THINNED: Final = "payout_batch.thinned"  # stopped payouts were taken out: payouts; no person
PAYOUT_ACCOUNT_SET: Final = "payout_account.set"  # changed, rests_until; no amount
PAYOUT_BATCH_WRITTEN: Final = "payout_batch.written"  # as which sheet, from which rail; no person
DEPOSIT_TRANSFER_ASKED: Final = "deposit.transfer_asked"  # code, holder, number: what to write on it
BANK_FILE_READ: Final = "bank_file.read"  # lines, repeated; no person and no amount
STATEMENT_COLUMNS_KEPT: Final = "statement_columns.kept"  # rail; no person
SHEET_LAYOUT_KEPT: Final = "sheet_layout.kept"  # sheet: its name and version; no person
BANK_LINE_EXPLAINED: Final = "bank_line.explained"  # what, other: by two operators; no person
