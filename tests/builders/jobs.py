"""Jobs and proposals, made by the hall's own verbs."""

from datetime import date, datetime, timedelta
from typing import Any

from guildhall.jobs.actions.posting import draft_job, open_job
from guildhall.jobs.actions.proposing import send_proposal
from guildhall.jobs.briefs import JobBrief
from guildhall.jobs.models import Job, Proposal
from guildhall.jobs.offers import MilestoneDraft, ProposalDraft
from guildhall.kernel.money import Money
from guildhall.people.models import Person
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
