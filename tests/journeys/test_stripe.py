"""A deposit by Stripe without a script: our form, the page of Stripe, the wallet, and a part of it back."""

import tempfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.doubles.stripe_side import KEY, SECRET, a_stripe
from tests.journeys.running import PostOffice, RunningHall, until
from tests.journeys.steps import join, picture, says


@pytest.fixture(scope="module")
def hall(post_office: PostOffice) -> Iterator[RunningHall]:
    """An operator's own hall, connected to the double of Stripe, which says each word twice."""
    with tempfile.TemporaryDirectory(prefix="guildhall-journey-") as folder, ExitStack() as processes:
        place = Path(folder)
        place.chmod(0o755)
        running = RunningHall(place / "home", post_office.url)
        side = processes.enter_context(
            a_stripe("--webhook", f"{running.url}/gateways/stripe/notices#{SECRET}")
        )
        running.set(
            GUILDHALL_STRIPE_KEY=KEY, GUILDHALL_STRIPE_WEBHOOK_SECRET=SECRET, GUILDHALL_STRIPE_URL=side.url
        )
        running.open()
        try:
            yield running
        finally:
            running.close()


def test_a_deposit_by_stripe(
    hall: RunningHall, post_office: PostOffice, a_visitor: Callable[[], Page]
) -> None:
    amara = a_visitor()
    join(amara, post_office, "Amara Okafor", "NG")
    amara.goto("/money/deposits")
    assert "practice" not in amara.content().lower()
    amara.get_by_label("How much do you want to pay in?").fill("120.00")
    amara.get_by_label("Keep this card for the next time").check()
    picture(amara, "paying in")
    amara.get_by_role("button", name="Go on to Stripe, by card").click()

    def pay_link() -> bool | None:
        amara.reload()
        return amara.get_by_role("link", name="Go on to pay 120.00 USD").is_visible() or None

    until(pay_link, "the page of Stripe")
    picture(amara, "the way to Stripe")
    amara.get_by_role("link", name="Go on to pay 120.00 USD").click()
    assert says(amara, "Pay 120.00 USD")
    amara.get_by_role("button", name="Pay").click()
    assert amara.url.startswith(hall.url)

    def arrived() -> bool | None:
        amara.goto("/money")
        return amara.get_by_role("heading", name="120.00 USD available").is_visible() or None

    until(arrived, "the money")
    amara.goto("/money/deposits")
    assert amara.get_by_text("Visa •••• 4242").first.is_visible()
    picture(amara, "a kept card")
    amara.get_by_role("link", name="Look at it").first.click()
    amara.get_by_label("How much shall go back?").fill("20.00")
    amara.get_by_role("button", name="Send it back").click()

    def went_back() -> bool | None:
        amara.reload()
        return "Sent back" in amara.locator("main").inner_text() or None

    until(went_back, "the refund")
    picture(amara, "sent back")
    amara.goto("/money")
    assert amara.get_by_role("heading", name="100.00 USD available").is_visible()
