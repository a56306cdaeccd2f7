"""The verbs of the workroom: talking, delivering and answering a delivery."""

from guildhall.workroom.actions.delivering import approve_delivery, ask_for_changes, deliver_work
from guildhall.workroom.actions.talking import leave_conversation, open_conversation, say

__all__ = [
    "approve_delivery",
    "ask_for_changes",
    "deliver_work",
    "leave_conversation",
    "open_conversation",
    "say",
]
