"""What jobs hold on a person."""

from collections.abc import Iterator
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from guildhall.jobs.models import Job, Proposal
from guildhall.kernel.registry import Holding, register_holding


def _jobs(person: UUID) -> Iterator[dict[str, Any]]:
    for job in (
        Job.objects.filter(client=person).prefetch_related("deliverables", "asked__skill").order_by("pk")
    ):
        yield {
            "id": str(job.pk),
            "state": job.state,
            "title": job.title,
            "brief": job.brief,
            "deliverables": [deliverable.text for deliverable in job.deliverables.all()],
            "skills": [asked.skill.slug for asked in job.asked.all()],
            "budget": str(job.money) if job.money else None,
            "currency": job.currency,
            "deadline": job.deadline.isoformat() if job.deadline else None,
            "made_at": job.made_at.isoformat(),
            "opened_at": job.opened_at.isoformat() if job.opened_at else None,
            "source": job.source_link,
        }


def _proposals(person: UUID) -> Iterator[dict[str, Any]]:
    rows = Proposal.objects.filter(worker=person).select_related("job", "decline")
    for proposal in rows.prefetch_related("milestones", "versions").order_by("pk"):
        decline = getattr(proposal, "decline", None)
        yield {
            "id": str(proposal.pk),
            "job": str(proposal.job_id),
            "title": proposal.job.title,
            "state": proposal.state,
            "price": str(proposal.money),
            "delivery": proposal.delivery.isoformat(),
            "letter": proposal.letter,
            "version": proposal.version,
            "milestones": [
                {
                    "title": step.title,
                    "amount": step.amount,
                    "due": step.due.isoformat() if step.due else None,
                }
                for step in proposal.milestones.all()
            ],
            "earlier_letters": [old.letter for old in proposal.versions.all()],
            "sent_at": proposal.sent_at.isoformat(),
            "declined_because": decline.reason if decline else None,
            "note": decline.note if decline else "",
        }


register_holding(Holding("jobs", "jobs", _jobs, kept_because=str(_("A contract may have grown from it."))))
register_holding(
    Holding("jobs", "proposals", _proposals, kept_because=str(_("The client has read and answered it.")))
)
