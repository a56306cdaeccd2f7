"""What selects offer: countries, time zones and languages, named in the reader's language."""

from collections.abc import Iterator
from functools import cache

from babel import Locale
from django.conf import settings
from django.utils.translation import get_language, get_language_info
from django.utils.translation import gettext as _

from guildhall.people.rules import country_codes, timezone_names


def country_choices() -> list[tuple[str, str]]:
    """Countries by name, with an empty first line for those who do not say."""
    return [("", _("I would rather not say")), *countries()]


def countries() -> tuple[tuple[str, str], ...]:
    """Every country with its name in the reader's language, by name."""
    return _countries_in(get_language() or settings.LANGUAGE_CODE)


@cache
def _countries_in(language: str) -> tuple[tuple[str, str], ...]:
    names = Locale.parse(language.replace("-", "_")).territories
    named = ((code, names.get(code, code)) for code in country_codes())
    return tuple(sorted(named, key=lambda pair: pair[1]))


@cache
def timezone_choices() -> tuple[tuple[str, str], ...]:
    """Time zones by place, without the legacy names."""
    places = (
        name for name in timezone_names() if "/" in name and not name.startswith(("Etc/", "posix/", "right/"))
    )
    return (("UTC", "UTC"), *((name, name.replace("_", " ")) for name in sorted(places)))


def language_choices() -> list[tuple[str, str]]:
    """The hall's languages, each named by its own speakers."""
    return list(_languages())


def _languages() -> Iterator[tuple[str, str]]:
    for code, _name in settings.LANGUAGES:
        yield code, get_language_info(code)["name_local"]
