"""Stripe's side for tests of payments: the double as a process of its own, and the hall connected to it."""

from collections.abc import Iterator
from typing import Any

import pytest

from guildhall.config.rails import Rails, StripeAccess
from tests.doubles.stripe_side import KEY, SECRET, StripeSide, a_stripe


@pytest.fixture(scope="module")
def stripe_process() -> Iterator[StripeSide]:
    """One double for a module."""
    with a_stripe() as side:
        yield side


@pytest.fixture
def stripe_side(stripe_process: StripeSide, settings: Any) -> StripeSide:
    """The double, with a hall whose account is there and which has heard everything so far."""
    settings.GUILDHALL_RAILS = Rails(stripe=StripeAccess(KEY, SECRET, stripe_process.url))
    stripe_process.events()
    return stripe_process
