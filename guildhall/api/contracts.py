"""Contracts in JSON. What belongs to one stands in `api.milestones`, `messages`, `cases` and `feedback`."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any, Literal
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Router, Schema
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of
from guildhall.api.cases import router as cases
from guildhall.api.feedback import router as feedback
from guildhall.api.messages import router as messages
from guildhall.api.milestones import MilestoneShown, RefundShown, refunds_listed, step_shown
from guildhall.api.milestones import router as milestones
from guildhall.api.shapes import Asked, Listing, Sum, listing
from guildhall.contracts.actions import end_contract
from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.queries import (
    contracts_visible_to,
    milestones_of,
    outcome_if_ended,
    refunds_visible_to,
    terms_of,
    terms_row_of,
)
from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.workroom.queries import unread_about

router = Router(tags=["contracts"])
for _part in (milestones, messages, cases, feedback):
    router.add_router("", _part)


class ContractShown(Schema):
    """A contract, for its two sides."""

    id: UUID
    state: str
    title: str
    client: str
    worker: str
    you_are: Literal["client", "worker"]
    amount: Sum
    terms_number: int
    opened_at: datetime
    ended_at: datetime | None
    ended_by: Literal["client", "worker"] | None = Field(
        description="Who ended it; null while it is active, and when it was done to the end."
    )
    end_reason: str = Field(description="Why they ended it.")
    milestones: list[MilestoneShown]
    unread: int = Field(description="What the other side has said since you last looked.")


class TermsShown(Schema):
    """The terms in force: the very text behind the hash, and the same as JSON."""

    number: int
    hash: str
    body: str
    terms: dict[str, Any]


class OutcomeShown(Schema):
    """What ending now would do with the money."""

    ends_at_once: bool
    returned: Sum
    asked: Sum
    delivered: Sum
    contested: Sum


class EndingAsked(Asked):
    """Why it ends."""

    reason: str


@router.get("/contracts", response=Listing[ContractShown], summary="Your contracts")
@needs_scope("read")
def list_contracts(request: HallRequest, after: str = "", size: int = 20) -> Listing[ContractShown]:
    """On both sides, newest first."""
    rows = contracts_visible_to(person_of(request))
    page = page_by_key(rows, by=("-opened_at", "-id"), after=after, size=size)
    steps: dict[UUID, list[Milestone]] = {}
    for milestone in milestones_of(page.rows):
        steps.setdefault(milestone.contract_id, []).append(milestone)
    unread = _unread(page.rows, request)
    return listing(page, lambda one: _contract(one, steps.get(one.pk, []), request, unread))


@router.get("/contracts/{uuid:contract_id}", response=ContractShown, summary="One contract")
@needs_scope("read")
def show_contract(request: HallRequest, contract_id: UUID) -> ContractShown:
    """With its milestones, as they stand now."""
    contract = get_object_or_404(contracts_visible_to(person_of(request)), pk=contract_id)
    return _contract(contract, list(milestones_of([contract])), request, _unread([contract], request))


@router.get("/contracts/{uuid:contract_id}/terms", response=TermsShown, summary="The terms in force")
@needs_scope("read")
def show_terms(request: HallRequest, contract_id: UUID) -> TermsShown:
    """What both sides accepted, by its hash."""
    contract = get_object_or_404(contracts_visible_to(person_of(request)), pk=contract_id)
    row = terms_row_of(contract)
    return TermsShown(number=row.number, hash=row.hash, body=row.body, terms=terms_of(contract).as_json())


@router.get(
    "/contracts/{uuid:contract_id}/refunds", response=Listing[RefundShown], summary="Requests for a refund"
)
@needs_scope("read")
def list_refunds_of_contract(
    request: HallRequest, contract_id: UUID, after: str = "", size: int = 20
) -> Listing[RefundShown]:
    """What was asked and given back of all its milestones. The newest first."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    rows = refunds_visible_to(person).filter(milestone__contract=contract)
    return refunds_listed(rows, after=after, size=size)


@router.get("/contracts/{uuid:contract_id}/ending", response=OutcomeShown, summary="What ending would do")
@needs_scope("read")
def preview_ending(request: HallRequest, contract_id: UUID) -> OutcomeShown:
    """Where each cent would go if you ended it now."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    outcome = outcome_if_ended(contract, by_worker=person.pk == contract.worker_id)
    return OutcomeShown(
        ends_at_once=outcome.ends_at_once,
        **{
            name: Sum.of(Money(getattr(outcome, name), contract.currency))
            for name in ("returned", "asked", "delivered", "contested")
        },
    )


@router.post("/contracts/{uuid:contract_id}/ending", response=ContractShown, summary="End a contract")
@needs_scope("money")
def ending(request: HallRequest, contract_id: UUID, asked: EndingAsked) -> ContractShown:
    """At will; the money follows as the preview says."""
    person = person_of(request)
    contract = get_object_or_404(contracts_visible_to(person), pk=contract_id)
    end_contract(contract=contract, reason=asked.reason, by=person, at=request.at)
    return show_contract(request, contract_id)


def _unread(contracts: Iterable[Contract], request: HallRequest) -> dict[str, int]:
    return unread_about([f"contract:{contract.pk}" for contract in contracts], person_of(request))


def _ender(contract: Contract) -> Literal["client", "worker"] | None:
    if contract.ended_by_id is None:
        return None
    return "client" if contract.ended_by_id == contract.client_id else "worker"


def _contract(
    contract: Contract, milestones: list[Milestone], request: HallRequest, unread: dict[str, int]
) -> ContractShown:
    return ContractShown(
        id=contract.pk,
        state=contract.state,
        title=contract.title,
        client=contract.client.name,
        worker=contract.worker.name,
        you_are="client" if contract.client_id == person_of(request).pk else "worker",
        amount=Sum.of(contract.total),
        terms_number=contract.terms_number,
        opened_at=contract.opened_at,
        ended_at=contract.ended_at,
        ended_by=_ender(contract),
        end_reason=contract.end_reason if contract.ended_by_id else "",
        milestones=[step_shown(milestone) for milestone in milestones],
        unread=unread.get(f"contract:{contract.pk}", 0),
    )
