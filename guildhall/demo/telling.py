"""The steps that stories are told in: each is a verb of the hall, or a few that belong together."""

import io
from collections.abc import Callable, Generator, Sequence
from datetime import date, datetime, timedelta
from typing import Final

from guildhall.contracts.models import Contract, Milestone
from guildhall.demo.arrivals import Year
from guildhall.demo.clock import Story
from guildhall.demo.drawing import picture
from guildhall.demo.pay import fill_wallet
from guildhall.demo.sampling import SampleBrief, words
from guildhall.files.actions import store_file
from guildhall.files.models import StoredFile
from guildhall.jobs.actions.deciding import accept_proposal
from guildhall.jobs.actions.posting import draft_job, open_job
from guildhall.jobs.actions.proposing import send_proposal
from guildhall.jobs.actions.talking import talk_about_proposal
from guildhall.jobs.briefs import JobBrief
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft
from guildhall.jobs.queries import terms_for
from guildhall.jobs.sums import sums_of_terms
from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.reputation.actions import leave_feedback
from guildhall.skills.queries import skills_by_names
from guildhall.workroom.actions import approve_delivery, deliver_work
from guildhall.workroom.models import Delivery

HOUR: Final = timedelta(hours=1)
DAY: Final = timedelta(days=1)


def draft(
    client: Person, brief: SampleBrief, budget: Money | None, at: datetime, *, deadline: date | None = None
) -> Job:
    """Write a brief down. A skill that the hall's list does not have is a mistake in the sample."""
    matched = skills_by_names(brief.skills)
    assert not matched.unknown, f"the list of skills has no {', '.join(matched.unknown)}"
    return draft_job(
        brief=JobBrief(
            title=brief.title,
            brief=brief.text,
            deliverables=brief.deliver,
            skills=[skill.id for skill in matched.skills],
            currency=budget.currency if budget else "USD",
            budget=budget,
            deadline=deadline,
        ),
        by=client,
        at=at,
    )


def post(client: Person, brief: SampleBrief, budget: Money, at: datetime, *, days: int = 80) -> Job:
    """Write a brief down and show it to everybody."""
    job = draft(client, brief, budget, at, deadline=(at + timedelta(days=days)).date())
    return open_job(job=job, by=client, at=at)


def offer(
    job: Job, worker: Person, steps: Sequence[tuple[str, Money]], letter: str, at: datetime, *, days: int = 14
) -> Proposal:
    """Send a proposal of exactly these steps, to be done within so many days."""
    return send_proposal(
        job=job,
        offer=ProposalDraft(
            price=sum((amount for _title, amount in steps), Money(0, job.currency)),
            delivery=(at + timedelta(days=days)).date(),
            letter=letter,
            milestones=[MilestoneDraft(title, amount) for title, amount in steps],
        ),
        by=worker,
        at=at,
    )


def interview(proposal: Proposal, asked: str, answered: str, at: datetime) -> None:
    """The client asks before hiring, and the worker answers within the hour."""
    talk_about_proposal(proposal=proposal, text=asked, by=proposal.job.client, at=at)
    talk_about_proposal(proposal=proposal, text=answered, by=proposal.worker, at=at + HOUR / 2)


def agree(proposal: Proposal, at: datetime, *, fund: str = "all") -> list[Milestone]:
    """Pay in what is missing, accept the terms as they stand, and set the money aside."""
    client, terms = proposal.job.client, terms_for(proposal)
    sums = sums_of_terms(terms)
    fill_wallet(client, sums.client_total if fund == "all" else sums.first, at)
    contract = accept_proposal(proposal=proposal, terms_hash=terms.hash, fund=fund, by=client, at=at)
    return steps_of(contract)


def steps_of(contract: Contract) -> list[Milestone]:
    """The milestones of a contract, in order."""
    steps = Milestone.objects.filter(contract=contract)
    return list(steps.select_related("contract__client", "contract__worker").order_by("number"))


def engage(
    year: Year, client: str, worker: str, brief: SampleBrief, prices: Sequence[int], *, fund: str = "all"
) -> Generator[timedelta, datetime, list[Milestone]]:
    """Post, propose and agree within a day: one step for each price, named after the deliverables."""
    town, letter = year.town, words("letter")
    amounts = [Money(price, "USD") for price in prices]
    job = post(town.named(client), brief, sum(amounts, Money(0, "USD")), year.diary.now)
    at = yield 5 * HOUR
    said = "\n\n".join(year.draw.choice(letter[part]) for part in ("opening", "middle", "closing"))
    steps = list(zip(brief.deliver, amounts, strict=True))
    proposal = offer(job, town.named(worker), steps, said, at, days=60)
    at = yield 9 * HOUR
    return agree(proposal, at, fund=fund)


def hand_over(
    year: Year, milestone: Milestone, note: str, at: datetime, *, name: str, drawn: bool = True
) -> Delivery:
    """Deliver a step with one file: a picture, or the words of the note."""
    worker = milestone.contract.worker
    content = picture(year.draw) if drawn else f"{milestone.title}\n\n{note}\n".encode()
    files = [file_of(worker, f"{name}.{'png' if drawn else 'txt'}", content, at)]
    return deliver_work(
        milestone=milestone, note=note, items=[milestone.number], files=files, by=worker, at=at
    )


def file_of(owner: Person, name: str, content: bytes, at: datetime) -> StoredFile:
    """Keep a file for somebody."""
    return store_file(owner=owner.id, name=name, content=io.BytesIO(content), at=at)


def take(delivery: Delivery, at: datetime) -> None:
    """Approve a delivery: its money goes."""
    approve_delivery(delivery=delivery, by=delivery.milestone.contract.client, at=at)


def speak_of_each_other(contract: Contract, of_worker: str, of_client: str, at: datetime) -> Story:
    """Both leave five stars and a sentence, the client first."""
    leave_feedback(contract=contract, stars=5, text=of_worker, by=contract.client, at=at)
    at = yield 3 * HOUR
    leave_feedback(contract=contract, stars=5, text=of_client, by=contract.worker, at=at)


def refused(what: Callable[[], object], *, rule: str) -> Refusal:
    """Try what the hall has to refuse, and see that it does so by that rule."""
    try:
        what()
    except Refusal as no:
        refusal = no
    else:
        raise AssertionError(f"the rule {rule} let something through")
    assert refusal.rule == rule, f"refused by {refusal.rule or refusal.code}, not by {rule}"
    return refusal
