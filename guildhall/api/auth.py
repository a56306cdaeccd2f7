"""Who may call an endpoint: a token with the scope for it, or a person's own browser."""

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.conf import settings
from django.http import HttpRequest
from django.utils.translation import gettext as _
from ninja.operation import Operation
from ninja.security import APIKeyCookie, HttpBearer

from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.people.models import Person


class MissingScope(Refusal):
    """The token may not do this."""

    code = "missing_scope"
    status = 403


class ByToken(HttpBearer):
    """A personal token, ``Authorization: Bearer gh_…``. The edge has looked it up already."""

    def authenticate(self, request: HttpRequest, token: str) -> Person | None:
        """The token's person."""
        del token
        return getattr(request, "person", None)


class BySession(APIKeyCookie):
    """A browser that is signed in; its writes need the token against forged requests, as forms do."""

    param_name = settings.SESSION_COOKIE_NAME

    def _get_key(self, request: HttpRequest) -> str | None:
        """The session's cookie; who brings none, or brings a token, has no browser to be guarded."""
        if self.param_name not in request.COOKIES or "Authorization" in request.headers:
            return None
        return super()._get_key(request)

    def authenticate(self, request: HttpRequest, key: str | None) -> Person | None:
        """The session's person; a request that brought a token is not its browser's."""
        return getattr(request, "person", None) if key else None


def needs_scope[**P, T](
    scope: str,
) -> Callable[[Callable[Concatenate[HallRequest, P], T]], Callable[Concatenate[HallRequest, P], T]]:
    """Say which scope a token needs here. Stands directly above the function, below the router's line.

    Where it stands twice, a token needs both.
    """

    def require(
        endpoint: Callable[Concatenate[HallRequest, P], T],
    ) -> Callable[Concatenate[HallRequest, P], T]:
        @wraps(endpoint)
        def guarded(request: HallRequest, /, *args: P.args, **kwargs: P.kwargs) -> T:
            if request.scopes is not None and scope not in request.scopes:
                raise MissingScope(
                    _("This token may not do that: it needs the scope %(scope)s.") % {"scope": scope}
                )
            return endpoint(request, *args, **kwargs)

        def document(operation: Operation) -> None:
            extra: dict[str, Any] = operation.openapi_extra or {}
            scopes = f"{scope} {extra.get('x-scope', '')}".strip()
            operation.openapi_extra = {**extra, "x-scope": scopes}

        said = getattr(endpoint, "_ninja_contribute_to_operation", [])
        # The framework's own hook for decorators, which has no public name.
        guarded._ninja_contribute_to_operation = [*said, document]  # type: ignore[attr-defined]  # noqa: SLF001
        return guarded

    return require


def reader_of(request: HallRequest) -> Person | None:
    """As whom somebody reads what others see too: with a token that may not read, as a visitor."""
    may_read = request.scopes is None or "read" in request.scopes
    return request.person if may_read else None


def person_of(request: HallRequest) -> Person:
    """Who asks, inside an endpoint that is not for visitors."""
    assert request.person is not None, "the endpoint is for signed-in people"
    return request.person


def operator_of(request: HallRequest) -> Person:
    """Who asks, if they run the hall; for everybody else there is nothing here."""
    person = person_of(request)
    if not person.is_operator:
        raise NotFound
    return person
