"""Money that is nobody's yet, and the hall's own, as JSON, for operators."""

from datetime import datetime
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of
from guildhall.api.decisions import DecisionShown, decision_shown, waiting_about
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.payments.actions import fill_reserve, match_deposit
from guildhall.payments.models import GatewayNotice
from guildhall.payments.queries import halls_own_seen_by, unmatched_notices_seen_by
from guildhall.people.queries import person_with_email

router = Router(tags=["operator"])


class Suspended(Schema):
    """A payment that no deposit explains. `suggested` began the deposit that it names, if it names one."""

    id: UUID
    rail: str
    reference: str
    amount: Sum
    heard_at: datetime
    suggested: str


class OwnerAsked(Asked):
    """Whose it is: the e-mail address by which the hall knows them."""

    email: str = Field(max_length=254)


class OwnerSaid(Suspended):
    """`owner` has it now; or it waits with the `decision` until a second operator has confirmed it."""

    owner: UUID | None
    decision: DecisionShown | None


class HallsOwn(Schema):
    """The hall's own money in one currency, and what it could not cover, which is below zero."""

    reserve: Sum
    shortfall: Sum


class FillingAsked(Asked):
    """How much of the hall's own money is in its bank account."""

    amount: Sum


class Filling(Schema):
    """The money is written down; or it waits with the `decision` until a second operator has confirmed it."""

    amount: Sum
    decision: DecisionShown | None


@router.get("/operator/suspended", response=Listing[Suspended], summary="Payments that match nothing")
@needs_scope("operate")
def list_suspended(request: HallRequest, after: str = "", size: int = 20) -> Listing[Suspended]:
    """The newest first."""
    rows = unmatched_notices_seen_by(operator_of(request)).select_related("deposit__person")
    return listed(rows, _suspended, after=after, size=size)


@router.post("/operator/suspended/{suspended_id}/owner", response=OwnerSaid, summary="Say whose a payment is")
@needs_scope("operate")
def say_owner(request: HallRequest, suspended_id: UUID, asked: OwnerAsked) -> OwnerSaid:
    """Not your own. A second operator confirms it where there is one."""
    operator = operator_of(request)
    notice = get_object_or_404(unmatched_notices_seen_by(operator), pk=suspended_id)
    owner = person_with_email(asked.email)
    if owner is None:
        raise Unfit(_("Nobody here has this address."), field="email")
    notice = match_deposit(notice=notice, person=owner, by=operator, at=request.at)
    return OwnerSaid(
        **_suspended(notice).dict(), owner=notice.matched_with_id, decision=waiting_about(notice.pk, operator)
    )


@router.get("/operator/reserve", response=list[HallsOwn], summary="The hall's own money")
@needs_scope("operate")
def show_reserve(request: HallRequest) -> list[HallsOwn]:
    """By currency."""
    held = halls_own_seen_by(operator_of(request))
    return [HallsOwn(reserve=Sum.of(each.reserve), shortfall=Sum.of(each.shortfall)) for each in held]


@router.post("/operator/reserve/fillings", response={201: Filling}, summary="Fill the reserve")
@needs_scope("operate")
def fill(request: HallRequest, asked: FillingAsked) -> Status[Filling]:
    """You have paid it into the hall's bank account. A second operator confirms it where there is one."""
    operator = operator_of(request)
    amount = asked.amount.money()
    decision = fill_reserve(amount=amount, by=operator, at=request.at)
    waiting = decision_shown(decision, operator) if decision else None
    return Status(201, Filling(amount=Sum.of(amount), decision=waiting))


def _suspended(notice: GatewayNotice) -> Suspended:
    return Suspended(
        id=notice.pk,
        rail=notice.rail,
        reference=notice.reference,
        amount=Sum.of(Money(notice.facts["amount"], notice.facts["currency"])),
        heard_at=notice.at,
        suggested=notice.deposit.person.email if notice.deposit else "",
    )
