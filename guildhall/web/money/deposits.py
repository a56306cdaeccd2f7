"""Paying money in."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods

from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import start_deposit
from guildhall.payments.models import Deposit
from guildhall.payments.queries import deposits_of
from guildhall.web.money.forms import DepositForm
from guildhall.web.money.words import word_for_deposit
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pay_in(request: HallRequest) -> HttpResponse:
    """Ask how much; on POST go on to the processor's page."""
    person = person_of(request)
    asked = {name: request.GET.get(name, "") for name in ("amount", "currency", "next")}
    form = DepositForm(
        request.POST or None, initial={"currency": "USD"} | {k: v for k, v in asked.items() if v}
    )
    if request.method == "POST":
        deposit = attempt(
            form,
            lambda: start_deposit(
                by=person,
                amount=form.cleaned_data["amount"],
                at=request.at,
                back_to=_way_back(form.cleaned_data["next"]),
                rail=form.cleaned_data["rail"],
            ),
        )
        if deposit is not None:
            return HttpResponseRedirect(_door_of(deposit) or request.path)
    found = page_by_key(deposits_of(person), by=("-id",), after=request.GET.get("after", ""))
    rows = [(deposit, *word_for_deposit(deposit.state)) for deposit in found.rows]
    context = {"form": form, "found": found, "rows": rows}
    return page(request, "money/deposits.html", context, status=form.refusal_status)


def _way_back(path: str) -> str:
    """Where the payer came from, if that is a place in this hall."""
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else "/money"


def _door_of(deposit: Deposit) -> str:
    # A page of our own is reached by its path: the visitor may know the hall under another of its names.
    return deposit.pay_url.removeprefix(settings.GUILDHALL_BASE_URL)
