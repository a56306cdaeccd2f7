"""One Sunday in California: a post after lunch, a developer hired by five, done before the day is over."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import (
    HOUR,
    agree,
    hand_over,
    interview,
    offer,
    post,
    speak_of_each_other,
    take,
)
from guildhall.kernel.money import Money

TITLE = "A small page that sorts my photographs by colour"
_CALIFORNIA = ZoneInfo("America/Los_Angeles")
_SUNDAY = 6
_SUMMER = timedelta(hours=-7)


def sunday_afternoon(*, before: datetime) -> datetime:
    """The last Sunday, 13:00 in California, on which five in the afternoon there is midnight UTC."""
    day = (
        (before - timedelta(days=1))
        .astimezone(_CALIFORNIA)
        .replace(hour=13, minute=0, second=0, microsecond=0)
    )
    while day.weekday() != _SUNDAY or day.utcoffset() != _SUMMER:
        day -= timedelta(days=1)
    return day.astimezone(before.tzinfo)


def tell(year: Year, at: datetime) -> Story:
    """150.00: posted at two, two interviews, agreed at five, paid and closed that evening."""
    client, chosen = year.town.named("Maya Brooks"), year.town.named("Diego Torres")
    other = year.town.named("Luciana Fernández")
    at = yield HOUR  # she draws what she wants on paper first
    brief = SampleBrief(
        area="web",
        title=TITLE,
        text="I drew it on paper this afternoon: a folder of pictures goes in, a page comes out on which "
        "they lie from red to violet. I would love to have it tonight.",
        deliver=("The page, with the folder of a test beside it",),
        skills=("JavaScript", "HTML"),
    )
    price = Money(15_000, "USD")
    job = post(client, brief, price, at, days=7)
    at = yield HOUR
    step = [(brief.deliver[0], price)]
    first = offer(job, other, step, "I can begin tomorrow morning and need a day.", at, days=3)
    proposal = offer(job, chosen, step, "I am at my desk. Six hours, and you have it tonight.", at, days=1)
    at = yield HOUR / 2
    interview(first, "Could it be tonight?", "Tomorrow noon at the earliest.", at)
    at = yield HOUR / 2
    interview(proposal, "Which pictures would go wrong?", "Grey ones. I would lay them at the end.", at)
    at = yield HOUR
    (milestone,) = agree(proposal, at)
    at = yield 4 * HOUR
    delivery = hand_over(
        year, milestone, "It sorts your folder in two seconds; grey lies at the end.", at, name="by-colour"
    )
    at = yield HOUR
    take(delivery, at)
    at = yield HOUR / 2
    yield from speak_of_each_other(
        milestone.contract, "Sketched, hired and done in one Sunday.", "Clear drawing, quick answers.", at
    )
