"""What templates about jobs are given: states as words, facts as sentences, briefs as a few words."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import lru_cache
from typing import Any, Final
from uuid import UUID

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import get_language, gettext_lazy, ngettext
from django.utils.translation import gettext as _

from guildhall.contracts.rules import SILENCE_DAYS
from guildhall.jobs.finding import PROMPT_DAYS
from guildhall.jobs.models import Job
from guildhall.kernel.money import Money
from guildhall.kernel.rules import HouseRules
from guildhall.payments.paying_out.holding import money_of_payer_rests_until
from guildhall.people.models import Person
from guildhall.reputation.queries import client_facts
from guildhall.reputation.rules import ClientFacts, WorkerFacts
from guildhall.talent.models import Profile
from guildhall.talent.queries import profiles_shown

_EXCERPT: Final = 180
_READ: Final = 1_000  # characters of a brief that an excerpt is made of
# No part of it looks further than the next bracket or line: a list of jobs draws twenty of these.
_MARKS: Final = re.compile(r"[*_`#>|\\]+|\[([^\[\]]*)\]\([^()]*\)|^[^\S\n]*[-+][^\S\n]", flags=re.MULTILINE)


@dataclass(frozen=True, slots=True)
class State:
    """A state as a word with a tone."""

    word: str | Promise
    tone: str


_JOBS: Final = {
    "draft": State(gettext_lazy("Draft"), "plain"),
    "open": State(gettext_lazy("Open"), "good"),
    "filled": State(gettext_lazy("Filled"), "plain"),
    "closed": State(gettext_lazy("Closed"), "plain"),
    "expired": State(gettext_lazy("Its day has passed"), "plain"),
}
_PROPOSALS: Final = {
    "sent": State(gettext_lazy("Waiting for an answer"), "wait"),
    "withdrawn": State(gettext_lazy("Withdrawn"), "plain"),
    "declined": State(gettext_lazy("Declined"), "plain"),
    "accepted": State(gettext_lazy("Accepted"), "good"),
}


def state_of_job(state: str) -> State:
    """A job's state for people."""
    return _JOBS[state]


def state_of_proposal(state: str, *, own: bool) -> State:
    """A proposal's state, for the worker whose own it is or for the client who decides."""
    return _PROPOSALS[state] if own or state != "sent" else State(gettext_lazy("Yours to decide"), "wait")


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of somebody, at three lengths.

    Args:
        badge, tone: the one thing to see first.
        short: a few words for a list.
        facts: pairs for a page of one's own; empty when nothing is known yet.
        basis: what they rest on.
    """

    badge: str
    tone: str
    short: tuple[str, ...] = ()
    facts: tuple[tuple[str, Any], ...] = ()
    basis: str = ""


def about_client(facts: ClientFacts | None) -> Known:
    """A client as a worker wants to know them before proposing."""
    return _about_client(facts, _language())


@lru_cache(maxsize=2048)  # a list says it of twenty, and most are known from the last one
def _about_client(facts: ClientFacts | None, _spoken: str) -> Known:
    if facts is None or not (facts.paid or facts.hires or facts.posts > 1):
        return Known(_("First job here"), "wait")
    if not (facts.paid or facts.hires):
        return Known(
            badge=_("Has not hired here yet"),
            tone="wait",
            short=(_hired_for(facts),),
            facts=tuple(_client_pairs(facts)),
            basis=_("Counted by the hall, not said by anybody."),
        )
    return Known(
        badge=_pays_badge(facts),
        tone="good" if (facts.pays_after_days or 0) <= PROMPT_DAYS and facts.paid else "plain",
        short=(_hired_for(facts),),
        facts=tuple(_client_pairs(facts)),
        basis=ngettext(
            "Counted by the hall from %(num)d finished job, not said by anybody.",
            "Counted by the hall from %(num)d finished jobs, not said by anybody.",
            facts.finished,
        )
        % {"num": facts.finished},
    )


def _hired_for(facts: ClientFacts) -> str:
    return ngettext(
        "hired for %(hires)s of %(posts)s job", "hired for %(hires)s of %(posts)s jobs", facts.posts
    ) % {"hires": facts.hires, "posts": max(facts.posts, facts.hires)}


def _pays_badge(facts: ClientFacts) -> str:
    days = facts.pays_after_days
    if days is None:
        return _("Has hired here")
    return ngettext("Pays in %(num)d day", "Pays in %(num)d days", days) % {"num": days}


def _client_pairs(facts: ClientFacts) -> list[tuple[str, str]]:
    of = _("%(some)s of %(all)s")
    pairs = [(_("Hires when they post"), of % {"some": facts.hires, "all": max(facts.posts, facts.hires)})]
    if facts.pays_after_days is not None:
        days = facts.pays_after_days
        waited = ngettext("%(num)d day (median)", "%(num)d days (median)", days) % {"num": days}
        pairs.insert(0, (_("Pays after delivery"), waited))
        pairs += [
            (_("Paid only because time ran out"), of % {"some": facts.paid_silently, "all": facts.paid}),
            (_("Sent a delivery back"), str(facts.changes_asked)),
            (_("Did not pay for all that was delivered"), str(facts.refused)),
        ]
    if facts.stars is not None:
        pairs.append((_("Workers say"), _stars(facts.stars, facts.reviews)))
    return pairs


def about_worker(facts: WorkerFacts | None) -> Known:
    """A worker as a client wants to know them before choosing."""
    if facts is None or facts.is_newcomer:
        return Known(_("New here"), "plain", (_("new here"),))
    finished = ngettext("%(num)d job finished", "%(num)d jobs finished", facts.finished) % {
        "num": facts.finished
    }
    pairs = [(_("Jobs finished"), str(facts.finished)), (_("Milestones paid"), str(facts.paid_milestones))]
    short = [finished]
    if facts.stars is not None:
        pairs.append((_("Clients say"), _stars(facts.stars, facts.reviews)))
        short.append(_stars(facts.stars, facts.reviews))
    return Known(finished, "good", tuple(short), tuple(pairs))


def _stars(hundredths: int, reviews: int) -> str:
    return ngettext(
        "%(stars)s of 5 stars, %(num)d review", "%(stars)s of 5 stars, %(num)d reviews", reviews
    ) % {"stars": f"{hundredths / 100:.1f}", "num": reviews}


def promise(rules: HouseRules) -> str:
    """What the hall promises a worker about silence, with today's number."""
    days = rules[SILENCE_DAYS]
    return ngettext(
        "The money is set aside before you start. If the client is silent after you deliver, "
        "it is yours after %(num)d day.",
        "The money is set aside before you start. If the client is silent after you deliver, "
        "it is yours after %(num)d days.",
        days,
    ) % {"num": days}


def new_payer(client: Person, rules: HouseRules, at: datetime) -> str:
    """What a worker should know before they propose to a client whose first deposit is not old; or empty."""
    until = money_of_payer_rests_until(client, rules=rules, at=at)
    if until is None:
        return ""
    return _(
        "This client is new to paying here. What they pay is yours as always and can be spent here, but paid"
        " out to your bank from %(day)s on at the earliest: a stolen card is noticed by then."
    ) % {"day": until.strftime("%Y-%m-%d")}


def excerpt_of(markdown: str) -> str:
    """The first words of a brief, without its marks."""
    return _excerpt_of(markdown[:_READ])


@lru_cache(maxsize=2048)
def _excerpt_of(opening: str) -> str:
    bare = _MARKS.sub(r"\1", opening)
    words = " ".join(bare.split())
    if len(words) <= _EXCERPT:
        return words
    return words[:_EXCERPT].rsplit(" ", 1)[0].rstrip(",.;:") + " …"


@dataclass(frozen=True, slots=True)
class Card:
    """All that a list shows of a job. Nothing in it can change, so it is a key for what was drawn of it."""

    id: UUID
    title: str
    excerpt: str
    skills: tuple[str, ...]
    client: Known
    country: str
    money: Money | None
    deadline: date | None
    band: str
    opened_at: datetime


def cards_of(jobs: Sequence[Job]) -> list[Card]:
    """Open jobs as a list shows them, with what is known of their clients: one query for all."""
    facts = client_facts({job.client_id for job in jobs})
    return [
        Card(
            id=job.pk,
            title=job.title,
            excerpt=excerpt_of(job.brief),
            skills=tuple(skill["name"] for skill in job.named_skills),
            client=about_client(facts[job.client_id]),
            country=job.country,
            money=job.money,
            deadline=job.deadline,
            band=job.band,
            opened_at=job.opened_at or job.made_at,
        )
        for job in jobs
    ]


def _language() -> str:
    return get_language() or settings.LANGUAGE_CODE


def shown_profiles(people: Iterable[UUID]) -> dict[UUID, Profile]:
    """The profiles that these people show, in one query."""
    return {profile.person_id: profile for profile in profiles_shown().filter(person__in=list(people))}
