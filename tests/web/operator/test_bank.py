"""The operator's pages of the bank: bringing files in, how they are read, and a company's sheet."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from guildhall.config.rails import BankAccount, Rails
from guildhall.kernel.money import Money
from guildhall.payments.actions import open_payout_batch, request_payout, set_payout_account
from guildhall.payments.banking.naming import name_transfer
from guildhall.payments.models import BankFile, BankLine, Deposit, PayoutBatch, SheetLayout
from guildhall.people.models import Person
from tests.builders.bankfiles import HALL_IBAN, Said, camt
from tests.builders.money import REST, a_wallet_with
from tests.cast import a_person
from tests.web.visiting import by, filled_in, text_of

pytestmark = pytest.mark.django_db
HOME = "/operator/bank"
BANK = BankAccount("Gilgit Guildhall", HALL_IBAN, is_iban=True, bic="COBADEFFXXX", currencies=("EUR", "USD"))


@pytest.fixture
def _a_bank(settings: Any) -> None:
    settings.GUILDHALL_RAILS = Rails(bank=BANK)


def upload(content: bytes, name: str = "may.xml") -> dict[str, Any]:
    return {"file": SimpleUploadedFile(name, content)}


@pytest.mark.usefixtures("_a_bank")
def test_a_transfer_from_the_page_to_the_wallet(amara: Person, olga: Person, eve: Person) -> None:
    payer = by(amara)
    asked = payer.post("/money/deposits", {"amount": "120.00", "currency": "EUR", "rail": "bank"})
    page = text_of(payer.get(asked["Location"]))
    deposit = Deposit.objects.get()
    code = name_transfer("deposit", deposit.pk)
    for said in (
        f"{code[:4]} {code[4:8]} {code[8:]}",
        "DE89 3704 0044 0532 0130 00",
        "COBADEFFXXX",
        "120.00",
    ):
        assert said in page
    assert by(eve).get(asked["Location"]).status_code == 404
    assert by(olga).get(asked["Location"]).status_code == 404
    visit = by(olga)
    assert "The bank" in text_of(visit.get("/operator/"))
    brought = visit.post(HOME, upload(camt(Said("120.00", code), Said("7.00", "=cmd|x")), "=may.xml"))
    shown = text_of(visit.get(brought["Location"]))
    for said in ("Booked", "Credited", "Amara", "Fits nothing"):
        assert said in shown
    assert "They agree" in text_of(visit.get(HOME))
    assert "It has arrived" in text_of(payer.get(asked["Location"]))
    table = visit.get(f"{brought['Location']}/lines.csv").getvalue().decode()
    assert "'=cmd|x" in table
    again = visit.post(HOME, upload(camt(Said("120.00", code), Said("7.00", "=cmd|x")), "again.xml"))
    assert again.status_code == 409
    assert "nothing is booked again" in text_of(again)


@pytest.mark.usefixtures("_a_bank")
def test_what_does_not_add_up_is_said_and_leaves_nothing(olga: Person) -> None:
    visit = by(olga)
    refused = visit.post(HOME, upload(camt(Said("1.00"), closing="2.00")))
    assert refused.status_code == 422
    assert "does not add up" in text_of(refused)
    assert visit.post(HOME, {}).status_code == 422
    assert not BankFile.objects.exists()


@pytest.mark.usefixtures("_a_bank")
def test_two_operators_see_a_file_before_it_moves_anything(olga: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    brought = by(olga).post(HOME, upload(camt(Said("9.00"))))
    assert "It moves nothing until a second operator" in text_of(by(oleg).get(brought["Location"]))
    waiting = by(oleg).get("/operator/decisions")
    assert "may.xml" in text_of(waiting)
    assert brought["Location"] in waiting.text
    action = waiting.text.partition('action="/operator/decisions/')[2].partition('"')[0]
    by(oleg).post(f"/operator/decisions/{action}")
    assert "Booked" in text_of(by(olga).get(brought["Location"]))


@pytest.mark.usefixtures("_a_bank")
def test_the_columns_of_a_table_are_said_once_and_kept(olga: Person) -> None:
    visit = by(olga)
    table = b"Tarikh,Raqam,Tafseel\n2026-12-01,12.00,rent\n"
    refused = visit.post(HOME, upload(table, "may.csv"))
    assert "“Tarikh”, “Raqam”, “Tafseel”" in text_of(refused)
    wrong = visit.post(f"{HOME}/columns", {"day": "Tarikh", "amount": "Raqam"})
    assert (wrong.status_code, "in which one all of it is" in text_of(wrong)) == (422, True)
    said = {"day": "Tarikh", "amount": "Raqam", "text": "Tafseel", "fixed": "USD"}
    assert visit.post(f"{HOME}/columns", said)["Location"] == HOME
    assert visit.post(HOME, upload(table, "may.csv")).status_code == 302
    assert BankLine.objects.get().text == "rent"
    assert visit.post(f"{HOME}/columns", said | {"fixed": "EUR"}).status_code == 302
    history = text_of(visit.get(f"{HOME}/columns"))
    assert history.count("Tarikh") >= 2


def test_a_sheet_is_looked_at_kept_changed_and_a_batch_is_written_as_it(olga: Person, bushra: Person) -> None:
    visit = by(olga)
    new = visit.get("/operator/sheets/new")
    form = filled_in(new, "/operator/sheets/new") | {"name": "Easypaisa", "delimiter": ";", "headers": "on"}
    del form["idempotency_key"]
    look = visit.post("/operator/sheets/new", form | {"look": "yes"})
    assert "Sr;Account;Name;Bank;Amount;Purpose;Reference" in look.text
    assert not SheetLayout.objects.exists()
    bad = visit.post("/operator/sheets/new", form | {"columns": "Name = holder"})
    assert (bad.status_code, "Name = holder" in bad.text) == (422, True)
    kept = visit.post("/operator/sheets/new", form)
    changed = visit.post(
        kept["Location"],
        filled_in(visit.get(kept["Location"]), kept["Location"]) | {"decimal": ",", "headers": "on"},
    )
    assert [each.version for each in SheetLayout.objects.order_by("version")] == [1, 2]
    assert "version 1" in text_of(visit.get(changed["Location"]))
    now = timezone.now()
    a_wallet_with(bushra, 100_000, now, "PKR")
    set_payout_account(
        by=bushra, holder="Bushra", bank="Easypaisa", number="+923001234567", method="wallet", at=now - REST
    )
    request_payout(by=bushra, amount=Money(100_000, "PKR"), at=now)
    batch = open_payout_batch(by=olga, at=now)
    address = f"/operator/payouts/batches/{batch.pk}"
    assert "to mobile wallets" in text_of(visit.get(address))
    visit.post(f"{address}/writing", {"sheet": str(SheetLayout.objects.get(version=2).pk)})
    sheet = visit.get(f"{address}/file").content.decode().splitlines()
    assert sheet[0] == "Sr;Account;Name;Bank;Amount;Purpose;Reference"
    assert sheet[1].startswith("1;923001234567;Bushra;Easypaisa;1000,00;Earnings;RF")
    visit.post(f"{address}/sending")
    assert visit.post(f"{address}/writing", {"sheet": ""}).status_code == 409
    assert PayoutBatch.objects.get().rail == "local"


def test_a_line_is_explained_on_its_page(olga: Person) -> None:
    visit = by(olga)
    visit.post(HOME, upload(camt(Said("30.00", "capital"))))
    line = BankLine.objects.get()
    page = text_of(visit.get(f"{HOME}/lines/{line.pk}"))
    assert "send it back to the account it came from" in page
    assert visit.post(f"{HOME}/lines/{line.pk}", {}).status_code == 422
    assert visit.post(f"{HOME}/lines/{line.pk}", {"what": "back"}).status_code == 302
    assert "Order 30.00 EUR" in text_of(visit.get(f"{HOME}/lines/{line.pk}")).replace("€", "").replace(
        "\xa0", " "
    )
    assert visit.post(f"{HOME}/lines/{line.pk}", {"what": "back"}).status_code == 409


def test_eve_finds_none_of_it(eve: Person, olga: Person) -> None:
    by(olga).post(HOME, upload(camt(Said("30.00", "capital"))))
    line, file = BankLine.objects.get(), BankFile.objects.get()
    for address in (
        HOME,
        f"{HOME}/columns",
        f"{HOME}/files/{file.pk}",
        f"{HOME}/lines/{line.pk}",
        "/operator/sheets",
    ):
        assert by(eve).get(address).status_code == 404
    assert by(eve).post(HOME, upload(camt(Said("1.00")))).status_code == 404
