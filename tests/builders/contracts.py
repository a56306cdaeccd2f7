"""Contracts, made by the hall's own verbs, up to whatever point a test needs."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from io import BytesIO
from typing import Any

from django.db import connection

from guildhall.contracts.actions import approve_milestone, fund_milestone, open_contract
from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.rules import MilestoneTerms, Terms
from guildhall.disputes.actions import open_case
from guildhall.disputes.models import Case
from guildhall.files.actions import store_file
from guildhall.files.models import StoredFile
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.kernel.registry import all_checks
from guildhall.people.models import Person
from guildhall.reputation.actions import leave_feedback
from guildhall.workroom.actions import deliver_work
from guildhall.workroom.models import Delivery
from tests.builders.money import a_wallet_with
from tests.cast import NOW

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def money_for(person: Person, minor: int, *, currency: str = "USD", at: datetime = NOW) -> None:
    """Let money arrive in somebody's wallet, as it does: from the practice bank."""
    a_wallet_with(person, minor, at, currency, ago=timedelta(0))


def terms_between(
    client: Person, worker: Person, *, sums: Sequence[int] = (4_000, 7_000), **facts: Any
) -> Terms:
    """A logo and a shop sign, in as many milestones as there are sums."""
    return Terms(
        **{
            "title": "Logo and shop sign",
            "brief": "A mark for a bakery, and the sign over its door.",
            "deliverables": ("Three sketches", "The mark as a vector file", "The sign with its measures"),
            "milestones": tuple(
                MilestoneTerms(title=f"Part {number}", amount=minor)
                for number, minor in enumerate(sums, start=1)
            ),
            "currency": "USD",
            "client": client.pk,
            "worker": worker.pk,
            "worker_fee_bp": 500,
            "client_fee_bp": 0,
            "silence_days": 10,
            "clearing_days": 3,
            "rules_version": 0,
            **facts,
        }
    )


def a_contract(
    client: Person, worker: Person, *, sums: Sequence[int] = (4_000, 7_000), at: datetime = NOW, **facts: Any
) -> Contract:
    """An active contract with no money set aside yet, and enough of it in the client's wallet."""
    terms = terms_between(client, worker, sums=sums, **facts)
    fees = sum(sums) * terms.client_fee_bp // 10_000
    money_for(client, sum(sums) + fees, currency=terms.currency, at=at)
    return open_contract(
        origin=f"test:{new_id()}", terms=terms, client=client, worker=worker, by=client, at=at
    )


def milestones_in(contract: Contract) -> list[Milestone]:
    """Its milestones as they stand now, in order, with their holds."""
    rows = Milestone.objects.filter(contract=contract).select_related("hold", "contract")
    return list(rows.order_by("number"))


def a_funded_milestone(
    client: Person, worker: Person, *, minor: int = 10_000, at: datetime = NOW, **facts: Any
) -> Milestone:
    """The only milestone of a contract, its money set aside."""
    [milestone] = milestones_in(a_contract(client, worker, sums=(minor,), at=at, **facts))
    fund_milestone(milestone=milestone, by=client, at=at)
    return again(milestone)


def a_delivery(milestone: Milestone, *, at: datetime = NOW + HOUR, note: str = "Here it is.") -> Delivery:
    """The next version of a milestone's work: a note on its first item."""
    worker = again(milestone).contract.worker
    return deliver_work(milestone=milestone, note=note, items=[1], files=[], by=worker, at=at)


def a_delivered_milestone(
    client: Person, worker: Person, *, minor: int = 10_000, at: datetime = NOW, **facts: Any
) -> Milestone:
    """A funded milestone whose work was delivered an hour later."""
    milestone = a_funded_milestone(client, worker, minor=minor, at=at, **facts)
    a_delivery(milestone, at=at + HOUR)
    return again(milestone)


def an_ended_contract(client: Person, worker: Person, *, by_client: str, by_worker: str) -> Contract:
    """A contract that was paid in full, and what each side said of the other."""
    milestone = a_delivered_milestone(client, worker)
    approve_milestone(milestone=milestone, by=client, at=NOW + DAY)
    contract = again(milestone).contract
    leave_feedback(contract=contract, stars=5, text=by_client, by=client, at=NOW + DAY)
    leave_feedback(contract=contract, stars=2, text=by_worker, by=worker, at=NOW + DAY)
    return contract


def a_case(milestone: Milestone, *, contested: int = 4_000, by: Person, at: datetime = NOW + DAY) -> Case:
    """A case about a part of a milestone, opened by one of its sides."""
    return open_case(
        milestone=milestone, contested=usd(contested), reason="The ear of wheat is missing.", by=by, at=at
    )


def a_file(owner: Person, *, name: str = "sign.pdf", content: bytes = b"%PDF-1.7 a sign") -> StoredFile:
    return store_file(owner=owner.pk, name=name, content=BytesIO(content), at=NOW)


def again(milestone: Milestone) -> Milestone:
    """The milestone as it stands now."""
    rows = Milestone.objects.select_related("hold", "contract__client", "contract__worker")
    return rows.get(pk=milestone.pk)


def what_is_broken(of: tuple[str, ...] = ("",)) -> dict[str, list[tuple[Any, ...]]]:
    """Every registered invariant that does not hold, with the rows that break it; `of` begins their names."""
    broken: dict[str, list[tuple[Any, ...]]] = {}
    with connection.cursor() as cursor:
        for check in all_checks():
            if not check.name.startswith(of):
                continue
            cursor.execute(check.alone)
            if rows := cursor.fetchall() + list(check.also() if check.also else ()):
                broken[check.name] = rows
    return broken
