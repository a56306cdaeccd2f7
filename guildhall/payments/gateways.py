# ruff: noqa: ARG002 - what a rail cannot do, it refuses whatever it is
"""What the hall asks of a rail, and which rails it has: a processor, or a bank."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Protocol

from django.utils.functional import Promise
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.payments.words import Answer, Handed, Instruction, Notice, ReportLine

__all__ = [
    "Answer",
    "BadNotice",
    "CannotDo",
    "Gateway",
    "GatewaySilent",
    "Handed",
    "Instruction",
    "Notice",
    "RailRefuses",
    "ReportLine",
    "can_refund",
    "gateway_for",
    "gateways_that_report",
    "gateways_that_take",
    "has_practice_money_only",
    "name_of_rail",
]


class BadNotice(Refusal):
    """A word that no processor of ours has signed, or too long ago, or that cannot be read."""

    code = "bad_notice"
    status = 400

    def __init__(self) -> None:
        super().__init__(_("This notice is not signed by the processor, or not just now."))


class CannotDo(Refusal):
    """This rail has no such thing."""

    code = "rail_cannot"


class GatewaySilent(Exception):  # noqa: N818 - it says what happened
    """The rail did not answer, so nobody knows whether it has heard: it is asked again, the same."""


class RailRefuses(Exception):  # noqa: N818 - it says what happened
    """The rail has heard what it was asked and says no, for good: nothing was done."""


class Gateway(Protocol):
    """One rail. A gateway inherits from it; what its rail cannot do it leaves as it is here, refused.

    Whoever calls a gateway that `is_outside` has written the intent down before, has no transaction open, and
    writes the answer down afterwards. Each instruction names itself by an id of ours, so giving it again is
    harmless.
    """

    rail: ClassVar[str]
    """Its name in accounts (``outside:<rail>``) and addresses, for ever."""
    called: ClassVar[str | Promise]
    """What a payer calls it, in the middle of a sentence: *the practice bank*."""
    is_outside: ClassVar[bool]
    """Whether it is asked over a wire: then never inside a transaction, but by background work afterwards."""
    can_take: ClassVar[bool] = False
    """Whether people pay in through it."""
    can_keep: ClassVar[bool] = False
    """Whether it keeps a payer's card or account for the next time."""
    can_refund: ClassVar[bool] = False
    """Whether it pays money back to where it came from."""
    can_pay: ClassVar[bool] = False
    """Whether it takes payouts: a file or a call."""
    can_report: ClassVar[bool] = False
    """Whether it tells what it did, to be compared with the books."""
    remembers: ClassVar[timedelta | None] = None
    """For how long it knows an instruction again; afterwards it is only asked about. None: for ever."""
    signature_header: ClassVar[str] = ""
    """The header in which the signature of its notices stands."""

    def refuse_amount(self, instruction: Instruction) -> None:
        """Refuse what this rail cannot take, before anything is written down.

        Raises:
            NotDepositable: a currency that it does not know, or a sum that it cannot say.
        """
        return

    def start(self, instruction: Instruction) -> Answer:
        """Ask for a payment: the answer has the page on which the payer makes it.

        A kept method is charged at once: the answer is a word about it, or a page where the payer has to say
        yes. Asked twice with one reference it is one payment.

        Raises:
            GatewaySilent: there was no answer.
            RailRefuses: it takes this payment never.
            CannotDo: this rail does not take money.
        """
        raise self._cannot()

    def parse_notice(self, *, body: bytes, signature: str, at: datetime) -> Notice | None:
        """Read a notice, if the rail signed exactly these bytes within the last five minutes.

        None says that it is signed and about nothing that concerns the hall.

        Raises:
            BadNotice: it did not.
        """
        raise BadNotice

    def outcome_of(self, instruction: Instruction) -> Notice | None:
        """Ask what has become of an instruction; None while it is under way, or never arrived.

        What never arrived is given again with the same reference.

        Raises:
            GatewaySilent: there was no answer.
            CannotDo: this rail cannot be asked.
        """
        raise self._cannot()

    def refund(self, instruction: Instruction) -> Notice | None:
        """Pay back a part or all of `instruction.payment`, to where it came from; None: it is under way.

        Raises:
            GatewaySilent: there was no answer, so nobody knows whether it is paid back.
            CannotDo: this rail does not pay back.
        """
        raise self._cannot()

    def forget(self, *, method: str) -> None:
        """Delete a kept method at the rail; one that is not there any more is deleted.

        Raises:
            GatewaySilent: there was no answer.
            CannotDo: this rail keeps none.
        """
        raise self._cannot()

    def instruct(self, *, batch: str, payouts: Sequence[Instruction], at: datetime) -> Handed:
        """Hand over payouts: a file that somebody brings to the bank, or a call that has been made.

        Raises:
            GatewaySilent: there was no answer.
            CannotDo: this rail does not pay out.
        """
        raise self._cannot()

    def report(self, *, since: datetime, until: datetime) -> Iterator[ReportLine]:
        """What the rail says it did from one instant to just before another, for reconciliation.

        Raises:
            GatewaySilent: there was no answer.
            CannotDo: this rail tells nothing by itself.
        """
        raise self._cannot()

    def _cannot(self) -> CannotDo:
        sentence = _("This cannot be done through %(rail)s. Choose another way.")
        return CannotDo(sentence % {"rail": self.called}, field="rail")


def gateway_for(rail: str) -> Gateway:
    """The gateway of a rail.

    Raises:
        NotFound: the hall has no such rail.
    """
    gateways = _gateways()
    if rail not in gateways:
        raise NotFound(rail)
    return gateways[rail]


def gateways_that_take() -> list[Gateway]:
    """The rails through which one can pay in here, in the order in which they are offered.

    Practice money is there only while no real rail is: nobody can mistake one for the other.
    """
    return [each for each in _gateways().values() if each.can_take]


def gateways_that_report() -> list[Gateway]:
    """The rails outside that say what they did, each asked over a wire."""
    return [each for each in _gateways().values() if each.can_report and each.is_outside]


def name_of_rail(rail: str) -> str:
    """What people call a rail; its own name if the hall has it no more."""
    gateway = _gateways().get(rail)
    return str(gateway.called) if gateway else rail


def can_refund(rail: str) -> bool:
    """Whether a rail that the hall still has pays money back to where it came from."""
    gateway = _gateways().get(rail)
    return gateway is not None and gateway.can_refund


def has_practice_money_only() -> bool:
    """Whether no real rail is connected: then every sum in the hall is made up, whosever hall it is."""
    return set(_gateways()) == {"practice"}


def _gateways() -> dict[str, Gateway]:
    # Here, because the rails themselves stand on the shape above.
    from guildhall.payments.banking.gateway import bank_gateways  # noqa: PLC0415
    from guildhall.payments.practice.bank import PracticeBank  # noqa: PLC0415
    from guildhall.payments.stripe.gateway import stripe_gateways  # noqa: PLC0415

    real: list[Gateway] = [*stripe_gateways(), *bank_gateways()]
    return {each.rail: each for each in real} or {PracticeBank.rail: PracticeBank()}
