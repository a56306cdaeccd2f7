"""Saying where one's money should go."""

from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.rules import rules_in_force
from guildhall.payments.actions import set_payout_account
from guildhall.payments.queries import payout_account_of
from guildhall.payments.rules import PAYOUT_ACCOUNT_REST
from guildhall.web.money.forms import AccountForm
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def set_account(request: HallRequest) -> HttpResponse:
    """Show the account in force, masked; on POST put another in its place."""
    person = person_of(request)
    account = payout_account_of(person)
    initial = {"holder": person.name}
    if account:
        initial = {field: getattr(account, field) for field in ("holder", "bank", "method", "bic")}
    form = AccountForm(request.POST or None, initial=initial)
    if request.method == "POST":
        done = attempt(
            form,
            lambda: set_payout_account(
                by=person,
                holder=form.cleaned_data["holder"],
                bank=form.cleaned_data["bank"],
                number=form.cleaned_data["number"],
                method=form.cleaned_data["method"],
                bic=form.cleaned_data["bic"],
                at=request.at,
            ),
        )
        if done is not None:
            return redirect("money:payouts")
    context = {"form": form, "account": account, "rest": rules_in_force()[PAYOUT_ACCOUNT_REST]}
    return page(request, "money/account.html", context, status=form.refusal_status)
