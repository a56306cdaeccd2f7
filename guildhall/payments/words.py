"""What the hall says to a rail and what a rail says to the hall: plain values."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from guildhall.kernel.money import Money

type Outcome = Literal["paid", "failed", "under_way"]
type About = Literal["deposit", "refund", "chargeback", "payout", "method"]


@dataclass(frozen=True, slots=True)
class Kept:
    """A card or account that a processor keeps for a payer: its own id of it, and what may be shown.

    Args:
        method: the processor's id.
        brand: ``visa``.
        last4: the end of the number.
        expires: ``2030-04``, or empty.
        payer: the processor's id of the payer.
        person: our id of the payer, if the processor repeats it.
    """

    method: str
    brand: str
    last4: str
    expires: str
    payer: str
    person: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """What a rail says about something we asked for, or about money of ours.

    Args:
        reference: the rail's own id of this fact; it may be told often.
        serial: its number among the words about the same thing; the highest holds, however they arrive.
        deposit: what we called the payment when we started it.
        outcome: for a deposit, refund or payout: whether the money is there. For a chargeback: ``failed``
            while the money is taken from us, ``paid`` once we have it again. ``under_way``: not known yet.
        amount: how much it is about.
        about: what it is about.
        subject: our id of the refund or payout; the rail's own id of the chargeback.
        payment: the rail's own id of the payment, with which it can be refunded.
        fee: what the rail took from us for it, if it says so.
        reason: why not, as far as the rail says so.
        kept: the method that it keeps from now on, if the payer wanted that.
    """

    reference: str
    serial: int
    deposit: str
    outcome: Outcome
    amount: Money
    about: About = "deposit"
    subject: str = ""
    payment: str = ""
    fee: Money | None = None
    reason: str = ""
    kept: Kept | None = None


@dataclass(frozen=True, slots=True)
class Instruction:
    """What the hall asks a rail to do.

    Args:
        reference: our id of the deposit, refund or payout. Given again, an instruction does nothing more.
        amount: how much.
        at: when it was first asked for.
        about: what it is.
        back_to: where in the hall the payer goes on afterwards.
        payer: the rail's id of the payer, if it knows them.
        person: our id of the payer, or of whoever is paid.
        method: the rail's id of the kept method to be charged.
        keep: whether the payer wants their method kept.
        payment: the rail's id of the payment that is refunded or asked about.
        holder, bank, number: whose account a payout goes to, at which bank, and its number.
    """

    reference: str
    amount: Money
    at: datetime
    about: About = "deposit"
    back_to: str = ""
    payer: str = ""
    person: str = ""
    method: str = ""
    keep: bool = False
    payment: str = ""
    holder: str = ""
    bank: str = ""
    number: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """What a rail answers when it is asked for a payment.

    Args:
        page: where the payer goes on; empty if nothing is left for them to do.
        payment: the rail's id of it.
        word: what it says already.
    """

    page: str = ""
    payment: str = ""
    word: Notice | None = None


@dataclass(frozen=True, slots=True)
class Handed:
    """Payouts handed over.

    Args:
        name: the file's name; empty where it was a call.
        content: its bytes.
        kind: its media type.
        words: what the rail answered at once, where it was a call.
    """

    name: str = ""
    content: bytes = b""
    kind: str = ""
    words: tuple[Notice, ...] = ()


@dataclass(frozen=True, slots=True)
class ReportLine:
    """One line of what a rail says it did.

    Args:
        reference: the rail's id of the line.
        about: what it is about; ``fee`` for what the rail took for itself, ``other`` for what we cannot tell.
        subject: our id of it where the rail repeats it, else the rail's own; empty if neither is known.
        amount: what it changed in what lies there for us: above zero what came.
        at: when it was booked.
    """

    reference: str
    about: About | Literal["fee", "other"]
    subject: str
    amount: Money
    at: datetime
