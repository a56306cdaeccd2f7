"""Figures as they are printed: each with its anchor of the same run, its ratio and its goal."""

import json
import statistics
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from guildhall.kernel.errors import Refusal


@dataclass(frozen=True, slots=True)
class Figure:
    """One measurement.

    Args:
        name: what was measured.
        value: the median over the rounds.
        unit: of `value` and of the spread.
        spread: the lowest and the highest round.
        anchor: what was measured beside it: a real program, or the hall itself with less to do; or empty.
        anchor_value: its median in the same run.
        ratio: value over anchor; None without one, where the goal is on the value itself.
        goal: what must hold, as a sentence; None for a line that only informs.
        holds: whether it does.
        rounds: how many times it was measured.
        size: how much data there was.
    """

    name: str
    value: float
    unit: str
    spread: tuple[float, float]
    anchor: str
    anchor_value: float | None
    ratio: float | None
    goal: str | None
    holds: bool
    rounds: int
    size: str


def figure(
    name: str,
    values: Sequence[float],
    unit: str,
    *,
    size: str,
    anchor: str = "",
    anchor_values: Sequence[float] = (),
    at_most: float | None = None,
    at_least: float | None = None,
) -> Figure:
    """A figure from its rounds. With an anchor the goal is on the ratio, else on the value itself.

    Raises:
        Refusal: the anchor took no time that could be measured.
    """
    value = statistics.median(values)
    anchor_value = statistics.median(anchor_values) if anchor_values else None
    if anchor_value == 0:
        raise Refusal(f"“{name}” was too short to be measured: ask for more of it.")
    judged = value if anchor_value is None else value / anchor_value
    times = f" × {anchor}" if anchor else f" {unit}"
    goal, holds = None, True
    if at_most is not None:
        goal, holds = f"≤ {at_most:g}{times}", judged <= at_most
    elif at_least is not None:
        goal, holds = f"≥ {at_least:g}{times}", judged >= at_least
    return Figure(
        name=name,
        value=round(value, 3),
        unit=unit,
        spread=(round(min(values), 3), round(max(values), 3)),
        anchor=anchor,
        anchor_value=None if anchor_value is None else round(anchor_value, 3),
        ratio=None if anchor_value is None else round(judged, 3),
        goal=goal,
        holds=holds,
        rounds=len(values),
        size=size,
    )


def print_figures(figures: Iterable[Figure], *, as_json: bool) -> int:
    """Print each figure as it comes; the exit status is 0 when every goal holds."""
    status = 0
    for one in figures:
        print(json.dumps(asdict(one), ensure_ascii=False) if as_json else _line(one), flush=True)
        status = status if one.holds else 1
    return status


def _line(one: Figure) -> str:
    parts: list[Any] = [f"{one.name:<44} {one.value:>10,.2f} {one.unit:<12}"]
    parts.append(f"{one.spread[0]:,.2f}–{one.spread[1]:,.2f} in {one.rounds} rounds")
    if one.anchor_value is not None:
        parts.append(f"{one.ratio:.2f} × {one.anchor} ({one.anchor_value:,.2f})")
    if one.goal:
        parts.append(f"{'holds' if one.holds else 'FAILS'}: {one.goal}")
    return " · ".join(parts)
