"""What goes to a bank is valid by its schema, in letters it takes; what comes back is understood."""

import io
from datetime import UTC, date, datetime
from importlib.resources import files

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from guildhall.kernel.money import Money
from guildhall.payments.banking.letters import bank_letters
from guildhall.payments.banking.reasons import reason_in_words
from guildhall.payments.banking.shapes import NotAStatement
from guildhall.payments.banking.status_reports import read_status_report
from guildhall.payments.banking.transfers import NotWritable, Order, Party, Transfer, order_as_xml
from guildhall.payments.banking.xml import text_at
from tests.builders.bankfiles import HALL_IBAN, pain_002

PAYER = Party("Gilgit Guildhall", HALL_IBAN, is_iban=True, bic="COBADEFFXXX")
IBAN = Party("Buşra Ali & Söhne", "PK36SCBL0000001123456702", is_iban=True)
LOCAL = Party("بشریٰ", "0012345678", is_iban=False, bank="HBL Gilgit")
LETTERS = st.sampled_from("aZ0 -/'+&_@<>\"=;.\t\nÄéßøЖبش‌ښत中日😀\u202e\u0000")
AT = datetime(2026, 12, 1, 9, tzinfo=UTC)


def order(*transfers: tuple[Party, int], currency: str = "EUR") -> Order:
    rows = [
        Transfer(f"RF47P{number}", to, Money(minor, currency), f"Guildhall RF47P{number}")
        for number, (to, minor) in enumerate(transfers)
    ]
    return Order("0123456789abcdef0123456789abcdef", PAYER, rows, AT, date(2026, 12, 1))


def test_euros_between_ibans_are_sepa() -> None:
    root = etree.fromstring(order_as_xml(order((IBAN, 12_345), (IBAN, 1))))
    payment = "CstmrCdtTrfInitn/PmtInf"
    assert text_at(root, f"{payment}/PmtTpInf/SvcLvl/Cd") == "SEPA"
    assert (text_at(root, f"{payment}/CtrlSum"), text_at(root, f"{payment}/NbOfTxs")) == ("123.46", "2")
    assert text_at(root, f"{payment}/ChrgBr") == "SLEV"
    assert text_at(root, f"{payment}/CdtTrfTxInf/PmtId/EndToEndId") == "RF47P0 RF47P1"
    assert text_at(root, f"{payment}/CdtTrfTxInf/Cdtr/Nm").startswith("Busra Ali + Sohne")


@pytest.mark.parametrize(("currency", "shown"), [("PKR", "120.50"), ("JPY", "12050"), ("KWD", "12.050")])
def test_other_currencies_and_numbers_are_a_plain_transfer(currency: str, shown: str) -> None:
    root = etree.fromstring(order_as_xml(order((LOCAL, 12_050), currency=currency)))
    one = "CstmrCdtTrfInitn/PmtInf/CdtTrfTxInf"
    assert text_at(root, f"{one}/Amt/InstdAmt") == shown
    assert text_at(root, f"{one}/CdtrAcct/Id/Othr/Id") == "0012345678"
    assert text_at(root, f"{one}/CdtrAgt/FinInstnId/Nm") == "HBL Gilgit"
    assert text_at(root, "CstmrCdtTrfInitn/PmtInf/PmtTpInf/SvcLvl/Cd") == ""


@given(
    st.lists(
        st.tuples(st.text(LETTERS, min_size=2, max_size=90), st.integers(1, 10**13)), min_size=1, max_size=4
    ),
    st.sampled_from(["EUR", "PKR", "JPY", "KWD"]),
)
def test_every_file_that_is_offered_is_valid(rows: list[tuple[str, int]], currency: str) -> None:
    schema = etree.XMLSchema(
        etree.fromstring((files("sepaxml") / "schemas" / "pain.001.001.09.xsd").read_bytes())
    )
    parties = [(Party(name, "0012345678", is_iban=False, bank=name), minor) for name, minor in rows]
    if not all(bank_letters(name, 70) for name, _minor in rows):
        with pytest.raises(NotWritable):
            order_as_xml(order(*parties, currency=currency))
        return
    schema.assertValid(etree.fromstring(order_as_xml(order(*parties, currency=currency))))


def test_what_the_schema_does_not_allow_is_not_offered() -> None:
    wrong = Party("Bushra", "PK36", is_iban=True)
    with pytest.raises(NotWritable, match="PK36"):
        order_as_xml(order((wrong, 100)))


@given(st.text(LETTERS, max_size=300))
def test_only_letters_that_banks_take(text: str) -> None:
    letters = bank_letters(text, 70)
    assert len(letters) <= 70
    assert set(letters) <= set("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/-?:().,'+ ")
    assert "//" not in letters
    assert not letters.startswith("/")


def test_a_report_says_what_became_of_each() -> None:
    content = pain_002("b1", ("P1", "ACSC", ""), ("P2", "RJCT", "AC04"), ("P3", "ACSP", ""), whole="PART")
    said = [
        (each.reference, each.outcome, each.reason)
        for each in read_status_report(io.BytesIO(content)).answers
    ]
    assert said == [("P1", "paid", ""), ("P2", "refused", "AC04"), ("P3", "under_way", "")]


def test_a_report_about_the_whole_file() -> None:
    answers = read_status_report(io.BytesIO(pain_002("b1", whole="RJCT"))).answers
    assert [(each.batch, each.reference, each.outcome) for each in answers] == [("b1", "", "refused")]


def test_a_report_that_is_none() -> None:
    with pytest.raises(NotAStatement):
        read_status_report(io.BytesIO(pain_002("")))
    with pytest.raises(NotAStatement):
        read_status_report(io.BytesIO(b"<a/>"))


def test_reasons_are_words() -> None:
    assert reason_in_words("AC04") == "The account is closed."
    assert reason_in_words("AC04: since May") == "The account is closed. since May"
    assert reason_in_words("no such wallet") == "no such wallet"
    assert reason_in_words("") == "The bank gives no reason."
