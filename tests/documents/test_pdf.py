import hashlib
import io
import json
from datetime import UTC, datetime
from pathlib import Path

import pypdf
import pytest
import typst
from hypothesis import given, settings
from hypothesis import strategies as st

from guildhall.documents import pdf

AT = datetime(2026, 3, 1, 9, 30, tzinfo=UTC)
SPECIMEN = pdf.PAPERS / "specimen.typ"
URDU = "غلام حیدر نے کام بھیج دیا"
WRITINGS = {
    "Noto Sans": "Señor Łukasz Müller — 1,200.00 €",
    "Noto Naskh Arabic": "فاتورة رقم ٢٠٢٦",
    "Noto Sans Bengali": "শিক্ষার্থীর জন্য ক্ষুদ্র কাজ",
    "Noto Sans Devanagari": "क्षेत्र के लिए कार्य",
}


def paper(
    *lines: str, language: str = "en", title: str = "Paper", attachments: tuple[pdf.Attachment, ...] = ()
) -> bytes:
    return pdf.pdf_of(
        template=SPECIMEN,
        data={"heading": title, "lines": lines},
        title=title,
        language=language,
        at=AT,
        author="Sample hall",
        attachments=attachments,
    )


def read(made: bytes) -> pypdf.PdfReader:
    return pypdf.PdfReader(io.BytesIO(made))


def fonts_of(made: bytes) -> dict[str, bool]:
    """Each font's name without its subset's tag, and whether its outlines are inside."""
    found = {}
    for page in read(made).pages:
        for font in page["/Resources"]["/Font"].values():  # type: ignore[index]
            inner = font.get_object()["/DescendantFonts"][0].get_object()
            outlines = inner["/FontDescriptor"].get_object()
            name = str(inner["/BaseFont"]).split("+", 1)[-1]
            found[name] = any(f"/FontFile{which}" in outlines for which in ("", 2, 3))
    return found


def widths_of(*lines: str, language: str) -> list[float]:
    compiler = typst.Compiler(
        str(SPECIMEN),
        root=str(pdf.PAPERS.parents[1]),
        font_paths=typst.Fonts(
            include_system_fonts=False, include_embedded_fonts=False, font_paths=[str(pdf.FONTS)]
        ),
        ignore_system_fonts=True,
        sys_inputs={
            "data": json.dumps({"heading": "", "lines": lines}),
            "about": json.dumps({"title": "", "author": "", "language": language, "attachments": []}),
        },
    )
    (widths,) = json.loads(compiler.query("<widths>", field="value"))
    return list(widths)


@pytest.mark.parametrize(("font", "words"), WRITINGS.items())
def test_each_writing_is_set_in_a_font_that_travels_inside(font: str, words: str) -> None:
    fonts = fonts_of(paper(words))
    assert any(font.replace(" ", "") in name for name in fonts), fonts
    assert all(fonts.values())


def test_urdu_is_set_in_nastaliq_and_arabic_in_naskh() -> None:
    assert any("NotoNastaliqUrdu" in name for name in fonts_of(paper(URDU, language="ur")))
    assert any("NotoNaskhArabic" in name for name in fonts_of(paper(URDU, language="ar")))


@pytest.mark.parametrize(
    ("language", "joined", "parts"),
    [
        ("ar", "بيان", "بيان"),
        ("ur", "حیدر", "حیدر"),
        ("bn", "ক্ষ", "কষ"),
        ("hi", "क्ष", "कष"),
    ],
)
def test_letters_are_joined_as_their_readers_expect(language: str, joined: str, parts: str) -> None:
    together, *alone = widths_of(joined, *parts, language=language)
    assert together < sum(alone) * 0.95


def test_the_words_can_be_read_out_of_the_paper() -> None:
    text = read(paper(WRITINGS["Noto Sans"], WRITINGS["Noto Sans Bengali"])).pages[0].extract_text()
    assert WRITINGS["Noto Sans"] in text
    assert "জন্য" in text


def test_the_same_data_gives_the_same_bytes_and_others_do_not() -> None:
    digests = [hashlib.sha256(paper(line)).hexdigest() for line in (URDU, URDU, "other")]
    assert digests[0] == digests[1] != digests[2]


def test_nothing_in_the_data_is_read_as_a_command() -> None:
    trick = '#read("/guildhall/config/settings.py") *bold* $x$ #sys.inputs \\u{41} "'
    text = read(paper(trick, title=trick)).pages[0].extract_text()
    assert trick in text.replace("\n", " ")


def test_it_is_a_paper_for_the_archive_with_its_title_and_day() -> None:
    made = read(paper("x", title="Invoice 7", language="ur"))
    assert made.metadata is not None
    assert made.metadata.title == "Invoice 7"
    assert made.metadata.author == "Sample hall"
    assert made.metadata.creation_date == AT
    xmp = made.xmp_metadata
    assert xmp is not None
    assert (xmp.pdfaid_part, xmp.pdfaid_conformance) == ("3", "B")
    assert str(made.root_object["/Lang"]) == "ur"


def test_what_is_attached_comes_out_as_it_went_in() -> None:
    text = "<a>حیدر 日本</a>\n"
    kept = pdf.Attachment(name="a.xml", text=text, kind="text/xml", description="the same, for programs")
    assert dict(read(paper("x", attachments=(kept,))).attachments) == {"a.xml": [text.encode()]}


def test_what_no_font_has_is_drawn_as_a_question_mark_and_what_turns_the_line_is_dropped() -> None:
    assert pdf.drawable("Li 日本 \u202egnp.exe") == "Li \ufffd\ufffd gnp.exe"
    assert pdf.drawable("one\ntwo\tthree\x00") == "one\ntwo three"


@settings(max_examples=150, deadline=None)
@given(st.lists(st.text(max_size=40), max_size=4), st.sampled_from(["en", "ur", "ar", "bn", "hi", "pt-br"]))
def test_no_words_can_keep_a_paper_from_being_set(lines: list[str], language: str) -> None:
    assert paper(*lines, language=language).startswith(b"%PDF-")


def test_every_face_has_its_licence_beside_it() -> None:
    licence = (Path(__file__).parents[2] / "LICENSES" / "OFL-1.1.txt").read_text()
    for face in pdf.FONTS.glob("*-Regular.ttf"):
        assert face.with_stem(face.stem.replace("-Regular", "-Bold")).exists()
    for family in pdf._fonts().families():
        assert family in licence.replace("\n", " ")
