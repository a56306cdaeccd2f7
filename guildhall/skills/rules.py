"""How a name becomes the key it is found by. Pure."""

import html
import re
import unicodedata
from typing import Final

# Names that would lose what tells them apart with their punctuation.
_SPELLED: Final = (
    (re.compile(r"(?<![a-z0-9])c\+\+"), "cplusplus"),
    (re.compile(r"(?<![a-z0-9])([cf])#"), r"\1 sharp"),
    (re.compile(r"(?<![a-z0-9])\.net"), "dotnet"),
    (re.compile(r"\be-(?=(?:mail|commerce|learning|book)\b)"), "e"),
    (re.compile(r"[’'`]s\b"), "s"),
    (re.compile(r"&"), " and "),
)
_NOT_WORDS: Final = re.compile(r"[\W_]+")
_KEEPS_S: Final = ("ss", "us", "is", "js", "os", "aws", "css")

# Said before or after a skill without meaning another one.
_AFTER: Final = frozenset(
    """administration administrator basic consultant consultation consulting developer
    development engineer engineering expert expertise framework freelancer job language need needed platform
    professional programmer programming project service skill software specialist task tool work""".split()  # noqa: SIM905 - words in lines read better than in a column
)
_BEFORE: Final = frozenset(
    """adobe advanced apache autodesk basic experienced expert freelance google intuit microsoft ms online
    professional remote senior""".split()  # noqa: SIM905 - likewise
)

LONGEST_NAME: Final = 80


def name_key(text: str) -> str:
    """The key of a name: case, width, accents' form, punctuation and plurals do not tell two names apart.

    Empty for text without a letter or digit.
    """
    plain = unicodedata.normalize("NFKC", html.unescape(text)).casefold()
    for spelling, spelled in _SPELLED:
        plain = spelling.sub(spelled, plain)
    words = _NOT_WORDS.sub(" ", plain).split()
    return " ".join(_singular(word) for word in words)[:LONGEST_NAME].strip()


def keys_to_try(text: str) -> list[str]:
    """The keys under which a name may stand, the exact one first.

    After it come shorter ones, without words such as "development" at the end or a maker's name in front.
    """
    key = name_key(text)
    words = key.split()
    keys = [key] if key else []
    if len(words) > 1 and words[-1] == "designer":
        words = [*words[:-1], "design"]  # which is a skill of its own: a design of an app is no app
        keys.append(" ".join(words))
    while len(words) > 1 and words[-1] in _AFTER:
        words = words[:-1]
        keys.append(" ".join(words))
    for longer in list(keys):
        first, _, rest = longer.partition(" ")
        if rest and first in _BEFORE:
            keys.append(rest)
    return keys


def slug_of(name: str) -> str:
    """The stable name of a skill in addresses: ``logo-design``."""
    plain = unicodedata.normalize("NFKD", name).casefold()
    for spelling, spelled in _SPELLED:
        plain = spelling.sub(spelled, plain)
    return re.sub(r"[^a-z0-9]+", "-", plain.encode("ascii", "ignore").decode()).strip("-")


def _singular(word: str) -> str:
    return word[:-1] if len(word) > 3 and word.endswith("s") and not word.endswith(_KEEPS_S) else word  # noqa: PLR2004 - "bus", "gas" stay
