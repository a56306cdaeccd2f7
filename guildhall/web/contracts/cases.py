"""The page of a case, for both sides and for whoever rules it."""

from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guildhall.contracts.queries import terms_of
from guildhall.disputes.actions import rule_case, speak_in_case, take_case
from guildhall.disputes.models import Case
from guildhall.disputes.queries import (
    cases_to_rule,
    cases_visible_to,
    contentions_in,
    contested_at_opening,
    is_anybodys,
    is_widened_by_other,
    offers_in,
    ruling_of,
    subject_of,
)
from guildhall.edge.request import HallRequest
from guildhall.files.models import StoredFile
from guildhall.files.queries import files_visible_to
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page, page_by_key
from guildhall.people.models import Person
from guildhall.web.contracts.forms import DivisionForm, RulingForm, SayForm, WideningForm
from guildhall.web.contracts.showing import size_of, talk_of
from guildhall.web.contracts.uploads import with_files
from guildhall.web.page import adjudicator_only, attempt, page, person_of, signed_in
from guildhall.web.reading import mark_read
from guildhall.workroom.queries import conversations_of, deliveries_of, files_delivered_for, messages_in


@require_safe
@adjudicator_only
def show_cases(request: HallRequest) -> HttpResponse:
    """The open cases, the most urgent first."""
    rows = cases_to_rule(person_of(request))
    found = page_by_key(rows, by=("rule_by", "id"), after=request.GET.get("after", ""))
    return page(request, "contracts/cases.html", {"found": found})


@require_safe
@signed_in
def show_case(request: HallRequest, case_id: UUID) -> HttpResponse:
    """One case: what is contested, what was delivered and said, what is offered, how it was ruled."""
    case = get_object_or_404(cases_visible_to(person_of(request)), pk=case_id)
    return case_page(request, case)


@require_POST
@signed_in
def say_something(request: HallRequest, case_id: UUID) -> HttpResponse:
    """Say something in the case, with files."""
    person = person_of(request)
    case = get_object_or_404(cases_visible_to(person), pk=case_id)
    form = SayForm(request.POST, request.FILES)
    said = attempt(
        form,
        lambda: with_files(
            request,
            form.cleaned_data["files"],
            lambda files: speak_in_case(
                case=case,
                text=form.cleaned_data["text"],
                files=files,
                by=person,
                at=request.at,
            ),
        ),
    )
    if said is not None:
        return redirect("contracts:case", case_id=case.pk)
    return case_page(request, case, saying=form, status=form.refusal_status)


@require_POST
@adjudicator_only
def take(request: HallRequest, case_id: UUID) -> HttpResponse:
    """Take a case on, and with it what was delivered and said."""
    person = person_of(request)
    case = get_object_or_404(cases_visible_to(person), pk=case_id)
    take_case(case=case, by=person, at=request.at)
    return redirect("contracts:case", case_id=case.pk)


@require_http_methods(["GET", "HEAD", "POST"])
@adjudicator_only
def rule(request: HallRequest, case_id: UUID) -> HttpResponse:
    """Decide a case, with reasons."""
    person = person_of(request)
    case = get_object_or_404(cases_visible_to(person), pk=case_id)
    form = RulingForm(request.POST if request.method == "POST" else None, currency=case.currency)
    if request.method == "POST":
        ruling = attempt(
            form,
            lambda: rule_case(
                case=case,
                to_worker=form.cleaned_data["to_worker"],
                reasons=form.cleaned_data["reasons"],
                seen=form.cleaned_data["seen"],
                by=person,
                at=request.at,
            ),
        )
        if ruling is not None:
            return redirect("contracts:case", case_id=case.pk)
        case = cases_visible_to(person).get(pk=case_id)
    contract = case.milestone.contract
    own = person.pk in {contract.client_id, contract.worker_id}
    context = {
        "form": form,
        "case": case,
        "contract": contract,
        "can": case.state == "open" and not own,
    }
    return page(request, "contracts/ruling.html", context, status=form.refusal_status)


def case_page(
    request: HallRequest,
    case: Case,
    *,
    widening: WideningForm | None = None,
    division: DivisionForm | None = None,
    saying: SayForm | None = None,
    status: int = 200,
) -> HttpResponse:
    """A case as whoever asks may see it; a form that was refused stands on it as it was typed."""
    person = person_of(request)
    contract = case.milestone.contract
    is_party = person.pk in {contract.client_id, contract.worker_id}
    conversation = conversations_of(person).filter(subject=subject_of(case)).first()
    offers = page_by_key(offers_in(case, person), by=("-at", "-id"), after=request.GET.get("offers", ""))
    files = _files(case, person, after=request.GET.get("files", ""))
    said = None
    if conversation is not None:
        rows = messages_in(conversation, person)
        said = page_by_key(rows, by=("-at", "-id"), after=request.GET.get("after", ""), size=30)
        mark_read(request, said)
    context = {
        "case": case,
        "contract": contract,
        "milestone": case.milestone,
        "terms": terms_of(contract),
        "is_party": is_party,
        "is_client": person.pk == contract.client_id,
        "may_rule": person.is_adjudicator and not is_party and case.state == "open",
        "may_take": is_anybodys(case, at=request.at),
        "has_it": case.adjudicator_id == person.pk,
        "offers": [
            {
                "offer": one,
                "to_worker": Money(one.to_worker, one.currency),
                "to_client": Money(one.to_client, one.currency),
                "own": one.by_id == person.pk,
            }
            for one in offers.rows
        ],
        "more_offers": offers,
        "ruling": ruling_of(case),
        "at_opening": contested_at_opening(case),
        "contentions": page_by_key(contentions_in(case), by=("at", "id"), after=request.GET.get("more", "")),
        "widened_by_other": is_widened_by_other(case),
        **_left_to_contest(case),
        "to_worker": None if case.to_worker is None else Money(case.to_worker, case.currency),
        "to_client": None if case.to_worker is None else case.sum - Money(case.to_worker, case.currency),
        "deliveries": page_by_key(
            deliveries_of(case.milestone), by=("-version", "-id"), after=request.GET.get("versions", "")
        ),
        "files": files,
        "chips": [
            {"name": file.name, "url": f"/files/{file.pk}", "note": size_of(file.size)} for file in files.rows
        ],
        "said": said,
        "messages": talk_of(said.rows, person, {}) if said else [],
        "widening": widening or WideningForm(currency=case.currency),
        "division": division or DivisionForm(currency=case.currency),
        "form": saying or SayForm(),
    }
    return page(request, "contracts/case.html", context, status=status)


def _left_to_contest(case: Case) -> dict[str, Money | None]:
    """What of the milestone an open case does not contest, and how much of that is asked back."""
    hold = case.milestone.hold
    if hold is None or case.state != "open":
        return {"most": None, "asked": None}
    return {"most": hold.money_left - case.sum, "asked": hold.money_frozen - case.sum}


def _files(case: Case, person: Person, *, after: str) -> Page[StoredFile]:
    """What was delivered, for those who may open it."""
    seen = files_visible_to(person.pk).filter(pk__in=files_delivered_for(case.milestone_id))
    return page_by_key(seen, by=("stored_at", "id"), after=after)
