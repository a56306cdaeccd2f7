"""Languages by their names: as they are typed, and as they are shown."""

from collections.abc import Iterable
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language

from guildhall.talent.rules import language_codes


def name_of_language(code: str) -> str:
    """A language's name in the reader's language: ``ur`` → Urdu."""
    return _names(get_language() or settings.LANGUAGE_CODE).get(code, code)


def codes_of(text: str) -> tuple[list[str], list[str]]:
    """The codes of the languages that were typed with commas between them, and the words that name none."""
    known: list[str] = []
    unknown: list[str] = []
    for word in text.replace("\n", ",").split(","):
        plain = " ".join(word.split()).casefold()
        if not plain:
            continue
        code = plain if plain in language_codes() else _codes(get_language() or "en").get(plain, "")
        (known if code else unknown).append(code or word.strip())
    return known, unknown


def as_typed(codes: Iterable[str]) -> str:
    """Languages as somebody would type them."""
    return ", ".join(name_of_language(code) for code in codes)


def common_languages() -> tuple[tuple[str, str], ...]:
    """The languages that a list offers to narrow by, by name."""
    return tuple(sorted(((code, name_of_language(code)) for code in _COMMON), key=lambda pair: pair[1]))


_COMMON = (
    "ar", "bn", "de", "en", "es", "fa", "fr", "ha", "hi", "id", "it", "ja", "ko", "ne", "nl", "pa",
    "pl", "ps", "pt", "ro", "ru", "sw", "ta", "th", "tl", "tr", "uk", "ur", "vi", "yo", "zh",
)  # fmt: skip


@cache
def _names(language: str) -> dict[str, str]:
    names = Locale.parse(language.replace("-", "_")).languages
    return {code: str(names.get(code, code)) for code in language_codes()}


@cache
def _codes(language: str) -> dict[str, str]:
    """Codes by name: in the reader's language, in English and in the language itself."""
    codes = {}
    for code in sorted(language_codes(), key=lambda each: (-len(each), each)):
        own = Locale.parse(code).languages.get(code) if code in _COMMON else None
        for name in (own, _names("en")[code], _names(language)[code]):
            if name:
                codes[name.casefold()] = code
    return codes
