"""Is this a file that the hall keeps, and under which name? Pure decisions on names and first bytes."""

import re
import unicodedata
from typing import Final

import puremagic
from django.utils.translation import gettext_lazy as _

from guildhall.kernel.rules import house_rule

FILE_MEGABYTES = house_rule(
    "file_megabytes",
    unit="megabytes",
    default=25,
    low=1,
    high=500,
    meaning=_("The largest file that somebody may store."),
)
STORE_MEGABYTES = house_rule(
    "store_megabytes",
    unit="megabytes",
    default=2000,
    low=10,
    high=100_000,
    meaning=_("How much one person may store in all."),
)
LONGEST_NAME: Final = 120
HEAD: Final = 8192
"""How many of a file's first bytes its kind is read from."""
PLAIN: Final = "text/plain"
UNKNOWN: Final = "application/octet-stream"

# What a computer runs when it is opened. By content, so that a changed name does not help.
_RUNS: Final = (
    b"MZ",
    b"\x7fELF",
    b"\xfe\xed\xfa",
    b"\xce\xfa\xed\xfe",
    b"\xcf\xfa\xed\xfe",
    b"\xca\xfe\xba\xbe",
    b"!<arch>",
)
# And by name, for what has no sign of its own inside.
_RUNS_BY_NAME: Final = re.compile(
    r"\.(apk|app|bat|cmd|com|cpl|dll|dmg|exe|hta|iso|jar|js|jse|lnk|msc|msi|msix|pif|ps1|reg|scr|sys|url"
    r"|vb|vbe|vbs|wsf|wsh|xll|docm|dotm|pptm|xlsb|xlsm)"
)
# Names that promise one kind of content, with the first bytes that keep the promise.
_PROMISES: Final[dict[str, tuple[bytes, ...]]] = {
    ".pdf": (b"%PDF-",),
    ".png": (b"\x89PNG\r\n\x1a\n",),
    ".jpg": (b"\xff\xd8\xff",),
    ".jpeg": (b"\xff\xd8\xff",),
    ".gif": (b"GIF87a", b"GIF89a"),
    ".zip": (b"PK\x03\x04", b"PK\x05\x06"),
    ".docx": (b"PK\x03\x04",),
    ".xlsx": (b"PK\x03\x04",),
    ".pptx": (b"PK\x03\x04",),
    ".odt": (b"PK\x03\x04",),
    ".ods": (b"PK\x03\x04",),
}
_KINDS: Final = {
    ".docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
    ".xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    ".pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
    ".odt": "application/vnd.oasis.opendocument.text",
    ".ods": "application/vnd.oasis.opendocument.spreadsheet",
    ".zip": "application/zip",
}
_MARKUP: Final = re.compile(rb"<\s*(!doctype\s+html|html|head|body|script|svg|iframe)\b", re.IGNORECASE)


def cleaned_name(name: str) -> str:
    """A name without a path, without anything invisible, and of a length that fits; never empty."""
    last = re.split(r"[/\\]", unicodedata.normalize("NFC", name))[-1]
    # Controls (Cc) and format marks (Cf): among them those that turn "gpj.exe" round to look like a picture.
    seen = "".join(
        sign for sign in last if unicodedata.category(sign) not in {"Cc", "Cf", "Cs", "Co", "Zl", "Zp"}
    )
    seen = re.sub(r"\s+", " ", seen).strip(" .")
    if len(seen) > LONGEST_NAME:
        end = extension_of(seen)
        seen = seen[: LONGEST_NAME - len(end)].rstrip() + end
    return seen or "file"


def extension_of(name: str) -> str:
    """The end of a name that says what the file is: ``.pdf``; or empty."""
    found = re.search(r"\.[A-Za-z0-9]{1,8}$", name)
    return found[0].lower() if found else ""


def is_runnable(*, name: str, head: bytes) -> bool:
    """Whether opening this file would run it."""
    return head.startswith(_RUNS) or bool(_RUNS_BY_NAME.fullmatch(extension_of(name)))


def keeps_its_promise(*, name: str, head: bytes) -> bool:
    """Whether the content is what the name says, for the names that say something."""
    signs = _PROMISES.get(extension_of(name))
    return signs is None or head.startswith(signs)


def kind_of(*, name: str, head: bytes) -> str:
    """The media type that the content speaks for; the name only tells packed formats apart."""
    if _MARKUP.search(head[:1024]):
        return "image/svg+xml" if b"<svg" in head[:1024].lower() else "text/html"
    if head.startswith(b"PK\x03\x04"):
        return _KINDS.get(extension_of(name), "application/zip")
    if found := puremagic.magic_string(head):
        return found[0].mime_type or UNKNOWN
    return PLAIN if _is_text(head) else UNKNOWN


def _is_text(head: bytes) -> bool:
    if b"\0" in head:
        return False
    try:
        head.decode()
    except UnicodeDecodeError as error:
        # A character may be cut in two at the end of the head.
        return len(head) == HEAD and error.start > HEAD - 4
    return True


def served_kind(kind: str) -> str:
    """What a browser is told: markup stays unnamed, so that nothing ever draws or runs it."""
    harmless = kind.startswith(("image/", "audio/", "video/")) or kind in {
        PLAIN,
        "application/pdf",
        "application/zip",
    }
    return kind if harmless and "svg" not in kind and "xml" not in kind else UNKNOWN
