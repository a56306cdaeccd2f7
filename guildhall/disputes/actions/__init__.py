"""The verbs of cases: opening and withdrawing, offering and accepting a division, ruling."""

from guildhall.disputes.actions.offering import accept_offer, offer_split
from guildhall.disputes.actions.opening import open_case, take_up_unanswered_refunds, withdraw_case
from guildhall.disputes.actions.ruling import rule_case, take_case

__all__ = [
    "accept_offer",
    "offer_split",
    "open_case",
    "rule_case",
    "take_case",
    "take_up_unanswered_refunds",
    "withdraw_case",
]
