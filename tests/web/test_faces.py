"""Pages in a real browser: nothing for axe to find, no sideways scroll, nothing for the policy.

Every page is loaded once and then turned about: narrow and wide, light and dark, in both directions.
"""

from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from django.test import Client
from django.urls import resolve
from django.utils import timezone
from playwright.sync_api import Browser, Page

from guildhall.people.models import Person
from tests.builders.jobs import a_proposal, an_open_job
from tests.edge.inventory import a_hall_with_one_of_everything, pages
from tests.web.visiting import by

pytestmark = [
    pytest.mark.browser,
    pytest.mark.xdist_group("browser"),
    pytest.mark.django_db(transaction=True),
]

PUBLIC: Final = (
    "/ /help /rules /source /books /styleguide /styleguide?dir=rtl /no/such/page /jobs"
    " /jobs?words=nothing&hired=1 /jobs/{open_job} /talent /talent/dalia /account/sign-in /account/sign-up"
    " /account/sign-in/code /account/password/lost /account/password/lost/done /account/closed"
    " /account/set-up/{secret} /certificates /certificates/keys /certificates/{code} /money/stop/{stop}"
)
SIGNED_IN: Final = {
    "amara": (
        "/work /jobs/mine /jobs/new /jobs/{job_id} /jobs/{open_job} /jobs/{open_job}?listed=1"
        " /proposals/{open_proposal} /proposals/{open_proposal}/acceptance"
        " /proposals/{open_proposal}/conversation /contracts/{contract_id} /contracts/{contract_id}/terms"
        " /contracts/{contract_id}/ending /milestones/{milestone_id}/approval"
        " /milestones/{milestone_id}/changes /milestones/{milestone_id}/refund"
        " /cases/{case_id} /refunds/{refund_id} /money /money/deposits /notices /account /account/tokens"
        " /jobs/{job_id}/edit /jobs/{open_job}/closing /proposals/{open_proposal}/refusal"
        " /contracts/{contract_id}/feedback /milestones/{milestone_id}/funding"
        " /milestones/{milestone_id}/case /money/months /practice-bank/{reference}"
        " /money/certificates /money/certificates/{certificate_id} /money/years?year=2026"
        " /money/timeline /money/statement /money/deposits/{deposit_id} /money/exchange"
        " /money/exchange/{quote_id} /money/savings /money/savings/{goal_id}"
        " /money/invoices /money/invoices/{invoice_id}"
        " /money/collective/{month} /money/collective/{this_month}"
        " /money/billing /contracts/{contract_id}/billing"
        " /account/details /account/address /account/password/first /account/records /account/sign-out"
    ),
    "bushra": (
        "/money/timeline /money/statement?kind=payout.sent"
        " /work /proposals /proposals/{proposal_id} /jobs/{free_job} /jobs/{free_job}/proposal"
        " /contracts/{contract_id} /milestones/{milestone_id}/delivery /cases/{case_id} /profile /money"
        " /money/payouts /money/payouts/plans /money/account /proposals/{open_proposal}/withdrawal"
    ),
    "dalia": "/cases /cases/{case_id} /cases/{case_id}/ruling",
    "olga": (
        "/operator/ /operator/payouts /operator/payouts/batches/{batch_id} /operator/rules"
        " /operator/rules/{rule_name} /operator/people /operator/people/{person_id} /operator/log"
        " /operator/people/{person_id}/statement"
        " /operator/stuck /work /money /operator/decisions /operator/reserve"
        " /operator/years?year=2026 /operator/signing-key"
        " /operator/suspended/{suspended_id} /operator/payouts/{payout_id}/return /operator/invoices"
        " /operator/invoices/{invoice_id} /operator/invoices/series /operator/billing /operator/vat"
        " /operator/differences /operator/differences/{difference_id}"
        " /operator/chargebacks /operator/chargebacks/{chargeback_id} /operator/exchanges"
        " /operator/reserve/out /operator/reserve/out/{own_transfer_id} /operator/reserve/keeping"
        " /operator/reserve/credits /operator/reserve/corrections /operator/bank /operator/bank/columns"
        " /operator/bank/files/{bank_file_id} /operator/bank/lines/{bank_line_id}"
        " /operator/sheets /operator/sheets/new /operator/sheets/{sheet_id}"
    ),
}
NARROW, WIDE = 320, 1280


@pytest.fixture
def things(amara: Person, bushra: Person, dalia: Person, olga: Person) -> dict[str, Any]:
    """One of everything, a job with two proposals, and one to which Bushra may still propose."""
    at = timezone.now()
    things = a_hall_with_one_of_everything(amara, bushra, dalia, olga, at=at)
    job = an_open_job(amara, at=at)
    proposal = a_proposal(job, bushra, at=at)
    a_proposal(job, dalia, at=at)
    free = an_open_job(dalia, at=at)
    this_month = f"{at:%Y-%m}"
    return things | {
        "this_month": this_month,
        "open_job": job.pk,
        "open_proposal": proposal.pk,
        "free_job": free.pk,
    }


def windows(browser: Browser, address: str, people: dict[str, Person]) -> Iterator[tuple[Page, str]]:
    """Each page that is to be looked at, open in its reader's window."""
    for name, listed in {"": PUBLIC, **SIGNED_IN}.items():
        with browser.new_context(base_url=address, bypass_csp=True) as window:
            if name:
                visitor = Client()
                visitor.force_login(people[name])
                cookie = visitor.cookies[settings.SESSION_COOKIE_NAME].value
                window.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": address}])
            tab = window.new_page()
            for page in listed.split():
                yield tab, page


def troubles_of(tab: Page) -> Iterator[str]:
    """What is wrong with a loaded page, however it is turned."""
    for width in (WIDE, NARROW):
        tab.set_viewport_size({"width": width, "height": 800})
        for way in ("ltr", "rtl"):
            tab.evaluate("way => { document.documentElement.dir = way }", way)
            if (found := tab.evaluate("document.documentElement.scrollWidth")) > width:
                yield f"{found} pixels wide on {width}, {way}"
    tab.evaluate("document.documentElement.dir = 'ltr'")
    axe = Axe()
    tab.emulate_media(color_scheme="light")
    if (light := axe.run(tab)).violations_count:
        yield light.generate_report()
    tab.emulate_media(color_scheme="dark")
    axe.axe_script = ""  # it is in the page by now, and half a megabyte
    dark = axe.run(tab, options={"runOnly": ["color-contrast"], "resultTypes": ["violations"]})
    if dark.violations_count:
        yield f"in the dark: {dark.generate_report()}"


@pytest.mark.slow
def test_every_kind_of_page_is_fit_for_everyone(
    browser: Browser, live_server: Any, things: dict[str, Any]
) -> None:
    people = {name: Person.objects.get(email=f"{name}@example.org") for name in SIGNED_IN}
    found = []
    for tab, page in windows(browser, live_server.url, people):
        address = page.format_map(things)
        answer = tab.goto(address)
        assert answer is not None
        assert answer.status == (404 if page == "/no/such/page" else 200), address
        assert tab.url.removeprefix(live_server.url) == address, "the page leads away"
        found += [f"{address}: {trouble}" for trouble in troubles_of(tab)]
    assert not found, "\n".join(found)


def test_every_page_that_somebody_can_open_is_looked_at(things: dict[str, Any]) -> None:
    readers = {name: Person.objects.get(email=f"{name}@example.org") for name in SIGNED_IN}
    visitors = [by(None), *map(by, readers.values())]
    listed = " ".join([PUBLIC, *SIGNED_IN.values()]).replace("/no/such/page", "").split()
    looked_at = {resolve(urlsplit(page.format_map(things)).path).view_name for page in listed}
    opened = {
        address.name
        for address in pages()
        if address.name not in looked_at
        for visitor in visitors
        if _is_a_page(visitor.get(address.path.format_map(things)))
    }
    assert not opened, " ".join(sorted(opened))


def _is_a_page(answer: Any) -> bool:
    answer.close()  # some are files
    return bool(answer.status_code == 200 and answer["Content-Type"].startswith("text/html"))


def test_the_policy_has_nothing_to_refuse(browser: Browser, live_server: Any) -> None:
    tab = browser.new_page()
    said: list[str] = []
    tab.on("console", lambda message: said.append(message.text))
    for address in PUBLIC.split()[:3]:
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
