"""Saying where one wants to be paid."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.rules import rules_in_force
from guildhall.payments.events import PAYOUT_ACCOUNT_SET
from guildhall.payments.models import PayoutAccount, PayoutMethod
from guildhall.payments.rules import (
    PAYOUT_ACCOUNT_REST,
    account_number,
    is_account_number,
    is_bic,
    is_wallet_number,
    looks_like_iban,
)
from guildhall.people.models import Person

_SHORTEST, _LONGEST = 2, 70


class NotAnAccount(Unfit):
    """Not an account that a bank could pay to."""

    code = "not_an_account"


@transaction.atomic
def set_payout_account(
    *, by: Person, holder: str, bank: str, number: str, at: datetime, method: str = "", bic: str = ""
) -> PayoutAccount:
    """Set the account that payouts go to. It rests first, also the first one: a thief cannot be quicker.

    Args:
        by: whose payouts.
        holder: whose account it is.
        bank: at which bank, or mobile-money company.
        number: an IBAN, a local account's number, or a wallet's telephone number.
        at: when.
        method: which of these, as in `PayoutMethod`; empty: an IBAN if it looks like one.
        bic: the bank's international code, if it is known.

    Raises:
        NotAnAccount: a name or the number cannot be right.
    """
    holder, bank, number = " ".join(holder.split()), " ".join(bank.split()), account_number(number)
    method = method or (PayoutMethod.IBAN if looks_like_iban(number) else PayoutMethod.ACCOUNT)
    bic = account_number(bic)
    if method == PayoutMethod.WALLET:
        number = number.removeprefix("+")
    _refuse_unlike(method, number, bic)
    for field, text in (("holder", holder), ("bank", bank)):
        if not _SHORTEST <= len(text) <= _LONGEST or not text.isprintable():
            raise NotAnAccount(_("Write the name in 2 to 70 characters, as the bank knows it."), field=field)
    if not is_account_number(number):
        raise NotAnAccount(
            _("Write the account number with 4 to 34 letters and digits; an IBAN must add up."),
            field="number",
        )
    Person.objects.select_for_update().get(pk=by.pk)
    earlier = PayoutAccount.objects.filter(person=by, ended_at=None).first()
    said = {"holder": holder, "bank": bank, "number": number, "method": method, "bic": bic}
    if earlier and all(getattr(earlier, field) == value for field, value in said.items()):
        return earlier
    if earlier:
        PayoutAccount.objects.filter(pk=earlier.pk).update(ended_at=at)
    rests_until = at + timedelta(hours=rules_in_force()[PAYOUT_ACCOUNT_REST])
    account = PayoutAccount(id=new_id(), person=by, set_at=at, rests_until=rests_until, **said)
    account.save(force_insert=True)
    record_event(
        PAYOUT_ACCOUNT_SET,
        subject=account.pk,
        by=by.pk,
        at=at,
        person=str(by.pk),
        changed=earlier is not None,
        ends_with=number[-4:],
        rests_until=rests_until.isoformat(),
    )
    return account


def _refuse_unlike(method: str, number: str, bic: str) -> None:
    """Refuse a number that is none of its method."""
    if method not in PayoutMethod.values:
        raise NotAnAccount(
            _("Choose how the account is paid: %(ways)s.") % {"ways": ", ".join(PayoutMethod.values)},
            field="method",
        )
    if method == PayoutMethod.WALLET and not is_wallet_number(number):
        raise NotAnAccount(
            _("Write the wallet’s telephone number in 6 to 15 digits, with the country’s code."),
            field="number",
        )
    if method == PayoutMethod.IBAN and not looks_like_iban(number):
        raise NotAnAccount(
            _("That is no IBAN. It begins with two letters for the country and two digits."), field="number"
        )
    if bic and not is_bic(bic):
        raise NotAnAccount(
            _("The bank’s international code has eight or eleven letters and digits."), field="bic"
        )
