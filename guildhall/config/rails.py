"""The variables of the rails: which processors and banks this hall has, checked like all the others."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlsplit

VARIABLES: Final = {
    "GUILDHALL_STRIPE_KEY": "the secret key of your account at Stripe, sk_… or rk_… (no Stripe)",
    "GUILDHALL_STRIPE_WEBHOOK_SECRET": "what Stripe signs its words to this hall with, whsec_…",
    "GUILDHALL_STRIPE_URL": "where Stripe's interface is (https://api.stripe.com)",
}
"""What can be set about rails, what it means and what holds without it."""

_STRIPE: Final = "https://api.stripe.com"
_KEY: Final = re.compile(r"[sr]k_[A-Za-z0-9_]{3,250}", re.ASCII)
_SECRET: Final = re.compile(r"whsec_[A-Za-z0-9+/=_-]{8,250}", re.ASCII)


@dataclass(frozen=True, slots=True)
class StripeAccess:
    """What the hall needs to speak with Stripe."""

    key: str
    webhook_secret: str
    url: str


@dataclass(frozen=True, slots=True)
class Rails:
    """The rails that the environment names."""

    stripe: StripeAccess | None = None


def read_rails(variables: Mapping[str, str], problems: list[str]) -> Rails:
    """Read the variables of all rails; what does not fit is a sentence more among the problems.

    A secret is never repeated in a sentence.
    """
    return Rails(stripe=_stripe(variables, problems))


def _stripe(variables: Mapping[str, str], problems: list[str]) -> StripeAccess | None:
    key, secret, url = (variables.get(name, "").strip() for name in VARIABLES)
    found = len(problems)
    if key and not _KEY.fullmatch(key):
        problems.append("GUILDHALL_STRIPE_KEY must begin with sk_ or rk_, as Stripe shows it: it does not.")
    if secret and not _SECRET.fullmatch(secret):
        problems.append(
            "GUILDHALL_STRIPE_WEBHOOK_SECRET must begin with whsec_, as Stripe shows it, and it does not."
        )
    if bool(key) != bool(secret):
        there, missing = "GUILDHALL_STRIPE_KEY", "GUILDHALL_STRIPE_WEBHOOK_SECRET"
        there, missing = (there, missing) if key else (missing, there)
        problems.append(f"{there} is set without {missing}: the hall needs both, or neither.")
    if url and not _is_address(url):
        problems.append(
            "GUILDHALL_STRIPE_URL must be https:// or http:// with a host and nothing after it: it is not."
        )
    if not key or len(problems) > found:
        return None
    return StripeAccess(key, secret, url.rstrip("/") or _STRIPE)


def _is_address(text: str) -> bool:
    try:
        parts = urlsplit(text.rstrip("/"))
        fits = parts.scheme in {"http", "https"} and bool(parts.hostname) and parts.port != 0
    except ValueError:
        return False
    return fits and text.rstrip("/") == f"{parts.scheme}://{parts.netloc}" and "@" not in text
