"""One job from post to payout, in a real browser without a script, on posts brought in from a file."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.running import PostOffice, RunningHall, until

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

POSTS = Path(os.environ.get("JOURNEY_POSTS", Path(__file__).with_name("posts.csv")))
"""The journey takes any file of posts; the test run brings its own small one."""
TITLE = os.environ.get("JOURNEY_TITLE", "Sign and mark for a mill & bakery")
PASSWORD = "quiet-mill-stone-42"


def test_one_job_goes_from_post_to_payout(
    hall: RunningHall, post_office: PostOffice, a_visitor: Callable[[], Page]
) -> None:
    olga, amara, bushra, eve = a_visitor(), a_visitor(), a_visitor(), a_visitor()
    open_the_hall(olga, hall.set_up_link)
    set_rule(olga, "clearing_days", 0)
    join(amara, post_office, "Amara Okafor", "GB")
    join(bushra, post_office, "Bushra Karim", "PK")
    join(eve, post_office, "Eve Stranger", "FR")

    bring_in_posts(hall)
    job = find_the_job(amara)
    offer_skills(bushra)
    assert find_the_job(bushra) == job
    propose(bushra, job)
    assert "130.00" not in read(eve, job), "a rival reads no price"

    accept(amara, post_office, job)
    room = deliver(bushra, post_office)
    refused = eve.goto(room)
    assert refused
    assert refused.status == 404
    ask_for_changes(amara, post_office, room)
    deliver_again(bushra, room)
    approve(amara, room)
    be_paid(bushra, olga, hall, post_office)
    speak(amara, bushra, room)
    prove(hall)


def open_the_hall(olga: Page, link: str) -> None:
    olga.goto(link)
    fill(olga, name="Olga Lind", email="olga@example.org", password=PASSWORD)
    olga.get_by_role("button", name="Open the hall").click()
    olga.goto("/operator/")
    assert olga.get_by_role("heading", level=1).is_visible()


def set_rule(olga: Page, rule: str, value: int) -> None:
    olga.goto(f"/operator/rules/{rule}")
    fill(olga, value=str(value), reason="This journey is shorter than three days.")
    olga.get_by_role("button", name="Set it from now on").click()
    assert "This journey is shorter" in olga.content()


def join(person: Page, post_office: PostOffice, name: str, country: str) -> None:
    address = f"{name.split(maxsplit=1)[0].lower()}@example.org"
    person.goto("/account/sign-up")
    fill(person, name=name, email=address, password1=PASSWORD)
    person.locator("[name=country]").select_option(country)
    person.get_by_role("button", name="Join").click()
    fill(person, code=post_office.code_for(address))
    person.get_by_role("button", name="Confirm").click()
    person.goto("/account")
    assert name in person.content()


def bring_in_posts(hall: RunningHall) -> None:
    words = ("import", "jobs", str(POSTS), "--as", "amara@example.org", "--deadline", in_days(60))
    first = hall.command(*words)
    assert first.returncode == 0, first.stdout + first.stderr
    again = hall.command(*words)
    assert again.returncode == 0, again.stdout + again.stderr
    outcomes = {line[8:].split("  ")[0] for line in again.stdout.splitlines() if line[:6].strip().isdigit()}
    assert "unchanged" in outcomes
    assert outcomes <= {"unchanged", "repeated"}, "a second run changes nothing"


def find_the_job(amara: Page) -> str:
    """By search: the file may have brought hundreds."""
    words = "+".join(TITLE.split()[:2])

    def look() -> bool | None:
        amara.goto(f"/jobs?words={words}")
        return amara.get_by_role("link", name=TITLE).count() > 0 or None

    until(look, "finding the job by search")
    amara.get_by_role("link", name=TITLE).first.click()
    return amara.url.split("?", maxsplit=1)[0]


def offer_skills(bushra: Page) -> None:
    bushra.goto("/profile")
    fill(bushra, title="Marks and signs, drawn by hand first", skills="Logo design, Illustration")
    fill(bushra, overview="I draw signs.", languages="Urdu, English", rate="12.00")
    bushra.get_by_role("button", name="Save and look at it").click()
    assert "Marks and signs" in bushra.content()


def propose(bushra: Page, job: str) -> None:
    bushra.goto(f"{job}/proposal")
    fill(bushra, price="0.10", delivery=in_days(20), letter="I would begin with three sketches.")
    bushra.get_by_role("button", name="See what you receive").last.click()
    assert "three sketches" in bushra.locator("[name=letter]").input_value(), "what was typed is kept"
    fill(bushra, price="130.00")
    bushra.get_by_role("button", name="See what you receive").last.click()
    assert "123.50" in bushra.content(), "the net is shown before anything is sent"
    bushra.get_by_role("button", name="Send sealed proposal").click()


def accept(amara: Page, post_office: PostOffice, job: str) -> None:
    post_office.letter_to("amara@example.org", "Bushra")
    amara.goto(job)
    amara.get_by_role("link", name="Read the proposal").click()
    proposal = amara.url
    amara.goto(f"{proposal}/acceptance")
    amara.get_by_role("link", name="Pay in").click()
    amara.get_by_role("button", name="Go on to the practice bank").click()
    assert "Practice money" in amara.content()
    amara.get_by_role("radio").first.check()
    amara.get_by_role("button", name="Do this").click()

    def wallet_is_full() -> bool | None:
        amara.goto(f"{proposal}/acceptance")
        return amara.get_by_role("button", name="Accept and fund").count() > 0 and (
            amara.get_by_role("link", name="Pay in").count() == 0 or None
        )

    until(wallet_is_full, "the deposit")
    amara.get_by_role("button", name="Accept and fund").first.click()
    assert "/contracts/" in amara.url


def deliver(bushra: Page, post_office: PostOffice) -> str:
    post_office.letter_to("bushra@example.org", "(?i)accepted|agreed")
    bushra.goto("/work")
    bushra.get_by_role("link", name=TITLE).first.click()
    room = bushra.url
    bushra.get_by_role("link", name="Deliver something").click()
    bushra.locator("[name=files]").set_input_files(
        {"name": "sketches.txt", "mimeType": "text/plain", "buffer": b"Three sketches"}
    )
    fill(bushra, note="Three sketches, in black.")
    bushra.get_by_role("button", name="Deliver").click()
    assert "sketches.txt" in read(bushra, room)
    return room


def ask_for_changes(amara: Page, post_office: PostOffice, room: str) -> None:
    post_office.letter_to("amara@example.org", "(?i)deliver")
    amara.goto(room)
    with amara.expect_download() as coming:
        amara.get_by_role("link", name="sketches.txt").click()
    assert coming.value.path().read_text() == "Three sketches"
    amara.goto(room)
    amara.get_by_role("link", name="Ask for changes").click()
    amara.locator("textarea").first.fill("Could the second be plainer?")
    amara.locator("main").get_by_role("button", name="Ask for").click()
    assert "plainer" in read(amara, room)


def deliver_again(bushra: Page, room: str) -> None:
    bushra.goto(room)
    bushra.get_by_role("link", name="Deliver something").click()
    bushra.locator("[name=files]").set_input_files(
        {"name": "sketches-2.txt", "mimeType": "text/plain", "buffer": b"Three plainer sketches"}
    )
    bushra.get_by_role("button", name="Deliver").click()


def approve(amara: Page, room: str) -> None:
    amara.goto(room)
    amara.get_by_role("link", name="Accept the work").click()
    assert "123.50" in amara.content()
    amara.get_by_role("button", name="Accept and release").click()


def be_paid(bushra: Page, olga: Page, hall: RunningHall, post_office: PostOffice) -> None:
    bushra.goto("/money/account")
    fill(bushra, holder="Bushra Karim", bank="Hunza Savings Bank", number="PK36SCBL0000001123456702")
    bushra.get_by_role("button", name="Use this account").click()

    def is_free() -> bool | None:
        bushra.goto("/money/payouts")
        return bushra.locator("[name=amount]").count() > 0 or None

    until(is_free, "the end of clearing")
    fill(bushra, amount="123.50")
    bushra.get_by_role("button", name="Show what I will receive").click()
    bushra.get_by_role("button", name="Send 123.50").click()

    olga.goto("/operator/payouts")
    olga.get_by_role("button", name="Open a batch").click()
    with olga.expect_download() as coming:
        olga.get_by_role("link", name="Take the file for the bank").click()
    lines = coming.value.path().read_text(encoding="utf-8-sig")
    assert "PK36SCBL0000001123456702" in lines
    assert "123.50" in lines
    olga.get_by_role("button", name="I have sent it to the bank").click()
    olga.get_by_role("button", name="It arrived", exact=True).click()
    post_office.letter_to("bushra@example.org", "123.50")


def speak(amara: Page, bushra: Page, room: str) -> None:
    for person, stars, words in ((amara, "4", "Two days late and worth it."), (bushra, "5", "Clear items.")):
        person.goto(f"{room}/feedback")
        person.locator(f"[name=stars][value='{stars}']").check()
        fill(person, text=words)
        person.get_by_role("button", name="Say it").click()
        if person is amara:
            assert "Two days late" not in read(bushra, f"{room}/feedback"), "neither reads the other first"
    assert "Two days late" in read(bushra, f"{room}/feedback")


def prove(hall: RunningHall) -> None:
    checked = hall.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def fill(page: Page, **answers: str) -> None:
    for name, answer in answers.items():
        page.locator(f"[name={name}]:not([type=hidden])").fill(answer)


def read(page: Page, address: str) -> str:
    page.goto(address)
    return page.content()
