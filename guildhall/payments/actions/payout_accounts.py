"""Saying where one wants to be paid."""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.rules import rules_in_force
from guildhall.payments.events import PAYOUT_ACCOUNT_SET
from guildhall.payments.models import PayoutAccount
from guildhall.payments.rules import PAYOUT_ACCOUNT_REST, account_number, is_account_number
from guildhall.people.models import Person

_SHORTEST, _LONGEST = 2, 70


class NotAnAccount(Unfit):
    """Not an account that a bank could pay to."""

    code = "not_an_account"


@transaction.atomic
def set_payout_account(*, by: Person, holder: str, bank: str, number: str, at: datetime) -> PayoutAccount:
    """Set the account that payouts go to. It rests first, also the first one: a thief cannot be quicker.

    Raises:
        NotAnAccount: a name or the number cannot be right.
    """
    holder, bank, number = " ".join(holder.split()), " ".join(bank.split()), account_number(number)
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
    if earlier and (earlier.holder, earlier.bank, earlier.number) == (holder, bank, number):
        return earlier
    if earlier:
        PayoutAccount.objects.filter(pk=earlier.pk).update(ended_at=at)
    rests_until = at + timedelta(hours=rules_in_force()[PAYOUT_ACCOUNT_REST])
    account = PayoutAccount(
        id=new_id(), person=by, holder=holder, bank=bank, number=number, set_at=at, rests_until=rests_until
    )
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
