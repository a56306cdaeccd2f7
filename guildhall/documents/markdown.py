"""Markdown, the form in which people's own words are kept: to HTML for reading, from HTML for keeping."""

from typing import Any, Final

import nh3
from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from guildhall.documents.html import blocks_of, lines_of

_LINK_REL: Final = "nofollow noopener ugc"
_TAGS: Final = set(
    "a blockquote br code em h3 h4 h5 h6 hr li ol p pre s strong table tbody td th thead tr ul".split()  # noqa: SIM905 - tags read better in a line
)
_reader: Final = MarkdownIt("js-default", {"html": False, "breaks": True, "maxNesting": 20}).disable("image")
_cleaner: Final = nh3.Cleaner(
    tags=_TAGS,
    attributes={"a": {"href"}, "ol": {"start"}},
    url_schemes={"http", "https"},
    link_rel=_LINK_REL,
    url_relative="deny",
)


def html_from_markdown(text: str) -> Markup:
    """Somebody's Markdown as HTML that can do nothing but be read.

    Raw HTML shows as it was typed, pictures become links, links lead only to the web, and headings begin
    below those of the page around them.
    """
    tokens = _reader.parse(text.replace("\0", ""))
    for token in tokens:
        _lower(token)
    html: Any = _reader.renderer.render(tokens, _reader.options, {})
    return Markup(_cleaner.clean(html))  # noqa: S704 - the cleaner lets nothing else through


def markdown_from_html(html: str) -> str:
    """Foreign HTML as clean Markdown: its words, lists, links and emphasis, and nothing that could run.

    Entities are read, runs of spaces become one, lines that begin with dashes or bullets become lists, and
    characters that mean something in Markdown are escaped, so that the words come out as they went in.
    """
    return "\n".join(lines_of(blocks_of(html)))


def _lower(token: Token) -> None:
    """Shift a heading two levels down: the page's own are the first two."""
    if token.type in {"heading_open", "heading_close"}:
        token.tag = f"h{min(6, int(token.tag[1]) + 2)}"
