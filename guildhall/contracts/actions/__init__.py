"""The verbs of contracts: opening, delivering, paying, asking money back, ending.

Every verb locks the contract first and reads its milestone anew, so two verbs on one contract never meet.
"""

from guildhall.contracts.actions.contesting import divide_part, freeze_part
from guildhall.contracts.actions.delivering import ask_again, mark_delivered
from guildhall.contracts.actions.ending import end_contract
from guildhall.contracts.actions.opening import fund_milestone, open_contract
from guildhall.contracts.actions.paying import approve_milestone, release_silent_milestones
from guildhall.contracts.actions.refunding import (
    answer_refund,
    propose_refund,
    refund_to_case,
    withdraw_refund,
)
from guildhall.contracts.actions.thawing import thaw_part
from guildhall.contracts.actions.warning import warn_of_silence

__all__ = [
    "answer_refund",
    "approve_milestone",
    "ask_again",
    "divide_part",
    "end_contract",
    "freeze_part",
    "fund_milestone",
    "mark_delivered",
    "open_contract",
    "propose_refund",
    "refund_to_case",
    "release_silent_milestones",
    "thaw_part",
    "warn_of_silence",
    "withdraw_refund",
]
