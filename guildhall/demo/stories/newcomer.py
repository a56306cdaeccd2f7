"""The newcomer: a bid below the floor is refused, and a client who takes the file in silence still pays."""

from datetime import datetime, timedelta
from functools import partial

from guildhall.contracts.actions import release_silent_milestones
from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import DAY, HOUR, agree, hand_over, offer, post, refused
from guildhall.jobs.rules import MINIMUM_FIXED
from guildhall.kernel.money import Money

TITLE = "Write the words of a museum’s audio guide for children"


def tell(year: Year, at: datetime) -> Story:
    """Dilani offers 1.00 to be chosen at last: refused. For 45.00 she works, and on day 10 silence pays."""
    client, worker = year.town.named("Pierre Lambert"), year.town.named("Dilani Perera")
    brief = SampleBrief(
        area="writing",
        title=TITLE,
        text="Twelve stops of a minute each, for children of eight. The facts are in the catalogue.",
        deliver=("Twelve texts of 150 words",),
        skills=("Copywriting",),
    )
    job = post(client, brief, Money(5_000, "USD"), at, days=30)
    at = yield 4 * HOUR
    letter = "This would be my first work here. I tell stories to my nieces, and they ask for more."
    too_little = [(brief.deliver[0], Money(100, "USD"))]
    refused(partial(offer, job, worker, too_little, letter, at), rule=MINIMUM_FIXED.name)
    at = yield HOUR
    proposal = offer(job, worker, [(brief.deliver[0], Money(4_500, "USD"))], letter, at)
    at = yield DAY
    (milestone,) = agree(proposal, at)
    at = yield 6 * DAY
    hand_over(year, milestone, "All twelve, each read aloud once.", at, name="twelve-stops", drawn=False)
    at = yield timedelta(days=milestone.contract.silence_days)
    release_silent_milestones(at=at)
