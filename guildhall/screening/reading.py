"""Reading text as an eye would: tricks of spelling undone, so that rules see the words. Pure."""

import re
import unicodedata
from typing import Final

# Letters of other scripts that pass for Latin ones, each with the one it passes for.
_LOOKALIKES: Final = str.maketrans(
    "аеорсухкмтвнігјѕԁɡԛԝһӏοαεικνρτυχωοβηϲɑıℓ",
    "aeopcyxkmtbhirjsdgqwhloaeikvptuxwobncail",
)
_UNSEEN: Final = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b-\u200f\u202a-\u202e\u2060-\u206f\ufe00-\ufe0f\ufeff]"
)
_GAPS: Final = re.compile(r"[^\S\n]+")
_SPACED: Final = re.compile(r"(?<!\w)(?:\w[ .*_-]){3,40}\w(?!\w)")
_LEET: Final = str.maketrans("013457@$!€", "oleastasie")
# It looks no further ahead than it takes, so that a line of a thousand exclamation marks is soon read.
_MIXED: Final = re.compile(
    r"(?<![\w$@€])(?=[\d$@!€]{0,40}[a-z])(?=[a-z]{0,40}[\d$@!€])[a-z\d$@!€]{3,40}(?![\w@])"
)
_ROUND: Final = re.compile(r"(?<![\w])[o\d](?:[ .-]?[o\d]){8,14}(?!\w)")
_DIGIT_WORDS: Final = {
    "zero": "0", "oh": "0", "o": "0", "one": "1", "two": "2", "three": "3", "four": "4", "five": "5",
    "six": "6", "seven": "7", "eight": "8", "nine": "9",
}  # fmt: skip
_SPELLED: Final = re.compile(
    r"(?:\b(?:(?:double|triple)[ -]?)?(?:zero|oh?|one|two|three|four|five|six|seven|eight|nine|\d)\b"
    r"[ ,.-]{0,3}){7,20}"
)
_WORD: Final = re.compile(r"(double|triple)?[ -]?(zero|one|two|three|four|five|six|seven|eight|nine|oh?|\d)")


def plain(text: str) -> str:
    """The text in small Latin letters and ASCII digits where it looked like them, nothing hidden in it."""
    wide = unicodedata.normalize("NFD", own_script(text).translate(_LOOKALIKES))
    bare = "".join(c for c in wide if unicodedata.category(c) != "Mn")
    return _SPELLED.sub(_as_digits, _ROUND.sub(_zeros, _SPACED.sub(_joined, bare)))


def own_script(text: str) -> str:
    """The text in small letters of its own script and ASCII digits, nothing hidden in it."""
    wide = unicodedata.normalize("NFKC", _UNSEEN.sub("", text)).casefold()
    seen = "".join(c for c in wide if unicodedata.category(c) != "Me")  # rings and boxes around a letter
    ascii_digits = "".join(str(unicodedata.digit(c)) if c.isdigit() and not c.isascii() else c for c in seen)
    return _GAPS.sub(" ", ascii_digits)


def unleet(text: str) -> str:
    """Plain text with the figures inside words read as the letters they look like."""
    return _MIXED.sub(lambda word: word[0].translate(_LEET), text)


def _zeros(figures: re.Match[str]) -> str:
    """A telephone number in which the letter O stands for nought."""
    return figures[0].replace("o", "0")


def _joined(spaced: re.Match[str]) -> str:
    """``t e l e g r a m`` as one word; digits stay apart, since figures are often listed."""
    letters = re.sub(r"[ .*_-]", "", spaced[0])
    return letters if letters.isalpha() else spaced[0]


def _as_digits(spelled: re.Match[str]) -> str:
    """``zero three double zero …`` as figures, if enough of it was words."""
    parts = _WORD.findall(spelled[0])
    if sum(word in _DIGIT_WORDS for _times, word in parts) * 2 < len(parts):
        return spelled[0]
    times = {"double": 2, "triple": 3}
    figures = "".join(_DIGIT_WORDS.get(word, word) * times.get(many, 1) for many, word in parts)
    if figures in "01234567890" or figures in "9876543210":
        return spelled[0]  # somebody counts
    return f" phone: {figures} "  # nobody else spells so many figures out
