"""What needs a hand, as JSON, for operators."""

from dataclasses import asdict

from ninja import Router, Schema

from guildhall.api.auth import needs_scope, operator_of
from guildhall.edge.request import HallRequest
from guildhall.insights.queries import things_that_wait
from guildhall.insights.signs import house_trouble_seen_by

router = Router(tags=["operator"])


class Stuck(Schema):
    """How many things of each kind need a hand, which promises are broken, which work fails."""

    counts: dict[str, int]
    broken: list[str]
    failing: dict[str, str]


@router.get("/operator/stuck", response=Stuck, summary="What needs a hand")
@needs_scope("operate")
def show_stuck(request: HallRequest) -> Stuck:
    """The same as the first operator page."""
    operator = operator_of(request)
    house = house_trouble_seen_by(operator)
    return Stuck(
        counts=asdict(things_that_wait(operator, at=request.at)),
        broken=house.broken,
        failing={sign.name: sign.note for sign in house.failing},
    )
