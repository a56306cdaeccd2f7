"""Running the hall as JSON: house rules, people and their offices, the log: the pages' verbs."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.shortcuts import get_object_or_404
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from guildhall.api.auth import MissingScope, needs_scope, operator_of
from guildhall.api.decisions import DecisionShown, waiting_about
from guildhall.api.rules import TableShown
from guildhall.api.shapes import Asked, Listing, listed
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound
from guildhall.kernel.events import events_found
from guildhall.kernel.models import Event
from guildhall.kernel.rules import Rule, rules_in_force, set_rule, set_table
from guildhall.people.actions import set_roles
from guildhall.people.queries import people_found, second_operators

router = Router(tags=["operator"])


class RuleShown(Schema):
    """A house rule and what holds now."""

    name: str
    meaning: str
    unit: str
    value: int
    default: int
    low: int
    high: int


class RuleAsked(Asked):
    """A new value and why."""

    value: int
    reason: str = Field(max_length=1000)


class TableAsked(Asked):
    """All rows of a rule that is a table, and why."""

    rows: list[dict[str, int | str]] = Field(max_length=200)
    reason: str = Field(max_length=1000)


class Somebody(Schema):
    """A person of the hall."""

    id: UUID
    name: str
    email: str
    country: str
    joined_at: datetime
    is_operator: bool
    is_adjudicator: bool
    is_active: bool


class RolesAsked(Asked):
    """The two offices as they should be."""

    is_operator: bool
    is_adjudicator: bool


class RolesSaid(Somebody):
    """Somebody with the offices that they have now, and the `decision` that waits, if one does."""

    decision: DecisionShown | None


class Happened(Schema):
    """An event of the log."""

    id: UUID
    name: str
    subject: UUID
    by: UUID | None
    at: datetime
    facts: dict[str, Any]


@router.get("/operator/rules", response=list[RuleShown], summary="House rules")
@needs_scope("operate")
def list_rules(request: HallRequest) -> list[RuleShown]:
    """All of them, by name."""
    operator_of(request)
    return [_rule(rule, value) for rule, value in rules_in_force()]


@router.put("/operator/rules/{rule_name}", response=RuleShown, summary="Set a house rule")
@needs_scope("operate")
def change_rule(request: HallRequest, rule_name: str, asked: RuleAsked) -> RuleShown:
    """With a reason that everybody can read."""
    operator = operator_of(request)
    if rule_name not in {rule.name for rule, _value in rules_in_force()}:
        raise NotFound
    set_rule(name=rule_name, value=asked.value, reason=asked.reason, by=operator.pk, at=request.at)
    return next(_rule(rule, value) for rule, value in rules_in_force() if rule.name == rule_name)


@router.put("/operator/rules/{table_name}/rows", response=TableShown, summary="Write a rule that is a table")
@needs_scope("operate")
def write_table(request: HallRequest, table_name: str, asked: TableAsked) -> TableShown:
    """Anew and whole, with a reason that everybody can read; `GET /rules` shows what holds."""
    operator = operator_of(request)
    tables = {table.name: table for table, _rows in rules_in_force().every_table()}
    if table_name not in tables:
        raise NotFound
    change = set_table(name=table_name, rows=asked.rows, reason=asked.reason, by=operator.pk, at=request.at)
    return TableShown(name=table_name, meaning=str(tables[table_name].meaning), rows=change.rows)


@router.get("/operator/people", response=Listing[Somebody], summary="People")
@needs_scope("operate")
def list_people(
    request: HallRequest, words: str = "", role: str = "", after: str = "", size: int = 20
) -> Listing[Somebody]:
    """Everybody, or whoever's name or address has the words; `role` is operator or adjudicator."""
    operator_of(request)
    found = people_found(words[:200].replace("\0", ""), role)
    return listed(found, Somebody.from_orm, after=after, size=size)


@router.get("/operator/people/{person_id}", response=Somebody, summary="One person")
@needs_scope("operate")
def show_somebody(request: HallRequest, person_id: UUID) -> Somebody:
    """Who they are here, and their offices."""
    operator_of(request)
    return Somebody.from_orm(get_object_or_404(people_found(), pk=person_id))


@router.put("/operator/people/{person_id}/roles", response=RolesSaid, summary="Give or take an office")
@needs_scope("operate")
def put_roles(request: HallRequest, person_id: UUID, asked: RolesAsked) -> RolesSaid:
    """A second operator confirms what makes or ends power, where there is one.

    Where there is none, only from a browser's session: a token that leaked must not be able to make itself
    a successor.
    """
    operator = operator_of(request)
    person = get_object_or_404(people_found(), pk=person_id)
    if request.scopes is not None and not second_operators(operator, person).exists():
        raise MissingScope(
            _("A token cannot give or take an office that nobody else confirms. Do it on the person’s page.")
        )
    person = set_roles(person=person, by=operator, at=request.at, **asked.dict())
    return RolesSaid(**Somebody.from_orm(person).dict(), decision=waiting_about(person.pk, operator))


@router.get("/operator/log", response=Listing[Happened], summary="Everything that happened")
@needs_scope("operate")
def list_events(
    request: HallRequest,
    *,
    name: str = "",
    subject: UUID | None = None,
    by: UUID | None = None,
    after: str = "",
    size: int = 20,
) -> Listing[Happened]:
    """The newest first, narrowed by the first part of a name, by thing, by person."""
    operator_of(request)
    found = events_found(name=name[:200].replace("\0", ""), subject=subject, by=by)
    return listed(found, _event, after=after, size=size)


def _rule(rule: Rule, value: int) -> RuleShown:
    return RuleShown(
        name=rule.name,
        meaning=str(rule.meaning),
        unit=rule.unit,
        value=value,
        default=rule.default,
        low=rule.low,
        high=rule.high,
    )


def _event(event: Event) -> Happened:
    return Happened(
        id=event.pk, name=event.name, subject=event.subject_id, by=event.by, at=event.at, facts=event.facts
    )
