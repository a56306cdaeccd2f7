"""Amara's open job: the one that a visitor of the sample hall decides."""

from datetime import datetime

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.market import propose
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import HOUR, post
from guildhall.kernel.money import Money

TITLE = "Mark and sign for a bakery that opens in January"


def tell(year: Year, at: datetime) -> Story:
    """Six proposals wait for her; Bushra's is one of them."""
    brief = SampleBrief(
        area="design",
        title=TITLE,
        text="We bake with old grains on a street of ten bakeries and are not fancy. The mark should work "
        "cut out of steel above the door, stamped on a paper bag, and as a small round picture on a phone.",
        deliver=(
            "Three sketches in black only, with a sentence on each",
            "One of them drawn out, with two rounds of changes",
            "The sign as a drawing with measures, 2400 × 600 mm",
            "Files: SVG, PDF/X-4, PNG, and a one-page guide",
        ),
        skills=("Logo design", "Print design", "Illustration"),
    )
    job = post(year.town.named("Amara Okafor"), brief, Money(12_000, "USD"), at)
    for worker in year.town.workers_for("design")[:6]:
        at = yield 4 * HOUR
        propose(year, job, worker, brief, at, price=11_000, may_withdraw=False)
