"""One line from the bank that nothing explains, and saying what it was."""

from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.payments.actions import explain_line
from guildhall.payments.actions.explaining import BACK, EXPLAIN, EXPLANATIONS, RAILS, explanations_of
from guildhall.payments.bank_queries import bank_lines_seen_by, codes_of_refunds
from guildhall.payments.banking.references import shown_reference
from guildhall.payments.models import BankLine
from guildhall.payments.queries import bank_lines_to_explain
from guildhall.people.queries import decisions_waiting_for, second_operators
from guildhall.web.forms import HallForm
from guildhall.web.operator.bank import OUTCOMES
from guildhall.web.page import attempt, operator_only, page, person_of


class ExplanationForm(HallForm):
    """What a line was."""

    what = forms.ChoiceField(label=_("What was it?"), widget=forms.RadioSelect)
    other = forms.ChoiceField(
        label=_("If it was moved: the hall’s other account"),
        choices=[("", _("none")), *((rail, rail) for rail in RAILS)],
        required=False,
    )

    def __init__(self, *args: Any, line: BankLine, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["what"]
        assert isinstance(field, forms.ChoiceField)
        field.choices = [(what, EXPLANATIONS[what]) for what in explanations_of(line)]


@require_http_methods(["GET", "HEAD", "POST"])
@operator_only
def bank_line(request: HallRequest, bank_line_id: UUID) -> HttpResponse:
    """What the bank says of it, what became of it, and what it was."""
    operator = person_of(request)
    line = get_object_or_404(bank_lines_seen_by(operator), pk=bank_line_id)
    open_ = bank_lines_to_explain(operator).filter(pk=line.pk).exists()
    form = ExplanationForm(request.POST or None, line=line)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: explain_line(
                line=line,
                what=form.cleaned_data["what"],
                other=form.cleaned_data["other"],
                by=operator,
                at=request.at,
            ),
        )
        if done is not None:
            return redirect("operator:bank_line", bank_line_id=line.pk)
    word, tone = OUTCOMES[line.outcome]
    context = {
        "line": line,
        "word": word,
        "tone": tone,
        "form": form if open_ else None,
        "back": EXPLANATIONS[BACK],
        "refunds": [(refund, shown_reference(code)) for refund, code in codes_of_refunds(line)],
        "waits": decisions_waiting_for(operator).filter(kind=EXPLAIN, subject_id=line.pk).exists(),
        "suspended": line.notice_id if line.outcome == BankLine.Outcome.SUSPENDED else None,
        "alone": not second_operators(operator).exists(),
    }
    return page(request, "operator/bank_line.html", context, status=form.refusal_status)


bank_line_urls: list[URLPattern] = [
    path("operator/bank/lines/<uuid:bank_line_id>", bank_line, name="bank_line"),
]
"""The address of this page; the operator's urls take it in."""
