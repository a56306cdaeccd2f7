"""Speaking with Stripe by its library: the client, the line to it, and what its errors mean to us."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

import httpx2
import stripe
from django.conf import settings

from guildhall.payments.gateways import GatewaySilent, RailRefuses

_LONGEST_CALL = 20.0
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}

# Nothing about how long our calls took is anybody's business.
stripe.enable_telemetry = False


class NoAnswer(stripe.APIConnectionError):
    """Nothing came back."""

    def __init__(self, message: str) -> None:
        super().__init__(message)  # type: ignore[no-untyped-call]


class Line(stripe.HTTPClient):
    """The library's requests over the hall's own HTTP client. It tries nothing again: the hall does that."""

    name = "guildhall"

    def __init__(self, url: str) -> None:
        super().__init__()
        through_proxies = urlsplit(url).hostname not in _LOOPBACK
        self._client = httpx2.Client(timeout=_LONGEST_CALL, trust_env=through_proxies)

    def request(
        self,
        method: str,
        url: str,
        headers: Mapping[str, str] | None,
        post_data: Any = None,
        **_usage: Any,
    ) -> tuple[str, int, Mapping[str, str]]:
        """One request and its answer."""
        try:
            answer = self._client.request(method, url, headers=dict(headers or {}), content=post_data)
        except httpx2.HTTPError as error:
            raise NoAnswer(f"{type(error).__name__}: {error}") from error
        return answer.text, answer.status_code, answer.headers

    def close(self) -> None:
        """Let the line go."""
        self._client.close()


@cache
def _client_for(key: str, url: str) -> stripe.StripeClient:
    return stripe.StripeClient(key, base_addresses={"api": url}, http_client=Line(url), max_network_retries=0)


def client() -> stripe.StripeClient:
    """The client of this hall's account."""
    access = settings.GUILDHALL_RAILS.stripe
    assert access is not None, "nobody asks a rail that the hall has not"
    return _client_for(access.key, access.url)


@contextmanager
def asking() -> Iterator[stripe.StripeClient]:
    """Ask Stripe something.

    Raises:
        GatewaySilent: nobody knows whether it has heard: no answer, or one that says it is in trouble, that
            we ask too much, or that the same is being done at this moment.
        RailRefuses: it has heard, and says no.
    """
    try:
        yield client()
    except (stripe.APIConnectionError, stripe.RateLimitError) as error:
        raise GatewaySilent(str(error)) from error
    except stripe.StripeError as error:
        # Our key was refused or may not do this: nothing was done, and it is asked again once it is mended.
        refused = isinstance(error, stripe.AuthenticationError | stripe.PermissionError)
        status = error.http_status or HTTPStatus.INTERNAL_SERVER_ERROR
        if refused or status >= HTTPStatus.INTERNAL_SERVER_ERROR or status == HTTPStatus.CONFLICT:
            raise GatewaySilent(f"{status}: {error.user_message or error}") from error
        raise RailRefuses(error.user_message or str(error)) from error


def is_signed(body: bytes, signature: str, secret: str) -> bool:
    """Whether Stripe's own verification finds its signature under exactly these bytes, of whatever age."""
    try:
        return bool(stripe.WebhookSignature.verify_header(body, signature, secret, tolerance=None))
    except (stripe.SignatureVerificationError, UnicodeDecodeError):
        return False
