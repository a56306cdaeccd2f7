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
from guildhall.people.rules import LONGEST_EMAIL, read_country, read_language, read_name


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

    An account whose address nobody has proved is nobody's: whoever joins with that address takes its place.

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
    address = read_email(email)
    claim = claim_on(address)
    person = claim.user if claim else Person(id=new_id(), email=address)
    person.name = read_name(name)
    person.country = read_country(country)
    person.language = read_language(language, [code for code, _name in settings.LANGUAGES])
    person.joined_at = at
    if password:
        check_password_is_fit(password, person)
    person.password = password_hash or make_password(password or None)
    try:
        with transaction.atomic():
            person.save(force_insert=claim is None)
            EmailAddress.objects.update_or_create(
                user=person, email=address, defaults={"verified": confirmed, "primary": True}
            )
    except IntegrityError as taken:
        raise EmailTaken(_("Somebody in this hall already has that address."), field="email") from taken
    record_event(events.JOINED, subject=person.id, by=person.id, at=at)
    return person


def claim_on(email: str) -> EmailAddress | None:
    """The claim of somebody who typed this address and never proved it to be theirs, locked."""
    found: EmailAddress | None = (
        EmailAddress.objects.select_for_update(of=["self", "user"])
        .select_related("user")
        .filter(email=email, user__email=email, verified=False)
        .first()
    )
    return found


def read_email(text: str) -> str:
    """An address in the form in which it is kept.

    Raises:
        Unfit: it is not an address, or longer than any post delivers to (RFC 5321).
    """
    email = text.strip().lower()
    if len(email) > LONGEST_EMAIL:
        raise Unfit(
            _("An e-mail address has at most %(longest)s letters.") % {"longest": LONGEST_EMAIL},
            field="email",
        )
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
