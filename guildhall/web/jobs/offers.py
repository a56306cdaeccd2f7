"""Writing a sealed proposal: typed, shown with what it brings, and only then sent."""

from typing import Any
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods

from guildhall.edge.idempotency import without_effect
from guildhall.edge.request import HallRequest
from guildhall.jobs.actions.proposing import edit_proposal, send_proposal, typed_offer_of
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.offers import ProposalDraft
from guildhall.jobs.queries import jobs_visible_to, proposals_sent_by
from guildhall.jobs.states import OPEN, SENT
from guildhall.jobs.sums import Sums, reckon_offer
from guildhall.kernel.rules import rules_in_force
from guildhall.web.jobs.forms import OfferForm
from guildhall.web.jobs.showing import new_payer, promise
from guildhall.web.page import attempt, page, person_of, signed_in
from guildhall.web.values import levied_lines, worker_fee_of


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def write_proposal(request: HallRequest, job_id: UUID) -> HttpResponse:
    """The form, the form with its sums, or the proposal sent: by which button was pressed."""
    person = person_of(request)
    job = get_object_or_404(jobs_visible_to(person), pk=job_id)
    live = proposals_sent_by(person).filter(job=job, state=SENT).first()
    if request.method != "POST" and (job.client_id == person.pk or not job.is_in(OPEN)):
        return redirect("jobs:job", job_id=job.pk)
    typed = OfferForm.typed(typed_offer_of(live)) if live else {}
    do = request.POST.get("do", "")
    form = OfferForm(request.POST or None, initial=typed, currency=job.currency, more=do == "more")
    if request.method != "POST":
        return _show(request, job, form, live)
    if do == "more":
        form = OfferForm(initial=request.POST.dict() | {"rows": form.row_count}, currency=job.currency)
        return without_effect(_show(request, job, form, live))
    return _look_or_send(request, job, form, live)


def _look_or_send(request: HallRequest, job: Job, form: OfferForm, live: Proposal | None) -> HttpResponse:
    person = person_of(request)
    rules = rules_in_force()
    sums = attempt(form, lambda: reckon_offer(form.read(), job=job, rules=rules, by=person, at=request.at))
    if sums is None:
        return _show(request, job, form, live)
    if request.POST.get("do") != "send" or request.POST.get("shown") != _mark_of(sums):
        # Nobody sends a price without having read what it brings them.
        return without_effect(_show(request, job, form, live, sums))
    sent = attempt(form, lambda: _send(form.read(), job, live, request))
    if sent is None:
        return _show(request, job, form, live, sums)
    assert sent.worker_id == person.pk
    return redirect("jobs:proposal", proposal_id=sent.pk)


def _send(offer: ProposalDraft, job: Job, live: Proposal | None, request: HallRequest) -> Proposal:
    person = person_of(request)
    if live is not None:
        return edit_proposal(proposal=live, offer=offer, by=person, at=request.at)
    return send_proposal(job=job, offer=offer, by=person, at=request.at)


def _mark_of(sums: Sums) -> str:
    """What the page with the sums carries, so that sending is about the very sums that were read."""
    return f"{sums.price.minor}-{sums.net.minor}"


def _show(
    request: HallRequest, job: Job, form: OfferForm, live: Proposal | None, sums: Sums | None = None
) -> HttpResponse:
    rules = rules_in_force()
    context: dict[str, Any] = {
        "job": job,
        "form": form,
        "live": live,
        "sums": sums,
        "promise": promise(rules),
    }
    context["new_payer"] = new_payer(job.client, rules, request.at)
    if sums is not None:
        context |= {
            "shown": _mark_of(sums),
            "fee": worker_fee_of(sums.fees, sums.price.currency),
            "levied": levied_lines(sums.levied),
        }
    return page(request, "jobs/offer.html", context, status=form.refusal_status)
