"""Certificates of income as JSON: one's own, and checking one that somebody was shown."""

from datetime import UTC, date, datetime
from uuid import UUID

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from ninja import Router, Schema, Status
from pydantic import Field

from guildhall.api.auth import needs_scope, operator_of, person_of
from guildhall.api.shapes import Asked, Listing, Sum, listed
from guildhall.earnings.actions import (
    change_signing_key,
    issue_certificate,
    note_check,
    withdraw_certificate,
)
from guildhall.earnings.drawing import address_of, pdf_of_certificate
from guildhall.earnings.models import Certificate, Checks, SigningKey
from guildhall.earnings.queries import (
    Verdict,
    certificates_of,
    checks_of,
    signed_text_of,
    signing_keys,
    verdict_on_code,
    verdict_on_text,
)
from guildhall.earnings.rules import Said, Standing, standing_on
from guildhall.earnings.states import WITHDRAWN
from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound
from guildhall.kernel.money import Money

router = Router(tags=["certificates"])


class CertificateAsked(Asked):
    """What a certificate is to say: of how many whole months, with amounts or without."""

    months: int = 6
    with_amounts: bool = Field(False, description="Only with true does it say what you earned.")
    language: str = Field("en", max_length=8, description="Beside English: ur, or en for none.")


class MonthSaid(Schema):
    """What one month brought."""

    month: str
    net: Sum


class IncomeSaid(Schema):
    """Net income in one currency."""

    total: Sum
    average: Sum
    by_month: list[MonthSaid]


class CertificateSays(Schema):
    """Everything that a certificate says. Months are in UTC; without consent `amounts` is empty."""

    hall: str
    code: str
    key: str
    name: str
    member_since: date
    issued_on: date
    expires_on: date
    first_month: str
    last_month: str
    months: int
    months_with_income: int
    clients: int
    amounts_shown: bool
    amounts: list[IncomeSaid]
    practice_money: bool
    language: str


class CertificateShown(Schema):
    """One of your certificates. `standing` is valid, expired or withdrawn."""

    id: UUID
    standing: str
    address: str
    issued_at: datetime
    expires_on: date
    says: CertificateSays
    signed_text: str
    checked: int = Field(description="How often somebody else has looked it up.")


class ChecksShown(Schema):
    """How often it was looked up on a day."""

    day: date
    count: int


class TextAsked(Asked):
    """The signed text from a paper; line ends and spaces do not matter."""

    text: str = Field(max_length=40_000)


class CertificateChecked(Schema):
    """What is to be thought of it: valid, expired, withdrawn, unknown (never issued here) or changed.

    `says` is there only while it is valid; `on` is the day it was withdrawn or was valid to.
    """

    standing: Standing
    on: date | None
    says: CertificateSays | None
    checked_at: datetime


class KeyShown(Schema):
    """The public half of a key: Ed25519, 32 bytes in hexadecimal digits."""

    name: str
    public: str
    begun_at: datetime
    ended_at: datetime | None


@router.get("/money/certificates", response=Listing[CertificateShown], summary="Your certificates of income")
@needs_scope("read")
def list_certificates(request: HallRequest, after: str = "", size: int = 20) -> Listing[CertificateShown]:
    """The newest first."""
    rows = certificates_of(person_of(request))
    return listed(rows, lambda row: _shown(row, request.at), by=("-id",), after=after, size=size)


@router.post("/money/certificates", response={201: CertificateShown}, summary="Make out a certificate")
@needs_scope("work")
def make_out_certificate(request: HallRequest, asked: CertificateAsked) -> Status[CertificateShown]:
    """Of whole months before this one. 409 in the month in which you joined."""
    made = issue_certificate(
        months=asked.months,
        with_amounts=asked.with_amounts,
        language=asked.language,
        by=person_of(request),
        at=request.at,
    )
    return Status(201, _shown(made, request.at))


@router.get("/money/certificates/{certificate_id}", response=CertificateShown, summary="One certificate")
@needs_scope("read")
def show_certificate(request: HallRequest, certificate_id: UUID) -> CertificateShown:
    """What it says, and its signed text."""
    return _shown(_own(request, certificate_id), request.at)


@router.get("/money/certificates/{certificate_id}/file", summary="One certificate as a PDF")
@needs_scope("read")
def show_certificate_file(request: HallRequest, certificate_id: UUID) -> HttpResponse:
    """With the signed text inside."""
    certificate = _own(request, certificate_id)
    name = f"income-certificate-{certificate.issued_at:%Y-%m-%d}.pdf"
    return made_as_download(pdf_of_certificate(certificate), name=name, kind="application/pdf")


@router.get(
    "/money/certificates/{certificate_id}/checks",
    response=Listing[ChecksShown],
    summary="When it was checked",
)
@needs_scope("read")
def list_checks(
    request: HallRequest, certificate_id: UUID, after: str = "", size: int = 20
) -> Listing[ChecksShown]:
    """By day in UTC, the last first. Who it was is not kept."""
    rows = checks_of(_own(request, certificate_id))
    return listed(rows, _checks, by=("-day", "-id"), after=after, size=size)


@router.post(
    "/money/certificates/{certificate_id}/withdrawal", response=CertificateShown, summary="Withdraw it"
)
@needs_scope("work")
def take_back_certificate(request: HallRequest, certificate_id: UUID) -> CertificateShown:
    """Whoever checks it from now on reads that it was withdrawn, and nothing of what it says."""
    certificate = _own(request, certificate_id)
    withdraw_certificate(certificate=certificate, by=person_of(request), at=request.at)
    return _shown(certificate, request.at)


@router.get("/certificates/keys", response=Listing[KeyShown], auth=None, summary="The keys of certificates")
def list_keys(request: HallRequest, after: str = "", size: int = 20) -> Listing[KeyShown]:
    """All that the hall has signed with, the newest first; what older ones signed still holds."""
    del request
    return listed(signing_keys(), _key, by=("-id",), after=after, size=size)


@router.post(
    "/certificates/checks", response=CertificateChecked, auth=None, summary="Check a certificate by its text"
)
def check_text(request: HallRequest, asked: TextAsked) -> CertificateChecked:
    """First its signature, then whether the hall issued it and whether it still holds."""
    return _checked(request, verdict_on_text(asked.text, at=request.at))


@router.get(
    "/certificates/{code}", response=CertificateChecked, auth=None, summary="Check a certificate by its code"
)
def check_certificate(request: HallRequest, code: str) -> CertificateChecked:
    """404 where the hall never issued one with this code."""
    verdict = verdict_on_code(code, at=request.at)
    if verdict.standing == Standing.UNKNOWN:
        raise NotFound
    return _checked(request, verdict)


@router.post(
    "/operator/signing-keys",
    response={201: KeyShown},
    tags=["operator"],
    summary="Sign certificates with a new key",
)
@needs_scope("operate")
def begin_key(request: HallRequest) -> Status[KeyShown]:
    """From now on; what older ones signed still holds."""
    return Status(201, _key(change_signing_key(by=operator_of(request), at=request.at)))


def _own(request: HallRequest, certificate_id: UUID) -> Certificate:
    return get_object_or_404(certificates_of(person_of(request)), pk=certificate_id)


def _shown(certificate: Certificate, at: datetime) -> CertificateShown:
    return CertificateShown(
        id=certificate.pk,
        standing=standing_on(
            at.astimezone(UTC).date(),
            expires_on=certificate.expires_on,
            is_withdrawn=certificate.is_in(WITHDRAWN),
        ),
        address=address_of(certificate.code),
        issued_at=certificate.issued_at,
        expires_on=certificate.expires_on,
        says=_says(Said.read(certificate.body)),
        signed_text=signed_text_of(certificate),
        checked=getattr(certificate, "checked", 0),
    )


def _checked(request: HallRequest, verdict: Verdict) -> CertificateChecked:
    if verdict.certificate is not None:
        note_check(certificate=verdict.certificate, by=request.person, at=request.at)
    return CertificateChecked(
        standing=verdict.standing,
        on=verdict.on,
        says=_says(verdict.said) if verdict.said else None,
        checked_at=request.at,
    )


def _says(said: Said) -> CertificateSays:
    return CertificateSays(
        hall=said.hall,
        code=said.code,
        key=said.key,
        name=said.name,
        member_since=date.fromisoformat(said.member_since),
        issued_on=date.fromisoformat(said.issued_on),
        expires_on=date.fromisoformat(said.expires_on),
        first_month=said.first_month,
        last_month=said.last_month,
        months=said.months,
        months_with_income=said.months_with_income,
        clients=said.clients,
        amounts_shown=said.amounts_shown,
        amounts=[
            IncomeSaid(
                total=Sum.of(Money(one.total, one.currency)),
                average=Sum.of(Money(one.average, one.currency)),
                by_month=[
                    MonthSaid(month=each.month, net=Sum.of(Money(each.net, one.currency)))
                    for each in one.by_month
                ],
            )
            for one in said.amounts
        ],
        practice_money=said.practice_money,
        language=said.language,
    )


def _checks(one: Checks) -> ChecksShown:
    return ChecksShown(day=one.day, count=one.count)


def _key(key: SigningKey) -> KeyShown:
    return KeyShown(name=key.name, public=key.public, begun_at=key.begun_at, ended_at=key.ended_at)
