"""What the sample hall is drawn from: people and wishes, read from the data beside this file."""

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

_HERE: Final = Path(__file__).parent / "sample"


@dataclass(frozen=True, slots=True)
class SamplePerson:
    """One invented person and, for a worker, the area they work in."""

    given: str
    family: str
    country: str
    town: str
    timezone: str
    area: str = ""

    @property
    def name(self) -> str:
        """As they want to be called."""
        return f"{self.given} {self.family}"


@dataclass(frozen=True, slots=True)
class SampleBrief:
    """One wish of a client, filled in; the range of its price in minor units, where it is drawn."""

    area: str
    title: str
    text: str
    deliver: tuple[str, ...]
    skills: tuple[str, ...]
    low: int = 0
    high: int = 0


def clients() -> list[SamplePerson]:
    """The 25 who hire."""
    return [SamplePerson(*row) for row in _read("people.toml")["clients"]]


def workers() -> list[SamplePerson]:
    """The 60 who work, in 25 countries."""
    return [SamplePerson(*row) for row in _read("people.toml")["workers"]]


def briefs(draw: random.Random, many: int) -> list[SampleBrief]:
    """So many wishes of the data, shuffled by `draw`."""
    made = [
        SampleBrief(
            area=row["area"],
            title=row["title"].format(place),
            text=row["text"],
            deliver=tuple(row["deliver"]),
            skills=tuple(row["skills"]),
            low=row["price"][0] * 100,
            high=row["price"][1] * 100,
        )
        for row in _read("briefs.toml")["brief"]
        for place in row["for"]
    ]
    assert len(made) >= many, f"the sample has {len(made)} wishes, not {many}"
    draw.shuffle(made)
    return made[:many]


@cache
def skills_of(area: str) -> list[str]:
    """The names of skills that wishes of an area ask for."""
    rows = _read("briefs.toml")["brief"]
    return sorted({name for row in rows if row["area"] == area for name in row["skills"]})


def words(kind: str) -> dict[str, Any]:
    """One table of what sample people write to each other."""
    table = _read("words.toml")[kind]
    assert isinstance(table, dict)
    return table


@cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((_HERE / name).read_text(encoding="utf-8"))
