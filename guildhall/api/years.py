"""Yearly totals as JSON: one's own, and all workers' for operators."""

from uuid import UUID

from ninja import Router, Schema

from guildhall.api.auth import needs_scope, operator_of, person_of
from guildhall.api.shapes import Listing, Sum, listing
from guildhall.earnings.years import (
    Deducted,
    YearOfOne,
    YearOfWorker,
    kept_for_others_in,
    read_year,
    workers_of_year,
    year_of,
    years_since_joining,
)
from guildhall.edge.request import HallRequest

router = Router(tags=["money"])


class DeductedShown(Schema):
    """What was taken of earnings under one name: into `fees:…`, `tax:…` or `benefit:…`."""

    name: str
    account: str
    amount: Sum


class MovedShown(Schema):
    """What one kind of movement changed in the wallet; below zero it took."""

    kind: str
    change: Sum


class YearShown(Schema):
    """One year (UTC) in one currency: gross = net + Σ deducted, opening + Σ moved = closing."""

    year: int
    currency: str
    gross: Sum
    deducted: list[DeductedShown]
    net: Sum
    paid_out: Sum
    opening: Sum
    moved: list[MovedShown]
    closing: Sum


class YearsShown(Schema):
    """The years of your membership, the last first."""

    years: list[int]


class WorkerYearShown(Schema):
    """One worker's year in one currency."""

    person: UUID
    name: str
    country: str
    currency: str
    gross: Sum
    deducted: list[DeductedShown]
    net: Sum
    paid_out: Sum


class KeptShown(Schema):
    """What a year's releases kept for an authority (`tax:<authority>:<kind>`) or a fund (`benefit:…`)."""

    account: str
    amount: Sum


@router.get("/money/years", response=YearsShown, summary="The years there are totals of")
@needs_scope("read")
def list_years(request: HallRequest) -> YearsShown:
    """Since you joined."""
    return YearsShown(years=years_since_joining(person_of(request), at=request.at))


@router.get("/money/years/{year}", response=list[YearShown], summary="Your totals of a year")
@needs_scope("read")
def show_year(request: HallRequest, year: str) -> list[YearShown]:
    """By currency; what was earned by the day it was released, the wallet by the day it moved."""
    return [_year(one) for one in year_of(person_of(request), read_year(year))]


@router.get(
    "/operator/years/{year}/workers",
    response=Listing[WorkerYearShown],
    tags=["operator"],
    summary="Everybody’s totals of a year",
)
@needs_scope("operate")
def list_workers(
    request: HallRequest, year: str, country: str = "", after: str = "", size: int = 20
) -> Listing[WorkerYearShown]:
    """By the country that each names today."""
    found = workers_of_year(
        operator_of(request), read_year(year), country=country, after=after, size=min(size, 100)
    )
    return listing(found, _worker)


@router.get(
    "/operator/years/{year}/kept",
    response=list[KeptShown],
    tags=["operator"],
    summary="What a year kept for authorities and funds",
)
@needs_scope("operate")
def list_kept(request: HallRequest, year: str) -> list[KeptShown]:
    """By account and currency."""
    found = kept_for_others_in(operator_of(request), read_year(year))
    return [KeptShown(account=account, amount=Sum.of(kept)) for account, kept in found]


def _year(one: YearOfOne) -> YearShown:
    return YearShown(
        year=one.year,
        currency=one.currency,
        gross=Sum.of(one.gross),
        deducted=_deducted(one.deducted),
        net=Sum.of(one.net),
        paid_out=Sum.of(one.paid_out),
        opening=Sum.of(one.opening),
        moved=[MovedShown(kind=kind, change=Sum.of(change)) for kind, change in one.moved],
        closing=Sum.of(one.closing),
    )


def _worker(one: YearOfWorker) -> WorkerYearShown:
    return WorkerYearShown(
        person=UUID(one.person),
        name=one.name,
        country=one.country,
        currency=one.currency,
        gross=Sum.of(one.gross),
        deducted=_deducted(one.deducted),
        net=Sum.of(one.net),
        paid_out=Sum.of(one.paid_out),
    )


def _deducted(lines: list[Deducted]) -> list[DeductedShown]:
    return [
        DeductedShown(name=taken.name, account=taken.account, amount=Sum.of(taken.sum)) for taken in lines
    ]
