"""What people do in more than one journey, and the pictures they take on their way."""

import os
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

from playwright.sync_api import Page

from tests.journeys.running import PostOffice, RunningHall, until

PASSWORD = "quiet-mill-stone-42"
PICTURES = os.environ.get("JOURNEY_PICTURES", "")
"""A folder for numbered pictures of every journey's steps."""
_taken: Counter[str] = Counter()


def picture(page: Page, words: str) -> None:
    """Take the next picture of the journey that is under way, if anybody wants them."""
    if PICTURES:
        journey = re.sub(r"^.*::test_| .*$", "", os.environ["PYTEST_CURRENT_TEST"])
        _taken[journey] += 1
        name = f"{journey}-{_taken[journey]:02}-{words.replace(' ', '-')}.png"
        Path(PICTURES).mkdir(parents=True, exist_ok=True)
        page.screenshot(path=Path(PICTURES) / name, full_page=True)


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
    assert says(olga, "This journey is shorter")


def address_of(name: str) -> str:
    return f"{name.split(maxsplit=1)[0].lower()}@example.org"


def join(person: Page, post_office: PostOffice, name: str, country: str, *, password: str = PASSWORD) -> None:
    """Sign up, and prove the address by the code in the letter; without a password, if it is empty."""
    address = address_of(name)
    person.goto("/account/sign-up")
    picture(person, "joining")
    fill(person, name=name, email=address, password1=password)
    person.locator("[name=country]").select_option(country)
    person.get_by_role("button", name="Join").click()
    fill(person, code=post_office.code_for(address))
    person.get_by_role("button", name="Confirm").click()
    person.goto("/account")
    assert says(person, name)


def leave(person: Page) -> None:
    person.goto("/account/sign-out")
    person.locator("main").get_by_role("button", name="Sign out").click()
    person.goto("/account")
    assert "/account/sign-in" in person.url


def come_back_by_password(person: Page, name: str) -> None:
    person.goto("/account/sign-in?next=/work")
    picture(person, "signing in")
    fill(person, login=address_of(name), password="not-the-password-1")
    person.get_by_role("button", name="Sign in").click()
    assert says(person, "do not belong together")
    fill(person, password=PASSWORD)
    person.get_by_role("button", name="Sign in").click()
    assert person.url.endswith("/work")


def come_back_by_code(person: Page, post_office: PostOffice, name: str) -> None:
    address = address_of(name)
    person.goto("/account/sign-in")
    person.get_by_role("link", name="Have a code sent to you").click()
    fill(person, email=address)
    person.get_by_role("button", name="Send me a code").click()
    post_office.letter_to(address, "Your code to sign in")
    fill(person, code=post_office.code_for(address))
    picture(person, "signing in by a code")
    person.get_by_role("button", name="Sign in").click()
    assert name in read(person, "/account")


def propose(worker: Page, job: str, *, price: str, net: str, letter: str) -> None:
    worker.goto(f"{job}/proposal")
    fill(worker, price="0.10", delivery=in_days(20), letter=letter)
    worker.get_by_role("button", name="See what you receive").last.click()
    assert worker.locator("[name=letter]").input_value() == letter, "what was typed is kept"
    fill(worker, price=price)
    worker.get_by_role("button", name="See what you receive").last.click()
    assert says(worker, net), "the net is shown before anything is sent"
    picture(worker, "the net before sending")
    worker.get_by_role("button", name="Send sealed proposal").click()


def accept(client: Page, proposal: str) -> None:
    """Look at the terms, pay in what is missing at the practice bank, accept."""
    client.goto(f"{proposal}/acceptance")
    picture(client, "the terms")
    client.get_by_role("link", name="Pay in").click()
    client.get_by_role("button", name="Go on to the practice bank").click()
    assert says(client, "Practice money")
    picture(client, "the practice bank")
    client.get_by_role("radio").first.check()
    client.get_by_role("button", name="Do this").click()

    def wallet_is_full() -> bool | None:
        client.goto(f"{proposal}/acceptance")
        return client.get_by_role("button", name="Accept and fund").count() > 0 and (
            client.get_by_role("link", name="Pay in").count() == 0 or None
        )

    until(wallet_is_full, "the deposit")
    client.get_by_role("button", name="Accept and fund").first.click()
    assert "/contracts/" in client.url
    picture(client, "the workroom")


def deliver(worker: Page, title: str, *, name: str, content: bytes) -> str:
    """Hand over a file from the page of one's work; the workroom's address."""
    worker.goto("/work")
    worker.get_by_role("link", name=title).first.click()
    room = worker.url.partition("?")[0]
    worker.get_by_role("link", name="Deliver something").click()
    worker.locator("[name=files]").set_input_files(
        {"name": name, "mimeType": "text/plain", "buffer": content}
    )
    fill(worker, note="Three sketches, in black.")
    picture(worker, "delivering")
    worker.get_by_role("button", name="Deliver").click()
    assert name in read(worker, room)
    picture(worker, "delivered")
    return room


def be_paid(bushra: Page, olga: Page, post_office: PostOffice, amount: str) -> None:
    bushra.goto("/money/account")
    fill(bushra, holder="Bushra Karim", bank="Hunza Savings Bank", number="PK36SCBL0000001123456702")
    bushra.get_by_role("button", name="Use this account").click()

    def is_free() -> bool | None:
        bushra.goto("/money/payouts")
        return bushra.get_by_text(f"{amount} USD are available").count() > 0 or None

    until(is_free, "the end of clearing")
    fill(bushra, amount=amount)
    bushra.get_by_role("button", name="Show what I will receive").click()
    bushra.get_by_role("button", name=f"Send {amount}").click()

    picture(bushra, "money on its way")
    olga.goto("/operator/payouts")
    picture(olga, "payouts that wait")
    olga.get_by_role("button", name="Open a batch").click()
    with olga.expect_download() as coming:
        olga.get_by_role("link", name="Take the file for the bank").click()
    lines = coming.value.path().read_text(encoding="utf-8-sig")
    assert "PK36SCBL0000001123456702" in lines
    assert amount in lines
    olga.get_by_role("button", name="I have sent it to the bank").click()
    olga.get_by_role("button", name="It arrived", exact=True).click()
    post_office.letter_to("bushra@example.org", amount)


def prove(hall: RunningHall) -> None:
    checked = hall.command("check")
    assert checked.returncode == 0, checked.stdout + checked.stderr


def in_days(days: int) -> str:
    return (datetime.now(UTC) + timedelta(days=days)).date().isoformat()


def fill(page: Page, **answers: str) -> None:
    for name, answer in answers.items():
        page.locator(f"[name={name}]:not([type=hidden])").fill(answer)


def says(page: Page, words: str) -> bool:
    """Whether a page says something, once it is there: a button was pressed just now."""
    return bool(until(lambda: words in page.content() or None, words))


def read(page: Page, address: str) -> str:
    page.goto(address)
    return page.content()
