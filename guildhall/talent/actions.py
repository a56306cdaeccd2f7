"""What somebody can do about their own profile."""

from datetime import datetime
from typing import Final

from django.db import IntegrityError, connection, transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.kernel.events import record_event
from guildhall.people.models import Person
from guildhall.screening.actions import screen
from guildhall.skills.models import Skill
from guildhall.talent.events import PROFILE_SAVED
from guildhall.talent.models import Profile, ProfileSkill
from guildhall.talent.rules import ProfileDraft, handle_of, tidy_profile

_HANDLES: Final = 0x68616E646C65  # "handle": the advisory lock under which handles are given out

__all__ = ["HandleTaken", "ProfileDraft", "save_profile"]


class HandleTaken(Unfit):
    """Somebody else has this handle."""

    code = "handle_taken"


@transaction.atomic
def save_profile(*, by: Person, draft: ProfileDraft, at: datetime) -> Profile:
    """Write or replace one's own profile; nobody can touch another's.

    Raises:
        Unfit: naming the field and what it may be; `NotFit` where a published rule on words is broken.
        HandleTaken: somebody else has the handle.
    """
    kept = tidy_profile(draft)
    for field, text in (("handle", kept.handle), ("title", kept.title), ("overview", kept.overview)):
        screen(text=text, kind="profile", field=field)
    if Skill.objects.filter(pk__in=kept.skills).count() != len(kept.skills):
        raise Unfit(_("One of these skills is not in the hall’s list."), field="skills")
    Person.objects.select_for_update().get(pk=by.pk)  # two tabs of one person take turns
    with connection.cursor() as cursor:  # and so do namesakes who have the hall choose their handles
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_HANDLES])
    profile = Profile.objects.filter(person=by).first()
    first = profile is None
    if profile is None:
        profile = Profile(person=by, made_at=at, handle=_free_handle(by.name))
    profile.handle = kept.handle or profile.handle
    profile.title, profile.overview = kept.title, kept.overview
    profile.rate_amount = kept.rate.minor if kept.rate else None
    profile.rate_currency = kept.rate.currency if kept.rate else ""
    profile.languages = list(kept.languages)
    profile.availability, profile.shown = kept.availability, kept.shown
    profile.changed_at = at
    try:
        with transaction.atomic():
            profile.save(force_insert=first)
    except IntegrityError as taken:
        raise HandleTaken(_("Somebody else has this handle: choose another."), field="handle") from taken
    ProfileSkill.objects.filter(profile=profile).delete()
    ProfileSkill.objects.bulk_create(
        ProfileSkill(profile=profile, skill_id=skill, place=place)
        for place, skill in enumerate(kept.skills, 1)
    )
    record_event(
        PROFILE_SAVED, subject=by.pk, by=by.pk, at=at, handle=profile.handle, shown=profile.shown, first=first
    )
    return profile


def _free_handle(name: str) -> str:
    """A handle of this name that nobody has; a number tells namesakes apart."""
    wanted = handle_of(name)
    taken = set(Profile.objects.filter(handle__startswith=wanted).values_list("handle", flat=True))
    namesakes = (f"{wanted}-{number}" for number in range(2, len(taken) + 3))
    return next(handle for handle in (wanted, *namesakes) if handle not in taken)
