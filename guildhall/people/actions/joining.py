"""Coming into the hall."""

from datetime import datetime

from allauth.account.models import EmailAddress
from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.people import events
from guildhall.people.models import Person
from guildhall.people.rules import read_country, read_language, read_name


class EmailTaken(Refusal):
    """Somebody here has this address. Said to operators only: doors that strangers use keep quiet."""

    code = "email_taken"


@transaction.atomic
def join_hall(
    *,
    email: str,
    name: str,
    at: datetime,
    country: str = "",
    password: str = "",
    password_hash: str = "",
    language: str = "en",
    confirmed: bool = True,
) -> Person:
    """Let somebody in.

    Args:
        email: their address; kept in lower case.
        name: as they want to be called.
        at: when.
        country: ISO 3166 code, or empty.
        password: empty for one who signs in by e-mailed codes only.
        password_hash: instead of a password, for many sample people who share one.
        language: of their pages and letters.
        confirmed: whether the address is known to be theirs. The sign-up page says no and mails a code.

    Raises:
        Unfit: an address, name, country or password that will not do.
        EmailTaken: the address belongs to somebody.
    """
    assert not (password and password_hash)
    person = Person(
        id=new_id(),
        email=read_email(email),
        name=read_name(name),
        country=read_country(country),
        language=read_language(language, [code for code, _name in settings.LANGUAGES]),
        joined_at=at,
    )
    if password:
        check_password_is_fit(password, person)
    person.password = password_hash or make_password(password or None)
    try:
        with transaction.atomic():
            person.save(force_insert=True)
            EmailAddress.objects.create(user=person, email=person.email, verified=confirmed, primary=True)
    except IntegrityError as taken:
        raise EmailTaken(_("Somebody in this hall already has that address."), field="email") from taken
    record_event(events.JOINED, subject=person.id, by=person.id, at=at)
    return person


def read_email(text: str) -> str:
    """An address in the form in which it is kept.

    Raises:
        Unfit: it is not an address.
    """
    email = text.strip().lower()
    try:
        validate_email(email)
    except ValidationError as error:
        raise Unfit(_("Write an e-mail address like name@example.org."), field="email") from error
    return email


def check_password_is_fit(password: str, person: Person) -> None:
    """Apply the hall's rules for passwords.

    Raises:
        Unfit: with the first rule that it breaks.
    """
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise Unfit(" ".join(error.messages), field="password") from error
