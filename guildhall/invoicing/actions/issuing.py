"""Making out what belongs to a release: the worker's invoice, and the hall's for its fees."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from django.db import transaction

from guildhall.contracts.models import Milestone
from guildhall.escrow.models import Release
from guildhall.invoicing import events
from guildhall.invoicing.actions.numbering import wait_for_turn, write_numbered
from guildhall.invoicing.models import HALL, BillingProfile, CatchingUp, Invoice
from guildhall.invoicing.queries import billing_reference_of, identity_of, rates_in_force
from guildhall.invoicing.rules import Identity, Kind, tax_on, tax_within
from guildhall.kernel.events import record_event
from guildhall.people.models import Person
from guildhall.people.queries import people_with_ids

HALLS_NAME = "Guildhall"
"""What the hall is called on its papers until an operator has said otherwise."""


@dataclass(frozen=True, slots=True)
class _Side:
    """A party of a release: who it is to the hall, and on paper today."""

    party: str
    identity: Identity
    language: str
    profile: BillingProfile | None


@transaction.atomic
def issue_invoices(*, release: Release, by: UUID | None, at: datetime) -> list[Invoice]:
    """Make out every paper of a release, once; a second time only finds them.

    The amounts are the release's lines: the gross to the client, the fees to whoever pays them. A line of
    nothing has no paper, and neither has what went back: it was never asked for.

    Args:
        release: what moved.
        by: who asks for it; None for the hall itself.
        at: when they are made out; the service was supplied when the release was made.
    """
    wait_for_turn()
    made = list(Invoice.objects.filter(release=release, credits=None, replaces=None).order_by("id"))
    if made:
        return made
    amounts = _amounts_of(release)
    if not amounts:
        return []
    client, worker, hall = _sides_of(release)
    milestone = _milestone_of(release)
    between = {
        Kind.WORK: (worker, client),
        Kind.WORKER_FEE: (hall, worker),
        Kind.CLIENT_FEE: (hall, client),
    }
    rates = rates_in_force()
    for kind, gross in amounts.items():
        seller, buyer = between[kind]
        tax = tax_on(seller=seller.identity, buyer=buyer.identity, rates=rates)
        net, vat = tax_within(gross, tax.basis_points)
        order, centre = _references(buyer, milestone) if buyer is client else ("", "")
        made.append(
            write_numbered(
                issuer=seller.party,
                recipient=buyer.party,
                on=at.astimezone(UTC).date(),
                supplied_on=release.at.astimezone(UTC).date(),
                at=at,
                kind=kind,
                release=release,
                contract=milestone.contract if milestone else None,
                currency=release.currency,
                net=net,
                tax=vat,
                gross=gross,
                category=tax.category,
                rate=tax.basis_points,
                seller=seller.identity.as_json(),
                buyer=buyer.identity.as_json(),
                title=milestone.contract.title if milestone else "",
                item=milestone.title if milestone else "",
                purchase_order=order,
                cost_centre=centre,
                language=buyer.language,
            )
        )
    _announce(release, made, client, worker, by=by, at=at)
    return made


def _amounts_of(release: Release) -> dict[Kind, int]:
    """What each paper of a release is about, gross; without those about nothing."""
    fee = sum(
        line.amount
        for line in release.lines.all()
        if line.account.startswith("fees:") and line.name != "client_fee"
    )
    amounts = {Kind.WORK: release.gross, Kind.WORKER_FEE: fee, Kind.CLIENT_FEE: release.fee_kept}
    return {kind: amount for kind, amount in amounts.items() if amount}


def _sides_of(release: Release) -> tuple[_Side, _Side, _Side]:
    """The client (the first person who paid), the worker, and the hall."""
    payers = [part.party for part in release.hold.parts.order_by("number")]
    client = next((party for party in payers if party.startswith("person:")), payers[0])
    profiles = BillingProfile.objects.in_bulk([client, release.worker, HALL], field_name="party")
    ids = {
        party: UUID(party.removeprefix("person:"))
        for party in (client, release.worker)
        if party.startswith("person:")
    }
    persons = people_with_ids(ids.values())
    sides = [
        _side(party, persons.get(ids[party]) if party in ids else None, profiles.get(party))
        for party in (client, release.worker)
    ]
    profile = profiles.get(HALL)
    hall = _Side(HALL, identity_of(profile, name=HALLS_NAME, country=""), "en", profile)
    return sides[0], sides[1], hall


def _side(party: str, person: Person | None, profile: BillingProfile | None) -> _Side:
    name, country = (person.name, person.country) if person else (party, "")
    language = person.language if person else "en"
    return _Side(party, identity_of(profile, name=name, country=country), language, profile)


def person_in(party: str) -> str:
    """The id of the person that a party is, or nothing for any other party."""
    return party.removeprefix("person:") if party.startswith("person:") else ""


def _milestone_of(release: Release) -> Milestone | None:
    noun, _colon, name = release.hold.purpose.partition(":")
    if noun != "milestone":
        return None
    return Milestone.objects.select_related("contract").filter(pk=name).first()


def _references(client: _Side, milestone: Milestone | None) -> tuple[str, str]:
    """Order number and cost centre: the contract's, or else what the client's profile says for all."""
    own = billing_reference_of(milestone.contract_id) if milestone else None
    usual = client.profile
    return (
        (own.purchase_order if own else "") or (usual.purchase_order if usual else ""),
        (own.cost_centre if own else "") or (usual.cost_centre if usual else ""),
    )


def _announce(
    release: Release, made: list[Invoice], client: _Side, worker: _Side, *, by: UUID | None, at: datetime
) -> None:
    first = made[0]
    record_event(
        events.INVOICES_ISSUED,
        subject=release.pk,
        by=by,
        at=at,
        invoice=str(first.pk),
        client=person_in(client.party),
        worker=person_in(worker.party),
        title=first.title,
        number=first.number,
        amount=first.gross,
        currency=first.currency,
        papers=[str(paper.pk) for paper in made],
    )


@transaction.atomic
def catch_up_invoices(*, at: datetime, most: int = 200) -> int:
    """Make out the papers of releases from before there were any, the oldest first; how many had theirs made.

    It goes on where it stopped, whoever stopped it: what has its papers is not looked at again.
    """
    if not CatchingUp.objects.exists():
        return 0
    done = 0
    for release in _without_papers(most):
        issue_invoices(release=release, by=None, at=at)
        done += 1
    if not done:
        CatchingUp.objects.all().delete()
    return done


def _without_papers(most: int) -> Iterator[Release]:
    waiting = Release.objects.filter(gross__gt=0).exclude(pk__in=Invoice.objects.values("release_id"))
    yield from waiting.select_related("hold").prefetch_related("lines").order_by("at", "id")[:most]
