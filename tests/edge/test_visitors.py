"""Where somebody comes from, as told by those whom the hall trusts and by nobody else."""

from ipaddress import ip_network
from typing import Any

import pytest
from django.test import RequestFactory

from guildhall.edge.visitors import visitor_of

PROXIES = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))


@pytest.mark.parametrize(
    ("trusted", "peer", "said", "visitor"),
    [
        (0, "192.0.2.1", "", "192.0.2.1"),
        (0, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (0, "2001:db8:1:2:3::4", "", "2001:db8:1:2::/64"),
        (0, "::ffff:192.0.2.1", "", "192.0.2.1"),
        (0, "", "198.51.100.9", ""),
        (1, "10.0.0.1", "192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1", "198.51.100.9, 192.0.2.1", "192.0.2.1"),
        (1, "10.0.0.1", "", "10.0.0.1"),
        (1, "10.0.0.1", "unknown", "10.0.0.1"),
        (1, "10.0.0.1", "198.51.100.9, <script>", "10.0.0.1"),
        (1, "", "192.0.2.1", "192.0.2.1"),
        (2, "10.0.0.1", "198.51.100.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (2, "10.0.0.1", "192.0.2.1", "192.0.2.1"),
        (PROXIES, "10.0.0.1", "198.51.100.9, 192.0.2.1, 10.0.0.2", "192.0.2.1"),
        (PROXIES, "10.0.0.1", "192.0.2.1, fd00::2", "192.0.2.1"),
        (PROXIES, "::ffff:10.0.0.1", "2001:db8:1:2:3::4", "2001:db8:1:2::/64"),
        (PROXIES, "192.0.2.1", "198.51.100.9", "192.0.2.1"),
        (PROXIES, "", "192.0.2.1", ""),
    ],
)
def test_A24_a_header_is_believed_as_far_as_trusted_proxies_wrote_it(
    settings: Any, trusted: Any, peer: str, said: str, visitor: str
) -> None:
    settings.GUILDHALL_TRUSTED_PROXIES = trusted
    headers = {"X-Forwarded-For": said} if said else {}
    assert visitor_of(RequestFactory().get("/", REMOTE_ADDR=peer, headers=headers)) == visitor
