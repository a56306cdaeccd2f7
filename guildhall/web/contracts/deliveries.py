"""Delivering work, asking for changes, accepting it."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from guildhall.contracts.models import Milestone
from guildhall.contracts.queries import milestones_visible_to, terms_of
from guildhall.disputes.queries import open_cases_of
from guildhall.edge.request import HallRequest
from guildhall.escrow.queries import divide_next
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.web.contracts.forms import ChangesForm, DeliveryForm, VersionForm
from guildhall.web.contracts.showing import room_at
from guildhall.web.contracts.uploads import with_files
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.values import levied_lines, worker_fee_of
from guildhall.workroom.actions import approve_delivery, ask_for_changes, deliver_work
from guildhall.workroom.models import Delivery
from guildhall.workroom.queries import deliveries_visible_to, last_deliveries


class VersionNotNamed(Unfit):
    """An answer to no version that there is."""

    code = "version_not_named"


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def deliver(request: HallRequest, milestone_id: UUID) -> HttpResponse:
    """Hand over a version of the work."""
    person = person_of(request)
    rows = milestones_visible_to(person).filter(contract__worker=person)
    milestone = get_object_or_404(rows, pk=milestone_id)
    terms = terms_of(milestone.contract)
    posted = request.method == "POST"
    form = DeliveryForm(
        request.POST if posted else None,
        request.FILES if posted else None,
        deliverables=terms.deliverables,
    )
    if posted:
        delivery = attempt(
            form,
            lambda: with_files(
                request,
                form.cleaned_data["files"],
                lambda files: deliver_work(
                    milestone=milestone,
                    note=form.cleaned_data["note"],
                    items=form.cleaned_data["items"],
                    files=files,
                    by=person,
                    at=request.at,
                ),
            ),
        )
        if delivery is not None:
            return redirect(room_at(milestone))
        milestone = rows.get(pk=milestone_id)
    context = {
        "form": form,
        "milestone": milestone,
        "contract": milestone.contract,
        "terms": terms,
        "can": milestone.state in {"funded", "changes_asked"},
    }
    return page(request, "contracts/delivery.html", context, status=form.refusal_status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def ask(request: HallRequest, milestone_id: UUID) -> HttpResponse:
    """Ask for changes, item by item."""
    person = person_of(request)
    milestone = _of_client(request, milestone_id)
    terms = terms_of(milestone.contract)
    last = last_deliveries([milestone.pk]).get(milestone.pk)
    posted = request.method == "POST"
    form = ChangesForm(
        request.POST if posted else None,
        deliverables=terms.deliverables,
    )
    if posted:
        asked = attempt(
            form,
            lambda: ask_for_changes(
                delivery=_looked_at(request, milestone, form.cleaned_data["version"]),
                items=form.items,
                note=form.cleaned_data["note"],
                by=person,
                at=request.at,
            ),
        )
        if asked is not None:
            return redirect(room_at(milestone))
        milestone = _of_client(request, milestone_id)
    context = {
        "form": form,
        "milestone": milestone,
        "contract": milestone.contract,
        "delivery": last,
        "can": milestone.state == "delivered",
    }
    return page(request, "contracts/changes.html", context, status=form.refusal_status)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def approve(request: HallRequest, milestone_id: UUID) -> HttpResponse:
    """Accept the work: the money goes to the worker."""
    person = person_of(request)
    milestone = _of_client(request, milestone_id)
    last = last_deliveries([milestone.pk]).get(milestone.pk)
    posted = request.method == "POST"
    form = VersionForm(request.POST if posted else None)
    if posted:
        release = attempt(
            form,
            lambda: approve_delivery(
                delivery=_looked_at(request, milestone, form.cleaned_data["version"]),
                by=person,
                at=request.at,
            ),
        )
        if release is not None:
            return redirect(room_at(milestone))
        milestone = _of_client(request, milestone_id)
    return page(request, "contracts/approval.html", _sums(milestone, form, last), status=form.refusal_status)


def _sums(milestone: Milestone, form: VersionForm, delivery: Delivery | None) -> dict[str, Any]:
    """What accepting would move now, line by line."""
    terms = terms_of(milestone.contract)
    held = milestone.hold is not None and milestone.state in {"delivered", "changes_asked"}
    # A request of one's own that still waits is withdrawn with it; only a case keeps its part.
    cases = open_cases_of(milestone.contract)
    contested = sum(case.contested for case in cases if case.milestone_id == milestone.pk)
    free = milestone.left - Money(contested, milestone.currency)
    lines = divide_next(milestone.hold, free.minor, "net") if milestone.hold else []
    names = {levy.name: levy.basis_points for levy in terms.levies}

    def sum_of(name: str) -> Money:
        return Money(sum(line.amount for line in lines if line.name == name), milestone.currency)

    return {
        "form": form,
        "milestone": milestone,
        "contract": milestone.contract,
        "delivery": delivery,
        "free": free,
        "net": sum_of("net"),
        "fee": sum_of("fee"),
        "fee_rate": worker_fee_of(terms.fees, terms.currency),
        "levied": levied_lines((name, share, sum_of(name)) for name, share in names.items()),
        "clearing_days": terms.clearing_days,
        "can": held and delivery is not None and bool(free),
    }


def _of_client(request: HallRequest, milestone_id: UUID) -> Milestone:
    person = person_of(request)
    rows = milestones_visible_to(person).filter(contract__client=person)
    return get_object_or_404(rows, pk=milestone_id)


def _looked_at(request: HallRequest, milestone: Milestone, version: int | None) -> Delivery:
    """The version that the page showed: nobody answers what they have not seen.

    Raises:
        VersionNotNamed: the form does not say which one that was, or there is none of that number.
    """
    seen = deliveries_visible_to(person_of(request)).filter(milestone=milestone)
    found = seen.filter(version=version).first() if version else None
    if found is None:
        raise VersionNotNamed(_("Say which version of the work you answer. Look at the last one first."))
    return found
