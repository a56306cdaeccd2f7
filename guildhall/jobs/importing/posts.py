"""One row of a foreign market as a post that this hall understands. Pure."""

import ast
import hashlib
import html
import json
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from babel import Locale
from babel.core import get_global
from django.utils.translation import gettext as _

from guildhall.documents.markdown import markdown_from_html
from guildhall.jobs.briefs import LONGEST_DELIVERABLE, LONGEST_TITLE, MOST_DELIVERABLES
from guildhall.jobs.importing.reading import USED
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.people.rules import country_codes

_LONGEST_LINK: Final = 500
_LABELS: Final = "Hourly Range|Budget|Posted On|Category|Skills|Country"
_LABEL: Final = re.compile(rf"<b>\s*({_LABELS})\s*</b>\s*:")
_NEAR: Final = 200  # characters between two facts of the market's own block
_FACT: Final = re.compile(rf"<b>\s*({_LABELS})\s*</b>\s*:(.*?)(?=<br|<b>|<a\s|$)", re.DOTALL)
_SITE: Final = re.compile(r"\s+[-–|]\s+Upwork\s*$")
_TWICE: Final = re.compile(r"&amp;(?=(?:[a-z]{2,8}|#\d{1,6});)")
_TYPED_BOLD: Final = re.compile(r"\\\*\\\*(\w(?:[^*\\\n]{0,100}[\w)])?)(:?)\\\*\\\*(?!\w)")
_LIST_BEGINS: Final = re.compile(r"(?:\w+ ){0,2}deliverables?(?: \w+){0,2}:?", re.IGNORECASE)
_LIST_ITEM: Final = re.compile(r"\s*(?:-|\d{1,3}\.) (.+)")
_RANGE: Final = re.compile(r"\$?([\d.,]+)(?:\s*-\s*\$?([\d.,]+))?")
_COUNTRY_ALIASES: Final = {
    "UK": "GB", "Great Britain": "GB", "England": "GB", "USA": "US", "United States of America": "US",
    "UAE": "AE", "Turkey": "TR", "Macedonia": "MK", "Cape Verde": "CV", "Hong Kong": "HK", "Macau": "MO",
    "Macao": "MO", "Czech Republic": "CZ", "Ivory Coast": "CI", "Palestine": "PS", "State of Palestine": "PS",
    "Palestinian Territory": "PS", "Viet Nam": "VN", "Swaziland": "SZ", "Burma": "MM", "East Timor": "TL",
    "Russian Federation": "RU", "Republic of Korea": "KR", "Korea": "KR", "Iran, Islamic Republic of": "IR",
    "Congo, the Democratic Republic of the": "CD", "Democratic Republic of the Congo": "CD", "Congo": "CG",
    "Republic of the Congo": "CG", "Moldova, Republic of": "MD", "Tanzania, United Republic of": "TZ",
    "Lao People's Democratic Republic": "LA", "Syrian Arab Republic": "SY", "Vatican": "VA",
    "Myanmar": "MM", "The Bahamas": "BS", "The Gambia": "GM", "Brunei Darussalam": "BN",
}  # fmt: skip


class BadCell(Unfit):
    """A cell cannot mean what its column says."""

    code = "bad_cell"


@dataclass(frozen=True, slots=True)
class Post:
    """A post as it was found, in the hall's forms.

    Args:
        link: the address by which it is known again.
        content_hash: of everything that is used of it.
        title, brief, deliverables: the brief is Markdown.
        skills: names as its market has them.
        country: ISO 3166, or empty where the name is not known.
        strange_country: the name that is not known.
        hourly: whether it pays by the hour.
        rates: what an hour is to pay, from and to, as far as it says so.
        budget: None where it names none.
        told: the budget that its text tells, where it tells one.
    """

    link: str
    content_hash: str
    title: str
    brief: str
    deliverables: tuple[str, ...]
    skills: tuple[str, ...]
    country: str
    strange_country: str
    hourly: bool
    rates: tuple[Money, ...]
    budget: Money | None
    told: Money | None


def link_of(cells: Mapping[str, str]) -> str:
    """The address by which a row is known again.

    Raises:
        BadCell: it is no address, or longer than addresses are.
    """
    link = cells["link"].strip()
    if not link.startswith(("https://", "http://")) or len(link) > _LONGEST_LINK or re.search(r"\s|\0", link):
        raise BadCell(_("link is not a web address."), field="link")
    return link


def hash_of(cells: Mapping[str, str]) -> str:
    """The hash of everything that is used of a row; when and where it was collected does not count."""
    used = {column: cells.get(column, "").strip() for column in USED}
    return hashlib.sha256(json.dumps(used, sort_keys=True).encode()).hexdigest()


def post_of(cells: Mapping[str, str], *, currency: str) -> Post:
    """The post in a row.

    Raises:
        BadCell: naming the column.
        NotMoney: its budget is no amount.
    """
    words, facts = _without_block(cells["raw_description"])
    brief = _TYPED_BOLD.sub(r"**\1\2**", markdown_from_html(_TWICE.sub("&", words)))
    title = _title(cells["title"])
    hourly = _truth(cells.get("is_hourly", ""), column="is_hourly") or "Hourly Range" in facts
    told = None if hourly else _budget(facts.get("Budget", "").replace("$", "").replace(",", ""), currency)
    priced = None if hourly else _budget(cells.get("fixed_budget", ""), currency)
    place = cells.get("country", "") or facts.get("Country", "")
    return Post(
        link=link_of(cells),
        content_hash=hash_of(cells),
        title=title,
        brief=brief,
        deliverables=_deliverables(brief) or (title,),
        skills=_skills(cells.get("skills", "")) or _split(facts.get("Skills", "")),
        country=country_code(place),
        strange_country="" if country_code(place) else html.unescape(place).strip(),
        hourly=hourly,
        rates=_rates(cells, facts, currency) if hourly else (),
        budget=told if priced is None else priced,
        told=told,
    )


def country_code(name: str) -> str:
    """The ISO 3166 code of a country by its English name or any of its codes; empty if it has none."""
    return _countries().get(_plain(name), "")


def _plain(name: str) -> str:
    """A country's name without what people write in two ways: capitals, accents, "&", "St.", brackets."""
    bare = unicodedata.normalize("NFKD", html.unescape(name)).casefold().replace("&", " and ")
    words = re.findall(r"[a-z]+", "".join(c for c in bare if not unicodedata.combining(c) and c not in "'’"))
    return " ".join("saint" if word == "st" else word for word in words if word != "the")


@cache
def _countries() -> dict[str, str]:
    names: Mapping[str, str] = Locale("en").territories
    codes = country_codes()
    known = {_plain(names[code]): code for code in codes} | {code.casefold(): code for code in codes}
    for alias, meant in get_global("territory_aliases").items():
        if re.fullmatch(r"[A-Z]{3}", alias) and len(meant) == 1 and meant[0] in codes:
            known.setdefault(alias.casefold(), meant[0])
    return known | {_plain(alias): code for alias, code in _COUNTRY_ALIASES.items()}


def _without_block(description: str) -> tuple[str, dict[str, str]]:
    """The client's own words, and the facts that the market wrote behind them."""
    labels = list(_LABEL.finditer(description))
    posted = next((place for place, label in enumerate(labels) if label[1] == "Posted On"), None)
    if posted is None:
        return description, {}
    start = labels[posted].start()
    if posted and start - labels[posted - 1].end() < _NEAR:
        start = labels[posted - 1].start()
    facts: dict[str, str] = {}
    for label, value in _FACT.findall(description[start:]):
        facts.setdefault(label, " ".join(html.unescape(value).split()))
    return description[:start], facts


def _title(text: str) -> str:
    title = " ".join(_SITE.sub("", html.unescape(html.unescape(text))).split())
    return title if len(title) <= LONGEST_TITLE else title[: LONGEST_TITLE - 1].rstrip() + "…"


def _deliverables(brief: str) -> tuple[str, ...]:
    """The list under a heading such as "Deliverables:", if the brief has one."""
    found: list[str] = []
    listing = False
    for line in brief.splitlines():
        item = _LIST_ITEM.fullmatch(line) if listing else None
        if item is not None:
            plain = re.sub(r"\\([^\w\s])", r"\1", item[1]).replace("**", "").strip(" ;,")
            found.append(plain[:LONGEST_DELIVERABLE])
        elif found and line.strip():
            break
        elif line.strip():
            listing = _LIST_BEGINS.fullmatch(line.strip(" #*")) is not None
    return tuple(found[:MOST_DELIVERABLES])


def _skills(cell: str) -> tuple[str, ...]:
    """The names in a cell: a list as programs write it, or words between commas."""
    text = cell.strip()
    if text.startswith("["):
        try:
            listed = ast.literal_eval(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError):
            return _split(text.strip("[]"))
        return tuple(html.unescape(str(name)).strip() for name in listed if str(name).strip())
    return _split(text)


def _split(text: str) -> tuple[str, ...]:
    return tuple(name for part in text.split(",") if (name := html.unescape(part).strip(" '\"")))


def _truth(cell: str, *, column: str) -> bool:
    said = cell.strip().casefold()
    if said in {"true", "1", "yes"}:
        return True
    if said in {"false", "0", "no", ""}:
        return False
    raise BadCell(_("%(column)s is neither True nor False.") % {"column": column}, field=column)


def _rates(cells: Mapping[str, str], facts: Mapping[str, str], currency: str) -> tuple[Money, ...]:
    """What an hour is to pay, from the two columns, else from the text."""
    columns = ("min_rate", "max_rate")
    said = [_budget(cells.get(column, ""), currency, field=column) for column in columns]
    if not any(said) and (found := _RANGE.fullmatch(facts.get("Hourly Range", ""))):
        said = [_budget((text or "").replace(",", ""), currency) for text in found.groups()]
    return tuple(rate for rate in said if rate is not None)


def _budget(text: str, currency: str, *, field: str = "fixed_budget") -> Money | None:
    plain = text.strip()
    if not plain:
        return None
    # Programs write 300.0 and 300.00000; only zeros may stand behind what the currency holds.
    if re.fullmatch(r"\d+\.\d+", plain, re.ASCII):
        plain = plain.rstrip("0").rstrip(".")
    return Money.parse(plain, currency, field=field)
