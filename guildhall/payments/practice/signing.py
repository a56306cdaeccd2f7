"""How the practice bank signs what it says, and how one knows that it did."""

import hmac
import re
from datetime import UTC, datetime, timedelta
from typing import Final

from django.utils.crypto import constant_time_compare, salted_hmac

OLDEST: Final = timedelta(seconds=300)
"""How far from now a signature may be, to either side."""

_SIGNATURE: Final = re.compile(r"t=([0-9]{1,12}),v1=([0-9a-f]{64})", re.ASCII)


def sign(body: bytes, at: datetime) -> str:
    """The signature of these bytes at this second: ``t=…,v1=…``."""
    second = int(at.timestamp())
    return f"t={second},v1={_code(second, body)}"


def is_signed(body: bytes, signature: str, at: datetime) -> bool:
    """Whether exactly these bytes were signed within five minutes of now."""
    found = _SIGNATURE.fullmatch(signature)
    if not found:
        return False
    second = int(found[1])
    right = constant_time_compare(found[2], _code(second, body))
    return right and abs(at - datetime.fromtimestamp(second, UTC)) <= OLDEST


def _code(second: int, body: bytes) -> str:
    # The shared secret of the two sides; a real processor hands out one of its own.
    secret = salted_hmac("guildhall.practice-bank", "notices", algorithm="sha256").digest()
    return hmac.new(secret, b"%d." % second + body, "sha256").hexdigest()
