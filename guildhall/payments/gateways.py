"""What the hall asks of an outside processor, and which processors it speaks with."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.money import Money


class BadNotice(Refusal):
    """A word that no processor of ours has signed, or too long ago, or that cannot be read."""

    code = "bad_notice"
    status = 400

    def __init__(self) -> None:
        super().__init__(_("This notice is not signed by the processor, or not just now."))


@dataclass(frozen=True, slots=True)
class Notice:
    """What a processor says about a payment.

    Args:
        reference: the processor's own id of this word; the same word may come often.
        serial: its number among the words about this payment; the highest holds.
        deposit: what we called the payment when we started it.
        outcome: whether the money is there.
        amount: how much it is about.
    """

    reference: str
    serial: int
    deposit: str
    outcome: Literal["paid", "failed"]
    amount: Money


class GatewaySilent(Exception):  # noqa: N818 - it says what happened
    """The processor did not answer, so nobody knows whether it has heard: it is asked again, the same."""


class Gateway(Protocol):
    """One processor. Everything that it tells us comes as a notice; `start` promises nothing."""

    rail: str
    is_outside: bool
    """Whether it is asked over a wire: then never inside a transaction, but by background work afterwards."""

    def start(self, *, reference: str, amount: Money, back_to: str, at: datetime) -> str:
        """Ask for a payment and return the address of the page on which the payer makes it.

        Asked twice with one reference it is one payment, with one page: so an answer that got lost is asked
        for again.

        Args:
            reference: what we call it; its notices will say so.
            amount: how much.
            back_to: where the payer goes afterwards.
            at: when.

        Raises:
            GatewaySilent: there was no answer.
        """
        ...

    def parse_notice(self, *, body: bytes, signature: str, at: datetime) -> Notice:
        """Read a notice, if the processor signed exactly these bytes within the last five minutes.

        Raises:
            BadNotice: it did not.
        """
        ...


def gateway_for(rail: str) -> Gateway:
    """The gateway of a rail.

    Raises:
        NotFound: the hall speaks with no such processor.
    """
    gateways = _gateways()
    if rail not in gateways:
        raise NotFound(rail)
    return gateways[rail]


def gateway_in_use() -> Gateway:
    """The gateway that deposits go through: a real one if the hall has one."""
    gateways = _gateways()
    return next((each for each in gateways.values() if each.is_outside), gateways["practice"])


def has_practice_money_only() -> bool:
    """Whether no real processor is connected: then every sum in the hall is made up, whosever hall it is."""
    return set(_gateways()) == {"practice"}


def _gateways() -> dict[str, Gateway]:
    # Here, because the practice bank itself stands on the shape above.
    from guildhall.payments.practice.bank import PracticeBank  # noqa: PLC0415

    return {PracticeBank.rail: PracticeBank()}
