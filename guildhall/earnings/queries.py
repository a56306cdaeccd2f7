"""Whose certificates somebody sees, and what a stranger may learn about one that they hold in their hands."""

from dataclasses import dataclass
from datetime import UTC, date, datetime

from django.db.models import QuerySet, Sum

from guildhall.earnings.models import Certificate, Checks, SigningKey
from guildhall.earnings.rules import Said, Standing, read_code, standing_on
from guildhall.earnings.signing import SignedText, is_signed, read_signed_text
from guildhall.earnings.states import WITHDRAWN
from guildhall.people.models import Person


def certificates_of(person: Person) -> QuerySet[Certificate]:
    """Somebody's own, each with how often it was checked."""
    return Certificate.objects.filter(person=person).annotate(checked=Sum("checks__count", default=0))


def checks_of(certificate: Certificate) -> QuerySet[Checks]:
    """On which days it was checked, and how often; for its holder."""
    return Checks.objects.filter(certificate=certificate)


def signed_text_of(certificate: Certificate) -> str:
    """What was signed, with its signature, as it stands on the paper."""
    return str(SignedText(certificate.body, bytes.fromhex(certificate.signature)))


def signing_keys() -> QuerySet[SigningKey]:
    """Every key that the hall has signed with, for everybody."""
    return SigningKey.objects.all()


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be thought of a certificate.

    Args:
        standing: the answer.
        certificate: the one that is meant; None where there is none. Not for showing.
        said: all that it says, only while it can be relied on.
        on: the day it was withdrawn or was valid to, where that is the answer.
    """

    standing: Standing
    certificate: Certificate | None = None
    said: Said | None = None
    on: date | None = None


def verdict_on_code(typed: str, *, at: datetime) -> Verdict:
    """What is to be thought of the certificate with a code, however it was typed."""
    code = read_code(typed)
    found = Certificate.objects.filter(code=code).first() if code else None
    return _verdict(found, at) if found else Verdict(Standing.UNKNOWN)


def verdict_on_text(pasted: str, *, at: datetime) -> Verdict:
    """What is to be thought of a signed text: of its signature first, then of the certificate."""
    text = read_signed_text(pasted)
    if text is None:
        return Verdict(Standing.CHANGED)
    key = SigningKey.objects.filter(name=text.key).first() if text.key else None
    if key is None or not is_signed(text.body, text.signature, key.public):
        return Verdict(Standing.CHANGED)
    # Whoever holds the key could sign anything: what was issued, stands here.
    found = Certificate.objects.filter(body=text.body, code=Said.read(text.body).code).first()
    return _verdict(found, at) if found else Verdict(Standing.UNKNOWN)


def _verdict(certificate: Certificate, at: datetime) -> Verdict:
    today = at.astimezone(UTC).date()
    standing = standing_on(
        today, expires_on=certificate.expires_on, is_withdrawn=certificate.is_in(WITHDRAWN)
    )
    if standing == Standing.VALID:
        return Verdict(standing, certificate, Said.read(certificate.body))
    is_withdrawn = standing == Standing.WITHDRAWN
    on = certificate.moved_at.astimezone(UTC).date() if is_withdrawn else certificate.expires_on
    return Verdict(standing, certificate, on=on)
