"""What waits for a second operator: each with who asked for what, and a yes or a no."""

from typing import Final
from uuid import UUID

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import page_by_key
from guildhall.payments.actions import confirm_decision
from guildhall.payments.actions.bank_files import BOOK
from guildhall.payments.actions.charging_back import RECOVER
from guildhall.payments.actions.crediting_people import CORRECT, CREDIT
from guildhall.payments.actions.explaining import EXPLAIN, EXPLANATIONS
from guildhall.payments.actions.filling import FILL
from guildhall.payments.actions.matching import MATCH
from guildhall.payments.actions.returning import RETURN
from guildhall.payments.actions.taking_out import OUT, OUT_END
from guildhall.payments.exchange.funding import FUND, INTO_EXCHANGE, INTO_RESERVE
from guildhall.payments.models import Payout
from guildhall.payments.queries import payouts_seen_by
from guildhall.payments.states import SETTLED
from guildhall.people.actions import drop_decision
from guildhall.people.models import Decision
from guildhall.people.queries import decisions_seen_by, decisions_waiting_for
from guildhall.web.page import operator_only, page, person_of


@require_GET
@operator_only
def decisions(request: HallRequest) -> HttpResponse:
    """What waits, the newest first."""
    operator = person_of(request)
    found = page_by_key(decisions_waiting_for(operator), by=["-id"], after=request.GET.get("after", ""))
    payouts = payouts_seen_by(operator).in_bulk([each.subject_id for each in found.rows])
    rows = [
        {
            "decision": each,
            "what": _of_own_money(each)
            if "account" in each.facts or each.kind in _OWN
            else _what(each, payouts),
            "own": each.asked_by_id == operator.pk,
            "url": _address(each),
            "may": operator.pk not in {each.asked_by_id, each.concerns_id},
        }
        for each in found.rows
    ]
    return page(request, "operator/decisions.html", {"found": found, "rows": rows})


@require_POST
@operator_only
def decision_confirmation(request: HallRequest, decision_id: UUID) -> HttpResponseBase:
    """Say yes: what was asked for is done at once."""
    operator = person_of(request)
    decision = get_object_or_404(decisions_seen_by(operator), pk=decision_id)
    confirm_decision(decision=decision, by=operator, at=request.at)
    return redirect("operator:decisions")


@require_POST
@operator_only
def decision_refusal(request: HallRequest, decision_id: UUID) -> HttpResponseBase:
    """Say no, or take one's own request back."""
    operator = person_of(request)
    decision = get_object_or_404(decisions_seen_by(operator), pk=decision_id)
    drop_decision(decision=decision, by=operator, at=request.at)
    return redirect("operator:decisions")


def _what_of_own_money(decision: Decision) -> str:
    """What of the hall's own money is to be written down, or moved."""
    said = {
        "": _("Write down that %(sum)s of the hall’s own money is in its bank account."),
        INTO_EXCHANGE: _("Put %(sum)s of the reserve where exchanges are paid from."),
        INTO_RESERVE: _("Put %(sum)s that exchanges do not need back into the reserve."),
    }
    money = Money(decision.facts["amount"], decision.facts["currency"])
    return said[decision.facts.get("way", "")] % {"sum": money}


def _what_of_the_bank(decision: Decision) -> str:
    facts = decision.facts
    if decision.kind == BOOK:
        said = {"name": facts["reference"], "count": facts["lines"]}
        return _("Book a file from the bank, “%(name)s”, with %(count)s lines. Open it first.") % said
    return _("%(sum)s, “%(reference)s”, from the bank: %(what)s") % {
        "sum": Money(facts["amount"], facts["currency"]),
        "reference": facts["reference"],
        "what": EXPLANATIONS[facts["what"]],
    }


def _address(decision: Decision) -> str:
    """Where one looks before one says yes; empty where the sentence says it all."""
    pages = {BOOK: "operator:bank_file", EXPLAIN: "operator:bank_line"}
    return reverse(pages[decision.kind], args=[decision.subject_id]) if decision.kind in pages else ""


def _what(decision: Decision, payouts: dict[UUID, Payout]) -> str:
    """What is asked for, as a sentence."""
    if decision.kind == RETURN:
        facts = {"sum": str(payouts[decision.subject_id].money), "reason": decision.facts["reason"]}
        return _("Put a payout of %(sum)s back into the wallet. The bank says: %(reason)s") % facts
    if decision.kind == RECOVER:
        return _("Take %(sum)s from their wallet for the chargeback %(reference)s.") % {
            "sum": Money(decision.facts["amount"], decision.facts["currency"]),
            "reference": decision.facts["reference"],
        }
    if decision.kind in {FILL, FUND}:
        return _what_of_own_money(decision)
    if decision.kind in {BOOK, EXPLAIN}:
        return _what_of_the_bank(decision)
    if decision.kind == MATCH:
        return _("Give them %(sum)s that no deposit explains. The processor’s reference: %(reference)s") % {
            "sum": Money(decision.facts["amount"], decision.facts["currency"]),
            "reference": decision.facts["reference"],
        }
    offices = {
        (True, True): _("Make them an operator and an adjudicator."),
        (True, False): _("Make them an operator and no adjudicator."),
        (False, True): _("Make them an adjudicator and no operator."),
        (False, False): _("Take their offices away."),
    }
    return offices[decision.facts["is_operator"], decision.facts["is_adjudicator"]]


_OWN: Final = (CREDIT, CORRECT)


def _of_own_money(decision: Decision) -> str:
    """What is asked for of the hall's own money, as a sentence."""
    facts = decision.facts | {"sum": Money(decision.facts["amount"], decision.facts["currency"])}
    words = {
        OUT: _("Take %(sum)s out of %(account)s, to %(holder)s, account %(number)s, for: %(reason)s"),
        OUT_END: _("Put %(sum)s back into %(account)s. The bank says: %(reason)s"),
        FILL: _("Put %(sum)s of %(account)s into the reserve."),
        CREDIT: _("Give them %(sum)s out of the reserve: %(reason)s"),
        CORRECT: _("Move back movement %(movement)s (%(moved)s) over %(sum)s, an error: %(reason)s"),
    }
    arrived = _("Write down that %(sum)s of %(account)s has left the bank account.")
    sentence = arrived if facts.get("end") == SETTLED else words[decision.kind]
    return str(sentence % facts)
