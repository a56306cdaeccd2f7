"""What is held on a person about savings."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from guildhall.escrow.savings.models import SavingsGoal
from guildhall.kernel.registry import Holding, register_holding


def _goals(person_id: UUID) -> Iterator[dict[str, Any]]:
    goals = SavingsGoal.objects.filter(person_id=person_id).order_by("id").prefetch_related("savings")
    for goal in goals.iterator(chunk_size=100):
        yield {
            "name": goal.name,
            "currency": goal.currency,
            "share": goal.share,
            "target": goal.target,
            "by_day": goal.by_day.isoformat(),
            "saved": goal.saved,
            "state": goal.state,
            "set_at": goal.set_at.isoformat(),
            "savings": [
                {"amount": saving.amount, "at": saving.at.isoformat()}
                for saving in sorted(goal.savings.all(), key=lambda saving: saving.pk)
            ],
        }


register_holding(
    Holding("escrow", "savings_goals", _goals, kept_because="the books must show where every sum went")
)
