"""What you can ask about profiles, by who asks."""

from django.db import models
from django.db.models import Prefetch, QuerySet

from guildhall.people.models import Person
from guildhall.talent.models import Profile, ProfileSkill


def profiles_shown() -> QuerySet[Profile]:
    """The profiles that anybody may read, ready for a page."""
    return _ready_for_a_page(Profile.objects.filter(shown=True, person__is_active=True))


def profile_with_handle(handle: str, asker: Person | None = None) -> Profile | None:
    """The profile of that handle, if others may read it or the asker owns it."""
    profile = _ready_for_a_page(Profile.objects.filter(handle=handle, person__is_active=True)).first()
    owns = profile is not None and asker is not None and profile.person_id == asker.pk
    return profile if profile is not None and (profile.shown or owns) else None


def profile_of(person: Person) -> Profile | None:
    """Somebody's own profile, shown or not; None before they wrote one."""
    return _ready_for_a_page(Profile.objects.filter(person=person)).first()


def _ready_for_a_page(profiles: QuerySet[Profile]) -> QuerySet[Profile]:
    """Profiles joined with what a page shows of them."""
    offered = Prefetch("offered", ProfileSkill.objects.select_related("skill").order_by("place"))
    return profiles.select_related("person").prefetch_related(offered).fetch_mode(models.FETCH_RAISE)
