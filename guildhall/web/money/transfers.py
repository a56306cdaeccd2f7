"""What to transfer, to which account, and the code to write on it."""

from django.conf import settings
from django.http import HttpResponse
from django.views.decorators.http import require_GET

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound
from guildhall.payments.bank_queries import transfer_asked_of
from guildhall.payments.banking.references import shown_reference
from guildhall.web.money.words import word_for_deposit
from guildhall.web.page import page, person_of, signed_in


@require_GET
@signed_in
def show_transfer(request: HallRequest, code: str) -> HttpResponse:
    """One's own transfer: everything that the bank asks for, and whether it has come."""
    deposit = transfer_asked_of(person_of(request), code)
    bank = settings.GUILDHALL_RAILS.bank
    if deposit is None or bank is None:
        raise NotFound
    word, tone = word_for_deposit(deposit.state)
    context = {
        "deposit": deposit,
        "bank": bank,
        "number": shown_reference(bank.number),
        "code": shown_reference(code),
        "word": word,
        "tone": tone,
    }
    return page(request, "money/transfer.html", context)
