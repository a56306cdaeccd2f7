"""Jobs and proposals, made by the hall's own verbs."""

from datetime import date, datetime, timedelta
from typing import Any

from guildhall.contracts.queries import milestones_visible_to
from guildhall.jobs.actions.deciding import accept_proposal
from guildhall.jobs.actions.posting import draft_job, open_job
from guildhall.jobs.actions.proposing import send_proposal
from guildhall.jobs.briefs import JobBrief
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft
from guildhall.jobs.queries import terms_for
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.workroom.actions import approve_delivery, deliver_work
from tests.builders.money import a_wallet_with
from tests.cast import NOW


def usd(minor: int) -> Money:
    return Money(minor, "USD")


def a_brief(**facts: Any) -> JobBrief:
    """Amara's bakery."""
    return JobBrief(
        **{
            "title": "Logo and shop sign for a bakery in Leeds",
            "brief": "We open in January. The mark should work cut out of steel and stamped on a paper bag.",
            "deliverables": (
                "Three sketches in black",
                "One of them drawn out",
                "The sign with its measures",
            ),
            "budget": usd(12_000),
            "deadline": date(2026, 12, 20),
            **facts,
        }
    )


def a_draft(client: Person, *, at: datetime = NOW, **facts: Any) -> Job:
    return draft_job(brief=a_brief(**facts), by=client, at=at)


def an_open_job(client: Person, *, at: datetime = NOW, **facts: Any) -> Job:
    return open_job(job=a_draft(client, at=at, **facts), by=client, at=at)


def an_offer(
    minor: int = 11_000, *, currency: str = "USD", at: datetime = NOW, **facts: Any
) -> ProposalDraft:
    """An offer in two steps, or in the `milestones` given."""
    first = minor * 2 // 5
    day = (at + timedelta(days=14)).date()
    steps = (
        MilestoneDraft("Sketches", Money(first, currency), day - timedelta(days=7)),
        MilestoneDraft("The finished sign", Money(minor - first, currency), day),
    )
    return ProposalDraft(
        **{
            "price": Money(minor, currency),
            "delivery": day,
            "letter": "Dear Amara, I drew the sign of my uncle’s tea house last spring.",
            "milestones": steps,
            **facts,
        }
    )


def a_proposal(
    job: Job, worker: Person, *, minor: int = 11_000, at: datetime = NOW, **facts: Any
) -> Proposal:
    return send_proposal(
        job=job, offer=an_offer(minor, currency=job.currency, at=at, **facts), by=worker, at=at
    )


def a_paid_job(client: Person, worker: Person, *, at: datetime, waited: timedelta, **facts: Any) -> Job:
    """A job that was posted, given to somebody, delivered an hour later and paid after a wait."""
    job = an_open_job(client, at=at, **{"deadline": None, "budget": None, **facts})
    price = Money(10_000, job.currency)
    proposal = a_proposal(job, worker, minor=price.minor, at=at, milestones=())
    a_wallet_with(client, price.minor, at, price.currency)
    terms_hash = terms_for(proposal).hash
    contract = accept_proposal(proposal=proposal, terms_hash=terms_hash, fund="all", by=client, at=at)
    milestone = milestones_visible_to(client).get(contract=contract)
    done = at + timedelta(hours=1)
    delivery = deliver_work(milestone=milestone, note="Here it is.", items=[1], files=[], by=worker, at=done)
    approve_delivery(delivery=delivery, by=client, at=done + waited)
    return job
