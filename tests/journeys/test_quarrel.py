"""A job is written on the page, talked about, and ends in a quarrel that somebody impartial rules."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page

from tests.journeys.running import PostOffice, RunningHall
from tests.journeys.steps import (
    accept,
    be_paid,
    come_back_by_code,
    come_back_by_password,
    deliver,
    fill,
    in_days,
    join,
    leave,
    open_the_hall,
    picture,
    propose,
    prove,
    read,
    says,
    set_rule,
)

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]

TITLE = "Logo and shop sign for a bakery in Leeds"


def test_a_quarrel_is_ruled_and_paid(
    hall: RunningHall, post_office: PostOffice, a_visitor: Callable[[], Page]
) -> None:
    olga, amara, bushra, chen, dalia, eve = (a_visitor() for _ in range(6))
    open_the_hall(olga, hall.set_up_link)
    set_rule(olga, "clearing_days", 0)
    set_rule(olga, "payout_account_rest", 0)
    set_rule(olga, "new_payer_days", 0)
    join(amara, post_office, "Amara Okafor", "GB")
    join(bushra, post_office, "Bushra Karim", "PK")
    join(chen, post_office, "Chen Wei", "CN", password="")
    join(dalia, post_office, "Dalia Haddad", "LB")
    join(eve, post_office, "Eve Stranger", "FR")
    make_adjudicator(olga, "Dalia Haddad")
    for person in (bushra, chen):
        leave(person)
    come_back_by_password(bushra, "Bushra Karim")
    come_back_by_code(chen, post_office, "Chen Wei")

    job = post(amara)
    propose(bushra, job, price="110.00", net="104.50", letter="I would cut the mark by hand first.")
    propose(chen, job, price="95.00", net="90.25", letter="Three directions on the second day.")
    change_and_withdraw(chen, job)
    hers, his = choose(amara, post_office, job)
    talk(amara, bushra, post_office, hers)
    decline(amara, chen, post_office, his)
    tab = amara.context.new_page()
    read_terms_that_change(tab, bushra, job, hers)
    accept(amara, hers)
    come_too_late(tab)
    post_office.letter_to("bushra@example.org", "(?i)accepted|agreed")
    room = deliver(bushra, TITLE, name="mark.txt", content=b"The mark, without the sign")

    case = contest(amara, room, contested="40.00")
    accept_the_rest(amara, room, net="66.50")
    refuse_an_offer(bushra, amara, post_office, case)
    refused = eve.goto(case)
    assert refused
    assert refused.status == 404
    rule(dalia, post_office, case)
    for side in (amara, bushra):
        assert "The sign was agreed and is missing." in read(side, case)
    picture(bushra, "ruled")
    assert "21.00 USD" in read(amara, "/money"), "what the ruling gave back"
    be_paid(bushra, olga, post_office, "84.55")
    picture(bushra, "paid")
    prove(hall)


def make_adjudicator(olga: Page, name: str) -> None:
    olga.goto("/operator/people")
    fill(olga, q=name)
    olga.get_by_role("button", name="Find").click()
    olga.get_by_role("link", name=name).first.click()
    olga.locator("[name=is_adjudicator]").check()
    olga.get_by_role("button", name="Save the offices").click()
    assert olga.locator("[name=is_adjudicator]").is_checked()


def post(amara: Page) -> str:
    """Write the brief, look at it as a draft, open it; the job's address."""
    amara.goto("/jobs/new")
    fill(
        amara,
        title=TITLE,
        brief="We open in January. The mark should work on a sign, a paper bag and a phone.",
        deliverables="The mark as a drawing\nThe sign with its measures",
        skills="Logo design, Illustration",
        budget="120.00",
        deadline=in_days(60),
    )
    amara.locator("[name=pricing][value=budget]").check()
    amara.get_by_role("button", name="Save and look at it").click()
    assert says(amara, "Only you see this.")
    picture(amara, "a draft")
    amara.get_by_role("button", name="Open this job").click()
    assert says(amara, "No proposals yet")
    picture(amara, "opened")
    return amara.url


def change_and_withdraw(chen: Page, job: str) -> None:
    """A cheaper price; then all of it taken back, and sent once more."""
    chen.goto(f"{job}/proposal")
    send(chen, price="90.00")
    assert says(chen, "85.50")
    chen.get_by_role("link", name="Withdraw it").click()
    chen.locator("main").get_by_role("button", name="Withdraw it").click()
    assert says(chen, "Withdrawn")
    propose(chen, job, price="95.00", net="90.25", letter="Three directions on the second day.")


def send(worker: Page, *, price: str) -> None:
    fill(worker, price=price)
    worker.get_by_role("button", name="See what you receive").last.click()
    worker.get_by_role("button", name="Send the change").click()


def read_terms_that_change(tab: Page, bushra: Page, job: str, proposal: str) -> None:
    """She asks for more while her terms are read: nobody agrees to what they did not read."""
    tab.goto(f"{proposal}/acceptance")
    bushra.goto(f"{job}/proposal")
    send(bushra, price="150.00")
    tab.get_by_role("button", name="Accept and fund 110.00 USD").click()
    assert says(tab, "they have changed since")
    assert tab.get_by_role("button", name="Accept and fund 150.00 USD").is_visible()
    picture(tab, "terms that have changed")
    bushra.goto(f"{job}/proposal")
    send(bushra, price="110.00")


def come_too_late(tab: Page) -> None:
    """The tab that was left open reads that the proposal has been answered."""
    tab.get_by_role("button", name="Accept and fund 150.00 USD").click()
    assert says(tab, "cannot be accepted any more")
    picture(tab, "too late")


def choose(amara: Page, post_office: PostOffice, job: str) -> tuple[str, str]:
    """Both proposals stand side by side with their letters; the addresses of hers and of his."""
    for who in ("Bushra", "Chen"):
        post_office.letter_to("amara@example.org", who)
    amara.goto(job)
    picture(amara, "side by side")
    found = []
    for who, letter in (("Bushra Karim", "by hand first"), ("Chen Wei", "Three directions")):
        card = amara.locator(".compare > li").filter(has_text=who)
        assert letter in card.inner_text()
        address = card.get_by_role("link", name="Read the proposal").get_attribute("href")
        assert address
        found.append(address)
    return found[0], found[1]


def talk(amara: Page, bushra: Page, post_office: PostOffice, proposal: str) -> None:
    amara.goto(proposal)
    amara.get_by_role("link", name="Talk first").click()
    fill(amara, text="Would the steel sign be part of it?")
    amara.get_by_role("button", name="Say it").click()
    post_office.letter_to("bushra@example.org", "wrote to you")
    assert "1 new message" in read(bushra, "/work")
    bushra.goto(f"{proposal}/conversation")
    assert says(bushra, "steel sign")
    picture(bushra, "talking before hiring")
    fill(bushra, text="Yes, with all its measures.")
    bushra.get_by_role("button", name="Say it").click()
    assert "with all its measures" in read(amara, f"{proposal}/conversation")


def decline(amara: Page, chen: Page, post_office: PostOffice, proposal: str) -> None:
    amara.goto(proposal)
    amara.get_by_role("link", name="Decline with a reason").click()
    amara.get_by_role("radio").first.check()
    fill(amara, note="Your directions are good; I want one that is cut by hand.")
    amara.get_by_role("button", name="Decline").click()
    post_office.letter_to("chen@example.org", "declined")
    assert "cut by hand" in read(chen, proposal)


def contest(amara: Page, room: str, *, contested: str) -> str:
    """Open a case about a part; the case's address."""
    amara.goto(room)
    amara.get_by_role("link", name="Open a case").click()
    fill(amara, contested=contested, reason="The sign was agreed. Only the mark was delivered.")
    amara.get_by_role("button", name="Open the case").click()
    assert "/cases/" in amara.url
    picture(amara, "a case")
    return amara.url


def accept_the_rest(amara: Page, room: str, *, net: str) -> None:
    amara.goto(room)
    assert says(amara, "Contested")
    picture(amara, "a contested milestone")
    amara.get_by_role("link", name="Accept the work").click()
    assert says(amara, net), "only what no case has frozen is released"
    amara.get_by_role("button", name="Accept and release 70.00").click()


def refuse_an_offer(bushra: Page, amara: Page, post_office: PostOffice, case: str) -> None:
    """The worker offers a division; the client says no and offers another; nothing moves."""
    post_office.letter_to("bushra@example.org", "(?i)case")
    bushra.goto(case)
    fill(bushra, to_worker="30.00")
    bushra.get_by_role("button", name="Offer this").click()
    amara.goto(case)
    assert amara.get_by_role("button", name="Accept: 30.00 USD to the worker").is_visible()
    fill(amara, text="No: I cannot hang a drawing over the door.")
    amara.get_by_role("button", name="Say it").click()
    fill(amara, to_worker="10.00")
    amara.get_by_role("button", name="Offer this").click()
    bushra.goto(case)
    assert says(bushra, "over the door")
    assert bushra.get_by_role("button", name="Accept: 10.00 USD to the worker").is_visible()
    picture(bushra, "two offers and no agreement")


def rule(dalia: Page, post_office: PostOffice, case: str) -> None:
    post_office.letter_to("dalia@example.org", "(?i)case")
    dalia.goto("/cases")
    dalia.locator(f"a[href='/cases/{case.rpartition('/')[2]}']").first.click()
    dalia.get_by_role("button", name="Take it on").click()
    dalia.get_by_role("link", name="Rule with reasons").click()
    fill(dalia, to_worker="19.00", reasons="The sign was agreed and is missing. The mark is good.")
    picture(dalia, "ruling")
    dalia.get_by_role("button", name="Rule", exact=True).click()
    assert says(dalia, "How it ended")
