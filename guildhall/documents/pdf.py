"""Papers: a Typst template set with data becomes a PDF that can be kept for good (PDF/A-3b).

Data reaches the template as JSON, never as part of its source, so nothing in it can be read as a command.
The fonts come with the hall and none of the machine's are looked at: the same data gives the same bytes
everywhere.
"""

import json
import struct
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import typst

_PACKAGE: Final = (
    Path(__file__).resolve().parents[1]
)  # papers of every package import the common one from here
PAPERS: Final = Path(__file__).resolve().parent / "papers"
FONTS: Final = Path(__file__).resolve().parent / "fonts"
_UNKNOWN: Final = "\N{REPLACEMENT CHARACTER}"
_JOINERS: Final = "\u200c\u200d"


@dataclass(frozen=True, kw_only=True)
class Attachment:
    """A text file that travels inside a PDF, as an e-invoice does."""

    name: str
    text: str
    kind: str  # media type
    description: str
    relationship: Literal["source", "data", "alternative", "supplement"] = "data"


def pdf_of(
    *,
    template: Path,
    data: Mapping[str, Any],
    title: str,
    language: str,
    at: datetime,
    author: str = "",
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """The bytes of a PDF/A-3b: a paper's template filled with its data.

    The same arguments give the same bytes. A letter that no font of the hall has is drawn as a question mark
    in a diamond: a paper is never refused for a name.

    Args:
        template: a `.typ` file within the package, which imports `/documents/papers/paper.typ`.
        data: what can be written as JSON; the template reads it as `data`.
        title: what the reader's window says.
        language: a language of the hall; it decides the direction of the page and the Arabic hand.
        at: what the paper's date of creation says.
        author: who made it out.
        attachments: texts that travel inside.

    Raises:
        typst.TypstError: the template is wrong; nothing in the data can cause it.
    """
    about = {
        "title": drawable(title),
        "author": drawable(author),
        "language": language.split("-", maxsplit=1)[0],
        "attachments": [asdict(kept) for kept in attachments],
    }
    compiler = typst.Compiler(
        str(template), root=str(_PACKAGE), font_paths=_fonts(), ignore_system_fonts=True
    )
    made = compiler.compile(
        format="pdf",
        sys_inputs={"data": json.dumps(_drawable_within(data)), "about": json.dumps(about)},
        pdf_standards="a-3b",
        timestamp=int(at.timestamp()),
    )
    assert isinstance(made, bytes)
    return made


def drawable(text: str) -> str:
    """The text with what no font of the hall can draw replaced, and what steers direction taken out."""
    return "".join(_drawn(cluster) for cluster in _clusters(text))


def _drawable_within(value: Any) -> Any:
    if isinstance(value, str):
        return drawable(value)
    if isinstance(value, Mapping):
        return {key: _drawable_within(inner) for key, inner in value.items()}
    if isinstance(value, (list, tuple)):
        return [_drawable_within(inner) for inner in value]
    return value


def _clusters(text: str) -> Iterator[str]:
    """A letter with the marks upon it, each time: they have to come from one font."""
    cluster = ""
    for letter in unicodedata.normalize("NFC", text):
        if cluster and (letter in _JOINERS or unicodedata.category(letter).startswith("M")):
            cluster += letter
            continue
        if cluster:
            yield cluster
        cluster = letter
    if cluster:
        yield cluster


def _drawn(cluster: str) -> str:
    first = cluster[0]
    if first == "\n":
        return first
    if first == "\t" or unicodedata.category(first) == "Zs":
        return " " if first != "\u00a0" else first
    if unicodedata.category(first) in {"Cc", "Cf", "Cs", "Zl", "Zp"}:
        return ""
    if any(letters.issuperset(cluster) for letters in _letters()):
        return cluster
    return first if any(first in letters for letters in _letters()) else _UNKNOWN


@cache
def _fonts() -> typst.Fonts:
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(FONTS)])


@cache
def _letters() -> tuple[frozenset[str], ...]:
    """What each font can draw, in both weights."""
    return tuple(
        _letters_of(face.read_bytes()) & _letters_of(face.with_stem(bold).read_bytes()) | frozenset(_JOINERS)
        for face in sorted(FONTS.glob("*-Regular.ttf"))
        for bold in [face.stem.replace("-Regular", "-Bold")]
    )


def _letters_of(font: bytes) -> frozenset[str]:
    """The characters of a font's `cmap`, by its segments (OpenType, format 4)."""
    (tables,) = struct.unpack_from(">H", font, 4)
    entries = (struct.unpack_from(">4sIII", font, 12 + 16 * i) for i in range(tables))
    (start,) = (offset for tag, _, offset, _ in entries if tag == b"cmap")
    (first,) = struct.unpack_from(">I", font, start + 8)
    table = start + first
    form, _, _, twice = struct.unpack_from(">HHHH", font, table)
    assert form == 4, form  # noqa: PLR2004 - the only one that the hall's fonts have
    ends, starts, deltas, offsets = (
        struct.unpack_from(f">{twice // 2}H", font, table + 14 + twice * i + (2 if i else 0))
        for i in range(4)
    )
    letters = set()
    for i, (low, high) in enumerate(zip(starts, ends, strict=True)):
        here = table + 16 + 3 * twice + 2 * i + offsets[i]  # where its glyphs stand, if it lists them
        letters |= {
            chr(code)
            for code in range(low, high + 1)
            if not offsets[i] or struct.unpack_from(">H", font, here + 2 * (code - low)) != (0,)
            if offsets[i] or (code + deltas[i]) % 0x10000
        }
    return frozenset(letters)
