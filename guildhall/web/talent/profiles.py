"""One person's public page: what they offer, what they did here, what was said of them."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from guildhall.documents.markdown import html_from_markdown
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound
from guildhall.kernel.paging import page_by_key
from guildhall.reputation.queries import feedback_about_worker, worker_facts
from guildhall.talent.models import Profile
from guildhall.talent.queries import profile_with_handle
from guildhall.web.jobs.showing import about_worker
from guildhall.web.page import page
from guildhall.web.talent.languages import name_of_language

_AVAILABLE = {
    "open": (gettext_lazy("Takes new work"), "good"),
    "limited": (gettext_lazy("Has little time"), "wait"),
    "away": (gettext_lazy("Takes no work at present"), "plain"),
}
_FEEDBACK_ON_A_PAGE = 10


@require_safe
def show_profile(request: HallRequest, handle: str) -> HttpResponse:
    """A profile that is shown, or one's own. It holds no way to reach its owner outside the hall."""
    profile = profile_with_handle(handle, request.person)
    if profile is None:
        raise NotFound
    said = page_by_key(
        feedback_about_worker(profile.person),
        by=("-revealed_at", "-id"),
        after=request.GET.get("after", ""),
        size=_FEEDBACK_ON_A_PAGE,
    )
    context: dict[str, Any] = {
        "profile": profile,
        "overview": html_from_markdown(profile.overview),
        "known": about_worker(worker_facts([profile.person_id])[profile.person_id]),
        "facts": _facts(profile),
        "state": _AVAILABLE[profile.availability],
        "feedback": said,
        "own": request.person is not None and request.person.pk == profile.person_id,
    }
    return page(request, "talent/profile.html", context)


def _facts(profile: Profile) -> list[tuple[str, Any]]:
    pairs: list[tuple[str, Any]] = []
    if profile.languages:
        pairs.append((_("Works in"), ", ".join(name_of_language(code) for code in profile.languages)))
    if profile.person.town:
        pairs.append((_("Town"), profile.person.town))
    return pairs
