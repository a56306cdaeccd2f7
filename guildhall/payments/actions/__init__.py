"""The verbs of money that comes in and goes out."""

from guildhall.payments.actions.answering import OwnDifference, answer_difference
from guildhall.payments.actions.asking import (
    ask_for_refunds,
    ask_gateways,
    give_up_old_deposits,
    look_after_deposits,
)
from guildhall.payments.actions.bank_files import (
    ChangedLine,
    KnownFile,
    confirm_bank_file,
    import_bank_file,
)
from guildhall.payments.actions.bank_forms import NotColumns, keep_sheet_layout, keep_statement_columns
from guildhall.payments.actions.batching import (
    NothingToSend,
    OwnPayout,
    StoppedInside,
    open_payout_batch,
    send_payout_batch,
    take_out_stopped,
    write_batch_as,
)
from guildhall.payments.actions.charging_back import (
    MoreThanOwed,
    NothingOwed,
    confirm_recovery,
    recover_chargeback,
)
from guildhall.payments.actions.comparing import compare_with_bank
from guildhall.payments.actions.confirming import confirm_decision
from guildhall.payments.actions.depositing import NoSuchRail, NotDepositable, start_deposit
from guildhall.payments.actions.explaining import NotExplained, confirm_explanation, explain_line
from guildhall.payments.actions.filling import confirm_filling, fill_reserve
from guildhall.payments.actions.keeping import MethodGone, forget_methods, remove_method
from guildhall.payments.actions.matching import MatchedBefore, confirm_match, match_deposit
from guildhall.payments.actions.paying_processors import pay_processors
from guildhall.payments.actions.payout_accounts import NotAnAccount, set_payout_account
from guildhall.payments.actions.receiving import follow_notice, receive_notice
from guildhall.payments.actions.refunding import NotRefundable, refund_deposit
from guildhall.payments.actions.reporting import compare_with_processors
from guildhall.payments.actions.requesting import (
    AccountRests,
    MoreThanAvailable,
    NoPayoutAccount,
    PayoutStopped,
    request_payout,
)
from guildhall.payments.actions.returning import confirm_return, return_payout
from guildhall.payments.actions.settling import settle_payout, settle_payout_batch

__all__ = [
    "AccountRests",
    "ChangedLine",
    "KnownFile",
    "MatchedBefore",
    "MethodGone",
    "MoreThanAvailable",
    "MoreThanOwed",
    "NoPayoutAccount",
    "NoSuchRail",
    "NotAnAccount",
    "NotColumns",
    "NotDepositable",
    "NotExplained",
    "NotRefundable",
    "NothingOwed",
    "NothingToSend",
    "OwnDifference",
    "OwnPayout",
    "PayoutStopped",
    "StoppedInside",
    "answer_difference",
    "ask_for_refunds",
    "ask_gateways",
    "compare_with_bank",
    "compare_with_processors",
    "confirm_bank_file",
    "confirm_decision",
    "confirm_explanation",
    "confirm_filling",
    "confirm_match",
    "confirm_recovery",
    "confirm_return",
    "explain_line",
    "fill_reserve",
    "follow_notice",
    "forget_methods",
    "give_up_old_deposits",
    "import_bank_file",
    "keep_sheet_layout",
    "keep_statement_columns",
    "look_after_deposits",
    "match_deposit",
    "open_payout_batch",
    "pay_processors",
    "receive_notice",
    "recover_chargeback",
    "refund_deposit",
    "remove_method",
    "request_payout",
    "return_payout",
    "send_payout_batch",
    "set_payout_account",
    "settle_payout",
    "settle_payout_batch",
    "start_deposit",
    "take_out_stopped",
    "write_batch_as",
]
