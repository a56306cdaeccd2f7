"""B1: how many ways of saying where one is reached are found, and how many ordinary sentences raise an alarm.

The patterns are mended against the sentences of `tuning_*`. Those of `held_out_*` are only counted: what is
found there says how phrasings fare that nobody thought of.
"""

from pathlib import Path

import pytest

from guildhall.screening.rules import CONTACTS, findings_in

HERE = Path(__file__).parent


def sentences(name: str) -> list[str]:
    lines = (HERE / f"{name}.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def is_found(text: str) -> bool:
    return any(finding.rule == CONTACTS for finding in findings_in(text))


@pytest.mark.parametrize(("kind", "least"), [("tuning", 0.98), ("held_out", 0.95)])
def test_B01_ways_out_of_the_hall_are_found(kind: str, least: float) -> None:
    ways = sentences(f"{kind}_contacts")
    share = sum(map(is_found, ways)) / len(ways)
    assert share >= least, f"{share:.1%} of {len(ways)}"


@pytest.mark.parametrize("kind", ["tuning", "held_out"])
def test_B01_ordinary_sentences_raise_hardly_any_alarm(kind: str) -> None:
    ordinary = sentences(f"{kind}_innocent")
    alarms = [text for text in ordinary if findings_in(text)]
    assert len(alarms) <= 0.005 * len(ordinary), f"{len(alarms)} of {len(ordinary)}"


def test_the_held_out_sentences_are_many_and_their_own() -> None:
    ways, ordinary = sentences("held_out_contacts"), sentences("held_out_innocent")
    assert len(set(ways)) >= 200
    assert len(set(ordinary)) >= 400
    assert not set(ways) & set(sentences("tuning_contacts"))
    assert not set(ordinary) & set(sentences("tuning_innocent"))
