"""People who offer their work, and the skills by which they are found."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from django.shortcuts import get_object_or_404
from ninja import Query, Router, Schema
from pydantic import Field

from guildhall.api.auth import needs_scope, person_of, reader_of
from guildhall.api.shapes import Asked, Listing, Sum
from guildhall.edge.request import HallRequest
from guildhall.jobs.queries import jobs_visible_to
from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.people.models import Person
from guildhall.reputation.models import Feedback
from guildhall.reputation.queries import feedback_about_client, feedback_about_worker, worker_facts
from guildhall.reputation.rules import WorkerFacts
from guildhall.search.queries import PersonSearch, search_people
from guildhall.skills.queries import all_skills, skills_named, slug_asked_for
from guildhall.talent.actions import save_profile
from guildhall.talent.models import Profile
from guildhall.talent.queries import profile_of, profile_with_handle, profiles_shown
from guildhall.talent.rules import ProfileDraft

router = Router(tags=["talent"])


class SkillListed(Schema):
    """A skill of the hall's list."""

    slug: str
    name: str
    area: str


class Counted(Schema):
    """What the hall has counted of somebody's work. Only money that was really settled counts."""

    finished: int
    paid_milestones: int
    stars: int | None = Field(description="The average times 100; null before the first.")
    reviews: int


class ProfileShort(Schema):
    """A profile in a list."""

    handle: str
    name: str
    country: str
    title: str
    skills: list[str] = Field(description="Slugs, the best first.")
    languages: list[str]
    rate: Sum | None = Field(description="For an hour; null: by agreement.")
    availability: str
    counted: Counted


class ProfileShown(ProfileShort):
    """A whole profile. There is no way in it to reach its owner outside the hall."""

    overview: str = Field(description="Markdown.")
    town: str
    joined_at: datetime
    shown: bool


class PeopleFound(Listing[ProfileShort]):
    """One page of people, and how many there are in all."""

    total: int
    nearly: bool = Field(description="Nobody fits the words as written; these fit similar ones.")


class FeedbackShown(Schema):
    """What the other side of a contract said, once it is shown."""

    stars: int
    text: str
    by: str
    at: datetime
    counts: bool = Field(description="Whether money was settled under the contract.")


class ProfileAsked(Asked):
    """What you offer. Skills are named in any words that the hall knows."""

    title: str
    handle: str = ""
    overview: str = ""
    skills: list[str] = Field([], max_length=100)
    languages: list[str] = Field([], max_length=100)
    rate: Sum | None = None
    availability: str = "open"
    shown: bool = True


class PeopleWanted(Schema):
    """Whom somebody looks for."""

    words: str = Field("", max_length=200)
    skill: str = Field("", max_length=64, description="A skill’s slug or any of its names.")
    language: str = Field("", max_length=3)
    country: str = Field("", max_length=2)
    rate: str = Field("", max_length=24, description="The highest price for an hour, in `currency`.")
    currency: str = Field("USD", pattern="^[A-Z]{3}$")
    available: bool = False
    sort: str = Field("best", description="best, newest or rate.")
    after: str = ""
    size: int = Field(20, ge=1, le=100)


@router.get("/skills", response=list[SkillListed], auth=None, summary="The hall's list of skills")
def list_skills(request: HallRequest) -> list[SkillListed]:
    """Every skill, area by area."""
    del request  # the list is the same for everybody
    return [SkillListed(slug=each.slug, name=each.name, area=each.area) for each in all_skills()]


@router.get("/talent", response=PeopleFound, auth=None, summary="People who offer their work")
def list_people(request: HallRequest, wanted: Annotated[PeopleWanted, Query()]) -> PeopleFound:
    """The profiles that fit, with what the hall has counted of each."""
    del request  # visitors and members see the same
    found = search_people(
        PersonSearch(
            words=wanted.words,
            skill=slug_asked_for(wanted.skill),
            language=wanted.language.lower(),
            country=wanted.country.upper(),
            max_rate=Money.parse(wanted.rate, wanted.currency, field="rate") if wanted.rate else None,
            available=wanted.available,
            sort=wanted.sort,
            currency=wanted.currency,
            after=wanted.after,
            size=wanted.size,
        )
    )
    rows = {profile.person_id: profile for profile in profiles_shown().filter(pk__in=found.ids)}
    facts = worker_facts(rows)
    items = [_short(rows[person], facts[person]) for person in found.ids if person in rows]
    return PeopleFound(items=items, next=found.next, total=found.total, nearly=found.nearly)


@router.get("/talent/{handle}", response=ProfileShown, auth=None, summary="One profile")
def show_profile(request: HallRequest, handle: str) -> ProfileShown:
    """A profile that is shown, or your own."""
    return _shown(_profile(request, handle))


@router.get("/talent/{handle}/feedback", response=Listing[FeedbackShown], auth=None, summary="What was said")
def list_feedback(
    request: HallRequest, handle: str, after: str = "", size: int = 20
) -> Listing[FeedbackShown]:
    """What clients said of somebody's work and is shown, newest first."""
    profile = _profile(request, handle)
    said = page_by_key(
        feedback_about_worker(profile.person), by=("-revealed_at", "-id"), after=after, size=size
    )
    return Listing(items=[_said(one) for one in said.rows], next=said.next)


@router.get(
    "/jobs/{uuid:job_id}/client/feedback",
    response=Listing[FeedbackShown],
    auth=None,
    summary="Words on a client",
)
def list_feedback_about_client(
    request: HallRequest, job_id: UUID, after: str = "", size: int = 20
) -> Listing[FeedbackShown]:
    """What workers said of a job's client and is shown, newest first."""
    job = get_object_or_404(jobs_visible_to(reader_of(request)), pk=job_id)
    said = page_by_key(feedback_about_client(job.client), by=("-revealed_at", "-id"), after=after, size=size)
    return Listing(items=[_said(one) for one in said.rows], next=said.next)


@router.get("/profile", response=ProfileShown, summary="Your own profile")
@needs_scope("read")
def show_own_profile(request: HallRequest) -> ProfileShown:
    """Your profile, shown or not."""
    return _own(person_of(request))


@router.put("/profile", response=ProfileShown, summary="Write your profile")
@needs_scope("work")
def write_own_profile(request: HallRequest, asked: ProfileAsked) -> ProfileShown:
    """Write or replace what you offer; there is no way to write another's."""
    person = person_of(request)
    draft = ProfileDraft(
        title=asked.title,
        handle=asked.handle,
        overview=asked.overview,
        rate=asked.rate.money("rate") if asked.rate else None,
        languages=asked.languages,
        skills=[skill.pk for skill in skills_named(asked.skills)],
        availability=asked.availability,
        shown=asked.shown,
    )
    save_profile(by=person, draft=draft, at=request.at)
    return _own(person)


def _profile(request: HallRequest, handle: str) -> Profile:
    profile = profile_with_handle(handle, reader_of(request))
    if profile is None:
        raise NotFound
    return profile


def _own(person: Person) -> ProfileShown:
    profile = profile_of(person)
    if profile is None:
        raise NotFound
    return _shown(profile)


def _facts_of(profile: Profile, facts: WorkerFacts) -> dict[str, object]:
    return {
        "handle": profile.handle,
        "name": profile.person.name,
        "country": profile.person.country,
        "title": profile.title,
        "skills": [each.skill.slug for each in profile.offered.all()],
        "languages": list(profile.languages),
        "rate": Sum.of(profile.rate) if profile.rate else None,
        "availability": profile.availability,
        "counted": Counted(
            finished=facts.finished,
            paid_milestones=facts.paid_milestones,
            stars=facts.stars,
            reviews=facts.reviews,
        ),
    }


def _short(profile: Profile, facts: WorkerFacts) -> ProfileShort:
    return ProfileShort.model_validate(_facts_of(profile, facts))


def _shown(profile: Profile) -> ProfileShown:
    facts = worker_facts([profile.person_id])[profile.person_id]
    return ProfileShown.model_validate(
        _facts_of(profile, facts)
        | {
            "overview": profile.overview,
            "town": profile.person.town,
            "joined_at": profile.person.joined_at,
            "shown": profile.shown,
        }
    )


def _said(feedback: Feedback) -> FeedbackShown:
    assert feedback.revealed_at is not None
    return FeedbackShown(
        stars=feedback.stars,
        text=feedback.text,
        by=feedback.by.name,
        at=feedback.revealed_at,
        counts=feedback.counts,
    )
