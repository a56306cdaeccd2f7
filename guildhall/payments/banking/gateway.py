"""The hall's own bank account as a rail: people transfer to it, and its statements say what came."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kernel.events import record_event
from guildhall.payments.banking.naming import name_transfer
from guildhall.payments.banking.references import shown_reference
from guildhall.payments.events import DEPOSIT_TRANSFER_ASKED
from guildhall.payments.gateways import Answer, Gateway, Instruction

RAIL = "bank"


class BankTransfer(Gateway):
    """A transfer that the payer orders at their own bank."""

    rail = RAIL
    called = gettext_lazy("a bank transfer")
    is_outside = False  # nobody is asked: a statement will say what came
    can_take = True
    can_refund = True

    def refuse_amount(self, instruction: Instruction) -> None:
        """Refuse a currency in which the account takes no transfers."""
        from guildhall.payments.actions.depositing import NotDepositable  # noqa: PLC0415 - it asks us

        currencies = _account().currencies
        if instruction.amount.currency not in currencies:
            raise NotDepositable(
                _("The hall’s bank account takes %(currencies)s. Choose one of them, or another way to pay.")
                % {"currencies": ", ".join(currencies)},
                field="currency",
            )

    def start(self, instruction: Instruction) -> Answer:
        """Give the transfer its code; the page says what to write on it, and a letter does."""
        deposit = UUID(instruction.reference)
        code = name_transfer("deposit", deposit)
        bank = _account()
        record_event(
            DEPOSIT_TRANSFER_ASKED,
            subject=deposit,
            by=UUID(instruction.person),
            at=instruction.at,
            person=instruction.person,
            amount=instruction.amount.minor,
            currency=instruction.amount.currency,
            code=shown_reference(code),
            holder=bank.name,
            number=bank.number,
        )
        return Answer(page=f"{settings.GUILDHALL_BASE_URL}/money/transfers/{code}")

    def refund(self, instruction: Instruction) -> None:
        """Give the transfer back its code; an operator orders it, and a statement will say that it went."""
        name_transfer("refund", UUID(instruction.reference))

    def outcome_of(self, instruction: Instruction) -> None:
        """Only a statement says what became of a transfer."""


def _account() -> Any:
    """The account as the environment names it, which stands on a higher floor."""
    bank = settings.GUILDHALL_RAILS.bank
    assert bank, "there is such a rail only with an account"
    return bank


def bank_gateways() -> list[Gateway]:
    """The hall's bank account, if the environment names one."""
    return [BankTransfer()] if settings.GUILDHALL_RAILS.bank else []
