"""Signing with the hall's key, and reading what somebody holds up as signed (Ed25519, RFC 8032).

The private half is derived (HKDF, RFC 5869) from what the hall signs with and from the key's own id each
time. No table holds it, so a copy of the database signs nothing.
"""

import base64
import binascii
import hashlib
import json
import re
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.conf import settings

_PURPOSE: Final = b"guildhall income certificates"
_UNSEEN: Final = re.compile(r"[\s\u00ad\u200b-\u200f\u2066-\u2069\ufeff]+")
_LONGEST: Final = 40_000


@dataclass(frozen=True, slots=True)
class SignedText:
    """A body and its signature as they travel together: ``base64url(body).base64url(signature)``."""

    body: str
    signature: bytes

    def __str__(self) -> str:
        return f"{_as_text(self.body.encode())}.{_as_text(self.signature)}"

    @property
    def key(self) -> str:
        """The name of the key that it says it was signed with; empty where it says none."""
        try:
            named = json.loads(self.body)
        except (ValueError, RecursionError):
            return ""
        name = named.get("key") if isinstance(named, dict) else None
        return name if isinstance(name, str) and "\0" not in name else ""


def private_key(key_id: UUID) -> Ed25519PrivateKey:
    """The private half of a key of this hall."""
    derived = HKDF(SHA256(), length=32, salt=key_id.bytes, info=_PURPOSE).derive(settings.SECRET_KEY.encode())
    return Ed25519PrivateKey.from_private_bytes(derived)


def public_half(key: Ed25519PrivateKey) -> str:
    """Its public half, in hexadecimal digits."""
    return key.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw).hex()


def name_of_key(public: str) -> str:
    """What certificates call a key: the first digits of its public half's SHA-256."""
    return hashlib.sha256(bytes.fromhex(public)).hexdigest()[:16]


def is_signed(body: str, signature: bytes, public: str) -> bool:
    """Whether a text was signed with the other half of a public key."""
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public)).verify(signature, body.encode())
    except InvalidSignature:
        return False
    return True


def read_signed_text(text: str) -> SignedText | None:
    """A signed text as somebody pasted it, with whatever line ends came along; None where it is none."""
    body, dot, signature = _UNSEEN.sub("", text[:_LONGEST]).partition(".")
    try:
        found = SignedText(_bytes_of(body).decode(), _bytes_of(signature))
    except (ValueError, binascii.Error):
        return None
    return found if dot and found.body else None


def _as_text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def _bytes_of(text: str) -> bytes:
    raw = base64.b64decode(text + "=" * (-len(text) % 4), altchars="-_", validate=True)
    if _as_text(raw) != text:
        raise ValueError("the same bytes are written in one way only")
    return raw
