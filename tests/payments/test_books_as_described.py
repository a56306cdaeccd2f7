"""The tables of docs/money.md name what the code writes: no kind and no account more, and none less."""

import ast
import re

from guildhall.ledger.rules import DERIVED, FLOORED, is_derived
from tests.architecture.source import ROOT, sources

KIND = re.compile(r"[a-z]+\.[a-z_]+")
DOC = (ROOT / "docs" / "money.md").read_text()


def _texts() -> set[str]:
    """Every text in the packages that open the money door, and in those that name deductions."""
    return {
        node.value
        for source in sources("guildhall/payments", "guildhall/escrow", "guildhall/contracts")
        for node in ast.walk(source.tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def _kinds_written() -> set[str]:
    """What stands as `kind=` of a movement, or first in a `Move`; holds choose theirs by what is asked."""
    found = set()
    for source in sources("guildhall/payments", "guildhall/escrow"):
        for node in ast.walk(source.tree):
            if isinstance(node, ast.Call) and getattr(node.func, "id", "") in {"move_money", "Move"}:
                given = [word.value for word in node.keywords if word.arg == "kind"] + node.args[:1]
                found |= {str(one.value) for one in given if isinstance(one, ast.Constant)}
    holds = {text for text in _texts() if re.fullmatch(r"hold\.(placed|released|returned|split)", text)}
    return {kind for kind in found | holds if KIND.fullmatch(kind)}


def _rows(heading: str) -> list[str]:
    section = DOC.partition(f"## {heading}\n")[2].partition("\n## ")[0]
    return [line for line in section.splitlines() if line.startswith("| `")]


def test_every_kind_of_movement_is_described_and_no_other() -> None:
    described = {re.findall(r"`([^`]+)`", row)[0] for row in _rows("Why it moves")}
    assert described == _kinds_written()


def test_every_account_is_described_and_no_other() -> None:
    named = {text.partition(":")[0] for text in _texts() if ":" in text} | {"reserve", "shortfall"}
    written = named & (FLOORED | DERIVED) - {"fund"}  # a payer that no door lets anybody name
    described = {re.findall(r"`([a-z]+)", row)[0] for row in _rows("Where money can be")}
    assert described == written


def test_which_may_go_below_zero_is_said_as_it_is() -> None:
    for row in _rows("Where money can be"):
        code = re.findall(r"`([^`]+)`", row)[0]
        assert row.rstrip(" |").endswith("yes") == is_derived(code), row
