"""Posting, proposing and choosing in the sample year."""

from datetime import datetime, timedelta
from functools import partial

from guildhall.demo.arrivals import Year
from guildhall.demo.sampling import SampleBrief, words
from guildhall.demo.telling import agree, draft
from guildhall.demo.work import work_on
from guildhall.jobs.actions.deciding import decline_proposal
from guildhall.jobs.actions.posting import close_job, open_job
from guildhall.jobs.actions.proposing import send_proposal, withdraw_proposal
from guildhall.jobs.actions.talking import talk_about_proposal
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft
from guildhall.kernel.money import Money, divide_by_weights
from guildhall.people.models import Person


def post_through_the_year(year: Year, briefs: list[SampleBrief]) -> None:
    """Plan when each wish is posted: slowly at first, most in the last months, some on the last days."""
    span = year.diary.end - year.diary.now
    for brief in briefs:
        part = year.draw.random() ** 0.6
        client = year.town.clients[0] if year.draw.random() < 0.08 else year.draw.choice(year.town.clients)
        year.diary.plan(year.diary.now + span * part, partial(_post, year, brief, client))


def _post(year: Year, brief: SampleBrief, client: Person, at: datetime) -> None:
    fate = year.draw.random()
    price = year.draw.randrange(brief.low, brief.high, 500)
    deadline = at.date() + timedelta(days=year.draw.randint(12, 45))
    job = draft(
        client,
        brief,
        None if year.draw.random() < 0.15 else Money(price, "USD"),
        at,
        deadline=None if year.draw.random() < 0.3 else deadline,
    )
    if fate < 0.04:
        return
    open_job(job=job, by=client, at=at + timedelta(minutes=4))
    candidates = year.town.workers_for(brief.area)
    others = [person for person in year.town.workers if person not in candidates]
    many = min(len(candidates), year.draw.choice((0, 1, 1, 2, 2, 2, 3, 3, 5)))
    bidders = year.draw.sample(candidates, many) + year.draw.sample(others, year.draw.choice((0, 0, 0, 1)))
    when = at
    for bidder in bidders:
        when += timedelta(hours=year.draw.randint(1, 20))
        year.diary.plan(when, partial(propose, year, job, bidder, brief, price=price))
    decided = when + timedelta(hours=year.draw.randint(6, 60))
    if fate < 0.3:
        year.diary.plan(decided, lambda at: _close(job, at))
    elif fate < 0.7 or client == year.town.clients[0]:  # most others never choose, as in real halls
        year.diary.plan(decided, lambda at: choose(year, job, at))


def propose(
    year: Year,
    job: Job,
    worker: Person,
    brief: SampleBrief,
    at: datetime,
    *,
    price: int,
    may_withdraw: bool = True,
) -> Proposal | None:
    """Send one sealed proposal around a price, in one to three steps; None if the job has ended."""
    job.refresh_from_db()
    if not job.is_in("open"):
        return None
    letter = words("letter")
    offer = max(600, price * year.draw.randint(70, 125) // 10_000 * 100)
    titles = list(brief.deliver[: year.draw.randint(1, 3)])
    delivery = at.date() + timedelta(days=year.draw.randint(5, 20))
    if job.deadline and delivery > job.deadline > at.date():
        delivery = job.deadline
    amounts = divide_by_weights(offer, [year.draw.randint(2, 5) for _ in titles])
    proposal = send_proposal(
        job=job,
        offer=ProposalDraft(
            price=Money(offer, "USD"),
            delivery=delivery,
            letter="\n\n".join(year.draw.choice(letter[part]) for part in ("opening", "middle", "closing")),
            milestones=[
                MilestoneDraft(title[:120], Money(amount, "USD"))
                for title, amount in zip(titles, amounts, strict=True)
            ],
        ),
        by=worker,
        at=at,
    )
    if may_withdraw and year.draw.random() < 0.03:
        withdraw_proposal(proposal=proposal, by=worker, at=at + timedelta(minutes=30))
    return proposal


def choose(year: Year, job: Job, at: datetime) -> None:
    """Look at what came in: talk to one, decline one, accept one and set its money aside."""
    job.refresh_from_db()
    live = list(
        Proposal.objects.filter(job=job, state="sent").select_related("worker").order_by("price", "id")
    )
    if not job.is_in("open") or not live or at + timedelta(days=1) > year.diary.end:
        return
    chosen = year.draw.choice(live[: max(1, len(live) // 2 + 1)])
    client = job.client
    talk = words("talk")
    if year.draw.random() < 0.3:
        talk_about_proposal(proposal=chosen, text=year.draw.choice(talk["ask"]), by=client, at=at)
        for minutes, person, kind in ((40, chosen.worker, "before"), (90, client, "answer")):
            said = year.draw.choice(talk[kind])
            talk_about_proposal(proposal=chosen, text=said, by=person, at=at + timedelta(minutes=minutes))
    if len(live) > 2 and year.draw.random() < 0.4:
        reason = year.draw.choice(("skills", "price", "timing"))
        note = year.draw.choice(words("case")["reject"])
        unlucky = next(one for one in live if one != chosen)
        decline_proposal(proposal=unlucky, reason=reason, note=note, by=client, at=at)
    hire(year, chosen, at + timedelta(hours=3))


def hire(year: Year, proposal: Proposal, at: datetime) -> None:
    """Accept a proposal under its terms, with a deposit first; nothing where its dates have passed."""
    if proposal.delivery < at.date():
        return
    steps = agree(proposal, at, fund=year.draw.choice(("first", "all")))
    work_on(year, steps[0].contract, at)


def _close(job: Job, at: datetime) -> None:
    job.refresh_from_db()
    if job.is_in("open"):
        close_job(job=job, by=job.client, at=at)
