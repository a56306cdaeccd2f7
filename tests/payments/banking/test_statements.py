"""Statements are read to the last cent, or refused whole with a sentence."""

import io
from datetime import date

import pytest

from guildhall.payments.banking.camt import read_camt
from guildhall.payments.banking.shapes import NotAStatement
from guildhall.payments.banking.tables import Columns, UnknownColumns, read_statement_table
from tests.builders.bankfiles import HALL_IBAN, Said, camt

COLUMNS = Columns(
    day="Date", amount="Amount", fixed="EUR", reference="Ref", text="Details", party="Name", balance="Balance"
)
TABLE = """Statement of account;;;;;
Date;Amount;Ref;Details;Name;Balance
01.12.2026;1.200,50;A1;RF47 for work;Amara;1.300,50
02.12.2026;-300,00;A2;=HYPERLINK("x");Bushra;1.000,50
"""


def read(content: bytes) -> list[tuple[str, int, str]]:
    statements = read_camt(io.BytesIO(content)).statements
    return [(each.reference, each.amount.minor, each.text) for one in statements for each in one.entries]


@pytest.mark.parametrize("version", ["02", "04", "08", "13"])
def test_every_version_says_the_same(version: str) -> None:
    content = camt(Said("120.00", "RF1"), Said("-20.5", "fee"), opening="5.00", version=version)
    word = read_camt(io.BytesIO(content))
    assert word.written_in == f"camt.053.001.{version}"
    statement = word.statements[0]
    assert (statement.account, statement.opening, statement.closing) == (HALL_IBAN, 500, 10_450)
    first, second = statement.entries
    assert (first.reference, first.amount.minor, first.text) == ("BANK1", 12_000, "RF1")
    assert (first.party, first.account) == ("Amara Oduya", "GB29NWBK60161331926819")
    assert (second.amount.minor, second.day) == (-2_050, date(2026, 12, 1))


def test_what_is_announced_and_not_booked_is_left_out() -> None:
    assert len(read(camt(Said("1.00"), Said("5.00", status="PDNG")))) == 1


def test_what_a_bank_books_together_is_taken_apart() -> None:
    parts = (Said("-10.00", end_to_end="P1"), Said("-30.00", end_to_end="P2"))
    word = read_camt(io.BytesIO(camt(Said("-40.00", parts=parts), opening="50.00")))
    entries = word.statements[0].entries
    assert [(each.end_to_end, each.amount.minor) for each in entries] == [("P1", -1_000), ("P2", -3_000)]
    assert len({each.reference for each in entries}) == 2
    with pytest.raises(NotAStatement, match="another sum together"):
        read(camt(Said("-41.00", parts=parts), opening="50.00"))


def test_a_return_says_why() -> None:
    word = read_camt(io.BytesIO(camt(Said("10.00", end_to_end="P1", reason="AC04", party="Bushra"))))
    entry = word.statements[0].entries[0]
    assert (entry.returned, entry.reason, entry.end_to_end, entry.party) == (True, "AC04", "P1", "Bushra")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (camt(Said("120.00"), closing="130.00"), "does not add up"),
        (camt(Said("120.00"), count=2), "counts 2 lines"),
        (camt(Said("120.00"), total="120.01"), "120.01"),
        (camt(Said("120.001")), "no sum in EUR"),
        (camt(Said("1.5"), currency="JPY", opening="0", closing="1"), "no sum in JPY"),
        (camt(Said("1.00")).replace(b'Ccy="EUR">1.00', b'Ccy="USD">1.00'), "mixes currencies"),
        (camt(Said("1.00")).replace(b"CLBD", b"XXXX"), "before and after"),
        (camt(Said("1.00"))[:-40], "broken XML"),
        (camt(Said("1.00")).replace(b"camt.053.001.08", b"camt.052.001.08"), "no statement by camt.053"),
        (b'<html xmlns="x"/>', "no statement"),
        (camt(Said("1.00"), version="01"), "no statement"),
    ],
)
def test_C18_wrong_totals_and_broken_files_are_refused(content: bytes, sentence: str) -> None:
    with pytest.raises(NotAStatement, match=sentence):
        read(content)


_BOMB = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))


@pytest.mark.parametrize(
    "types",
    [
        f'<!DOCTYPE Document [<!ENTITY l0 "lol">{_BOMB}]>',
        '<!DOCTYPE Document [<!ENTITY x SYSTEM "file:///etc/passwd">]>',
        '<!DOCTYPE Document SYSTEM "http://127.0.0.1:9/x.dtd">',
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_C18_an_entity_bomb_is_refused(types: str, encoding: str) -> None:
    text = camt(Said("1.00", "&l11;&x;")).decode().replace("&amp;", "&")
    text = text.replace('encoding="UTF-8"?>', f'encoding="{encoding}"?>{types}')
    with pytest.raises(NotAStatement, match=r"entities of its own|broken XML"):
        read(text.encode(encoding))


def test_lines_without_a_reference_are_told_apart_and_the_same_each_time() -> None:
    lines = [Said("1.00", "a", reference="NOREF"), Said("1.00", "a", reference="NOREF"), Said("2.00", "b")]
    once, again = read(camt(*lines)), read(camt(*lines))
    assert once == again
    assert len({reference for reference, _minor, _text in once}) == 3


def table(content: bytes, columns: Columns | None = COLUMNS) -> list[tuple[str, int, str]]:
    word = read_statement_table(content, columns, account=HALL_IBAN)
    return [(each.reference, each.amount.minor, each.text) for each in word.statements[0].entries]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_C18_other_encodings_say_the_same(encoding: str) -> None:
    content = TABLE.replace("Amara", "Amára").encode(encoding)
    word = read_statement_table(content, COLUMNS, account=HALL_IBAN)
    assert word.written_in.startswith(f"CSV, {encoding.removesuffix('-sig')}, ;")
    statement = word.statements[0]
    assert (statement.opening, statement.closing) == (10_000, 100_050)
    assert [each.party for each in statement.entries] == ["Amára", "Bushra"]


def test_C18_what_looks_like_a_formula_is_text_and_no_sum() -> None:
    assert table(TABLE.encode())[1] == ("A2", -30_000, '=HYPERLINK("x")')
    with pytest.raises(NotAStatement, match="Line 1 of the table: “=1\\+1” is no sum"):
        table(TABLE.replace("1.200,50", "=1+1").encode())


def test_a_table_the_newest_line_first() -> None:
    head, first, second = TABLE.splitlines()[1:]
    assert [each[0] for each in table(f"{head}\n{second}\n{first}".encode())] == ["A2", "A1"]


def test_came_and_went_in_columns_of_their_own() -> None:
    text = 'Day,Credit,Debit,Ccy\n2026-12-01,"1,23,456.50",,PKR\n2026-12-02,,100.00,PKR\n'
    columns = Columns(day="Day", came="Credit", went="Debit", currency="Ccy")
    assert [each[1] for each in table(text.encode(), columns)] == [12_345_650, -10_000]


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        (TABLE.replace("1.300,50", "1.300,51"), "does not add up"),
        (TABLE.replace("01.12.2026", "31.02.2026"), "no day"),
        ("Date;Amount;Ref;Details;Name;Balance\n", "no lines"),
        ("", "empty"),
        ("Date;Amount;Ref;Details;Name;Balance\n\0;1;;;;\n", "neither XML nor a table"),
        (TABLE.replace("Name", "Ref"), "columns|more than once"),
    ],
)
def test_tables_that_are_refused(text: str, sentence: str) -> None:
    with pytest.raises(NotAStatement, match=sentence):
        table(text.encode())


def test_what_can_be_read_in_two_ways_is_asked_for() -> None:
    text = "Date,Sum\n01/02/2026,5\n"
    columns = Columns(day="Date", amount="Sum", fixed="USD")
    with pytest.raises(NotAStatement, match="day or the month"):
        table(text.encode(), columns)
    with pytest.raises(NotAStatement, match="point or a comma"):
        table(b'Date,Sum\n2026-12-01,"1,234"\n', Columns(day="Date", amount="Sum", fixed="KWD"))


def test_columns_that_nobody_explained_are_named() -> None:
    with pytest.raises(UnknownColumns, match="“Date”, “Amount”") as refusal:
        table(TABLE.encode(), None)
    assert refusal.value.columns == ["Date", "Amount", "Ref", "Details", "Name", "Balance"]
