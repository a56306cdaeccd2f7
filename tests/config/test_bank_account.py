"""The variables of the hall's bank account, checked in one sentence each."""

import pytest

from guildhall.config.rails import read_rails
from tests.builders.bankfiles import HALL_IBAN

NAMED = {"GUILDHALL_BANK_NAME": "Gilgit Guildhall", "GUILDHALL_BANK_IBAN": HALL_IBAN}


def problems_with(**changed: str) -> list[str]:
    problems: list[str] = []
    read_rails({**NAMED, **{f"GUILDHALL_BANK_{name}": value for name, value in changed.items()}}, problems)
    return problems


def test_a_bank_account_is_named_and_a_hall_has_none_without() -> None:
    bank = read_rails(NAMED | {"GUILDHALL_BANK_CURRENCIES": "eur, usd"}, []).bank
    assert bank is not None
    assert (bank.number, bank.is_iban, bank.currencies) == (HALL_IBAN, True, ("EUR", "USD"))
    assert read_rails({}, []).bank is None


@pytest.mark.parametrize(
    ("changed", "word"),
    [
        ({"IBAN": "DE00370400440532013000"}, "GUILDHALL_BANK_IBAN"),
        ({"NAME": ""}, "GUILDHALL_BANK_NAME"),
        ({"ACCOUNT": "12345"}, "GUILDHALL_BANK_ACCOUNT"),
        ({"IBAN": "", "ACCOUNT": "12"}, "GUILDHALL_BANK_ACCOUNT"),
        ({"BIC": "XX"}, "GUILDHALL_BANK_BIC"),
        ({"AT": "x" * 71}, "GUILDHALL_BANK_AT"),
        ({"CURRENCIES": "EURO"}, "GUILDHALL_BANK_CURRENCIES"),
    ],
)
def test_what_does_not_fit_is_one_sentence(changed: dict[str, str], word: str) -> None:
    [sentence] = problems_with(**changed)
    assert word in sentence
