"""What the workroom announces.

That a milestone was delivered or sent back, contracts announce themselves.
"""

from typing import Final

CONVERSATION_OPENED: Final = "conversation.opened"
MESSAGE_SAID: Final = "message.said"
DELIVERY_MADE: Final = "delivery.made"
CHANGES_ASKED: Final = "delivery.changes_asked"
DELIVERY_APPROVED: Final = "delivery.approved"
