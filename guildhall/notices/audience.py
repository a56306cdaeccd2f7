"""Finding the persons of a role, and the facts of a sentence, from an event and what it happened to."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID
from zoneinfo import ZoneInfo

from babel.dates import format_datetime
from django.utils import translation

from guildhall.contracts.models import Milestone
from guildhall.escrow.models import Release
from guildhall.jobs.models import Proposal
from guildhall.jobs.states import SENT
from guildhall.kernel.models import Event
from guildhall.kernel.money import Money
from guildhall.kernel.rules import rules_in_force
from guildhall.notices.tellings import Role
from guildhall.payments.actions.stopping import secret_to_stop
from guildhall.payments.queries import owner_of_account
from guildhall.payments.rules import PAYOUT_ACCOUNT_REST
from guildhall.people.models import Person
from guildhall.people.queries import addresses_of, adjudicators, operators, people_with_ids

type Facts = dict[str, Any]
type Known = dict[UUID, Person]
"""Persons who were met in telling of one event: most have several parts in it, and are read once."""


def full_facts(event: Event) -> Facts:
    """What an event carries, with its subject under its own noun and what only the row behind it knows."""
    noun = event.name.partition(".")[0]
    facts: Facts = {noun: str(event.subject_id), **event.facts}
    if noun == "release":
        release = Release.objects.get(pk=event.subject_id)
        facts |= {"worker": release.worker, "amount": release.net, "currency": release.currency}
    if event.name == "milestone.settled":  # the event says what left last, the sentence what became of it all
        milestone = Milestone.objects.get(pk=event.subject_id)
        facts |= {"released": milestone.released, "returned": milestone.returned}
    if noun == "difference" and (owner := owner_of_account(event.facts["account"])):
        facts["person"] = str(owner)
    if event.name == "payout_account.set":
        facts["stop"] = secret_to_stop(event.subject_id)
    if "about" in facts and noun == "message":
        facts["about_url"] = _address_about(str(facts["about"]))
    return facts


def addresses_left_by(person: Person, at: datetime) -> list[str]:
    """Addresses that somebody has left while a payout account of that time would rest, or since."""
    rest = timedelta(hours=rules_in_force()[PAYOUT_ACCOUNT_REST])
    return addresses_of(person, since=at - rest)[1:]


def _address_about(subject: str) -> str:
    """Where a conversation's page is: ``proposal:<id>`` or ``contract:<id>``."""
    noun, _, thing = subject.partition(":")
    return f"/proposals/{thing}/conversation" if noun == "proposal" else f"/{noun}s/{thing}"


def persons_in(role: Role, event: Event, facts: Facts, known: Known) -> list[Person]:
    """The persons of a role, in a steady order, without those who cannot come in any more."""
    ids = set(_FINDERS[role](event, facts))
    _meet(ids | {each for each in _named_in(event, facts).values() if each}, known)
    return [known[key] for key in sorted(ids & known.keys()) if known[key].is_active]


def _meet(ids: set[UUID], known: Known) -> None:
    """Read those who are not known yet."""
    if strangers := ids - known.keys():
        known |= people_with_ids(strangers)


def _named(*keys: str) -> Callable[[Event, Facts], list[UUID]]:
    def find(_event: Event, facts: Facts) -> list[UUID]:
        return [UUID(str(facts[key]).removeprefix("person:")) for key in keys if facts.get(key)]

    return find


def _other(event: Event, facts: Facts) -> list[UUID]:
    """The other side of the two, or both sides when a third person acted, or nobody because time had come."""
    return [side for side in _both(event, facts) if side != event.by]


def _both(event: Event, facts: Facts) -> list[UUID]:
    return _named("client", "worker")(event, facts)


def _proposers(event: Event, facts: Facts) -> Iterable[UUID]:
    if not facts.get("scope_changed"):
        return []
    return Proposal.objects.filter(job=event.subject_id, state=SENT).values_list("worker_id", flat=True)


def _to(_event: Event, facts: Facts) -> list[UUID]:
    return [UUID(each) for each in facts.get("to", [])]


_FINDERS: Final[dict[Role, Callable[[Event, Facts], Iterable[UUID]]]] = {
    "client": _named("client"),
    "worker": _named("worker"),
    "earner": _named("worker"),
    "owner": _named("person"),
    "about": _named("about"),
    "adjudicator": _named("adjudicator"),
    "subject": lambda event, _facts: [event.subject_id],
    "other": _other,
    "both": _both,
    "proposers": _proposers,
    "to": _to,
    "adjudicators": lambda _event, _facts: adjudicators().values_list("pk", flat=True),
    "operators": lambda _event, _facts: operators().values_list("pk", flat=True),
}


def _named_in(event: Event, facts: Facts) -> dict[str, UUID | None]:
    """Whom a sentence about an event may name, by their part in it."""
    roles = {"who": event.by, "client_name": facts.get("client"), "worker_name": facts.get("worker")}
    roles["author_name"] = facts.get("author")
    return {role: _id_of(value) for role, value in roles.items() if value}


def words_from(event: Event, facts: Facts, reader: Person, known: Known) -> dict[str, str]:
    """What a sentence may say, as text for this reader: names, titles, sums and times."""
    said = {role: known[each].name for role, each in _named_in(event, facts).items() if each in known}
    said |= {key: str(facts[key]) for key in _WORDS if facts.get(key)}
    currency = facts.get("currency")
    if currency:
        for key, fact in _SUMS.items():
            if isinstance(facts.get(fact), int):
                said[key] = str(Money(facts[fact], currency))
    if "reached" in facts and facts.get("target"):
        said["reached"] = str(Money(facts["reached"], facts["target"]))
    for fact in ("release_at", "answer_by", "rests_until"):
        if facts.get(fact):
            said["until"] = _moment(str(facts[fact]), reader)
    return said


_WORDS: Final = (
    *("title", "milestone_title", "broken", "what", "row", "why", "reason"),
    *("number", "corrected", "code", "holder", "goal_name"),
)
_SUMS: Final = {
    "sum": "amount",
    "contested": "contested",
    "more": "more",
    "net": "net",
    "released": "released",
    "returned": "returned",
    "to_worker": "to_worker",
}


def _id_of(value: Any) -> UUID | None:
    text = str(value).removeprefix("person:")
    try:
        return UUID(text)
    except ValueError:
        return None


def _moment(text: str, reader: Person) -> str:
    zone = ZoneInfo(reader.timezone)
    local = datetime.fromisoformat(text).astimezone(zone)
    locale = translation.to_locale(reader.language)
    return f"{format_datetime(local, 'd MMMM y, HH:mm', locale=locale)} {local.tzname()}"
