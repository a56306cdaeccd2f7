"""What packages answer for is registered under one name each: a second one would silently never be asked."""

import pytest

from guildhall.kernel import registry
from guildhall.kernel.registry import Holding, register_check, register_holding


def test_a_check_of_a_name_that_is_taken_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_checks", {})
    register_check("trial.one", formula="one is one", count="SELECT 1", broken="SELECT 1 WHERE false")
    with pytest.raises(AssertionError, match=r"trial\.one is registered twice"):
        register_check("trial.one", formula="two is two", count="SELECT 2", broken="SELECT 2 WHERE false")


def test_a_holding_of_a_name_that_is_taken_is_a_bug(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(registry, "_holdings", {})
    register_holding(Holding("trial", "letters", lambda _person: []))
    register_holding(Holding("trial", "bells", lambda _person: []))
    with pytest.raises(AssertionError, match="is registered twice"):
        register_holding(Holding("trial", "letters", lambda _person: []))
