"""One job from post to payout, in a real browser without a script, on posts brought in from a file."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.journeys.papers import open_an_invoice, say_who_is_billed
from tests.journeys.running import PostOffice, RunningHall, until
from tests.journeys.steps import (
    accept,
    be_paid,
    deliver,
    fill,
    in_days,
    join,
    open_the_hall,
    picture,
    propose,
    prove,
    read,
    says,
    set_rule,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

POSTS = Path(os.environ.get("JOURNEY_POSTS", Path(__file__).with_name("posts.csv")))
"""The journey takes any file of posts; the test run brings its own small one."""
TITLE = os.environ.get("JOURNEY_TITLE", "Sign and mark for a mill & bakery")


def test_one_job_goes_from_post_to_payout(
    hall: RunningHall, post_office: PostOffice, a_visitor: Callable[[], Page]
) -> None:
    olga, amara, bushra, eve = a_visitor(), a_visitor(), a_visitor(), a_visitor()
    open_the_hall(olga, hall.set_up_link)
    set_rule(olga, "clearing_days", 0)
    set_rule(olga, "payout_account_rest", 0)
    set_rule(olga, "new_payer_days", 0)
    join(amara, post_office, "Amara Okafor", "GB")
    join(bushra, post_office, "Bushra Karim", "PK")
    join(eve, post_office, "Eve Stranger", "FR")

    say_who_is_billed(olga, amara)
    bring_in_posts(hall)
    job = find_the_job(amara)
    offer_skills(bushra)
    assert find_the_job(bushra) == job
    propose(bushra, job, price="130.00", net="123.50", letter="I would begin with three sketches.")
    assert "130.00" not in read(eve, job), "a rival reads no price"

    post_office.letter_to("amara@example.org", "Bushra")
    amara.goto(job)
    picture(amara, "what came in")
    amara.get_by_role("link", name="Read the proposal").click()
    accept(amara, amara.url)
    post_office.letter_to("bushra@example.org", "(?i)accepted|agreed")
    room = deliver(bushra, TITLE, name="sketches.txt", content=b"Three sketches")
    refused = eve.goto(room)
    assert refused
    assert refused.status == 404
    ask_for_changes(amara, post_office, room)
    deliver_again(bushra, room)
    approve(amara, room)
    open_an_invoice(amara, bushra, eve, post_office, "130.00")
    be_paid(bushra, olga, post_office, "123.50")
    speak(amara, bushra, room)
    prove(hall)


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
    picture(bushra, "a profile")
    assert says(bushra, "Marks and signs")


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
    picture(amara, "changes asked by item")


def deliver_again(bushra: Page, room: str) -> None:
    bushra.goto(room)
    bushra.get_by_role("link", name="Deliver something").click()
    bushra.locator("[name=files]").set_input_files(
        {"name": "sketches-2.txt", "mimeType": "text/plain", "buffer": b"Three plainer sketches"}
    )
    bushra.get_by_role("button", name="Deliver").click()
    assert says(bushra, "sketches-2.txt")


def approve(amara: Page, room: str) -> None:
    amara.goto(room)
    amara.get_by_role("link", name="Accept the work").click()
    assert says(amara, "123.50")
    picture(amara, "accepting")
    amara.get_by_role("button", name="Accept and release").click()
    assert says(amara, "Paid")
    picture(amara, "accepted")


def speak(amara: Page, bushra: Page, room: str) -> None:
    for person, stars, words in ((amara, "4", "Two days late and worth it."), (bushra, "5", "Clear items.")):
        person.goto(f"{room}/feedback")
        person.locator(f"[name=stars][value='{stars}']").check()
        fill(person, text=words)
        person.get_by_role("button", name="Say it").click()
        if person is amara:
            assert "Two days late" not in read(bushra, f"{room}/feedback"), "neither reads the other first"
    assert "Two days late" in read(bushra, f"{room}/feedback")
    picture(bushra, "both have spoken")
