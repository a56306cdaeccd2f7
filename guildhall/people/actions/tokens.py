"""Tokens with which a person's own programs act for them."""

import secrets
from collections.abc import Iterable
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.people import events
from guildhall.people.models import Person, Token
from guildhall.people.rules import OPERATE, TOKEN_LIMIT, TOKEN_PREFIX, digest_of, read_line, read_scopes


class TooManyTokens(Refusal):
    """One person keeps a handful of tokens, not thousands."""

    code = "too_many_tokens"


@transaction.atomic
def create_token(*, by: Person, name: str, scopes: Iterable[str], at: datetime) -> tuple[Token, str]:
    """Make a token and return it with its secret, which nobody can read again.

    Raises:
        Unfit: no name, or scopes that do not exist or are not theirs.
        TooManyTokens: some have to be ended first.
    """
    Person.objects.select_for_update().get(pk=by.pk)
    title = read_line(name, field="name", longest=60)
    if not title:
        raise Unfit(_("Give the token a name, so that you know later what uses it."), field="name")
    if Token.objects.filter(person=by, ended_at=None).count() >= TOKEN_LIMIT:
        raise TooManyTokens(
            _("You have %(limit)s tokens, which is the most. End one that you no longer need.")
            % {"limit": TOKEN_LIMIT}
        )
    kept = read_scopes(scopes)
    if OPERATE in kept and not by.is_operator:
        raise Unfit(_("Only an operator's token can run the hall."), field="scopes")
    secret = TOKEN_PREFIX + secrets.token_urlsafe(32)
    token = Token(
        id=new_id(),
        person=by,
        name=title,
        start=secret[:9],
        digest=digest_of(secret),
        scopes=kept,
        made_at=at,
    )
    token.save(force_insert=True)
    record_event(
        events.TOKEN_CREATED, subject=token.id, by=by.id, at=at, person=str(by.id), scopes=token.scopes
    )
    return token, secret


@transaction.atomic
def end_token(*, token: Token, by: Person, at: datetime) -> Token:
    """Make a token useless at once. Ending one that has ended changes nothing.

    Raises:
        NotFound: it is somebody else's.
    """
    if token.person_id != by.id:
        raise NotFound
    ended = Token.objects.filter(pk=token.pk, ended_at=None).update(ended_at=at)
    if ended:
        token.ended_at = at
        record_event(events.TOKEN_ENDED, subject=token.id, by=by.id, at=at, person=str(by.id))
    return token
