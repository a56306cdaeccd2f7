"""Somebody at a bank orders one brochure, without a procurement contract."""

from datetime import datetime

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import DAY, HOUR, engage, hand_over, take

TITLE = "One brochure on saving for a first home"


def tell(year: Year, at: datetime) -> Story:
    """Thomas works at a bank and may spend 140.00 by himself: asked for, delivered and paid within a week."""
    del at
    brief = SampleBrief(
        area="design",
        title=TITLE,
        text="I work at a bank’s branch and need one folded sheet for the counter, not a framework contract. "
        "The words are approved; the order and the pictures are yours.",
        deliver=("The brochure, six pages, ready to print",),
        skills=("Print design",),
    )
    (step,) = yield from engage(year, "Thomas Weber", "Beatriz Lima", brief, [14_000])
    at = yield 4 * DAY
    delivery = hand_over(year, step, "Ready to print, with three millimetres of bleed.", at, name="brochure")
    at = yield 7 * HOUR
    take(delivery, at)
