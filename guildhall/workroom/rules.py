"""What a message and a delivery must have. Pure."""

from collections.abc import Collection, Mapping, Sequence
from typing import Final

LONGEST_TEXT: Final = 10_000
MOST_FILES: Final = 10


def tidy(text: str) -> str:
    """A text as it is kept: one kind of line end, no blank edges, no character that cannot be stored."""
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()


def has_substance(*, note: str, items: Collection[int], files: int) -> bool:
    """Whether a delivery hands something over: a file, or a note that says which items it covers."""
    return files > 0 or bool(note and items)


def unknown_items(items: Collection[int], *, deliverables: Sequence[str]) -> list[int]:
    """The numbers that are none of the terms' deliverables."""
    return sorted({item for item in items if not 1 <= item <= len(deliverables)})


def tidy_changes(items: Mapping[int, str]) -> dict[int, str]:
    """What is to change, by item, without the items about which nothing is said."""
    return {item: said for item, text in sorted(items.items()) if (said := tidy(text))}
