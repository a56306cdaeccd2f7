"""Saying where one's money should go, and stopping what somebody else has said."""

from typing import Any
from urllib.parse import quote

from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from guildhall.edge.fresh import SignInOnceMore, is_fresh
from guildhall.edge.request import HallRequest
from guildhall.kernel.rules import rules_in_force
from guildhall.payments.actions import set_payout_account, stop_payout_account
from guildhall.payments.actions.requesting import why_payouts_are_locked
from guildhall.payments.actions.stopping import account_to_stop, can_be_stopped
from guildhall.payments.models import PayoutAccount
from guildhall.payments.queries import lock_of, payout_accounts_of
from guildhall.payments.rules import CURRENCIES, PAYOUT_ACCOUNT_REST
from guildhall.people.models import Person
from guildhall.web.forms import HallForm
from guildhall.web.money.forms import AccountForm
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def set_account(request: HallRequest) -> HttpResponse:
    """Show the accounts in force, masked; on POST put another in the place of one."""
    person = person_of(request)
    accounts = list(payout_accounts_of(person))
    asked = request.GET.get("currency", "")
    form = AccountForm(request.POST or None, initial=_initial(person, accounts, asked))
    fresh = is_fresh(request)
    if request.method == "POST":
        done = attempt(form, lambda: _set(request, person, form, fresh=fresh))
        if done is not None:
            return redirect("money:payouts")
    lock = lock_of(person)
    context = {
        "form": form,
        "accounts": accounts,
        "rest": rules_in_force()[PAYOUT_ACCOUNT_REST],
        "fresh": fresh,
        "locked": why_payouts_are_locked() if lock else "",
        "has_password": person.has_usable_password(),
        "anew": f"{reverse('account_request_login_code')}?next={quote(reverse('money:account'), safe='')}",
    }
    return page(request, "money/account.html", context, status=form.refusal_status)


def _initial(person: Person, accounts: list[PayoutAccount], currency: str) -> dict[str, Any]:
    for account in accounts:
        if account.currency == currency:
            return {name: getattr(account, name) for name in ("holder", "bank", "method", "bic", "currency")}
    return {"holder": person.name, "currency": currency if currency in CURRENCIES else ""}


def _set(request: HallRequest, person: Person, form: AccountForm, *, fresh: bool) -> PayoutAccount:
    if not fresh:
        raise SignInOnceMore
    said = {name: form.cleaned_data[name] for name in ("holder", "bank", "number", "method", "bic")}
    return set_payout_account(by=person, at=request.at, currency=form.cleaned_data["currency"], **said)


@require_http_methods(["GET", "HEAD", "POST"])
def stop(request: HallRequest, stop: str) -> HttpResponse:
    """Ask once (GET: whoever looks through letters stops nothing), then stop a payout account."""
    account = account_to_stop(stop)
    form = HallForm(request.POST if request.method == "POST" else None)
    done = None
    if request.method == "POST":
        done = attempt(form, lambda: stop_payout_account(secret=stop, at=request.at))
    context = {
        "stop": stop,
        "form": form,
        "account": account,
        "done": done is not None,
        "can": can_be_stopped(account, request.at),
    }
    return page(request, "money/stop.html", context, status=form.refusal_status)
