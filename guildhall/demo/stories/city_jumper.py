"""A game is ported: local firms asked for more than 20,000; twenty-five people in the hall answer."""

from datetime import datetime

from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.market import propose
from guildhall.demo.sampling import SampleBrief
from guildhall.demo.telling import (
    DAY,
    HOUR,
    agree,
    hand_over,
    interview,
    offer,
    post,
    speak_of_each_other,
    take,
)
from guildhall.escrow.fees import CLIENT_FEE
from guildhall.kernel.money import Money
from guildhall.kernel.rules import set_rule

TITLE = "Port of a jumping game to the iPhone"
_STEPS = (
    ("A first level that runs on a phone", Money(90_000, "USD")),
    ("All levels", Money(110_000, "USD")),
    ("The finished game with its source", Money(70_000, "USD")),
)


def tell(year: Year, at: datetime) -> Story:
    """25 proposals, two interviews, one hired in China: 2,700.00 and the client's fee of 10 %: 2,970.00."""
    client, chosen = year.town.named("Hannah Cole"), year.town.named("Chen Wei")
    operator = year.town.operator.id
    reason = "For one week the client pays ten per cent on top, to see whether that is fairer."
    set_rule(name=CLIENT_FEE.name, value=1_000, reason=reason, by=operator, at=at)
    at = yield 2 * DAY
    brief = SampleBrief(
        area="web",
        title=TITLE,
        text="The game is finished for the desktop: a boy jumps from roof to roof. Firms in our town asked "
        "for more than twenty thousand. Everything together, fees included, may cost me three thousand.",
        deliver=tuple(title for title, _amount in _STEPS),
        skills=("Swift", "iOS", "Mobile app design"),
    )
    job = post(client, brief, Money(300_000, "USD"), at)
    others = []
    for worker in [one for one in year.town.workers if one != chosen][:24]:
        at = yield HOUR
        others.append(propose(year, job, worker, brief, at, price=290_000, may_withdraw=False))
    at = yield 2 * HOUR
    letter = (
        "I played the game through before I wrote this. I would begin with the first level, so that you can "
        "hold it in your hand within two weeks, and go on only when you like it."
    )
    proposal = offer(job, chosen, _STEPS, letter, at, days=60)
    at = yield 6 * HOUR
    asked = "Have you brought a game to the phone before, and what was the hard part?"
    assert others[0] is not None
    interview(others[0], asked, "Two of them. The hard part was the memory of old phones.", at)
    at = yield 2 * HOUR
    interview(proposal, asked, "One. The jump: a thumb is slower than a key, so I timed both.", at)
    at = yield DAY
    steps = agree(proposal, at)
    at = yield 3 * DAY
    reason = "The week is over: fewer were hired than in the week before. The price says it all again."
    set_rule(name=CLIENT_FEE.name, value=0, reason=reason, by=operator, at=at)
    for step, name in zip(steps, ("first-level", "all-levels", "title-screen"), strict=True):
        at = yield 13 * DAY
        note = "It runs on a phone that is five years old. Pictures of the screen are attached."
        delivery = hand_over(year, step, note, at, name=name)
        at = yield 20 * HOUR
        take(delivery, at)
    at = yield 4 * HOUR
    of_worker = "I could hold the first level in my hand after two weeks. On time, and under what I had."
    yield from speak_of_each_other(
        steps[0].contract, of_worker, "A brief one can work from. I played it for fun.", at
    )
