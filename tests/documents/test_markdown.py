import re

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from guildhall.documents.markdown import html_from_markdown, markdown_from_html

TRICKS = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://tracker.example/pixel.png)",
    "<a href='//evil.example' style='position:fixed'>x</a>",
    "[x](/account/leave)",
    "<javascript:alert(1)>",
    "x\0<svg/onload=alert(1)>",
]


@pytest.mark.parametrize("trick", TRICKS)
def test_D11_what_people_write_can_do_nothing_but_be_read(trick: str) -> None:
    html = str(html_from_markdown(trick))
    for element in lxml_html.fragment_fromstring(html, create_parent="div").iter():
        assert element.tag in {"div", "p", "a", "br"}
        assert set(element.keys()) <= {"href", "rel"}
        assert not element.get("href") or element.get("href").startswith("https://")


def test_headings_begin_below_those_of_the_page() -> None:
    assert "<h3>One</h3>" in html_from_markdown("# One")
    assert "<h6>Six</h6>" in html_from_markdown("###### Six")


def test_lines_lists_and_links_are_kept() -> None:
    html = html_from_markdown("one\ntwo\n\n3. three\n\n[four](https://example.org)")
    assert "one<br>" in html
    assert '<ol start="3">' in html
    assert '<a href="https://example.org" rel="nofollow noopener ugc">four</a>' in html


@pytest.mark.parametrize(
    ("html", "markdown"),
    [
        ("Hello&nbsp;&nbsp; there&#039;s<br />\nmore", "Hello there's\nmore"),
        ("Do:<br />- one<br />-two<br /><br />&bull; three", "Do:\n\n- one\n- two\n- three"),
        ("--Ability to enter<br/>--More", "- Ability to enter\n- More"),
        ("1) first<br>2) second", "1. first\n2. second"),
        ("<ul><li>a<ul><li>b</li></ul></li><li>c</li></ul>", "- a\n    - b\n- c"),
        ("<ol><li>a<li>b</ol>after", "1. a\n2. b\n\nafter"),
        ("<b>Budget</b>: $5 and <em> soft </em>ends", "**Budget**: $5 and *soft* ends"),
        ("<b>no:</b>mark", "no:mark"),
        ("<h2>Big</h2>small", "## Big\n\nsmall"),
        ("<p>one</p><p>two</p>", "one\n\ntwo"),
        ("x<script>alert(1)</script><style>y</style>z", "xz"),
        ("<table><tr><td>a<td>b<tr><td>c</table>", "a | b\nc"),
        ('<a href="https://a.example/x y">link</a>', "[link](https://a.example/x%20y)"),
        ('<a href="javascript:alert(1)">link</a>', "link"),
        ("-----<br>=====<br>text", "text"),
        ("# not a heading<br>5. item", "\\# not a heading\n\n5. item"),
        ("\u200bhid\u00adden\u202e", "hidden"),
        ("", ""),
        ("<<<>>&&&#xFFFFFFFF;", "<<<>>&&\ufffd"),
        ("nul\0byte", "nulbyte"),
    ],
)
def test_foreign_html_becomes_clean_markdown(html: str, markdown: str) -> None:
    assert markdown_from_html(html) == markdown


def test_depth_without_bounds_is_no_trouble() -> None:
    assert "deep" in markdown_from_html("<div>" * 200 + "deep" + "</div>" * 200)
    assert "after" in markdown_from_html("after" + "<div>" * 50_000)


def words_of(html: str) -> str:
    element = lxml_html.fragment_fromstring(html, create_parent="div")
    return re.sub(r"\s+", "", element.text_content())


@given(st.lists(st.text(alphabet="ab *_`#<>[]()!&;~+=|\\.:1-", max_size=12), max_size=5))
def test_words_come_out_as_they_went_in(lines: list[str]) -> None:
    """Whatever the words look like, reading them again shows the same ones (marks of lists aside)."""
    shaped = [f"w {line} w" for line in lines]
    escaped = [line.replace("&", "&amp;").replace("<", "&lt;") for line in shaped]
    shown = words_of(html_from_markdown(markdown_from_html("<br>".join(escaped))))
    assert shown == "".join("".join(shaped).split())


@given(st.text())
def test_no_input_breaks_either_way(text: str) -> None:
    html_from_markdown(text)
    html_from_markdown(markdown_from_html(text))
