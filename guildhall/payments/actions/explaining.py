"""What a line from the bank was, said by one operator and confirmed by another."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from django.db import transaction
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.kernel.errors import NotFound, Stale, Unfit
from guildhall.kernel.events import record_event
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.differences import close_difference
from guildhall.ledger.models import Difference, Movement
from guildhall.ledger.queries import balance_of, open_differences
from guildhall.payments.actions.sending_back import begin_to_send_back
from guildhall.payments.events import BANK_LINE_EXPLAINED
from guildhall.payments.models import BankLine, BookedLine
from guildhall.payments.queries import bank_lines_to_explain
from guildhall.people.actions.deciding import ask_second, confirm_second
from guildhall.people.models import Decision, Person

EXPLAIN: Final = "bank_line_explain"
"""The kind of decision that says what a line was."""

RAILS: Final = ("bank", "local", "stripe")
"""Between which the hall may move its own money."""

CHARGED, MOVED, OWN, BACK = "charged", "moved", "own", "back"

EXPLANATIONS: Final[Mapping[str, Promise]] = {
    CHARGED: gettext_lazy("The bank’s own charge: it is paid out of the reserve"),
    MOVED: gettext_lazy("The hall’s own money, moved between two of its accounts"),
    OWN: gettext_lazy("The hall’s own money, newly paid in: it goes into the reserve"),
    BACK: gettext_lazy("It is not for this hall: send it back to the account it came from"),
}
"""What a line can be, in words."""


class NotExplained(Unfit):
    """A line that cannot be what was said."""

    code = "not_explained"


def explanations_of(line: BankLine) -> list[str]:
    """What a line can be: what went, or what came."""
    if line.amount < 0:
        return [CHARGED, MOVED]
    return [OWN, MOVED, BACK] if line.account else [OWN, MOVED]


@transaction.atomic
def explain_line(*, line: BankLine, what: str, by: Person, at: datetime, other: str = "") -> BankLine:
    """Say what a line was that nothing explains.

    Where there is a second operator to confirm it, nothing moves until they do.

    Args:
        line: the line.
        what: one of `EXPLANATIONS`.
        by: the operator.
        at: when.
        other: of a sum moved between the hall's own accounts: the rail of the other one.

    Raises:
        NotFound: who asks is no operator.
        Stale: it is explained.
        NotExplained: it cannot be that.
        WaitsForSecond: it was said before, and a second operator has to confirm it.
    """
    line = _locked(line, by)
    _refuse(line, what, other)
    facts = {
        "amount": line.amount,
        "currency": line.currency,
        "reference": (line.text or line.party or line.reference)[:80],
        "what": what,
        "other": other,
    }
    asked = ask_second(EXPLAIN, line.pk, facts=facts, by=by, at=at)
    return line if asked else _follow(line, what, other, by=by, at=at, alone=True)


@transaction.atomic
def confirm_explanation(*, decision: Decision, by: Person, at: datetime) -> BankLine:
    """Confirm as the second operator what a line was.

    Raises:
        NotFound: they are no operator.
        SecondNeeded: they said so themselves.
        Stale, ForbiddenMove: it is decided.
    """
    assert decision.kind == EXPLAIN, "another verb's decision"
    line = _locked(BankLine.objects.get(pk=decision.subject_id), by)
    decision = confirm_second(decision, by=by, at=at)
    facts = decision.facts
    return _follow(line, facts["what"], facts["other"], by=by, at=at, asked_by=str(decision.asked_by_id))


def _locked(line: BankLine, by: Person) -> BankLine:
    if not by.is_operator:
        raise NotFound
    found = bank_lines_to_explain(by).select_for_update(of=("self",)).filter(pk=line.pk).first()
    if found is None:
        raise Stale(_("Somebody has said what this line was."))
    return found


def _refuse(line: BankLine, what: str, other: str) -> None:
    if what not in explanations_of(line):
        raise NotExplained(_("Choose one of those that are offered for this line."), field="what")
    if what == MOVED and (other not in RAILS or other == line.rail):
        raise NotExplained(_("Say between which accounts of the hall it was moved."), field="other")


def _follow(line: BankLine, what: str, other: str, *, by: Person, at: datetime, **facts: object) -> BankLine:
    if what == BACK:
        begin_to_send_back(line, by=by.pk, at=at)
    else:
        movement = _move(line, what, other, by=by, at=at)
        if line.amount < 0:
            BookedLine(line=line, movement=movement).save(force_insert=True)
    line.outcome = BankLine.Outcome.KNOWN
    line.save(update_fields=["outcome"])
    record_event(
        BANK_LINE_EXPLAINED,
        subject=line.pk,
        by=by.pk,
        at=at,
        what=what,
        other=other,
        amount=line.amount,
        currency=line.currency,
        **facts,
    )
    for difference in open_differences().filter(source=line.rail, subject=str(line.pk)):
        _close(difference, what, by=by, at=at)
    return line


def _close(difference: Difference, what: str, *, by: Person, at: datetime) -> None:
    close_difference(difference=difference, answer=str(EXPLANATIONS[what]), by=by.pk, at=at)


def _move(line: BankLine, what: str, other: str, *, by: Person, at: datetime) -> Movement:
    outside, currency = f"outside:{line.rail}", line.currency
    suspense = f"suspense:{line.rail}"
    key = f"bank_line:{line.pk}"
    if what == CHARGED:
        reserve = min(-line.amount, balance_of("reserve", currency).minor)
        parts = {"reserve": reserve, "shortfall": -line.amount - reserve}
        flows = [Flow(source, outside, part, currency) for source, part in parts.items() if part]
        return move_money(kind="processor.charged", key=key, flows=flows, by=by.pk, at=at)
    if what == OWN:
        missing = min(line.amount, max(0, -balance_of("shortfall", currency).minor))
        parts = {"shortfall": missing, "reserve": line.amount - missing}
        flows = [Flow(suspense, target, part, currency) for target, part in parts.items() if part]
        return move_money(kind="suspended.own", key=key, flows=flows, by=by.pk, at=at)
    flow = Flow(suspense, f"outside:{other}", line.amount, currency)
    if line.amount < 0:
        flow = Flow(f"outside:{other}", outside, -line.amount, currency)
    return move_money(kind="rail.moved", key=key, flows=[flow], by=by.pk, at=at)
