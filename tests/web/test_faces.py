"""The public pages in a real browser: nothing for axe to find, no sideways scroll, nothing for the policy."""

from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

PAGES = ["/", "/help", "/rules", "/source", "/styleguide", "/styleguide?dir=rtl", "/no/such/page"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [320, 1280])
def test_the_public_pages_are_fit_for_everyone(
    browser: Browser, live_server: Any, width: int, scheme: Any
) -> None:
    with browser.new_context(
        viewport={"width": width, "height": 800}, color_scheme=scheme, bypass_csp=True
    ) as context:
        tab = context.new_page()
        for address in PAGES:
            tab.goto(live_server.url + address)
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, address
            found = Axe().run(tab)
            assert found.violations_count == 0, f"{address}: {found.generate_report()}"


def test_the_policy_has_nothing_to_refuse(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    for address in PAGES[:3]:
        tab.goto(live_server.url + address)
    assert said == []
    tab.close()


def test_every_control_is_large_enough_to_be_hit(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page(viewport={"width": 360, "height": 800})
    tab.goto(f"{live_server.url}/styleguide")
    small = tab.evaluate(
        """() => [...document.querySelectorAll("button, .btn, .mast a, footer a, select, summary, .file")]
        .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44)
        .map(one => one.outerHTML.slice(0, 80))"""
    )
    assert small == []
    tab.close()
