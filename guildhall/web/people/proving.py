"""The first proof of an address: what others typed before it does not outlive it.

Anybody can type an address that is not theirs, and a password with it. So the hall remembers in which browser
the password of an unproved account was typed, and only a proof from that browser lets it stand.
"""

from typing import Final

from django.http import HttpRequest

from guildhall.edge.request import HallRequest
from guildhall.people.actions import forget_unproved_password
from guildhall.people.models import Person

_TYPED_HERE: Final = "password_typed_here"


def remember_who_typed(request: HttpRequest, person: Person) -> None:
    """This browser knows the password of an account that is not proved yet."""
    request.session[_TYPED_HERE] = person.get_session_auth_hash()


def forget_what_others_typed(request: HallRequest, person: Person) -> None:
    """Do away with their password before this browser proves the address; in the transaction of the proof."""
    forget_unproved_password(by=person, known=request.session.pop(_TYPED_HERE, ""), at=request.at)
