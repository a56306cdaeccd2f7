"""The Jinja2 environment: what every template can call, and how it treats what it does not know."""

import hashlib
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import jinja2
from babel import Locale
from babel.dates import format_date, format_datetime, format_timedelta
from django.conf import settings
from django.contrib.staticfiles import finders
from django.urls import reverse
from django.utils import timezone, translation
from jinja2 import pass_context
from jinja2.runtime import Context
from markupsafe import Markup

from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.web.mast import mast_of

_NARROW_SPACE = "\u202f"
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
    made.add_extension("jinja2.ext.do")
    made.globals |= {
        "url": url,
        "static": static,
        "new_key": new_id,
        "practice_money": settings.GUILDHALL_KIND == "demo",
        "mast": mast_of,
        "languages": languages,
        "language": translation.get_language,
        "direction": direction,
    }
    made.filters |= {
        "money": money,
        "day": day,
        "moment": moment,
        "ago": ago,
        "country": country,
        "band": band,
        "initial": initial,
    }
    return made


def languages() -> list[tuple[str, str]]:
    """The hall's languages, each by its own name: ``[("en", "English"), ("ur", "اردو")]``."""
    return [(code, translation.get_language_info(code)["name_local"]) for code, _name in settings.LANGUAGES]


def direction() -> str:
    """Which way the reader's language runs."""
    return "rtl" if translation.get_language_bidi() else "ltr"


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


def _reader() -> Locale:
    return _locale(translation.get_language() or settings.LANGUAGE_CODE)


def money(amount: Money) -> Markup:
    """Amount and currency, never broken over a line and never turned round: ``120.00 USD``."""
    whole, point, rest = amount.amount.lstrip("-").partition(".")
    if len(whole) >= _GROUPED_FROM:
        whole = f"{int(whole):,}".replace(",", _NARROW_SPACE)
    sign = "−" if amount.minor < 0 else ""
    return Markup('<bdi class="money">{}</bdi>').format(f"{sign}{whole}{point}{rest} {amount.currency}")


def _local(instant: datetime) -> datetime:
    return timezone.localtime(instant)


def day(value: date | datetime) -> Markup:
    """A day as its reader writes it: ``4 December 2026``."""
    if isinstance(value, datetime):
        value = _local(value).date()
    text = format_date(value, "d MMMM y", locale=_reader())
    return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), text)


def moment(instant: datetime) -> Markup:
    """A day and time with its zone: ``4 December 2026, 14:05 UTC``."""
    local = _local(instant)
    text = format_datetime(local, "d MMMM y, HH:mm", tzinfo=local.tzinfo, locale=_reader())
    zone = local.tzname() or ""
    zone = f"UTC{zone}" if zone[:1] in "+-" else zone
    return Markup('<time datetime="{}">{} {}</time>').format(local.isoformat(timespec="seconds"), text, zone)


@pass_context
def ago(context: Context, instant: datetime) -> Markup:
    """How long before or after the request, with the exact moment for whoever points at it."""
    distance: timedelta = instant - context["at"]
    text = format_timedelta(distance, add_direction=True, locale=_reader())
    exact = format_datetime(
        _local(instant), "d MMMM y, HH:mm", tzinfo=_local(instant).tzinfo, locale=_reader()
    )
    return Markup('<time datetime="{}" title="{}">{}</time>').format(
        instant.isoformat(timespec="seconds"), exact, text
    )


def country(code: str) -> str:
    """The name of a country in the reader's language: ``PK`` → Pakistan. Empty stays empty."""
    names: Mapping[str, str] = _reader().territories
    return names.get(code, code)


def band(count: int | str) -> str:
    """A count of sealed proposals, told only roughly. A band that is a word already stays as it is."""
    if isinstance(count, str):
        return count
    for low, high in ((0, 4), (5, 9), (10, 19), (20, 49)):
        if count <= high:
            return f"{low}–{high}"
    return "50+"


def initial(name: str) -> str:
    """The first letter of a name, for the round mark beside what somebody said."""
    return name.strip()[:1].upper() or "?"
