"""A second operator says yes, whatever it is that another has asked for."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from django.db import transaction

from guildhall.payments.actions.bank_files import BOOK, confirm_bank_file
from guildhall.payments.actions.charging_back import RECOVER, confirm_recovery
from guildhall.payments.actions.crediting_people import (
    CORRECT,
    CREDIT,
    confirm_correction,
    confirm_credit,
)
from guildhall.payments.actions.explaining import EXPLAIN, confirm_explanation
from guildhall.payments.actions.filling import FILL, confirm_filling
from guildhall.payments.actions.matching import MATCH, confirm_match
from guildhall.payments.actions.returning import RETURN, confirm_return
from guildhall.payments.actions.taking_out import (
    OUT,
    OUT_END,
    confirm_own_end,
    confirm_own_transfer,
)
from guildhall.payments.exchange.funding import FUND, confirm_funding
from guildhall.people.actions import confirm_roles
from guildhall.people.actions.roles import ROLES
from guildhall.people.models import Decision, Person

_CONFIRM: Final[dict[str, Callable[..., Any]]] = {
    ROLES: confirm_roles,
    RETURN: confirm_return,
    MATCH: confirm_match,
    FILL: confirm_filling,
    FUND: confirm_funding,
    BOOK: confirm_bank_file,
    EXPLAIN: confirm_explanation,
    RECOVER: confirm_recovery,
    OUT: confirm_own_transfer,
    OUT_END: confirm_own_end,
    CREDIT: confirm_credit,
    CORRECT: confirm_correction,
}


@transaction.atomic
def confirm_decision(*, decision: Decision, by: Person, at: datetime) -> Decision:
    """Confirm as the second operator: what was asked for is done at once, by the verb of its kind.

    Raises:
        NotFound, RoleNotChanged: they are no operator.
        SecondNeeded: they asked for it, or it concerns them.
        OwnPayout: it would be their own money.
        ForbiddenMove, MatchedBefore: it is decided.
    """
    _CONFIRM[decision.kind](decision=decision, by=by, at=at)
    decision.refresh_from_db()
    return decision
