"""The verbs of cases: opening, widening, speaking, withdrawing, offering and accepting a division, ruling."""

from guildhall.disputes.actions.offering import accept_offer, offer_split
from guildhall.disputes.actions.opening import open_case, take_up_unanswered_refunds
from guildhall.disputes.actions.ruling import rule_case, take_case
from guildhall.disputes.actions.talking import speak_in_case
from guildhall.disputes.actions.waiting import cry_out_waiting_cases
from guildhall.disputes.actions.widening import contest_more
from guildhall.disputes.actions.withdrawing import withdraw_case

__all__ = [
    "accept_offer",
    "contest_more",
    "cry_out_waiting_cases",
    "offer_split",
    "open_case",
    "rule_case",
    "speak_in_case",
    "take_case",
    "take_up_unanswered_refunds",
    "withdraw_case",
]
