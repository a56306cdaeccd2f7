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
from guildhall.payments.actions.crediting_people import (
    NotCorrectable,
    confirm_correction,
    confirm_credit,
    correct_movement,
    give_credit,
)
from guildhall.payments.actions.depositing import NoSuchRail, NotDepositable, start_deposit
from guildhall.payments.actions.explaining import NotExplained, confirm_explanation, explain_line
from guildhall.payments.actions.filling import confirm_filling, fill_reserve, fill_reserve_from_fees
from guildhall.payments.actions.in_twos import NoSecondOperator, NotOfTheHall, NotSoMuch
from guildhall.payments.actions.keeping import MethodGone, forget_methods, remove_method
from guildhall.payments.actions.matching import MatchedBefore, confirm_match, match_deposit
from guildhall.payments.actions.paying_processors import pay_processors
from guildhall.payments.actions.payout_accounts import NotAnAccount, set_payout_account
from guildhall.payments.actions.planning import NotAPlan, ask_by_plan, end_payout_plan, plan_payouts
from guildhall.payments.actions.receiving import follow_notice, receive_notice
from guildhall.payments.actions.refunding import NotRefundable, refund_deposit
from guildhall.payments.actions.reporting import compare_with_processors
from guildhall.payments.actions.requesting import (
    AccountRests,
    MoneyRests,
    MoreThanAvailable,
    NewAccountLimit,
    NoPayoutAccount,
    PayoutsLocked,
    PayoutStopped,
    request_payout,
)
from guildhall.payments.actions.returning import confirm_return, return_payout
from guildhall.payments.actions.settling import settle_payout, settle_payout_batch
from guildhall.payments.actions.stopping import LinkUsed, stop_payout_account
from guildhall.payments.actions.taking_out import (
    confirm_own_end,
    confirm_own_transfer,
    end_own_transfer,
    pay_tax,
    take_out_fees,
)
from guildhall.payments.actions.watching import watch_money

__all__ = [
    "AccountRests",
    "ChangedLine",
    "KnownFile",
    "LinkUsed",
    "MatchedBefore",
    "MethodGone",
    "MoneyRests",
    "MoreThanAvailable",
    "MoreThanOwed",
    "NewAccountLimit",
    "NoPayoutAccount",
    "NoSecondOperator",
    "NoSuchRail",
    "NotAPlan",
    "NotAnAccount",
    "NotColumns",
    "NotCorrectable",
    "NotDepositable",
    "NotExplained",
    "NotOfTheHall",
    "NotRefundable",
    "NotSoMuch",
    "NothingOwed",
    "NothingToSend",
    "OwnDifference",
    "OwnPayout",
    "PayoutStopped",
    "PayoutsLocked",
    "StoppedInside",
    "answer_difference",
    "ask_by_plan",
    "ask_for_refunds",
    "ask_gateways",
    "compare_with_bank",
    "compare_with_processors",
    "confirm_bank_file",
    "confirm_correction",
    "confirm_credit",
    "confirm_decision",
    "confirm_explanation",
    "confirm_filling",
    "confirm_match",
    "confirm_own_end",
    "confirm_own_transfer",
    "confirm_recovery",
    "confirm_return",
    "correct_movement",
    "end_own_transfer",
    "end_payout_plan",
    "explain_line",
    "fill_reserve",
    "fill_reserve_from_fees",
    "follow_notice",
    "forget_methods",
    "give_credit",
    "give_up_old_deposits",
    "import_bank_file",
    "keep_sheet_layout",
    "keep_statement_columns",
    "look_after_deposits",
    "match_deposit",
    "open_payout_batch",
    "pay_processors",
    "pay_tax",
    "plan_payouts",
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
    "stop_payout_account",
    "take_out_fees",
    "take_out_stopped",
    "watch_money",
    "write_batch_as",
]
