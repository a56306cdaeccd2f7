"""The list of people: one search box, a few filters, and what is known of each beside them."""

from dataclasses import replace
from typing import Any, Final
from urllib.parse import urlencode

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import Page
from guildhall.reputation.queries import worker_facts
from guildhall.search.queries import Found, PersonSearch, search_people
from guildhall.skills.queries import slug_asked_for
from guildhall.talent.models import Profile
from guildhall.talent.queries import profiles_shown
from guildhall.web.fields import CURRENCY_CHOICES
from guildhall.web.jobs.showing import about_worker, excerpt_of
from guildhall.web.page import page
from guildhall.web.people.choices import countries
from guildhall.web.talent.forms import FindForm
from guildhall.web.talent.languages import common_languages

_CONDITIONS: Final = ("skill", "language", "country", "rate", "free")


@require_safe
def show_people(request: HallRequest) -> HttpResponse:
    """People who fit what was asked; everything asked stands in the address."""
    form = FindForm(request.GET)
    form.refusal_status = 200 if form.is_valid() else 422
    wanted = _search_of(form.cleaned_data) if form.is_valid() else PersonSearch()
    found = search_people(replace(wanted, after=request.GET.get("after", "")))
    rows = profiles_found(found)
    facts = worker_facts([profile.person_id for profile in rows])
    conditions = any(request.GET.get(name) for name in _CONDITIONS)
    context: dict[str, Any] = {
        "form": form,
        "people": Page(rows, found.next),
        "found": _how_many(found, wanted.words),
        "known": {one.person_id: about_worker(facts.get(one.person_id)) for one in rows},
        "excerpts": {one.person_id: excerpt_of(one.overview) for one in rows},
        "countries": countries(),
        "currencies": CURRENCY_CHOICES,
        "languages_offered": common_languages(),
        "here": _address(request),
        "conditions": conditions,
        "narrowed": conditions or bool(wanted.words),
    }
    return page(request, "talent/people.html", context, status=form.refusal_status)


def profiles_found(found: Found) -> list[Profile]:
    """The profiles that a search named and that are still shown, in its order."""
    place = {person_id: place for place, person_id in enumerate(found.ids)}
    return sorted(profiles_shown().filter(pk__in=found.ids), key=lambda profile: place[profile.pk])


def _search_of(asked: dict[str, Any]) -> PersonSearch:
    return PersonSearch(
        words=asked["words"].strip(),
        skill=slug_asked_for(asked["skill"]),
        language=asked["language"].strip().lower(),
        country=asked["country"].strip().upper(),
        max_rate=asked["most"],
        available=asked["free"],
        sort=asked["sort"] or "best",
        currency=asked["currency"] or "USD",
    )


def _how_many(found: Found, words: str) -> str:
    total = found.total
    if words and not total:
        return _("Nobody fits “%(words)s”, nor words like it.") % {"words": words}
    if found.nearly:
        return ngettext(
            "Nobody fits “%(words)s”; %(num)d person fits words like it.",
            "Nobody fits “%(words)s”; %(num)d people fit words like it.",
            total,
        ) % {"num": total, "words": words}
    if words:
        return ngettext(
            "%(num)d person found for “%(words)s”", "%(num)d people found for “%(words)s”", total
        ) % {"num": total, "words": words}
    if not total:
        return _("Nobody to show")
    return ngettext("%(num)d person offers work here", "%(num)d people offer work here", total) % {
        "num": total
    }


def _address(request: HallRequest) -> str:
    """This list's address with what was asked, without the place in it."""
    asked = [(name, value) for name, value in request.GET.items() if value and name != "after"]
    return f"/talent?{urlencode(asked)}" if asked else "/talent"
