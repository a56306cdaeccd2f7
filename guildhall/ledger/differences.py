"""Something that does not fit: a row that breaks a promise, a line of a report that the books do not know.

A difference moves no money and repairs nothing. It stops payouts of the account that it concerns until an
operator has looked at it and written down what it was.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.ledger.models import Difference
from guildhall.ledger.rules import DIFFERENCE_ANSWER
from guildhall.ledger.states import CLOSED, OPENED

DIFFERENCE_OPENED: Final = "difference.opened"
LONGEST_ANSWER: Final = 1000
_SHORTEST_ANSWER: Final = 10


class NoAnswer(Unfit):
    """Nothing that another person could understand later."""

    code = "no_answer"


@transaction.atomic
def open_difference(
    *,
    source: str,
    name: str,
    subject: str,
    account: str,
    facts: Mapping[str, Any],
    at: datetime,
    currency: str = "",
) -> Difference:
    """Open a difference, or answer with the one that there is: saying it again changes nothing.

    One that was closed with the very same facts is not opened again: it has been looked at.

    Args:
        source: who noticed: ``check``, or a rail.
        name: what was noticed: the name of a check, ``missing here``.
        subject: which row or line.
        account: the code of the account that it concerns, whose payouts wait; empty if it concerns none.
        facts: what an operator needs to see, as JSON values; ``wrong`` says it in one line.
        at: when it was noticed.
        currency: which of the account's currencies; empty for every one.
    """
    rows = Difference.objects.filter(
        source=source, name=name, subject=subject, account=account, currency=currency
    )
    known = rows.filter(state=OPENED).first() or rows.filter(facts=dict(facts)).order_by("-id").first()
    if known:
        return known
    new = Difference(
        id=new_id(),
        source=source,
        name=name,
        subject=subject,
        account=account,
        currency=currency,
        facts=dict(facts),
        opened_at=at,
        answer_by=at + timedelta(hours=rules_in_force()[DIFFERENCE_ANSWER]),
        state=OPENED,
        moved_at=at,
    )
    Difference.objects.bulk_create([new], ignore_conflicts=True)  # somebody may notice it at the same moment
    difference = rows.get(state=OPENED)
    if difference.pk == new.pk:
        record_event(DIFFERENCE_OPENED, subject=new.pk, by=None, at=at, **_facts_of(new))
    return difference


@transaction.atomic
def close_difference(*, difference: Difference, answer: str, by: UUID, at: datetime) -> Difference:
    """Close a difference with a sentence that says what it was and what was done: payouts go on.

    Raises:
        NoAnswer: the sentence says nothing.
        ForbiddenMove, Stale: it is closed already.
    """
    answer = answer.strip()
    if not _SHORTEST_ANSWER <= len(answer) <= LONGEST_ANSWER:
        raise NoAnswer(
            _("Write in %(least)s to %(most)s characters what it was and what you did about it.")
            % {"least": _SHORTEST_ANSWER, "most": LONGEST_ANSWER},
            field="answer",
        )
    difference = Difference.objects.select_for_update().get(pk=difference.pk)
    if difference.is_in(OPENED):
        difference.answer, difference.closed_by = answer, by
        difference.save(update_fields=["answer", "closed_by"])
    move(difference, CLOSED, by=by, at=at, **_facts_of(difference), answer=answer)
    return difference


def _facts_of(difference: Difference) -> dict[str, str]:
    """What every event of a difference says about it."""
    return {
        "source": difference.source,
        "what": difference.name,
        "row": difference.subject,
        "account": difference.account,
        "account_currency": difference.currency,
        "answer_by": difference.answer_by.isoformat(),
    }
