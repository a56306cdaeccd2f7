"""On which days a plan pays. Pure decisions on dates."""

from calendar import monthrange
from datetime import date, timedelta
from typing import Final

_WEEK: Final = timedelta(days=7)


def next_after(day: date, rhythm: str, number: int, *, since: date | None = None) -> date:
    """The first day after `day` on which money is due.

    Args:
        day: in UTC.
        rhythm: ``weekly``, ``fortnightly`` or ``monthly``.
        number: of the week, Monday is 1; or of the month: one that is too short pays on its last.
        since: a day on which it was due before; every second week is counted from there.
    """
    if rhythm == "monthly":
        this = _in_month(day.year, day.month, number)
        return this if this > day else _in_month(day.year + day.month // 12, day.month % 12 + 1, number)
    if since is not None:
        step = _WEEK * (2 if rhythm == "fortnightly" else 1)
        return since if since > day else since + step * ((day - since) // step + 1)
    return day + timedelta(days=(number - day.isoweekday() - 1) % 7 + 1)


def _in_month(year: int, month: int, number: int) -> date:
    return date(year, month, min(number, monthrange(year, month)[1]))
