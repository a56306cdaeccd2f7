"""Paying money in, sending it back to where it came from, and the cards that are kept for the next time."""

from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import refund_deposit, remove_method, start_deposit
from guildhall.payments.deposits import chargebacks_of, kept_methods_of, refundable_of, refunds_of
from guildhall.payments.gateways import can_refund, name_of_rail
from guildhall.payments.models import Deposit, DepositRefund
from guildhall.payments.queries import available_to, deposits_of
from guildhall.people.models import Person
from guildhall.web.money.forms import DepositForm, RefundForm
from guildhall.web.money.words import word_for_chargeback, word_for_deposit, word_for_refund
from guildhall.web.page import attempt, page, person_of, signed_in


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def pay_in(request: HallRequest) -> HttpResponse:
    """Ask how much; on POST go on to the processor's page."""
    person = person_of(request)
    asked = {name: request.GET.get(name, "") for name in ("amount", "currency", "next")}
    cards = list(kept_methods_of(person).order_by("-id"))
    form = DepositForm(
        request.POST or None,
        initial={"currency": "USD"} | {k: v for k, v in asked.items() if v},
        cards=cards,
    )
    if request.method == "POST":
        deposit = attempt(form, lambda: _start(request, form))
        if deposit is not None:
            return HttpResponseRedirect(_door_of(deposit) or f"/money/deposits/{deposit.pk}")
    found = page_by_key(deposits_of(person), by=("-id",), after=request.GET.get("after", ""))
    rows = [(deposit, *word_for_deposit(deposit.state)) for deposit in found.rows]
    names = {deposit.rail: name_of_rail(deposit.rail) for deposit in found.rows}
    context = {"form": form, "found": found, "rows": rows, "rail_names": names, "cards": cards}
    return page(request, "money/deposits.html", context, status=form.refusal_status)


def _start(request: HallRequest, form: DepositForm) -> Deposit:
    return start_deposit(
        by=person_of(request),
        amount=form.cleaned_data["amount"],
        at=request.at,
        back_to=_way_back(form.cleaned_data["next"]),
        rail=form.rail,
        method=form.card,
        keep=form.cleaned_data["keep"],
    )


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def deposit(request: HallRequest, deposit_id: UUID) -> HttpResponse:
    """One deposit: how it stands, what of it went back, and sending more of it back."""
    person = person_of(request)
    found: Deposit = get_object_or_404(deposits_of(person), pk=deposit_id)
    most = _most_that_goes_back(found, person)
    form = RefundForm(request.POST or None, currency=found.currency, initial={"amount": most or None})
    if request.method == "POST":
        refund = attempt(form, lambda: _send_back(request, found, form))
        if refund is not None:
            return redirect("money:deposit", deposit_id=found.pk)
    word, tone = word_for_deposit(found.state)
    context = {
        "deposit": found,
        "word": word,
        "tone": tone,
        "rail_name": name_of_rail(found.rail),
        "form": form,
        "most": most,
        "goes_back": can_refund(found.rail),
        "refunds": [
            (refund, *word_for_refund(refund.state))
            for refund in refunds_of(person).filter(deposit=found).order_by("-id")
        ],
        "chargebacks": [
            (each, *word_for_chargeback(each.state))
            for each in chargebacks_of(person).filter(deposit=found).order_by("-id")
        ],
    }
    return page(request, "money/deposit.html", context, status=form.refusal_status)


def _most_that_goes_back(found: Deposit, person: Person) -> Money:
    """As far as the deposit and the wallet reach."""
    held = {money.currency: money.minor for money in available_to(person)}
    most = min(refundable_of(found).minor, held.get(found.currency, 0))
    return Money(most, found.currency)


def _send_back(request: HallRequest, found: Deposit, form: RefundForm) -> DepositRefund:
    amount = form.cleaned_data["amount"]
    return refund_deposit(deposit=found, amount=amount, by=person_of(request), at=request.at)


@require_POST
@signed_in
def card_removal(request: HallRequest, card_id: UUID) -> HttpResponseBase:
    """Keep a card no longer."""
    person = person_of(request)
    card = get_object_or_404(kept_methods_of(person), pk=card_id)
    remove_method(method=card, by=person, at=request.at)
    messages.success(
        request, _("The card that ends with %(last4)s is kept no longer.") % {"last4": card.last4}
    )
    return redirect("money:deposits")


def _way_back(path: str) -> str:
    """Where the payer came from, if that is a place in this hall."""
    ours = path.startswith("/") and url_has_allowed_host_and_scheme(path, allowed_hosts=None)
    return path if ours else "/money"


def _door_of(found: Deposit) -> str:
    # A page of our own is reached by its path: the visitor may know the hall under another of its names.
    return found.pay_url.removeprefix(settings.GUILDHALL_BASE_URL)
