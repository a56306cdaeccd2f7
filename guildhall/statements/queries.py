"""A person's statement: any stretch of time, narrowed by kind, by contract, by person, by words."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from guildhall.contracts.models import Contract, Milestone
from guildhall.contracts.queries import contracts_visible_to, milestones_visible_to
from guildhall.escrow.models import Release
from guildhall.ledger.queries import Entry
from guildhall.ledger.windows import Narrowing, Window, entries_within, window_of
from guildhall.payments.models import Payout
from guildhall.payments.queries import payouts_of
from guildhall.people.models import Person
from guildhall.statements.words import kinds_of_movements, word_for_movement

_MOST_CHOICES = 100
_AT_ONCE = 500
_MILESTONE = "milestone:"
_MATURED = "matured:"
_PAYOUTS = ("payout:", "payout.returned:")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What somebody asked their statement to show; what is empty narrows nothing.

    Args:
        since, until: days in UTC, both included.
        kind: of movement.
        contract: whose money.
        other: the other side of contracts.
        words: that stand in a title, a name, a bank, or in what the statement calls a movement.
    """

    currency: str
    since: date | None = None
    until: date | None = None
    kind: str = ""
    contract: UUID | None = None
    other: UUID | None = None
    words: str = ""

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the time leaves movements out."""
        return bool(self.kind or self.contract or self.other or self.words)


@dataclass(frozen=True, slots=True)
class Line:
    """An entry of a statement with what it is about: empty where nothing more is known.

    Args:
        on: the day, in UTC.
        word: what the statement calls it.
        title: of the contract.
        note: of the milestone, where it has a title of its own, or where a payout went.
        other: the name of the contract's other side.
    """

    entry: Entry
    on: date
    word: str
    title: str = ""
    note: str = ""
    other: str = ""
    contract: UUID | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """A page of a statement: the window's sums, and its entries as lines."""

    window: Window
    lines: list[Line]

    @property
    def next(self) -> str:
        """The cursor of the earlier lines."""
        return self.window.next


def statement_page(person: Person, wanted: Wanted, *, after: str = "", size: int = 50) -> Page:
    """One page of the statement of a person's wallet, the newest first.

    Raises:
        Unfit: the cursor is not of this statement, or the time ends before it begins.
    """
    narrowing = _narrowing_for(person, wanted)
    window = window_of(_wallet(person), wanted.currency, narrowing, after=after, size=size)
    return Page(window, lines_of(window.entries, person))


def statement_lines(person: Person, wanted: Wanted) -> Iterator[Line]:
    """All lines of a statement, the oldest first, read as they are asked for."""
    batch: list[Entry] = []
    for entry in entries_within(_wallet(person), wanted.currency, _narrowing_for(person, wanted)):
        batch.append(entry)
        if len(batch) == _AT_ONCE:
            yield from lines_of(batch, person)
            batch = []
    yield from lines_of(batch, person)


def lines_of(entries: Iterable[Entry], person: Person) -> list[Line]:
    """Entries of this person's wallet with what they are about, in three questions for all of them."""
    entries = list(entries)
    purposes = _purposes_of(entries)
    ids = {
        purpose.removeprefix(_MILESTONE) for purpose in purposes.values() if purpose.startswith(_MILESTONE)
    }
    found = milestones_visible_to(person).filter(pk__in=ids) if ids else ()
    milestones = {f"{_MILESTONE}{one.pk}": one for one in found}
    payouts = _payouts_of(entries, person)
    return [
        _line(entry, person, milestones.get(purposes.get(entry.key, "")), payouts.get(entry.key))
        for entry in entries
    ]


def contracts_to_choose(person: Person) -> list[Contract]:
    """The newest contracts by which a statement can be narrowed."""
    return list(contracts_visible_to(person).order_by("-opened_at", "-id")[:_MOST_CHOICES])


def others_in(contracts: Iterable[Contract], person: Person) -> list[Person]:
    """The other sides of these contracts, by name, each once."""
    found = {}
    for contract in contracts:
        other = contract.worker if contract.client_id == person.pk else contract.client
        found[other.pk] = other
    return sorted(found.values(), key=lambda one: (one.name, one.pk))


def _wallet(person: Person) -> str:
    return f"wallet:{person.party}"


def _narrowing_for(person: Person, wanted: Wanted) -> Narrowing:
    mine = milestones_visible_to(person).filter(hold__isnull=False)
    keys = None
    if wanted.contract or wanted.other:
        if wanted.contract:
            mine = mine.filter(contract=wanted.contract)
        if wanted.other:
            mine = mine.filter(Q(contract__client=wanted.other) | Q(contract__worker=wanted.other))
            mine = mine.exclude(contract__client=wanted.other, contract__worker=wanted.other)
        keys = _keys_of(mine) if wanted.other != person.pk else frozenset()
    either = None
    if wanted.words:
        spoken = wanted.words.casefold()
        kinds = frozenset(kind for kind, word in kinds_of_movements() if spoken in word.casefold())
        either = (kinds, _keys_of(_speaking_of(wanted.words, person)) | _sent_to(wanted.words, person))
    return Narrowing(
        since=wanted.since,
        until=wanted.until,
        kinds=frozenset([wanted.kind]) if wanted.kind else None,
        keys=keys,
        either=either,
    )


def _speaking_of(words: str, person: Person) -> QuerySet[Milestone]:
    return (
        milestones_visible_to(person)
        .filter(hold__isnull=False)
        .filter(
            Q(title__icontains=words)
            | Q(contract__title__icontains=words)
            | Q(contract__client__name__icontains=words) & ~Q(contract__client=person)
            | Q(contract__worker__name__icontains=words) & ~Q(contract__worker=person)
        )
    )


def _sent_to(words: str, person: Person) -> frozenset[str]:
    banks = payouts_of(person).filter(account__bank__icontains=words).values_list("pk", flat=True)
    return frozenset(f"{mark}{payout}" for payout in banks for mark in _PAYOUTS)


def _keys_of(milestones: QuerySet[Milestone]) -> frozenset[str]:
    """The causes of every movement of the money of these milestones."""
    holds = list(milestones.order_by().values_list("hold_id", flat=True))
    released = Release.objects.filter(hold__in=holds).values_list("pk", "kind")
    keys = {f"hold:{hold}" for hold in holds}
    for release, kind in released:
        keys |= {f"{kind}:{release}", f"{_MATURED}{release}"}
    return frozenset(keys)


def _purposes_of(entries: Iterable[Entry]) -> dict[str, str]:
    """What the money of each entry was set aside for, by the entry's key."""
    said = {entry.key: str(entry.facts["purpose"]) for entry in entries if "purpose" in entry.facts}
    matured = {entry.key.removeprefix(_MATURED) for entry in entries if entry.key.startswith(_MATURED)}
    if matured:
        rows = Release.objects.filter(pk__in=matured).values_list("pk", "hold__purpose")
        said |= {f"{_MATURED}{release}": purpose for release, purpose in rows}
    return said


def _payouts_of(entries: Iterable[Entry], person: Person) -> dict[str, Payout]:
    ids = {
        entry.key.removeprefix(mark): None
        for entry in entries
        for mark in _PAYOUTS
        if entry.key.startswith(mark)
    }
    if not ids:
        return {}
    found = payouts_of(person).filter(pk__in=list(ids))
    return {f"{mark}{payout.pk}": payout for payout in found for mark in _PAYOUTS}


def _line(entry: Entry, person: Person, milestone: Milestone | None, payout: Payout | None) -> Line:
    about: dict[str, Any] = {}
    if milestone is not None:
        contract = milestone.contract
        other = contract.worker if contract.client_id == person.pk else contract.client
        note = milestone.title if milestone.title != contract.title else ""
        about = {"title": contract.title, "note": note, "other": other.name, "contract": contract.pk}
    elif payout is not None:
        about = {"note": f"{payout.account.bank} {payout.account.masked}"}
    return Line(entry, entry.at.astimezone(UTC).date(), word_for_movement(entry.kind), **about)
