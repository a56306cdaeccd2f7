"""The swimmer: two small jobs done and paid within hours, and three more waiting."""

from datetime import datetime

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.putting_by import save_for
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import HOUR, engage, hand_over, take

NAME = "Zahra Ali"
SEMESTER = "The fee of the semester: 20,000 rupees"
FOR_20000_RUPEES = 7_216
"""Cents that buy 20,000.00 rupees at the hall's rate."""
_TEXT = "The table is small and the rule is written on its first page. Ask me when a row does not fit it."
_DONE = (
    ("Sort 400 addresses by street", "Carmen Ruiz", 3_000, 3 * HOUR),
    ("Find the doubles in a list of members", "Nora Byrne", 1_000, HOUR),
)
_WAITING = (
    ("Match two price lists", "Henrik Lund", 6_000),
    ("Type a year of receipts into one table", "Carmen Ruiz", 9_000),
    ("Clean the names of a library’s card index", "Marta Kowalska", 9_000),
)


def tell(year: Year, at: datetime) -> Story:
    """30.00 in three hours and 10.00 in one; 60.00 and twice 90.00 set aside and waiting: 280.00.

    Half of what she earns she saves, until it buys 20,000 rupees for the semester.
    """
    save_for(year.town.named(NAME), SEMESTER, FOR_20000_RUPEES, 5_000, at)
    for title, client, price, work in _DONE:
        (step,) = yield from engage(year, client, NAME, _brief(title), [price])
        at = yield work
        delivery = hand_over(
            year, step, "Done. Three rows were unclear: see the end.", at, name="list", drawn=False
        )
        at = yield HOUR
        take(delivery, at)
    for title, client, price in _WAITING:
        yield from engage(year, client, NAME, _brief(title), [price])


def _brief(title: str) -> SampleBrief:
    return SampleBrief("data", title, _TEXT, ("The table, cleaned",), ("Data entry", "Data cleaning"))
