"""What the practice bank says about a payment or a refund: plain values, the same for the same seed."""

import random
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from guildhall.payments.words import Outcome

LATE: Final = timedelta(minutes=1)

CHOICES: Final = ("now", "late", "twice", "fail", "wavers", "lies", "silent", "chance")
"""Pay at once; pay, and the word comes late; the word comes twice; it fails; yes, then no, then yes again;
pay, and the bank speaks of another sum; pay, and the bank is silent when it is asked for something later;
whatever a bank can do, by chance."""

_AT_ONCE: Final = timedelta(0)
_MOST_WORDS = 4
_OFTEN = 0.3


@dataclass(frozen=True, slots=True)
class Word:
    """One word of the bank.

    Args:
        serial: its number among the words about this thing.
        outcome: what it says.
        after: how long after the payment it is sent.
        copies: how often.
        times: by how much the sum that it speaks of is multiplied: a lie, unless one.
    """

    serial: int
    outcome: Outcome
    after: timedelta = _AT_ONCE
    copies: int = 1
    times: int = 1


def words_about_payment(choice: str, seed: str) -> list[Word]:
    """What the bank will say about a payment, in the order of its numbers."""
    if choice == "chance":
        return _by_chance(seed)
    return _PAYMENTS[choice]


def words_about_charge(choice: str, seed: str) -> list[Word]:
    """What the bank will say when a card is charged that was kept with this choice."""
    return [Word(1, "paid", after=LATE)] if choice == "silent" else words_about_payment(choice, seed)


def words_about_refund(choice: str, seed: str) -> list[Word]:
    """What the bank will say about a refund of a payment for which this was chosen."""
    if choice == "chance":
        return [word for word in _by_chance(seed) if word.times == 1][:2] or [Word(1, "paid")]
    return (
        [Word(1, "paid"), Word(2, "failed")]
        if choice == "wavers"
        else _PAYMENTS.get(choice, [Word(1, "paid")])
    )


_PAYMENTS: Final = {
    "now": [Word(1, "paid")],
    "late": [Word(1, "paid", after=LATE)],
    "twice": [Word(1, "paid", copies=2)],
    "fail": [Word(1, "failed")],
    "wavers": [Word(1, "paid"), Word(2, "failed"), Word(3, "paid")],
    "silent": [Word(1, "paid")],
    "lies": [Word(1, "paid", times=10)],
}


def _by_chance(seed: str) -> list[Word]:
    """Late, twice, shuffled, contradicting each other, now and then with another sum: as the seed has it."""
    chance = random.Random(seed)  # noqa: S311 - nothing is kept secret by it
    return [
        Word(
            serial,
            chance.choice(("paid", "failed")),
            after=timedelta(seconds=chance.randrange(90)),
            copies=1 + (chance.random() < _OFTEN) + (chance.random() < _OFTEN),
            times=10 if chance.random() < _OFTEN / 2 else 1,
        )
        for serial in range(1, chance.randint(1, _MOST_WORDS) + 1)
    ]
