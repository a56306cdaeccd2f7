"""Making out a certificate, taking it back, noting that it was checked, and changing the hall's key."""

import secrets
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db import connection, transaction
from django.utils.translation import gettext as _

from guildhall.earnings.events import CERTIFICATE_ISSUED, SIGNING_KEY_BEGUN
from guildhall.earnings.figures import clients_of, income_of
from guildhall.earnings.models import Certificate, SigningKey
from guildhall.earnings.rules import (
    CERTIFICATE_DAYS,
    CODE_BYTES,
    MOST_IN_FORCE,
    MOST_MONTHS,
    Said,
    code_from,
    period_before,
)
from guildhall.earnings.signing import name_of_key, private_key, public_half
from guildhall.earnings.states import ISSUED, WITHDRAWN
from guildhall.earnings.words import LANGUAGES
from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.payments.gateways import has_practice_money_only
from guildhall.people.models import Person


class TooManyCertificates(Refusal):
    """One person shows a handful of certificates, not thousands."""

    code = "too_many_certificates"


class TooSoon(Refusal):
    """Not one whole month has passed that a certificate could speak of."""

    code = "too_soon"


@transaction.atomic
def issue_certificate(
    *, months: int, with_amounts: bool, language: str, by: Person, at: datetime
) -> Certificate:
    """Make out and sign a certificate of one's own income.

    Args:
        months: how many whole months before this one it speaks of; fewer if `by` joined later.
        with_amounts: whether it may say what was earned.
        language: beside English; ``en`` for none.
        by: its holder.
        at: when.

    Raises:
        Unfit: months or language that there are not.
        TooSoon: not one month of membership is over.
        TooManyCertificates: some have to be withdrawn first.
    """
    if not 1 <= months <= MOST_MONTHS:
        raise Unfit(
            _("A certificate speaks of 1 to %(most)s months.") % {"most": MOST_MONTHS}, field="months"
        )
    if language not in LANGUAGES:
        raise Unfit(_("Choose a language from the list."), field="language")
    person = Person.objects.select_for_update().get(pk=by.pk)
    today = at.astimezone(UTC).date()
    joined = person.joined_at.astimezone(UTC).date()
    period = period_before(today, months=months, since=joined)
    if period is None:
        raise TooSoon(
            _("A certificate speaks of whole months, and your first here is not over yet. Ask next month.")
        )
    _refuse_too_many(person, at)
    key = _key_in_force(at)
    income = income_of(person, first=period[0], last=period[1])
    expires_on = today + timedelta(days=rules_in_force()[CERTIFICATE_DAYS])
    said = Said(
        hall=settings.GUILDHALL_BASE_URL,
        code=code_from(secrets.token_bytes(CODE_BYTES)),
        key=key.name,
        name=person.name,
        member_since=joined.isoformat(),
        issued_on=today.isoformat(),
        expires_on=expires_on.isoformat(),
        first_month=f"{period[0]:%Y-%m}",
        last_month=f"{period[1]:%Y-%m}",
        months=12 * (period[1].year - period[0].year) + period[1].month - period[0].month + 1,
        months_with_income=len({m.month for one in income for m in one.by_month if m.net > 0}),
        clients=clients_of(person, first=period[0], last=period[1]),
        amounts_shown=with_amounts,
        amounts=income if with_amounts else (),
        practice_money=has_practice_money_only(),
        language=language,
    )
    certificate = Certificate(
        id=new_id(),
        person=person,
        code=said.code,
        body=said.canonical,
        signature=private_key(key.pk).sign(said.canonical.encode()).hex(),
        key=key,
        language=language,
        has_amounts=with_amounts,
        issued_at=at,
        expires_on=expires_on,
        state=ISSUED,
        moved_at=at,
    )
    certificate.save(force_insert=True)
    record_event(CERTIFICATE_ISSUED, subject=certificate.pk, by=by.pk, at=at, person=str(person.pk))
    return certificate


def _refuse_too_many(person: Person, at: datetime) -> None:
    today = at.astimezone(UTC).date()
    in_force = Certificate.objects.filter(person=person, state=ISSUED, expires_on__gte=today)
    if in_force.count() >= MOST_IN_FORCE:
        raise TooManyCertificates(
            _("You have %(most)s certificates in force, which is the most. Withdraw one first.")
            % {"most": MOST_IN_FORCE}
        )


@transaction.atomic
def withdraw_certificate(*, certificate: Certificate, by: Person, at: datetime) -> Certificate:
    """Take back one's own certificate: whoever checks it from now on reads no more than that.

    Raises:
        NotFound: it is somebody else's.
        ForbiddenMove: it was withdrawn before.
    """
    if certificate.person_id != by.pk:
        raise NotFound
    move(certificate, WITHDRAWN, by=by.pk, at=at, person=str(by.pk))
    return certificate


_COUNT = """
INSERT INTO earnings_checks AS checks (certificate_id, day, count) VALUES (%s, %s, 1)
ON CONFLICT (certificate_id, day) DO UPDATE SET count = checks.count + 1
"""


@transaction.atomic
def note_check(*, certificate: Certificate, by: Person | None, at: datetime) -> None:
    """Count that somebody looked a certificate up; its holder's own looks do not count."""
    if by is not None and by.pk == certificate.person_id:
        return
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [certificate.pk, at.astimezone(UTC).date()])


@transaction.atomic
def change_signing_key(*, by: Person, at: datetime) -> SigningKey:
    """Sign with a new key from now on. What older ones signed still holds.

    Raises:
        NotFound: `by` does not operate the hall.
    """
    if not by.is_operator:
        raise NotFound
    _lock_keys()
    return _begin_key(by, at)


def _key_in_force(at: datetime) -> SigningKey:
    """The key to sign with; a new one where there is none, or where what it came from has changed."""
    _lock_keys()
    key = SigningKey.objects.filter(ended_at=None).first()
    if key is not None and public_half(private_key(key.pk)) == key.public:
        return key
    return _begin_key(None, at)


def _lock_keys() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtext('guildhall signing keys'))")


def _begin_key(by: Person | None, at: datetime) -> SigningKey:
    SigningKey.objects.filter(ended_at=None).update(ended_at=at)
    key_id = new_id()
    public = public_half(private_key(key_id))
    key = SigningKey(id=key_id, name=name_of_key(public), public=public, begun_at=at)
    key.save(force_insert=True)
    record_event(SIGNING_KEY_BEGUN, subject=key_id, by=by.pk if by else None, at=at, key=key.name)
    return key
