"""Reading XML that a stranger wrote: no entities, nothing fetched, no tree larger than it must be."""

from collections.abc import Iterator
from typing import BinaryIO

from django.utils.translation import gettext as _
from lxml import etree

from guildhall.payments.banking.shapes import NotAStatement


def elements_of(file: BinaryIO) -> Iterator[tuple[str, etree._Element]]:
    """Each element's start and end, in order. Whoever has used one up calls `drop`.

    Raises:
        NotAStatement: it is no XML, or declares types of its own, which no bank does.
    """
    events = etree.iterparse(
        file,
        events=("start", "end"),
        resolve_entities=False,
        load_dtd=False,
        no_network=True,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    first = True
    try:
        for event, element in events:
            if first and element.getroottree().docinfo.doctype:
                raise NotAStatement(_("This file declares entities of its own: no bank writes that."))
            first = False
            yield event, element
    except etree.XMLSyntaxError as error:
        raise NotAStatement(
            _("This file is broken XML, at line %(line)s. Ask the bank for it again.")
            % {"line": error.lineno or 1}
        ) from error


def drop(element: etree._Element) -> None:
    """Forget what an element holds, and those before it."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]


def tag_of(element: etree._Element) -> str:
    """An element's name without its namespace."""
    return str(etree.QName(element).localname)


def namespace_of(element: etree._Element) -> str:
    """An element's namespace."""
    return str(etree.QName(element).namespace or "")


def find(element: etree._Element | None, path: str) -> etree._Element | None:
    """The first element at a path of names such as ``Acct/Id/IBAN``, in any namespace."""
    if element is None:
        return None
    return element.find("/".join(f"{{*}}{name}" for name in path.split("/")))


def find_all(element: etree._Element | None, path: str) -> list[etree._Element]:
    """All elements at a path."""
    return [] if element is None else element.findall("/".join(f"{{*}}{name}" for name in path.split("/")))


def text_at(element: etree._Element | None, *paths: str) -> str:
    """The text at the first of these paths that has one, in one line."""
    for path in paths:
        text = " ".join("".join(each.itertext()) for each in find_all(element, path))
        if text := " ".join(text.split()):
            return text
    return ""
