"""A business for 500 pounds from three people within three weeks; a corner shop; and what is refused."""

from datetime import datetime, timedelta
from functools import partial

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.pay import ask_for
from guildhall.demo.putting_by import exchange_into_rupees
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import (
    DAY,
    HOUR,
    agree,
    draft,
    hand_over,
    offer,
    post,
    refused,
    speak_of_each_other,
    take,
)
from guildhall.jobs.actions.posting import open_job
from guildhall.jobs.models import Job
from guildhall.kernel.money import Money

PARTS = (
    ("Logo for a house-clearing firm", "The logo as a drawing", ("Logo design",), 18_000, "Kofi Mensah"),
    ("Cards for a house-clearing firm", "The card, both sides", ("Print design",), 7_000, "Ana Petrović"),
    ("Site of a house-clearing firm", "Three pages, live", ("HTML", "CSS"), 25_000, "Brian Kiptoo"),
)
"""Title, deliverable, skills, pence and worker of each of the three: 500.00 in all."""

CORNER_SHOP = "Letter the opening hours of a corner shop"
STINK_BOMB = "Throw a stink bomb into my neighbour’s office"


def tell(year: Year, at: datetime) -> Story:
    """Owen was quoted more than 20,000 and begins for 500.00 pounds: three contracts, each paid by itself."""
    client = year.town.named("Owen Price")
    for title, deliverable, skills, pence, name in PARTS:
        price = Money(pence, "GBP")
        brief = SampleBrief(
            area="design",
            title=title,
            text="I clear houses with a van and two friends. An agency asked for twenty thousand to begin; I "
            "have five hundred for a logo, cards and a site, in three weeks.",
            deliver=(deliverable,),
            skills=skills,
        )
        job = post(client, brief, price, at, days=21)
        year.diary.tell(at + 3 * HOUR, partial(_a_part, year, job, name, price))
        at = yield DAY


def _a_part(year: Year, job: Job, name: str, price: Money, at: datetime) -> Story:
    letter = "For this sum you get one good version and two rounds of changes, within ten days."
    proposal = offer(job, year.town.named(name), [(job.title, price)], letter, at, days=10)
    at = yield 20 * HOUR
    (milestone,) = agree(proposal, at)
    at = yield timedelta(days=8)
    delivery = hand_over(year, milestone, "As agreed, with the sources.", at, name="house-clearing")
    at = yield 30 * HOUR
    take(delivery, at)


def tell_of_the_corner_shop(year: Year, at: datetime) -> Story:
    """A corner shop in Leeds has its hours lettered for 30.00 pounds within a week, paid out in rupees."""
    amara, bushra = year.town.named("Amara Okafor"), year.town.named("Bushra Karim")
    brief = SampleBrief(
        area="design",
        title=CORNER_SHOP,
        text="A drawing to be cut in white foil for the door. Plain letters, easy to read from the street.",
        deliver=("The drawing as SVG and PDF",),
        skills=("Print design", "Typography"),
    )
    price = Money(3_000, "GBP")
    job = post(amara, brief, price, at)
    at = yield 3 * HOUR
    letter = (
        "I drew the sign of my uncle’s tea house by hand and can send you a photograph of it. You would have "
        "the drawing on Thursday and one round of changes after that."
    )
    proposal = offer(job, bushra, [(brief.deliver[0], price)], letter, at, days=7)
    at = yield 6 * HOUR
    (milestone,) = agree(proposal, at)
    at = yield 3 * DAY
    note = "The drawing in both formats. The hyphens sit a little high, on purpose: foil shrinks."
    delivery = hand_over(year, milestone, note, at, name="opening-hours")
    at = yield 5 * HOUR
    take(delivery, at)
    at = yield 4 * HOUR
    yield from speak_of_each_other(
        milestone.contract, "My customers can read it from the bus.", "Knew what she wanted.", at
    )
    at = yield 4 * DAY
    quote = exchange_into_rupees(bushra, Money(2_850, "GBP"), at)
    at = yield HOUR
    ask_for(year, bushra, quote.money_reached, at)


def tell_of_the_stink_bomb(year: Year, at: datetime) -> Story:
    """Owen wants a stink bomb thrown: the hall refuses to show that, and it stays a draft."""
    client = year.town.named("Owen Price")
    brief = SampleBrief(
        area="admin",
        title=STINK_BOMB,
        text="At noon, when all are in. You keep the rest of the money if nobody sees you.",
        deliver=("A stink bomb, thrown",),
        skills=(),
    )
    job = draft(client, brief, Money(4_000, "GBP"), at)
    at = yield HOUR
    refused(partial(open_job, job=job, by=client, at=at), rule="no_harm_to_people")
