"""What templates about contracts are given: states as words, milestones as rows, messages as talk."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from guildhall.contracts import states
from guildhall.contracts.models import Contract, Milestone, Refund
from guildhall.contracts.rules import Terms, deductions_of
from guildhall.disputes.models import Case
from guildhall.escrow.models import Release
from guildhall.escrow.queries import divide_next, taken_from
from guildhall.escrow.rules import split_release
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.workroom.models import Change, Delivery, Message

_KILO = 1000
_NET = "net"


@dataclass(frozen=True, slots=True)
class Side:
    """One person's view of a contract.

    Args:
        person: who looks.
        other: the other side.
        is_client: which side they are.
    """

    person: Person
    other: Person
    is_client: bool

    @classmethod
    def of(cls, contract: Contract, person: Person) -> "Side":
        """The view of one of the two sides."""
        is_client = person.pk == contract.client_id
        return cls(person, contract.worker if is_client else contract.client, is_client)


@dataclass(frozen=True, slots=True)
class State:
    """A state as words with a tone; `short` says it where there is room for one word."""

    word: str
    tone: str
    short: str = ""


def room_at(milestone: Milestone) -> str:
    """The workroom's address, open at one milestone."""
    return f"/contracts/{milestone.contract_id}?step={milestone.number}"


def state_of_contract(contract: Contract) -> State:
    """A contract's state for people."""
    return {
        states.ACTIVE: State(_("Active"), "good"),
        states.ENDING: State(_("Ending"), "wait"),
        states.ENDED: State(_("Ended"), "plain"),
    }[contract.state]


def state_of_milestone(milestone: Milestone, side: Side) -> State:
    """A milestone's state for one of the two sides: whose turn it is, if it is somebody's."""
    other = side.other.name
    mine = {
        states.PLANNED: State(_("To be set aside by you"), "wait", _("Not set aside")),
        states.DELIVERED: State(_("Delivered, waiting for you"), "wait", _("Yours")),
        states.FUNDED: State(_("In work"), "good", _("In work")),
        states.CHANGES_ASKED: State(_("Changes asked"), "good", _("In work")),
    }
    theirs = {
        states.PLANNED: State(_("No money set aside yet"), "plain", _("Not set aside")),
        states.DELIVERED: State(
            _("Delivered, waiting for %(name)s") % {"name": other}, "wait", _("Delivered")
        ),
        states.FUNDED: State(_("Yours to deliver"), "wait", _("Yours")),
        states.CHANGES_ASKED: State(_("Changes asked, yours to deliver"), "wait", _("Yours")),
    }
    ended = {
        states.RELEASED: State(_("Paid"), "good", _("Paid")),
        states.RETURNED: State(_("Returned"), "plain", _("Returned")),
        states.SETTLED: State(_("Divided"), "plain", _("Divided")),
        states.DROPPED: State(_("Dropped"), "plain", _("Dropped")),
    }
    return (ended | (mine if side.is_client else theirs))[milestone.state]


def state_of_refund(refund: Refund) -> State:
    """What has become of a request for a refund, or of what the worker gave back unasked."""
    if refund.by_id == refund.milestone.contract.worker_id:
        return State(_("Given back"), "good")
    return {
        states.ASKED: State(_("Waits for an answer"), "wait"),
        states.AGREED: State(_("Agreed"), "good"),
        states.DECLINED: State(_("Declined"), "bad"),
        states.WITHDRAWN: State(_("Taken back"), "plain"),
        states.DISPUTED: State(_("Became a case"), "plain"),
    }[refund.state]


@dataclass(frozen=True, slots=True)
class Row:
    """A milestone as the page shows it.

    Args:
        milestone: itself, its hold joined.
        state: its state for whoever looks.
        net: what of what is left would reach the worker.
        contested: frozen by a case.
        asked: frozen by a request that waits.
        case: the open case, or None.
    """

    milestone: Milestone
    state: State
    net: Money
    contested: Money
    asked: Money
    case: Case | None

    @property
    def short(self) -> State:
        """Its state in one word: where it is contested, that is the word."""
        return State("", "bad", _("Contested")) if self.case else self.state

    @property
    def is_held(self) -> bool:
        """Whether money is set aside for it."""
        return self.milestone.state in states.HELD

    @property
    def uncontested(self) -> Money:
        """Held, and frozen by no case: what accepting the work would pay."""
        return self.milestone.left - self.contested if self.is_held else Money(0, self.milestone.currency)

    @property
    def free(self) -> Money:
        """Held and not frozen."""
        hold = self.milestone.hold
        return hold.money_free if hold and self.is_held else Money(0, self.milestone.currency)


def rows_of(milestones: Iterable[Milestone], side: Side, *, cases: Iterable[Case], terms: Terms) -> list[Row]:
    """The milestones of a contract as rows; `cases` are its open ones."""
    open_cases = {case.milestone_id: case for case in cases}
    milestones = list(milestones)
    taken = taken_from(one.hold for one in milestones if one.hold and one.hold.left < one.hold.placed)
    rows = []
    for milestone in milestones:
        case = open_cases.get(milestone.pk)
        contested = case.contested if case else 0
        frozen = milestone.hold.frozen if milestone.hold and milestone.state in states.HELD else 0
        lines = split_release(
            milestone.left.minor,
            deductions_of(terms, milestone.number),
            _NET,
            released=milestone.released,
            taken=taken.get(milestone.hold_id) if milestone.hold_id else None,
        )
        rows.append(
            Row(
                milestone=milestone,
                state=state_of_milestone(milestone, side),
                net=Money(lines[0].amount, milestone.currency),
                contested=Money(contested, milestone.currency),
                asked=Money(max(0, frozen - contested), milestone.currency),
                case=case,
            )
        )
    return rows


def row_at_hand(rows: list[Row], side: Side, *, step: str = "") -> Row:
    """The milestone that a workroom speaks of: the one asked for by its number, else the most pressing one.

    That is one which waits for whoever looks, else one in hand; what is contested waits for others and stands
    behind. Then comes the next to be set aside, and at the end the last for which there was money.
    """
    asked = [row for row in rows if str(row.milestone.number) == step]
    theirs = (states.DELIVERED,) if side.is_client else (states.FUNDED, states.CHANGES_ASKED)
    free = [row for row in rows if not row.case]
    paid = (states.RELEASED, states.RETURNED, states.SETTLED)
    ways = (
        (free, theirs),
        (free, states.HELD),
        (rows, states.HELD),
        (rows, (states.PLANNED,)),
        (rows[::-1], paid),
    )
    found = (row for among, wanted in ways for row in among if row.milestone.state in wanted)
    return asked[0] if asked else next(found, rows[-1])


@dataclass(frozen=True, slots=True)
class Path:
    """Where a milestone's money is: how far each of the five steps has come, and what is known of it.

    `release` is the last one, once nothing is left to wait for; an earlier part has its own clock.
    """

    row: Row
    funded_at: datetime | None
    version: int
    release: Release | None
    silence_days: int
    gross: Money
    net: Money

    def status(self, step: int) -> str:
        """``done``, ``now`` or ``todo`` for a step from 1 to 5."""
        return "done" if step < self._at else "now" if step == self._at else "todo"

    @property
    def _at(self) -> int:
        """The step that it stands at; 6 when all are done."""
        last = 6 if self.release is None or self.release.state != "clearing" else 5
        return {
            states.PLANNED: 1,
            states.FUNDED: 2,
            states.CHANGES_ASKED: 2,
            states.DELIVERED: 3,
            states.DROPPED: 1,
        }.get(self.row.milestone.state, last)


def path_of(row: Row, *, delivery: Delivery | None, terms: Terms) -> Path:
    """The money path of the milestone at hand: what was released, or what would be if all goes well."""
    milestone, hold = row.milestone, row.milestone.hold
    gross, net, release = milestone.left, row.net, None
    if row.case and hold is not None:  # what is contested goes its own way
        gross = row.uncontested
        net = Money(divide_next(hold, gross.minor, _NET)[0].amount, milestone.currency)
    if hold is not None and milestone.released and not milestone.left:
        releases = list(Release.objects.filter(hold=hold, gross__gt=0).order_by("-at", "-id"))
        release = releases[0]
        gross = Money(sum(one.gross for one in releases), milestone.currency)
        net = Money(sum(one.net for one in releases), milestone.currency)
    return Path(
        row=row,
        funded_at=hold.placed_at if hold else None,
        version=delivery.version if delivery else 0,
        release=release,
        silence_days=terms.silence_days,
        gross=gross,
        net=net,
    )


def talk_of(
    messages: Iterable[Message], person: Person, changes: Mapping[object, list[Change]]
) -> list[dict[str, Any]]:
    """Messages, oldest first, as the page shows them."""
    return [_said(message, person, changes) for message in reversed(list(messages))]


def _said(message: Message, person: Person, changes: Mapping[object, list[Change]]) -> dict[str, Any]:
    asked = changes.get(message.delivery_id, []) if message.kind == Message.CHANGES else []
    lines = [_("Item %(item)s: %(text)s") % {"item": change.item, "text": change.text} for change in asked]
    return {
        "name": message.by.name,
        "own": message.by_id == person.pk,
        "at": message.at,
        "new": getattr(message, "is_new", False),
        "text": "\n".join([*lines, message.text] if message.text else lines),
        "note": _note(message),
        "files": [
            {
                "name": one.file.name,
                "url": f"/files/{one.file.pk}",
                "note": size_of(one.file.size),
            }
            for one in message.attachments.all()
        ],
    }


def _note(message: Message) -> str:
    """What a message is besides words: a delivery with its items, or a request for changes."""
    delivery = message.delivery
    if delivery is None:
        return ""
    if message.kind == Message.CHANGES:
        return _("asks for changes to version %(version)s") % {"version": delivery.version}
    told = _("delivery, version %(version)s") % {"version": delivery.version}
    if not delivery.items:
        return told
    items = ngettext("item %(items)s", "items %(items)s", len(delivery.items)) % {
        "items": ", ".join(str(item) for item in delivery.items)
    }
    return f"{told}, {items}"


def size_of(size: int) -> str:
    """A file's size in round figures."""
    for unit in ("B", "kB", "MB"):
        if size < _KILO or unit == "MB":
            return f"{size:.0f} {unit}"
        size = max(1, round(size / _KILO))
    raise AssertionError("the last unit takes everything")
