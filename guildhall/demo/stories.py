"""What the sample hall plays of its twelve stories: those that need only a fixed price."""

from datetime import datetime, timedelta

from guildhall.demo.arrivals import Year
from guildhall.demo.market import hire, propose
from guildhall.demo.sampling import SampleBrief
from guildhall.jobs.actions.posting import draft_job, open_job
from guildhall.jobs.actions.proposing import send_proposal
from guildhall.jobs.briefs import JobBrief
from guildhall.jobs.models import Job
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft
from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.skills.queries import skills_by_names


def tell_stories(year: Year) -> None:
    """Plan the stories at their places in the year."""
    year.diary.plan(year.diary.end - timedelta(days=150), lambda at: _city_jumper(year, at))
    year.diary.plan(year.diary.end - timedelta(days=60), lambda at: _corner_shop(year, at))
    year.diary.plan(year.diary.end - timedelta(days=40), lambda at: _stink_bomb(year, at))
    year.diary.plan(year.diary.end - timedelta(days=3), lambda at: _bakery(year, at))


def _city_jumper(year: Year, at: datetime) -> None:
    """A game is ported: 25 proposals, one hired in China, 2,970.00 of at most 3,000.00 all told."""
    client = year.town.named("Hannah Cole")
    brief = SampleBrief(
        area="web",
        title="Port of a jumping game to the iPhone",
        text="The game is finished for the desktop. Local firms asked for more than twenty thousand.",
        deliver=("A first level that runs on a phone", "All levels", "The finished game with its source"),
        skills=("Swift", "iOS", "Mobile app design"),
        low=270_000,
        high=300_000,
    )
    job = _post(client, brief, Money(300_000, "USD"), at)
    chosen = year.town.named("Chen Wei")
    for number, worker in enumerate([one for one in year.town.workers if one != chosen][:24]):
        propose(year, job, worker, brief, at + timedelta(hours=2 + number), price=290_000)
    sent = at + timedelta(hours=30)
    proposal = send_proposal(
        job=job,
        offer=ProposalDraft(
            price=Money(297_000, "USD"),
            delivery=(at + timedelta(days=60)).date(),
            letter="I played the game through before I wrote this. I would begin with the first level, so "
            "that you can hold it in your hand within two weeks, and go on only when you like it.",
            milestones=[
                MilestoneDraft(brief.deliver[0], Money(90_000, "USD")),
                MilestoneDraft(brief.deliver[1], Money(120_000, "USD")),
                MilestoneDraft(brief.deliver[2], Money(87_000, "USD")),
            ],
        ),
        by=chosen,
        at=sent,
    )
    year.diary.plan(sent + timedelta(days=2), lambda at: hire(year, proposal, at, smooth=True) and None)


def _corner_shop(year: Year, at: datetime) -> None:
    """A corner shop in Leeds has a sign lettered for 30.00, within a week."""
    amara, bushra = year.town.named("Amara Okafor"), year.town.named("Bushra Karim")
    brief = SampleBrief(
        area="design",
        title="Letter the opening hours of a corner shop",
        text="A drawing to be cut in white foil for the door. Plain letters, easy to read from the street.",
        deliver=("The drawing as SVG and PDF",),
        skills=("Print design", "Typography"),
        low=3_000,
        high=3_500,
    )
    job = _post(amara, brief, Money(3_000, "USD"), at)
    proposal = send_proposal(
        job=job,
        offer=ProposalDraft(
            price=Money(3_000, "USD"),
            delivery=(at + timedelta(days=7)).date(),
            letter="I drew the sign of my uncle’s tea house by hand and can send you a photograph of it. "
            "You would have the drawing on Thursday and one round of changes after that.",
        ),
        by=bushra,
        at=at + timedelta(hours=3),
    )
    year.diary.plan(at + timedelta(hours=9), lambda at: hire(year, proposal, at, smooth=True) and None)


def _stink_bomb(year: Year, at: datetime) -> None:
    """Somebody wants a stink bomb thrown: the hall refuses to show it, and it stays a draft."""
    client = year.town.named("Owen Price")
    job = draft_job(
        brief=JobBrief(
            title="Throw a stink bomb into my neighbour’s office",
            brief="At noon, when all are in. You keep the rest of the money if nobody sees you.",
            deliverables=("A stink bomb, thrown",),
            budget=Money(4_000, "USD"),
        ),
        by=client,
        at=at,
    )
    try:
        open_job(job=job, by=client, at=at)
    except Refusal:
        return
    raise AssertionError("prohibited work was let through")


def _bakery(year: Year, at: datetime) -> None:
    """Amara's open job, with a few proposals waiting for her: Bushra's is one of them."""
    amara = year.town.named("Amara Okafor")
    brief = SampleBrief(
        area="design",
        title="Mark and sign for a bakery that opens in January",
        text="We bake with old grains on a street of ten bakeries and are not fancy. The mark should work "
        "cut out of steel above the door, stamped on a paper bag, and as a small round picture on a phone.",
        deliver=(
            "Three sketches in black only, with a sentence on each",
            "One of them drawn out, with two rounds of changes",
            "The sign as a drawing with measures, 2400 × 600 mm",
            "Files: SVG, PDF/X-4, PNG, and a one-page guide",
        ),
        skills=("Logo design", "Print design", "Illustration"),
        low=11_000,
        high=12_500,
    )
    job = _post(amara, brief, Money(12_000, "USD"), at)
    for number, worker in enumerate(year.town.workers_for("design")[:6]):
        propose(year, job, worker, brief, at + timedelta(hours=2 + 5 * number), price=11_000)


def _post(client: Person, brief: SampleBrief, budget: Money, at: datetime) -> Job:
    job = draft_job(
        brief=JobBrief(
            title=brief.title,
            brief=brief.text,
            deliverables=brief.deliver,
            skills=[skill.id for skill in skills_by_names(brief.skills).skills],
            budget=budget,
            deadline=(at + timedelta(days=80)).date(),
        ),
        by=client,
        at=at,
    )
    return open_job(job=job, by=client, at=at)
