"""The Jinja2 environment: what every template can call, and how it treats what it does not know."""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import date, datetime, timedelta
from functools import cache, lru_cache
from pathlib import Path
from typing import Any
from uuid import UUID

import jinja2
from babel import Locale
from babel.dates import format_date, format_timedelta
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import pass_context
from jinja2.runtime import Context, Macro
from markupsafe import Markup, escape

from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.payments.gateways import has_practice_money_only
from guildhall.web.mast import mast_of

_NARROW_SPACE = "\u202f"
_UNITS = (
    31_536_000,
    2_592_000,
    604_800,
    86_400,
    3_600,
    60,
)  # seconds in a year, month, week, day, hour, minute
_GROUPED_FROM = 5  # digits: 1250.00 is read at a glance, 12 500.00 is not without its gap


def environment(**options: Any) -> jinja2.Environment:
    """Make the environment that the settings name. Unknown names are errors; everything is escaped."""
    options |= {"undefined": jinja2.StrictUndefined, "trim_blocks": True, "lstrip_blocks": True}
    kept = Path(settings.GUILDHALL_HOME) / "cache" / "templates"
    try:
        kept.mkdir(parents=True, exist_ok=True)
        options["bytecode_cache"] = jinja2.FileSystemBytecodeCache(str(kept))
    except OSError:  # a home that cannot be written only costs the time to compile
        options.pop("bytecode_cache", None)
    made = jinja2.Environment(**options)  # noqa: S701 - Django's backend passes autoescape=True
    assert made.autoescape is True
    made.install_gettext_callables(  # type: ignore[attr-defined]
        translation.gettext,
        translation.ngettext,
        newstyle=True,
        pgettext=translation.pgettext,
        npgettext=translation.npgettext,
    )
    # The extension's own goes through three calls for each of the hundred sentences of a page.
    made.globals |= {"_": say, "gettext": say}
    made.add_extension("jinja2.ext.do")
    made.globals |= {
        "url": url,
        "static": static,
        "new_key": new_id,
        "practice_money": has_practice_money_only(),
        "source_url": settings.GUILDHALL_SOURCE_URL,
        "sample_hall": settings.GUILDHALL_KIND == "demo",
        "mast": mast_of,
        "languages": languages,
        "language": translation.get_language,
        "direction": direction,
        "options": options_of,
        "stored": stored,
    }
    made.filters |= {
        "money": money,
        "day": day,
        "month": month,
        "moment": moment,
        "shortly": shortly,
        "ago": ago,
        "country": country,
        "initial": initial,
        "named": named,
    }
    return made


_MOST_STORED = 4096
_stored: dict[tuple[Any, ...], Markup] = {}


def stored(macro: Macro, *shown: Any) -> Markup:
    """What a macro draws for these values, drawn once: a list shows the same rows to many.

    The values, which must not be able to change, are all that the macro may look at besides the language; so
    they are the whole key, and what is kept can never be old.
    """
    key = (macro.name, _language(), *shown)
    drawn = _stored.get(key)
    if drawn is None:
        if len(_stored) >= _MOST_STORED:
            _stored.clear()
        drawn = _stored[key] = Markup(macro(*shown))  # noqa: S704 - a macro escapes what it is given
    return drawn


def options_of(choices: tuple[tuple[str, str], ...], chosen: str) -> Markup:
    """The options of a long select, the chosen one marked: drawn once for every list of choices."""
    drawn = _options_of(choices)
    mark = Markup('value="{}"').format(chosen)
    return Markup(drawn.replace(mark, f"{mark} selected", 1))  # noqa: S704 - every part is escaped


@lru_cache(maxsize=64)
def _options_of(choices: tuple[tuple[str, str], ...]) -> str:
    option = Markup('<option value="{}">{}</option>')
    return str(Markup("").join(option.format(value, label) for value, label in choices))


def languages() -> list[tuple[str, str]]:
    """The hall's languages, each by its own name: ``[("en", "English"), ("ur", "اردو")]``."""
    return [(code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def direction() -> str:
    """Which way the reader's language runs."""
    return "rtl" if translation.get_language_bidi() else "ltr"


def say(sentence: str, /, **values: Any) -> Markup:
    """A sentence in the reader's language, its values escaped: ``_("Hello %(name)s", name=person.name)``."""
    said = _sentence_in(sentence, _language())
    return said % values if "%" in said else said


@lru_cache(maxsize=8192)
def _sentence_in(sentence: str, _spoken: str) -> Markup:
    return Markup(translation.gettext(sentence))  # noqa: S704 - sentences are ours and their translators'


def url(name: str, **facts: str | int | UUID) -> str:
    """The address of a named page: ``url("jobs:job", job_id=job.id)``."""
    return reverse(name, kwargs=facts)


@cache
def static(path: str) -> str:
    """The address of a static file, with its content's hash, so that browsers may keep it for ever."""
    found = finders.find(path)
    assert found, f"there is no static file {path}"
    digest = hashlib.sha256(Path(str(found)).read_bytes()).hexdigest()[:10]
    return f"{settings.STATIC_URL}{path}?v={digest}"


@cache
def _locale(language: str) -> Locale:
    return Locale.parse(language.replace("-", "_"))


_drawn_in: ContextVar[str] = ContextVar("drawn_in", default="")


@contextmanager
def one_language() -> Iterator[None]:
    """Ask once which language a page is drawn in; its two hundred sentences and times then know."""
    token = _drawn_in.set(translation.get_language() or settings.LANGUAGE_CODE)
    try:
        yield
    finally:
        _drawn_in.reset(token)


def _language() -> str:
    return _drawn_in.get() or translation.get_language() or settings.LANGUAGE_CODE


def money(amount: Money) -> Markup:
    """Amount and currency, never broken over a line and never turned round: ``120.00 USD``."""
    whole, point, rest = amount.amount.lstrip("-").partition(".")
    if len(whole) >= _GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", _NARROW_SPACE)
    sign = "−" if amount.minor < 0 else ""
    # Digits and three capital letters: nothing here can be markup.
    return Markup(f'<bdi class="money">{sign}{whole}{point}{rest} {amount.currency}</bdi>')  # noqa: S704


def day(value: date | datetime) -> Markup:
    """A day as its reader writes it: ``4 December 2026``."""
    if isinstance(value, datetime):
        value = timezone.localtime(value).date()
    return _time(value.isoformat(), _day_in_words(value, _language()))


def month(value: date) -> str:
    """A month as its reader writes it: ``October 2026``."""
    return str(format_date(value, "MMMM y", locale=_locale(_language())))


def moment(instant: datetime) -> Markup:
    """A day and time with its zone: ``4 December 2026, 14:05 UTC``."""
    local = timezone.localtime(instant)
    return _time(local.isoformat(timespec="seconds"), f"{_exactly(local)} {_zone_of(local)}")


@pass_context
def shortly(context: Context, instant: datetime, *, clock: bool = True) -> Markup:
    """A moment where room is scarce: ``4 Dec, 14:05 UTC``, with its year unless that is this one."""
    return shortly_seen(instant, now=context["at"], clock=clock)


def shortly_seen(instant: datetime, *, now: datetime, clock: bool = True) -> Markup:
    """The same outside of a template."""
    local = timezone.localtime(instant)
    form = "d MMM" if local.year == timezone.localtime(now).year else "d MMM y"
    words = format_date(local.date(), form, locale=_locale(_language()))
    said = f"{words}, {local:%H:%M} {_zone_of(local)}" if clock else words
    return _time(local.isoformat(timespec="seconds"), said)


@pass_context
def ago(context: Context, instant: datetime) -> Markup:
    """How long before or after the request, with the exact moment for whoever points at it."""
    distance = round((instant - context["at"]).total_seconds())
    unit = next((unit for unit in _UNITS if abs(distance) >= unit), 0)
    words = (
        _span_in_words(int(distance / unit), unit, _language()) if unit else translation.gettext("just now")
    )
    opening = _time_opening(instant, timezone.get_current_timezone_name(), _language())
    return Markup(f"{opening}{escape(words)}</time>")  # noqa: S704 - escaped here and there


def _time(machine: str, words: str) -> Markup:
    return Markup(f'<time datetime="{machine}">{escape(words)}</time>')  # noqa: S704 - escaped here


def _zone_of(local: datetime) -> str:
    zone = local.tzname() or ""
    return f"UTC{zone}" if zone[:1] in "+-" else zone


def _exactly(local: datetime) -> str:
    return f"{_day_in_words(local.date(), _language())}, {local:%H:%M}"


# A page of a list says a few days and spans many times, and the library thinks long about each.


@lru_cache(maxsize=4096)
def _day_in_words(value: date, language: str) -> str:
    return str(format_date(value, "d MMMM y", locale=_locale(language)))


@lru_cache(maxsize=4096)
def _time_opening(instant: datetime, _zone: str, _spoken: str) -> str:
    local = timezone.localtime(instant)
    return f'<time datetime="{local.isoformat(timespec="seconds")}" title="{escape(_exactly(local))}">'


@lru_cache(maxsize=4096)
def _span_in_words(count: int, unit: int, language: str) -> str:
    span = timedelta(seconds=count * unit)
    # A threshold beyond reach keeps the unit that was chosen: 20 hours stay hours.
    return str(format_timedelta(span, add_direction=True, threshold=1, locale=_locale(language)))


def country(code: str) -> str:
    """The name of a country in the reader's language: ``PK`` → Pakistan. Empty stays empty."""
    names: Mapping[str, str] = _locale(_language()).territories
    return names.get(code, code)


def initial(name: str) -> str:
    """The first letter of a name, for the round mark beside what somebody said."""
    return name.strip()[:1].upper() or "?"


def named(name: str) -> Markup:
    """Somebody's name inside a sentence, which runs its own way: ``_("With %(name)s", name=name|named)``."""
    return Markup("<bdi>{}</bdi>").format(name)
