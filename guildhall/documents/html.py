"""Reading foreign HTML: its elements become marked text, and that text becomes lines of Markdown."""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any, Final
from urllib.parse import quote

from lxml import etree
from lxml import html as lxml_html

_GONE: Final = frozenset(
    {"script", "style", "iframe", "object", "embed", "template", "noscript", "title", "svg", "math", "form"}
    | {"select", "button", "textarea"}
)
_BREAKS: Final = {
    **dict.fromkeys(
        ("p", "table", "ul", "ol", "dl", "blockquote", "pre", "section", "article", "hr"), "\n\n"
    ),
    **dict.fromkeys(
        ("div", "tr", "dt", "dd", "figcaption", "header", "footer", "main", "address", "br"), "\n"
    ),
}
_EMPHASIS: Final = {"b": "**", "strong": "**", "em": "*", "i": "*"}

# Marks that the first pass leaves for the second. Being control characters, they come from nowhere else.
_ITEM, _COUNTED, _HEADING = "\x01", "\x02", "\x03"

_UNSEEN: Final = re.compile("[\u00ad\u200b\u2060\ufeff\u202a-\u202e\u2066-\u2069]")
_SPACES: Final = re.compile(r"[^\S\n]+")
_MEANS: Final = re.compile(r"[\\`*\[\]~]|(?<!\w)_|_(?!\w)|&(?=#?\w+;)|<(?=[\w/!?])")
_BULLET: Final = re.compile(r"(?:\\\*(?!\S.*\\\*$)|[-–—]{1,2}|[•·‣◦●○▪■►➢✓✔→])(?:\s+|(?=[^\W\d_]))(?=\S)")
_NUMBER: Final = re.compile(r"(\d{1,3})[.)]\s+(?=\S)")
_RULE: Final = re.compile(r"(?:\\[*_~]|[-=_+.·•—–|:\s])+")
_STARTS: Final = re.compile(r"[-+](?=\s)|>|#{1,6}(?=\s|$)|(?<=\d)[.)](?=\s|$)")
_DIGITS: Final = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def blocks_of(html: str) -> str:
    """The words of some HTML, a line for each line of it, with marks for its lists and headings."""
    whole = html.encode("utf-8", "ignore").decode()
    whole = "".join(c for c in whole if c in "\n\t" or unicodedata.category(c) != "Cc")
    if not whole.strip():
        return ""
    parser = lxml_html.HTMLParser(encoding="utf-8", huge_tree=True, remove_comments=True, remove_pis=True)
    reading = _Reading()
    reading.read(lxml_html.document_fromstring(f"<div>{whole}</div>".encode(), parser=parser))
    return "".join(reading.text)


def lines_of(marked: str) -> Iterator[str]:
    """Lines of Markdown for marked text: lists tight, paragraphs and lists apart by one empty line."""
    kind_before, depth, apart = "", 0, False
    for raw in marked.split("\n"):
        line, kind, wanted = _line(_SPACES.sub(" ", raw).strip())
        if not line:
            apart = True
            continue
        if kind_before and (kind != kind_before or kind == "heading" or (apart and kind == "text")):
            yield ""
            depth = depth if kind in {"bullet", "number"} and wanted > 1 else 0
        depth = min(wanted, depth + 1)
        yield "    " * (depth - 1) + line
        kind_before, apart = kind, False


def _line(raw: str) -> tuple[str, str, int]:
    """One line of marked text as Markdown, what kind of line it is and how deep it wants to stand."""
    text = raw.lstrip(_ITEM + _COUNTED + _HEADING + " ")
    marks = raw[: len(raw) - len(text)]
    if not text or _RULE.fullmatch(text):
        return "", "", 0
    if _HEADING in marks:
        return "#" * marks.count(_HEADING) + f" {text}", "heading", 0
    if _ITEM in marks:
        own = _BULLET.match(text)  # some lists carry their bullets in their words as well
        return f"- {_plain_start(text[own.end() :] if own else text)}", "bullet", marks.count(_ITEM)
    if counted := _NUMBER.match(text):
        return f"{counted[1]}. {_plain_start(text[counted.end() :])}", "number", marks.count(_COUNTED) or 1
    if bullet := _BULLET.match(text):
        return f"- {_plain_start(text[bullet.end() :])}", "bullet", 1
    return _plain_start(text), "text", 0


def _plain_start(text: str) -> str:
    """A line whose first characters would make it a list, a quote or a heading, with them escaped."""
    if digits := _DIGITS.match(text):
        return f"{digits[1]}\\{digits[2]}{text[digits.end() :]}"
    return f"\\{text}" if _STARTS.match(text) else text


class _Reading:
    """One pass over a tree of elements, gathering marked text."""

    def __init__(self) -> None:
        self.text: list[str] = []
        self.begun: list[int] = []  # where the emphasis and links that are open began
        self.lists: list[int | None] = []  # the lists that are open: the next number, or None for bullets
        self.literal = 0  # inside how many elements in which line ends count

    def read(self, root: Any) -> None:
        """Walk the tree without recursion: foreign nesting has no bounds."""
        walk = etree.iterwalk(root, events=("start", "end"))
        for event, element in walk:
            if event == "start" and element.tag in _GONE:
                walk.skip_subtree()
            elif event == "start":
                self._open(element)
                self._say(element.text)
            else:
                if element.tag not in _GONE:
                    self._close(element)
                self._say(element.tail)

    def _open(self, element: Any) -> None:
        tag = element.tag
        self._break(tag)
        if tag in _EMPHASIS or tag == "a":
            self.begun.append(len(self.text))
        elif tag in {"ul", "ol"}:
            self.lists.append(1 if tag == "ol" else None)
        elif tag == "li":
            self._open_item()
        elif tag in {"td", "th"} and element.getprevious() is not None:
            self.text.append(" | ")
        elif tag == "img":
            self._say(element.get("alt"))
        elif tag == "pre":
            self.literal += 1
        elif tag in {"h1", "h2", "h3", "h4", "h5", "h6"}:
            self.text.append(f"\n\n{_HEADING * int(tag[1])}")

    def _open_item(self) -> None:
        number = self.lists[-1] if self.lists else None
        depth = max(1, len(self.lists))
        if number is None:
            self.text.append(f"\n{_ITEM * depth}")
        else:
            self.text.append(f"\n{_COUNTED * depth}{number}. ")
            self.lists[-1] = number + 1

    def _close(self, element: Any) -> None:
        tag = element.tag
        if tag in _EMPHASIS:
            self._emphasise(_EMPHASIS[tag], element.tail or "")
        elif tag == "a":
            self._link(element.get("href") or "")
        elif tag in {"ul", "ol"}:
            self.lists.pop()
        elif tag == "pre":
            self.literal -= 1
        elif tag[0] == "h" and tag[1:].isdigit():
            self.text.append("\n\n")
        if tag not in {"br", "hr"}:
            self._break(tag)

    def _break(self, tag: str) -> None:
        """Begin a new line or paragraph where this element begins or ends."""
        ends = _BREAKS.get(tag, "")
        begun = "".join(self.text[-2:]).endswith("\n")
        self.text.append("" if begun and ends == "\n" and tag != "br" else ends)

    def _say(self, words: str | None) -> None:
        if not words:
            return
        plain = _UNSEEN.sub("", words)
        plain = plain if self.literal else _SPACES.sub(" ", plain.replace("\n", " "))
        self.text.append(_MEANS.sub(r"\\\g<0>", plain))

    def _taken(self) -> str:
        """The words of the element that is being closed, taken out again."""
        begun = self.begun.pop()
        inner = "".join(self.text[begun:])
        del self.text[begun:]
        return inner

    def _emphasise(self, mark: str, after: str) -> None:
        """Mark what was emphasised, where Markdown would read the marks as such."""
        inner = self._taken()
        words = inner.strip()
        front, _, back = inner.partition(words) if words else (inner, "", "")
        before = (front or "".join(self.text[-2:]))[-1:]
        open_ok = not before.isalnum() or words[:1].isalnum()
        close_ok = not (back or after)[:1].isalnum() or words[-1:].isalnum()
        marked = bool(words) and open_ok and close_ok and "\n" not in words and mark[0] not in words
        self.text.append(f"{front}{mark}{words}{mark}{back}" if marked else inner)

    def _link(self, href: str) -> None:
        inner = self._taken()
        words = inner.strip()
        if words and "\n" not in words and href.lower().startswith(("http://", "https://")):
            target = quote(href.strip(), safe="/:?&=#%~+,;@!$'*[]")
            self.text.append(f" [{words}]({target}) ")
        else:
            self.text.append(inner)
