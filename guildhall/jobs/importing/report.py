"""What became of each row, and of all of them."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from uuid import UUID

from guildhall.documents.csv import csv_lines


class Outcome(StrEnum):
    """What became of a row."""

    OPENED = "opened"  # a new job, open now
    KEPT = "kept as a draft"  # a new job that may not open, and why
    CHANGED = "changed"  # the job follows what changed at the source
    UNCHANGED = "unchanged"
    LEFT = "left as it was"  # it changed at the source, but the job may not follow
    REPEATED = "repeated"  # the same link stands further down, and that row counts
    BROKEN = "broken"  # the row cannot be used


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the report.

    Args:
        row: its number in the file; the first after the header is 1.
        outcome: what became of it.
        title, link: as far as they could be read.
        reason: a sentence, where there is something to say.
        detail: what the reason does not say because it differs from row to row.
        job: the job's id, if there is one.
        unknown: names of skills that the taxonomy does not know.
        strange_country: a name that is no country's here, in whose place the client's own country stands.
    """

    row: int
    outcome: Outcome
    title: str
    link: str
    reason: str = ""
    detail: str = ""
    job: UUID | None = None
    unknown: tuple[str, ...] = ()
    strange_country: str = ""


@dataclass(slots=True)
class Report:
    """What an import did.

    Args:
        not_read: columns of the file that mean nothing here.
        lines: one for each row, in the file's order.
        mentions: how many skills were named, over all rows that were read.
    """

    not_read: list[str]
    lines: list[Line] = field(default_factory=list)
    mentions: int = 0

    @property
    def totals(self) -> Counter[Outcome]:
        """How many rows came to which end."""
        return Counter(line.outcome for line in self.lines)

    @property
    def reasons(self) -> Counter[tuple[Outcome, str]]:
        """How often each sentence was said, by outcome."""
        return Counter((line.outcome, line.reason) for line in self.lines if line.reason)

    @property
    def unknown(self) -> Counter[str]:
        """The names of skills that nobody here knows, and how often they were read."""
        return Counter(name for line in self.lines for name in line.unknown)

    @property
    def strange_countries(self) -> Counter[str]:
        """The names that are no country's here, and how often they were read."""
        return Counter(line.strange_country for line in self.lines if line.strange_country)

    def as_csv(self) -> Iterator[str]:
        """The report as lines of CSV, one for each row of the file."""
        header = ["row", "outcome", "title", "link", "job", "reason", "unknown skills", "unknown country"]
        return csv_lines(
            header,
            (
                [
                    line.row,
                    line.outcome.value,
                    line.title,
                    line.link,
                    str(line.job or ""),
                    f"{line.reason} {line.detail}".strip(),
                    "; ".join(line.unknown),
                    line.strange_country,
                ]
                for line in self.lines
            ),
        )
