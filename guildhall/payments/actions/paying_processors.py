"""What processors take for themselves is paid out of the hall's own money, never out of anybody's wallet."""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

from django.db import transaction

from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.models import Movement
from guildhall.ledger.queries import balance_of
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.gateways import GatewaySilent, RailRefuses, ReportLine, gateways_that_report

log = logging.getLogger(__name__)

_LOOKED_BACK: Final = timedelta(days=7)


def pay_processors(*, at: datetime) -> int:
    """Book the fees that rails report of the last days, each once; how many were new.

    No transaction is open while a rail is asked.
    """
    booked = 0
    for gateway in gateways_that_report():
        try:
            lines = list(gateway.report(since=at - _LOOKED_BACK, until=at))
        except (GatewaySilent, RailRefuses) as silence:
            log.warning("%s does not report: %s", gateway.rail, silence)
            continue
        booked += sum(_pay(gateway.rail, line, at) for line in _new(gateway.rail, lines))
    return booked


def _new(rail: str, lines: Iterable[ReportLine]) -> list[ReportLine]:
    keys = {_key(rail, line): line for line in lines if line.about == "fee" and line.amount.minor < 0}
    known = set(Movement.objects.filter(key__in=list(keys)).values_list("key", flat=True))
    return [line for key, line in keys.items() if key not in known]


@transaction.atomic
def _pay(rail: str, line: ReportLine, at: datetime) -> bool:
    amount, currency = -line.amount.minor, line.amount.currency
    held = balance_of("reserve", currency).minor
    parts = {"reserve": min(held, amount), "shortfall": amount - min(held, amount)}
    try:
        move_money(
            kind="processor.charged",
            key=_key(rail, line),
            flows=[Flow(source, f"outside:{rail}", part, currency) for source, part in parts.items() if part],
            by=None,
            at=at,
            facts={"reference": line.reference, "subject": line.subject},
        )
    except Overdraft:
        return False  # somebody took from the reserve at the same moment: the next round does it
    return True


def _key(rail: str, line: ReportLine) -> str:
    return f"processor:{rail}:{line.reference}"
