"""What a statement calls the movements of a wallet."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

_MOVEMENTS: Final[dict[str, Promise]] = {
    "deposit.settled": gettext_lazy("Paid in"),
    "deposit.matched": gettext_lazy("Paid in, and found to be yours"),
    "hold.placed": gettext_lazy("Set aside"),
    "hold.returned": gettext_lazy("Came back from escrow"),
    "hold.split": gettext_lazy("Came back from escrow by a split"),
    "clearing.matured": gettext_lazy("Earnings became available"),
    "payout.sent": gettext_lazy("On its way to your bank"),
    "payout.returned": gettext_lazy("Sent back by your bank"),
    "chargeback.taken": gettext_lazy("Taken back by the bank you paid with"),
    "chargeback.given_back": gettext_lazy("Given back by the bank you paid with"),
    "chargeback.recovered": gettext_lazy("Made good to the hall, which had borne it"),
    "exchange.done": gettext_lazy("Exchanged"),
    "saving.kept": gettext_lazy("Put into your savings"),
    "saving.taken": gettext_lazy("Taken out of your savings"),
    "refund.sent": gettext_lazy("Sent back to where you paid from"),
    "refund.returned": gettext_lazy("Could not be sent back"),
    "credit.given": gettext_lazy("Credit from the hall"),
    "correction.made": gettext_lazy("A credit taken back"),
}


def word_for_movement(kind: str) -> str:
    """What a statement calls a movement; a kind that it does not know keeps its own name."""
    return str(_MOVEMENTS.get(kind, kind))


def kinds_of_movements() -> list[tuple[str, str]]:
    """The kinds that a statement can be narrowed to, each with its name."""
    return [(kind, str(word)) for kind, word in _MOVEMENTS.items()]
