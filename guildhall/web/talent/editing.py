"""Writing what one offers."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.talent.actions import save_profile
from guildhall.talent.queries import profile_of
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.talent.forms import ProfileForm


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write_profile(request: HallRequest) -> HttpResponse:
    """One's own profile and nobody else's: there is no address for another's."""
    person = person_of(request)
    profile = profile_of(person)
    form = ProfileForm(request.POST or None, initial=ProfileForm.typed(profile) if profile else None)
    if request.method == "POST":
        saved = attempt(form, lambda: save_profile(by=person, draft=form.read(), at=request.at))
        if saved is not None:
            return redirect("talent:profile", handle=saved.handle)
    context = {"form": form, "profile": profile}
    return page(request, "talent/edit.html", context, status=form.refusal_status)
