"""The verbs of the workroom: talking, reading, delivering and answering a delivery."""

from guildhall.workroom.actions.delivering import approve_delivery, ask_for_changes, deliver_work
from guildhall.workroom.actions.reading import read_up_to
from guildhall.workroom.actions.talking import leave_conversation, open_conversation, say

__all__ = [
    "approve_delivery",
    "ask_for_changes",
    "deliver_work",
    "leave_conversation",
    "open_conversation",
    "read_up_to",
    "say",
]
