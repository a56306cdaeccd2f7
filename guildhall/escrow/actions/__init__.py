"""The verbs of holds; nothing else sets money aside or lets it go."""

from guildhall.escrow.actions.clearing import mature_clearing
from guildhall.escrow.actions.freezing import freeze_hold, thaw_hold
from guildhall.escrow.actions.holding import AlreadyHeld, Payer, ShortOfMoney, hold_money
from guildhall.escrow.actions.leaving import NotInHold, release_hold, return_hold, split_hold
from guildhall.escrow.actions.locking import NotAnAmount, WrongCurrency

__all__ = [
    "AlreadyHeld",
    "NotAnAmount",
    "NotInHold",
    "Payer",
    "ShortOfMoney",
    "WrongCurrency",
    "freeze_hold",
    "hold_money",
    "mature_clearing",
    "release_hold",
    "return_hold",
    "split_hold",
    "thaw_hold",
]
