"""Once means once: the key, the effect and its answer commit together."""

import base64
import hashlib
import json
from collections.abc import Callable
from http import HTTPStatus
from typing import Final

from cryptography.fernet import Fernet, InvalidToken
from django.conf import settings
from django.db import transaction
from django.http import HttpResponse, HttpResponseBase
from django.utils.translation import gettext as _

from guildhall.edge.models import KeptReply
from guildhall.edge.problems import is_api
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.ids import new_id

HEADER: Final = "Idempotency-Key"
FIELD: Final = "idempotency_key"
REPLAYED: Final = "Idempotency-Replayed"
"""The response header that says: this is the first answer again."""

_LONGEST_KEY = 128
_KEPT_HEADERS = ("Content-Type", "Location", "Content-Disposition")
_NOT_PART_OF_WHAT_IS_ASKED = ("csrfmiddlewaretoken", FIELD)


class OtherRequest(Unfit):
    """The key was used for something else."""

    code = "key_reused"


class AnswerGone(Refusal):
    """It was done, but its answer cannot be read any more."""

    code = "answer_gone"


def key_of(request: HallRequest) -> str:
    """The key that the sender gave in the header or in the form, or empty.

    Raises:
        Unfit: the key is too long or has odd characters.
    """
    key = request.headers.get(HEADER, "").strip().strip('"')
    if not key and request.content_type in {"application/x-www-form-urlencoded", "multipart/form-data"}:
        key = request.POST.get(FIELD, "").strip()
    if len(key) > _LONGEST_KEY or not (key.isascii() and key.isprintable()):
        raise Unfit(_("An idempotency key is at most 128 plain characters."), field=FIELD)
    return key


def answer_once(request: HallRequest, key: str, answer: Callable[[], HttpResponseBase]) -> HttpResponseBase:
    """Run `answer` unless this person's key has one already, and keep what it says.

    A second try that comes while the first still runs waits for it at the unique index. An answer that
    says no (400 and above) is not kept: nothing was done, so trying again is a new try.

    Raises:
        OtherRequest: the key came with another body before.
    """
    assert request.person is not None, "a key belongs to somebody"
    endpoint = f"{request.method} {request.path}"[:300]
    digest = _digest_of(request)
    with transaction.atomic():
        kept = KeptReply(
            id=new_id(), person=request.person, endpoint=endpoint, key=key, body_digest=digest, at=request.at
        )
        KeptReply.objects.bulk_create([kept], ignore_conflicts=True)
        first = KeptReply.objects.get(person=request.person, endpoint=endpoint, key=key)
        if first.pk != kept.pk:
            return _again(first, digest)
        response = answer()
        effect = getattr(response, "has_effect", response.status_code < HTTPStatus.BAD_REQUEST)
        if not effect or not isinstance(response, HttpResponse):
            first.delete()
            return response
        first.status = response.status_code
        first.headers = {name: response[name] for name in _KEPT_HEADERS if name in response}
        first.body = _cipher().encrypt(response.content) if response.content else b""
        first.save(update_fields=["status", "headers", "body"])
        return response


def without_effect(response: HttpResponse) -> HttpResponse:
    """Say that a POST was answered and nothing was done, such as a preview: its key stays free."""
    response.has_effect = False  # type: ignore[attr-defined]
    return response


def _again(first: KeptReply, digest: bytes) -> HttpResponse:
    if bytes(first.body_digest) != digest:
        raise OtherRequest(
            _("This idempotency key was used for another request. Use a new key for a new request."),
            field=FIELD,
        )
    assert first.status is not None, "a committed reply has its status"
    try:
        body = _cipher().decrypt(bytes(first.body)) if first.body else b""
    except InvalidToken as error:
        raise AnswerGone(_("This was done already. Its first answer can no longer be shown.")) from error
    return HttpResponse(body, status=first.status, headers={**first.headers, REPLAYED: "true"})


def _digest_of(request: HallRequest) -> bytes:
    """SHA-256 of what is asked: where, as what, and what.

    Of a form its fields and files count, without the tokens that guard it. A token that may do less than
    the one before asks for something else: it must not read what that one was answered.
    """
    speaks_as = "browser" if request.scopes is None else " ".join(sorted(request.scopes))
    digest = hashlib.sha256()
    for part in (speaks_as, request.path, request.META.get("QUERY_STRING", "")):
        digest.update(f"{len(part)}:{part}".encode())
    if not _is_form(request):
        digest.update(request.body)
        return digest.digest()
    fields = [
        [name, values]
        for name, values in sorted(request.POST.lists())
        if name not in _NOT_PART_OF_WHAT_IS_ASKED
    ]
    digest.update(json.dumps(fields).encode())
    for name, files in sorted(request.FILES.lists()):
        for file in files:
            digest.update(json.dumps([name, file.name, file.size]).encode())
            for chunk in file.chunks():
                digest.update(chunk)
            file.seek(0)
    return digest.digest()


def _is_form(request: HallRequest) -> bool:
    """Whether the body is read as fields. What programs send counts byte by byte, whatever they call it."""
    if request.method != "POST":
        return False
    if request.content_type == "multipart/form-data":
        return True
    return request.content_type == "application/x-www-form-urlencoded" and not is_api(request)


def _cipher() -> Fernet:
    secret = hashlib.sha256(b"guildhall kept replies\0" + settings.SECRET_KEY.encode()).digest()
    return Fernet(base64.urlsafe_b64encode(secret))
