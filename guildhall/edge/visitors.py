"""From where somebody comes: what limits go by when nobody is signed in."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

_OF_A_HOUSEHOLD = 64  # bits: whoever has one address of IPv6 has as many as they like that begin so


def visitor_of(request: HttpRequest) -> str:
    """The visitor's address; of IPv6 what a household has of it.

    Anybody can write X-Forwarded-For. It is looked at from its end, where the proxies write to which the
    settings give trust, and no further than they go: without any, not at all.
    """
    peer = request.META.get("REMOTE_ADDR", "")
    trusted = settings.GUILDHALL_TRUSTED_PROXIES
    if not trusted:
        return _told(_read(peer), peer)
    here = _read(peer)
    for hop, said in enumerate(reversed(request.headers.get("X-Forwarded-For", "").split(",")), start=1):
        if isinstance(trusted, int):
            is_trusted = hop <= trusted
        else:
            is_trusted = here is not None and any(here in network for network in trusted)
        before = _read(said)
        if not is_trusted or before is None:
            break
        here = before
    return _told(here, peer)


def _read(text: str) -> IPv4Address | IPv6Address | None:
    try:
        address = ip_address(text.strip())
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address


def _told(address: IPv4Address | IPv6Address | None, otherwise: str) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((address, _OF_A_HOUSEHOLD), strict=False))
    return str(address) if address else otherwise
