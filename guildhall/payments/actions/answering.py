"""Answering what does not fit: an operator writes down what it was, and payouts go on."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal
from guildhall.ledger.differences import close_difference
from guildhall.ledger.models import Difference
from guildhall.payments.queries import owner_of_account
from guildhall.people.models import Person


class OwnDifference(Refusal):
    """What does not fit about an operator's own money is another operator's to answer."""

    code = "own_difference"

    def __init__(self) -> None:
        super().__init__(_("This concerns your own account: another operator has to answer it."))


@transaction.atomic
def answer_difference(*, difference: Difference, answer: str, by: Person, at: datetime) -> Difference:
    """Write down what it was and what was done; payouts of the account go on.

    Raises:
        NotFound: who answers is no operator.
        OwnDifference: it concerns their own account.
        NoAnswer: the sentence says nothing.
        ForbiddenMove, Stale: it is answered already.
    """
    if not by.is_operator:
        raise NotFound
    if owner_of_account(difference.account) == by.pk:
        raise OwnDifference
    return close_difference(difference=difference, answer=answer, by=by.pk, at=at)
