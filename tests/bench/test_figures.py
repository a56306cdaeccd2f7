"""Figures, their goals and the status that a bench ends with."""

import json

import pytest

from guildhall.bench.figures import figure, print_figures
from guildhall.kernel.errors import Refusal


def test_a_goal_without_an_anchor_is_on_the_value() -> None:
    light = figure("page", [13, 12, 19], "kB", size="tiny", at_most=14)
    assert (light.value, light.spread, light.rounds) == (13, (12, 19), 3)
    assert (light.goal, light.holds, light.ratio, light.anchor_value) == ("≤ 14 kB", True, None, None)
    assert not figure("page", [15], "kB", size="tiny", at_most=14).holds


def test_a_goal_with_an_anchor_is_on_the_ratio() -> None:
    quick = figure("CPU", [3.0], "ms", size="tiny", anchor="other", anchor_values=[2.0], at_most=1.6)
    assert (quick.ratio, quick.goal, quick.holds) == (1.5, "≤ 1.6 × other", True)
    slow = figure(
        "moves", [60.0], "a second", size="tiny", anchor="other", anchor_values=[100.0], at_least=0.65
    )
    assert (slow.ratio, slow.goal, slow.holds) == (0.6, "≥ 0.65 × other", False)


def test_an_anchor_too_short_to_be_measured_is_said() -> None:
    with pytest.raises(Refusal, match="too short to be measured"):
        figure("CPU", [3.0], "ms", size="tiny", anchor="other", anchor_values=[0.0], at_most=1.6)


def test_a_figure_without_a_goal_only_informs() -> None:
    told = figure("bytes", [1.0], "kB", size="tiny")
    assert (told.goal, told.holds) == (None, True)


@pytest.mark.parametrize("as_json", [True, False])
def test_the_status_says_whether_every_goal_holds(
    capsys: pytest.CaptureFixture[str], *, as_json: bool
) -> None:
    holds = figure("light", [1.0], "kB", size="tiny", at_most=2)
    fails = figure("heavy", [3.0], "kB", size="tiny", at_most=2)
    assert print_figures([holds, holds], as_json=as_json) == 0
    assert print_figures([fails, holds], as_json=as_json) == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 4
    if as_json:
        assert [json.loads(line)["holds"] for line in lines] == [True, True, False, True]
    else:
        assert "FAILS: ≤ 2 kB" in lines[2]
