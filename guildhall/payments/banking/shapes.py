"""What a file from a bank says, whatever it was written in, and why a file is refused."""

from dataclasses import dataclass, field
from datetime import date
from typing import Final, Literal

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money

LARGEST_FILE: Final = 64 * 2**20
"""Bytes. A statement of a hundred thousand lines is smaller."""

MOST_LINES: Final = 200_000


class NotAStatement(Unfit):
    """A file that cannot be read, does not add up, or is no file from a bank at all."""

    code = "not_a_statement"

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence, field="file")


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a statement.

    Args:
        reference: the bank's own for this line, or made of what the line says.
        amount: what came; below zero what went.
        day: on which the bank booked it.
        text: what the payer wrote, or the bank.
        end_to_end: what whoever ordered the transfer called it.
        batch: what we called the file that the bank booked as one.
        party: who is on the other side.
        account: their account's number.
        returned: whether it undoes an earlier one, and then the reason: a code, or words.
        reason: why it came back.
    """

    reference: str
    amount: Money
    day: date
    text: str = ""
    end_to_end: str = ""
    batch: str = ""
    party: str = ""
    account: str = ""
    returned: bool = False
    reason: str = ""


@dataclass(slots=True)
class Statement:
    """What a bank says of one account over some days."""

    account: str
    currency: str
    opening: int | None = None
    """In minor units; none where the file does not say."""
    closing: int | None = None
    entries: list[Entry] = field(default_factory=list)

    @property
    def days(self) -> tuple[date, date] | None:
        """The first and the last day on which something was booked."""
        if not self.entries:
            return None
        days = [entry.day for entry in self.entries]
        return min(days), max(days)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a bank says of one transfer that we ordered.

    Args:
        reference: what we called it; empty if it is about the whole file.
        batch: what we called the file, if it says so.
        outcome: whether the money has gone, will not go, or is on its way.
        reason: a code or words.
    """

    reference: str
    batch: str
    outcome: Literal["paid", "refused", "under_way"]
    reason: str = ""


@dataclass(frozen=True, slots=True)
class BankWord:
    """Everything that one file says.

    Args:
        written_in: the format, as an operator reads it.
        statements: of accounts.
        answers: about transfers.
    """

    written_in: str
    statements: list[Statement] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
