"""What stands at the top of every page, by who is asking."""

from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _

from guildhall.edge.request import HallRequest
from guildhall.notices.queries import MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Way:
    """One link of the mast."""

    label: str
    path: str
    here: bool
    is_name: bool = False
    """Somebody's own name: their language and direction may be another."""
    is_aside: bool = False
    """Also in the footer, so a narrow screen leaves it out."""


def mast_of(request: HallRequest) -> list[Way]:
    """The links that this person needs, the one they are at marked."""
    person = getattr(request, "person", None)  # an error may come before the edge has asked who it is
    ways = [(_("Find work"), "/jobs"), (_("Find people"), "/talent")]
    if person is None:
        ways += [(_("How you are protected"), "/help"), (_("Sign in"), "/account/sign-in")]
    else:
        ways += [(_("My work"), "/work"), (_("Money"), "/money"), (_notices(request), "/notices")]
        if person.is_adjudicator:
            ways.append((_("Cases"), "/cases"))
        if person.is_operator:
            ways.append((_("Operator"), "/operator/"))
    links = [Way(label, path, _is_at(request.path, path), is_aside=path == "/help") for label, path in ways]
    if person is not None:
        links.append(Way(person.name, "/account", _is_at(request.path, "/account"), is_name=True))
    return links


def _notices(request: HallRequest) -> str:
    """The way to one's notices, with how many are new; `page` has counted them."""
    unread: int = getattr(request, "unread", 0)
    if not unread:
        return _("Notices")
    return _("Notices (%(count)s)") % {"count": f"{MOST_COUNTED}+" if unread > MOST_COUNTED else unread}


_OWN_WORK: Final = ("/work", "/jobs/mine", "/jobs/new", "/proposals", "/contracts")
"""Where one's own work stands, whatever the addresses are like."""


def _is_at(here: str, path: str) -> bool:
    if any(_is_under(here, own) for own in _OWN_WORK):
        return path == "/work"
    return _is_under(here, path)


def _is_under(here: str, path: str) -> bool:
    return here == path or here.startswith(path.rstrip("/") + "/")
