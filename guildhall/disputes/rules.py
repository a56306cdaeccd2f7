"""How long a case may take, and what a division must be."""

from django.utils.translation import gettext_lazy as _

from guildhall.kernel.money import Money
from guildhall.kernel.rules import house_rule

RULING_DAYS = house_rule(
    "ruling_days",
    unit="days",
    default=5,
    low=1,
    high=60,
    meaning=_("An adjudicator rules a case within so many days of its opening."),
)


def is_division(*, contested: Money, to_worker: Money) -> bool:
    """Whether this part of the contested sum can go to the worker, and the rest to the client."""
    return to_worker.currency == contested.currency and 0 <= to_worker.minor <= contested.minor
