"""Money comes by bank transfer and leaves by a file for the bank; one payout arrives, another comes back."""

import re
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lxml import etree
from playwright.sync_api import Page

from guildhall.payments.banking.xml import text_at
from tests.builders.bankfiles import HALL_IBAN, Said, camt
from tests.journeys.running import PostOffice, RunningHall
from tests.journeys.steps import fill, join, open_the_hall, picture, prove, read, says, set_rule

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.xdist_group("browser")]


@pytest.fixture(scope="module")
def hall(post_office: PostOffice) -> Iterator[RunningHall]:
    """An operator's own hall that has a bank account, and no practice money."""
    with tempfile.TemporaryDirectory(prefix="guildhall-journey-") as folder:
        place = Path(folder)
        place.chmod(0o755)
        running = RunningHall(
            place / "home",
            post_office.url,
            GUILDHALL_BANK_NAME="Gilgit Guildhall",
            GUILDHALL_BANK_IBAN=HALL_IBAN,
            GUILDHALL_BANK_BIC="COBADEFFXXX",
            GUILDHALL_BANK_AT="Commerzbank",
        )
        running.open()
        try:
            yield running
        finally:
            running.close()


def test_a_transfer_comes_and_a_payout_leaves_and_one_returns(
    hall: RunningHall, post_office: PostOffice, a_visitor: Callable[[], Page]
) -> None:
    olga, bushra, eve = a_visitor(), a_visitor(), a_visitor()
    open_the_hall(olga, hall.set_up_link)
    set_rule(olga, "payout_account_rest", 0)
    set_rule(olga, "deposit_goes_home", 0)
    join(bushra, post_office, "Bushra Karim", "PK")
    join(eve, post_office, "Eve Stranger", "FR")

    code = ask_to_pay_in(bushra, post_office, "120.00")
    refused = eve.goto(bushra.url)
    assert refused
    assert refused.status == 404
    bring(olga, camt(Said("120.00", f"for later {code.lower()}", reference="A1")))
    assert says(olga, "Credited")
    picture(olga, "what became of each line")
    assert "120.00" in read(bushra, "/money")
    picture(bushra, "the transfer has arrived")

    name_an_account(bushra)
    first = be_sent(olga, bushra, "90.00")
    bring(olga, camt(Said("-90.00", end_to_end=first, reference="A2"), opening="120.00"))
    assert says(olga, "Payout arrived")
    assert "Arrived" in read(bushra, "/money/payouts")
    picture(bushra, "the payout has arrived")

    second = be_sent(olga, bushra, "30.00")
    went = Said("-30.00", end_to_end=second, reference="A3")
    back = Said("30.00", end_to_end=second, reason="AC04", reference="A4")
    bring(olga, camt(went, back, opening="30.00"))
    assert says(olga, "Payout came back")
    picture(olga, "a payout came back")
    assert "The account is closed." in read(bushra, "/money/payouts")
    picture(bushra, "the payout came back")
    post_office.letter_to("bushra@example.org", r"sent your payout of 30\.00 EUR back")
    assert "They agree" in read(olga, "/operator/bank")
    picture(olga, "the bank beside the books")
    prove(hall)


def ask_to_pay_in(payer: Page, post_office: PostOffice, amount: str) -> str:
    """Ask for a transfer; the code to write on it, which a letter says too."""
    payer.goto("/money/deposits")
    fill(payer, amount=amount)
    payer.locator("[name=currency]").select_option("EUR")
    payer.get_by_role("button", name="Go on to a bank transfer").click()
    picture(payer, "what to write on the transfer")
    found = re.search(r"RF[0-9]{2} [A-Z0-9]{4} [A-Z0-9]{4}", payer.content())
    assert found
    post_office.letter_to("bushra@example.org", found[0])
    return found[0]


def name_an_account(worker: Page) -> None:
    worker.goto("/money/account")
    fill(worker, holder="Bushra Karim", bank="Hunza Savings Bank", number="PK36SCBL0000001123456702")
    worker.get_by_role("radio", name="a bank account with an IBAN").check()
    worker.get_by_role("button", name="Use this account").click()


def be_sent(olga: Page, worker: Page, amount: str) -> str:
    """Ask for money, and have it sent in an order to the bank; what the order calls it."""
    worker.goto("/money/payouts?currency=EUR")
    fill(worker, amount=amount)
    worker.get_by_role("button", name="Show what I will receive").click()
    worker.get_by_role("button", name=f"Send {amount}").click()
    olga.goto("/operator/payouts")
    olga.get_by_role("button", name="Open a batch").click()
    picture(olga, "a batch and its file")
    with olga.expect_download() as coming:
        olga.get_by_role("link", name="Take the file for the bank").click()
    order = etree.fromstring(coming.value.path().read_bytes())
    payment = "CstmrCdtTrfInitn/PmtInf"
    assert text_at(order, f"{payment}/CtrlSum") == amount
    assert text_at(order, f"{payment}/CdtTrfTxInf/CdtrAcct/Id/IBAN") == "PK36SCBL0000001123456702"
    olga.get_by_role("button", name="I have sent it to the bank").click()
    return text_at(order, f"{payment}/CdtTrfTxInf/PmtId/EndToEndId")


def bring(olga: Page, content: bytes) -> None:
    olga.goto("/operator/")
    olga.get_by_role("link", name="The bank").first.click()
    file = {"name": "statement.xml", "mimeType": "application/xml", "buffer": content}
    olga.locator("[name=file]").set_input_files(file)  # type: ignore[arg-type]
    olga.get_by_role("button", name="Bring it in").click()
