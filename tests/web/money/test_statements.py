"""A statement as its owner asks for it, as a page, as a file, on paper; and who else may look."""

import csv
import io
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.utils import timezone
from pypdf import PdfReader

from guildhall.contracts.actions import approve_milestone
from guildhall.escrow.actions import mature_clearing
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.models import Event
from guildhall.ledger.actions import Flow, Move, move_batch
from guildhall.payments.actions import request_payout
from guildhall.people.models import Person
from guildhall.statements.drawing import pdf_of_statement
from guildhall.statements.queries import Wanted
from tests.builders.contracts import a_delivered_milestone, usd
from tests.builders.money import a_payout_account, a_wallet_with
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

NOW = timezone.now()
DAY = timedelta(days=1)


def file_of(person: Person, address: str) -> list[list[str]]:
    answer: Any = by(person).get(address)
    assert answer.status_code == 200
    text = b"".join(answer.streaming_content).decode("utf-8")
    assert text.startswith("\ufeff")
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.fixture
def earned(amara: Person, bushra: Person) -> None:
    """Amara has paid for a sign, Bushra had it paid out; both paid something in."""
    milestone = a_delivered_milestone(amara, bushra, at=NOW - 9 * DAY, title="=A sign; =cmd|' /C calc'!A0")
    approve_milestone(milestone=milestone, by=amara, at=NOW - 8 * DAY)
    mature_clearing(at=NOW - 4 * DAY)
    a_wallet_with(bushra, 1_000, NOW - 3 * DAY)
    a_payout_account(bushra, NOW - 9 * DAY)
    request_payout(by=bushra, amount=usd(3_000), at=NOW - 2 * DAY)


@pytest.mark.usefixtures("earned")
@pytest.mark.parametrize(
    ("asked", "shown", "sums"),
    [
        ("", ["Paid in", "Earnings became available", "On its way"], ("105.00", "30.00", "")),
        ("kind=payout.sent", ["On its way"], ("0.00", "30.00", "105.00")),
        ("words=sample sav", ["On its way"], ("0.00", "30.00", "105.00")),
        ("words=AMARA", ["Earnings became available"], ("95.00", "0.00", "−20.00")),
        ("words=became", ["Earnings became available"], ("95.00", "0.00", "−20.00")),
        (f"since={NOW - 3 * DAY:%Y-%m-%d}", ["On its way"], ("0.00", "30.00", "")),
    ],
)
def test_it_is_narrowed_and_still_adds_up(
    bushra: Person, asked: str, shown: list[str], sums: tuple[str, str, str]
) -> None:
    text = text_of(by(bushra).get(f"/money/statement?{asked}"))
    lines = text.partition("the newest first")[2]
    for word in ("Paid in", "Earnings became available", "On its way"):
        assert (word in lines) == (word in shown)
    came, went, others = sums
    assert f"Came {came} USD" in text
    assert f"Went {'' if went == '0.00' else '−'}{went} USD" in text
    assert (f"All other movements {others} USD" in text) == bool(others)
    assert "Held now 75.00 USD" in text


@pytest.mark.usefixtures("earned")
def test_by_contract_and_by_person_and_for_programs(amara: Person, bushra: Person, eve: Person) -> None:
    asked = f"other={amara.pk}"
    assert "1 movement, the newest first" in text_of(by(bushra).get(f"/money/statement?{asked}"))
    found = by(bushra).get(f"/api/v1/money/movements?{asked}").json()
    assert (found["count"], found["came"]["amount"], found["others"]["amount"]) == (1, "95.00", "-20.00")
    contract = found["items"][0]["contract"]
    assert found["items"][0]["other"] == "Amara"
    same = by(bushra).get(f"/api/v1/money/movements?contract={contract}").json()
    assert same["items"] == found["items"]
    for nobodys in (f"other={eve.pk}", f"other={bushra.pk}", f"contract={eve.pk}"):
        assert by(bushra).get(f"/api/v1/money/movements?{nobodys}").json()["count"] == 0
    assert by(eve).get(f"/api/v1/money/movements?contract={contract}").json()["count"] == 0


@pytest.mark.usefixtures("earned")
def test_the_way_of_each_payment_on_pages_and_for_programs(
    amara: Person, bushra: Person, eve: Person
) -> None:
    text = text_of(by(bushra).get("/money/timeline"))
    for words in (
        "what came in first goes out first",
        "5.00 USD kept: the hall’s fee",
        "On its way",
        "Arrived",
    ):
        assert words in text
    (way,) = by(bushra).get("/api/v1/money/timeline").json()["items"]
    here = {step["place"]: step["here"]["amount"] for step in way["steps"]}
    assert (here["available"], here["on_its_way"]) == ("65.00", "30.00")
    assert way["deductions"] == [{"name": "fee", "amount": {"amount": "5.00", "currency": "USD"}}]
    (seen,) = by(amara).get(f"/api/v1/money/timeline?milestone={way['milestone']}").json()["items"]
    assert [step["place"] for step in seen["steps"]] == ["in_escrow", "clearing", "available"]
    assert by(eve).get(f"/api/v1/money/timeline?milestone={way['milestone']}").json()["items"] == []
    assert "On its way 30.00 USD" in text_of(by(bushra).get("/work"))
    assert "On its way" not in text_of(by(amara).get("/work"))
    assert "On its way" in text_of(by(bushra).get(f"/contracts/{way['contract']}"))


@pytest.mark.usefixtures("earned")
def test_C19_the_file_opens_again_and_tricks_no_spreadsheet(bushra: Person) -> None:
    rows = file_of(bushra, "/money/statement.csv")
    assert [row[2:5] for row in rows[1:]] == [
        ["95.00", "95.00", "USD"],
        ["10.00", "105.00", "USD"],
        ["-30.00", "75.00", "USD"],
    ]
    assert rows[1][6] == "'=A sign; '=cmd|' /C calc'!A0"
    for separator in (",", ";", "\t"):
        for row in csv.reader(["\t".join(rows[1])], delimiter=separator):
            assert all(not cell.strip().startswith(("=", "+", "@")) for cell in row)
    narrowed = file_of(bushra, "/money/statement.csv?kind=payout.sent")
    assert [row[2] for row in narrowed[1:]] == ["-30.00"]
    assert file_of(bushra, "/api/v1/money/movements/files/csv?kind=payout.sent")[1:] == narrowed[1:]


@pytest.mark.parametrize(
    "asked",
    [
        "since=yesterday",
        "until=2026-02-30",
        "kind=nothing",
        "contract=x",
        "since=2026-03-02&until=2026-03-01",
    ],
)
def test_what_cannot_be_understood_is_said_and_kept(bushra: Person, asked: str) -> None:
    for form in ("", ".csv", ".pdf"):
        answer = by(bushra).get(f"/money/statement{form}?{asked}")
        assert answer.status_code == 422
        assert "What you typed is still here." in text_of(answer)
    if "kind" not in asked:
        assert by(bushra).get(f"/api/v1/money/movements?{asked}").status_code in {200, 422}


@pytest.mark.usefixtures("earned")
@pytest.mark.parametrize("language", ["en", "ur"])
def test_on_paper_it_is_the_same_each_time(bushra: Person, language: str) -> None:
    bushra.name = "بشریٰ بیگم"
    wanted = Wanted(currency="USD")
    made = pdf_of_statement(bushra, wanted, language=language)
    assert made == pdf_of_statement(bushra, wanted, language=language)
    text = PdfReader(io.BytesIO(made)).pages[0].extract_text()
    for words in ("95.00", "105.00", "-30.00", "75.00 USD"):
        assert words in text
    answer = by(bushra).get("/money/statement.pdf")
    assert answer["Content-Type"] == "application/pdf"
    assert by(bushra).get("/api/v1/money/movements/files/pdf").content.startswith(b"%PDF")
    assert by(bushra).get("/api/v1/money/movements/files/doc").status_code == 404


def test_a_year_of_three_thousand_lines_is_set_in_bounded_time(bushra: Person) -> None:
    start = datetime(2025, 1, 1, tzinfo=UTC)
    for part in range(30):
        moves = [
            Move(
                kind="deposit.settled",
                key=f"deposit:{part}:{number}",
                flows=[Flow("outside:practice", f"wallet:{bushra.party}", 100, "USD")],
            )
            for number in range(100)
        ]
        move_batch(moves=moves, by=None, at=start + timedelta(days=12 * part), whole=True)
    began = time.monotonic()
    made = pdf_of_statement(bushra, Wanted(currency="USD"), language="ur")
    assert time.monotonic() - began < 60
    pages = PdfReader(io.BytesIO(made)).pages
    assert len(pages) > 30
    assert "3000.00" in pages[-1].extract_text()


@pytest.mark.usefixtures("earned")
def test_an_operator_says_why_and_the_person_reads_it(bushra: Person, olga: Person, eve: Person) -> None:
    place = f"/operator/people/{bushra.pk}/statement"
    door = f"/api/v1/operator/people/{bushra.pk}"
    client = by(olga)
    assert "95.00" not in text_of(client.get(place))
    assert client.get(f"{place}.csv")["Location"] == place
    refused = client.get(f"{door}/movements")
    assert (refused.status_code, refused.json()["code"]) == (403, "say_why_first")
    assert client.post(place, {"reason": " "}).status_code == 422
    assert client.post(place, {"reason": "She asked where her money is."}).status_code == 302
    assert "95.00" in text_of(client.get(place))
    assert client.get(f"{place}.pdf").content.startswith(b"%PDF")
    assert client.get(f"{door}/movements").json()["count"] == 3
    assert client.get(f"{door}/movements/files/csv").status_code == 200
    assert "She asked where her money is." in text_of(by(bushra).get("/money/statement"))
    (look,) = by(bushra).get("/api/v1/money/looks").json()["items"]
    assert look["why"] == "She asked where her money is."
    deliver_events(at=timezone.now(), most=1000)
    assert "looks at the statement of your money" in text_of(by(bushra).get("/notices"))
    Event.objects.filter(name="statement.opened").update(at=NOW - 2 * DAY)
    assert "95.00" not in text_of(client.get(place))
    said = client.post(f"{door}/looks", {"reason": "Again."}, content_type="application/json")
    assert said.status_code == 201
    assert by(eve).get(place).status_code == 404
    assert by(eve).post(f"{door}/looks", {"reason": "x"}, content_type="application/json").status_code == 404


def test_long_statements_go_on_by_key(amara: Person) -> None:
    for _each in range(53):
        a_wallet_with(amara, 100, NOW)
    first = by(amara).get("/money/statement?kind=deposit.settled")
    more = first.content.decode().split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert "kind=deposit.settled" in more
    assert text_of(by(amara).get(more)).count("· ") >= 0
    assert by(amara).get(more).content.decode().count("Paid in</span>") == 3
