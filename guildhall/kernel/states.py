"""One door for state: `move`."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Stale
from guildhall.kernel.events import record_event
from guildhall.kernel.models import Event, Stateful


class ForbiddenMove(Stale):
    """The thing is in a state from which it cannot go there."""

    code = "forbidden_move"


def move(thing: Stateful, to: str, *, by: UUID | None, at: datetime, **facts: Any) -> Event:
    """Move a thing to its next state by compare-and-set and record the event ``noun.to``.

    Args:
        thing: a saved row; its `state` and `moved_at` are updated in place.
        to: the next state, which its table of moves must list.
        by: who moves it; None when the hall does because time has come.
        at: when, as the verb was told.
        facts: what reactions and readers of the event will need, as JSON values.

    Raises:
        ForbiddenMove: the table does not list this move.
        Stale: someone else moved it since it was read.
    """
    assert to in thing.MOVES, f"{thing.NOUN} has no state {to!r}"
    if to not in thing.MOVES[thing.state]:
        raise ForbiddenMove(_("This cannot be done now: it has moved on. Look at it again."))
    with transaction.atomic(savepoint=False):  # a part of its verb, which has a savepoint of its own
        moved = type(thing)._base_manager.filter(pk=thing.pk, state=thing.state).update(state=to, moved_at=at)
        if moved == 1:
            thing.state, thing.moved_at = to, at
            return record_event(f"{thing.NOUN}.{to}", subject=thing.pk, by=by, at=at, **facts)
    raise Stale(_("Somebody was quicker: it has just changed. Look at it again."))
