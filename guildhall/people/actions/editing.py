"""What persons change about themselves."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError
from django.utils.crypto import constant_time_compare
from django.utils.translation import gettext as _

from guildhall.kernel.events import record_event
from guildhall.people import events
from guildhall.people.actions.joining import EmailTaken, check_password_is_fit, claim_on, read_email
from guildhall.people.models import FormerAddress, Person
from guildhall.people.rules import read_country, read_language, read_name, read_timezone, read_town


@transaction.atomic
def edit_person(
    *, by: Person, name: str, country: str, town: str, language: str, timezone: str, at: datetime
) -> Person:
    """Change what the hall shows of oneself, and in which language and zone it speaks.

    Raises:
        Unfit: naming the field and what it may be.
    """
    wanted = {
        "name": read_name(name),
        "country": read_country(country),
        "town": read_town(town),
        "language": _read_language(language),
        "timezone": read_timezone(timezone),
    }
    return _write(by, wanted, at)


@transaction.atomic
def choose_language(*, by: Person, language: str, at: datetime) -> Person:
    """Speak with this person in another language from now on.

    Raises:
        Unfit: the hall does not speak it.
    """
    return _write(by, {"language": _read_language(language)}, at)


def _read_language(code: str) -> str:
    return read_language(code, [code for code, _name in settings.LANGUAGES])


def _write(by: Person, wanted: dict[str, str], at: datetime) -> Person:
    person = Person.objects.select_for_update().get(pk=by.pk)
    changed = [field for field, value in wanted.items() if getattr(person, field) != value]
    for field in changed:
        setattr(person, field, wanted[field])
    if changed:
        person.save(update_fields=changed)
        record_event(events.EDITED, subject=person.id, by=by.id, at=at, fields=changed)
    return person


@transaction.atomic
def forget_unproved_password(*, by: Person, known: str, at: datetime) -> Person:
    """Before the first proof of an address, in its transaction: do away with what others set as a password.

    Args:
        by: whoever is about to prove the address.
        known: what `get_session_auth_hash` said of the password that they typed themselves, or empty.
        at: when.
    """
    claim = claim_on(by.email)  # until the proof is written nobody else can take the claim over
    if claim is None or claim.user != by:
        return by
    by.refresh_from_db(fields=["password"])
    if by.has_usable_password() and not constant_time_compare(known, by.get_session_auth_hash()):
        by.set_unusable_password()
        by.save(update_fields=["password"])
        record_event(events.PASSWORD_CHANGED, subject=by.id, by=by.id, at=at)
    return by


@transaction.atomic
def change_password(*, by: Person, password: str, at: datetime) -> Person:
    """Give oneself a new password. Sessions opened with the old one end with their next request.

    Raises:
        Unfit: the password breaks a rule.
    """
    check_password_is_fit(password, by)
    by.password = make_password(password)
    by.save(update_fields=["password"])
    record_event(events.PASSWORD_CHANGED, subject=by.id, by=by.id, at=at)
    return by


@transaction.atomic
def change_email(*, by: Person, email: str, at: datetime) -> Person:
    """Move to another address that has just been shown to be one's own.

    Whoever had typed it and never proved it goes: an account that nobody has come into holds nothing.

    Raises:
        EmailTaken: it became somebody else's meanwhile.
    """
    before, by.email = by.email, read_email(email)
    claim = claim_on(by.email)
    try:
        with transaction.atomic():
            if claim:
                claim.user.delete()
            EmailAddress.objects.filter(user=by).delete()
            by.save(update_fields=["email"])
            EmailAddress.objects.create(user=by, email=by.email, verified=True, primary=True)
    except (IntegrityError, ProtectedError) as taken:
        raise EmailTaken(_("That address cannot be used here."), field="email") from taken
    FormerAddress.objects.create(person=by, email=before, left_at=at)
    record_event(events.EMAIL_CHANGED, subject=by.id, by=by.id, at=at)
    return by
