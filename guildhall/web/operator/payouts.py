"""Sending people their money: what waits, the batches, the file for the bank, and what the bank said."""

from collections.abc import Callable, Sequence
from typing import Any, Final
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import (
    open_payout_batch,
    return_payout,
    send_payout_batch,
    settle_payout,
    settle_payout_batch,
    take_out_stopped,
    write_batch_as,
)
from guildhall.payments.actions.batching import LARGEST_BATCH, has_stopped
from guildhall.payments.actions.returning import RETURN
from guildhall.payments.bank_queries import sheets_in_force_seen_by
from guildhall.payments.bankfile import file_of_batch, written_as
from guildhall.payments.models import PayoutMethod, SheetLayout
from guildhall.payments.queries import (
    groups_waiting_for,
    own_under_way_in,
    payout_batches_seen_by,
    payouts_seen_by,
    payouts_waiting_for,
    sums_of_batch,
    sums_waiting_for,
    unmatched_notices_seen_by,
)
from guildhall.payments.states import SENT
from guildhall.people.queries import decisions_waiting_for, second_operators
from guildhall.web.forms import HallForm
from guildhall.web.money.forms import ReturnForm
from guildhall.web.money.words import word_for_payout
from guildhall.web.page import attempt, operator_only, page, person_of

_SHOWN = 100

METHODS: Final[dict[str, Promise]] = {
    PayoutMethod.IBAN: _("to IBANs"),
    PayoutMethod.ACCOUNT: _("to local accounts"),
    PayoutMethod.WALLET: _("to mobile wallets"),
}
"""What a batch pays to, in words."""


@require_GET
@operator_only
def payouts(request: HallRequest) -> HttpResponse:
    """What waits, and the batches, the newest first."""
    operator = person_of(request)
    waiting = sums_waiting_for(operator)
    found = page_by_key(payout_batches_seen_by(operator), by=("-id",), after=request.GET.get("after", ""))
    context = {
        "waiting": waiting,
        "groups": [
            (group, METHODS[group.method], min(group.count, LARGEST_BATCH))
            for group in groups_waiting_for(operator)
        ],
        "shown": list(payouts_waiting_for(operator).order_by("id")[:_SHOWN]),
        "found": found,
        "unmatched": [
            (notice, Money(notice.facts["amount"], notice.facts["currency"]))
            for notice in unmatched_notices_seen_by(operator).order_by("-id")[:_SHOWN]
        ],
    }
    return page(request, "operator/payouts.html", context)


@require_POST
@operator_only
def payout_opening(request: HallRequest) -> HttpResponse:
    """Gather what waits into a batch."""
    form = OpeningForm(request.POST)
    way = form.cleaned_data if form.is_valid() else {}
    batch = open_payout_batch(by=person_of(request), at=request.at, **way)
    return redirect("operator:payout_batch", batch_id=batch.pk)


@require_GET
@operator_only
def payout_batch(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """One batch: who gets what, where it stands, and what can be done with each."""
    operator = person_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    sums = sums_of_batch(batch)
    sheets = list(sheets_in_force_seen_by(operator))
    writing = WritingForm(sheets=sheets, initial={"sheet": str(batch.sheet_id or "")})
    found = page_by_key(
        payouts_seen_by(operator).filter(batch=batch),
        by=("id",),
        after=request.GET.get("after", ""),
        size=100,
    )
    context = {
        "batch": batch,
        "found": found,
        "rows": [(payout, *word_for_payout(payout.state)) for payout in found.rows],
        "count": sums.count,
        "totals": sums.totals,
        "under_way": sums.under_way,
        "waits": set(
            decisions_waiting_for(operator)
            .filter(kind=RETURN, subject_id__in=[each.pk for each in found.rows])
            .values_list("subject_id", flat=True)
        ),
        "own": own_under_way_in(batch, operator),
        "stopped": has_stopped(batch),
        "method": METHODS.get(batch.method, ""),
        "written": written_as(batch),
        "writing": None if batch.is_in(SENT) or not sheets else writing,
    }
    return page(request, "operator/payouts_batch.html", context)


@require_GET
@operator_only
def payout_file(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """The batch as the file that goes to the bank, or to a local company."""
    batch = get_object_or_404(payout_batches_seen_by(person_of(request)), pk=batch_id)
    file = file_of_batch(batch)
    answer = HttpResponse(file.content, content_type=file.kind)
    answer["Content-Disposition"] = f'attachment; filename="{file.name}"'
    return answer


@require_POST
@operator_only
def payout_sending(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """Say that the file has gone to the bank."""
    operator = person_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    send_payout_batch(batch=batch, by=operator, at=request.at)
    return redirect("operator:payout_batch", batch_id=batch_id)


@require_POST
@operator_only
def payout_taking_out(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """Take out of a batch what waits because something about its account does not fit."""
    operator = person_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    take_out_stopped(batch=batch, by=operator, at=request.at)
    return redirect("operator:payout_batch", batch_id=batch_id)


@require_POST
@operator_only
def payout_arrivals(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """Say that everything of a batch that was under way has arrived; the page says what stays for another."""
    operator = person_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    settle_payout_batch(batch=batch, by=operator, at=request.at)
    return redirect("operator:payout_batch", batch_id=batch_id)


@require_POST
@operator_only
def payout_settlement(request: HallRequest, payout_id: UUID) -> HttpResponse:
    """Say that one payout has arrived."""
    operator = person_of(request)
    payout = get_object_or_404(payouts_seen_by(operator).exclude(batch=None), pk=payout_id)
    settle_payout(payout=payout, by=operator, at=request.at)
    return redirect("operator:payout_batch", batch_id=payout.batch_id)


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def payout_return(request: HallRequest, payout_id: UUID) -> HttpResponse:
    """Say that the bank sent one back, and why."""
    operator = person_of(request)
    payout = get_object_or_404(payouts_seen_by(operator).exclude(batch=None), pk=payout_id)
    form = ReturnForm(request.POST or None)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: return_payout(
                payout=payout, reason=form.cleaned_data["reason"], by=operator, at=request.at
            ),
        )
        if done is not None:
            return redirect("operator:payout_batch", batch_id=payout.batch_id)
    word, tone = word_for_payout(payout.state)
    context = {
        "payout": payout,
        "form": form,
        "word": word,
        "tone": tone,
        "alone": not second_operators(operator, payout.person).exists(),
    }
    return page(request, "operator/payouts_return.html", context, status=form.refusal_status)


class OpeningForm(HallForm):
    """Of which payouts a batch is made: one way, one currency; empty: as the oldest that waits."""

    method = forms.ChoiceField(choices=[("", ""), *PayoutMethod.choices], required=False)
    currency = forms.RegexField("^[A-Z]{3}$", required=False)


class WritingForm(HallForm):
    """What file a batch becomes."""

    sheet = forms.ChoiceField(label=_("Take it as"), required=False)

    def __init__(self, *args: Any, sheets: Sequence[SheetLayout], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["sheet"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [
            ("", _("the order or list for the bank")),
            *((str(each.pk), each.name) for each in sheets),
        ]


@require_POST
@operator_only
def payout_writing(request: HallRequest, batch_id: UUID) -> HttpResponse:
    """Choose what file a batch becomes."""
    operator = person_of(request)
    batch = get_object_or_404(payout_batches_seen_by(operator), pk=batch_id)
    sheets = list(sheets_in_force_seen_by(operator))
    form = WritingForm(request.POST, sheets=sheets)
    chosen = form.cleaned_data["sheet"] if form.is_valid() else ""
    sheet = next((each for each in sheets if str(each.pk) == chosen), None)
    write_batch_as(batch=batch, sheet=sheet, by=operator, at=request.at)
    return redirect("operator:payout_batch", batch_id=batch_id)


def _at(address: str, view: Callable[..., Any], name: str) -> URLPattern:
    return path(f"operator/payouts{address}", view, name=name)


payout_urls: list[URLPattern] = [
    _at("", payouts, "payouts"),
    _at("/batches", payout_opening, "payout_opening"),
    _at("/batches/<uuid:batch_id>", payout_batch, "payout_batch"),
    _at("/batches/<uuid:batch_id>/file", payout_file, "payout_file"),
    _at("/batches/<uuid:batch_id>/writing", payout_writing, "payout_writing"),
    _at("/batches/<uuid:batch_id>/sending", payout_sending, "payout_sending"),
    _at("/batches/<uuid:batch_id>/taking-out", payout_taking_out, "payout_taking_out"),
    _at("/batches/<uuid:batch_id>/arrivals", payout_arrivals, "payout_arrivals"),
    _at("/<uuid:payout_id>/settlement", payout_settlement, "payout_settlement"),
    _at("/<uuid:payout_id>/return", payout_return, "payout_return"),
]
"""The addresses of these pages; the operator's urls take them in."""
