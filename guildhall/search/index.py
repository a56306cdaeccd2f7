"""The folders of the indexes: opening, reading again, writing. Only ids come out of them."""

import logging
import shutil
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import tantivy
from django.conf import settings

log = logging.getLogger(__name__)

type Row = Mapping[str, Any]
"""One thing as an index holds it: text, words and numbers by the names of `Plan`, and its ``id``."""

_WRITER_BYTES: Final = 15_000_000  # the least that the library takes
_BUILDER_BYTES: Final = 64_000_000
_ANALYZER: Final = "hall"


@dataclass(frozen=True, slots=True)
class Plan:
    """What one index holds.

    Args:
        kind: its name and folder.
        text: fields searched by words, each with its weight.
        exact: fields compared whole; each may hold several values.
        numbers: fields for ranges and orders.
    """

    kind: str
    text: Mapping[str, float]
    exact: Sequence[str]
    numbers: Sequence[str]
    schema: tantivy.Schema = field(init=False, repr=False)

    def __post_init__(self) -> None:
        builder = tantivy.SchemaBuilder()
        builder.add_text_field("id", stored=True, tokenizer_name="raw", index_option="basic")
        for name in self.text:
            builder.add_text_field(name, tokenizer_name=_ANALYZER, index_option="freq")
        for name in self.exact:
            builder.add_text_field(name, tokenizer_name="raw", index_option="basic")
        for name in self.numbers:
            builder.add_unsigned_field(name, indexed=True, fast=True)
        object.__setattr__(self, "schema", builder.build())


def analyzer() -> tantivy.TextAnalyzer:
    """How words are cut, in the index and in a question alike."""
    return (
        tantivy.TextAnalyzerBuilder(tantivy.Tokenizer.simple())
        .filter(tantivy.Filter.remove_long(60))
        .filter(tantivy.Filter.lowercase())
        .filter(tantivy.Filter.ascii_fold())
        .filter(tantivy.Filter.stemmer("english"))
        .build()
    )


def folder_of(kind: str, generation: UUID) -> Path:
    """Where an index lies."""
    return Path(settings.GUILDHALL_HOME) / "search" / kind / generation.hex


def serial_in(folder: Path) -> int | None:
    """The serial that was written beside an index, or None if there is no whole index there."""
    try:
        return int((folder / "serial").read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None


def write(
    plan: Plan,
    folder: Path,
    *,
    serial: int,
    gone: Iterable[UUID],
    rows: Iterable[Row],
    building: bool = False,
) -> None:
    """Take things out of an index, put their newest form in, and leave the serial beside it.

    The caller holds the shelf's lock: there is one writer at a time.
    """
    folder.mkdir(parents=True, exist_ok=True)
    index = _ready(tantivy.Index(plan.schema, path=str(folder)))
    writer = index.writer(heap_size=_BUILDER_BYTES if building else _WRITER_BYTES, num_threads=1)
    for subject in gone:
        writer.delete_documents_by_term("id", str(subject))
    for row in rows:
        writer.add_document(tantivy.Document.from_dict(dict(row), plan.schema))
    writer.commit()
    writer.wait_merging_threads()
    (folder / "serial").write_text(str(serial), encoding="ascii")


def remove_others(kind: str, generation: UUID) -> None:
    """Throw away what earlier generations left."""
    for old in (Path(settings.GUILDHALL_HOME) / "search" / kind).iterdir():
        if old.name != generation.hex:
            shutil.rmtree(old, ignore_errors=True)


_open: dict[str, tuple[Path, int, tantivy.Index]] = {}


def searcher(plan: Plan, folder: Path, serial: int) -> tantivy.Searcher:
    """A view of an index that has seen at least this serial; kept open from one question to the next.

    Raises:
        ValueError: there is no whole index in this folder, or none any more.
    """
    kept = _open.get(plan.kind)
    if kept is None or kept[0] != folder:
        kept = (folder, -1, _ready(tantivy.Index.open(str(folder))))
    if kept[1] != serial:
        kept[2].reload()
        kept = (folder, serial, kept[2])
    _open[plan.kind] = kept
    return kept[2].searcher()


def _ready(index: tantivy.Index) -> tantivy.Index:
    index.register_tokenizer(_ANALYZER, analyzer())
    index.config_reader("manual")  # no thread that watches the folder: we know when it changes
    return index
