"""Finding jobs and people by words, narrowed and ordered.

Only ids and exact totals come from here: rows, and who may see them, are read from the database by whoever
asks (`open_jobs()`, `profiles_shown()`), so that an index that is a moment behind shows nothing it must not.
"""

import logging
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.utils.translation import gettext as _
from tantivy import DocAddress, Order, Query, Schema, Searcher, SearchResult

from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.money import Money
from guildhall.search.actions import freshen_index, standing_of
from guildhall.search.asking import Cursor, all_of, asked_by_words, has_value
from guildhall.search.index import folder_of, searcher, serial_in
from guildhall.search.plans import JOBS, PEOPLE, Source, sum_key
from guildhall.skills.taxonomy import slug_meant_by

log = logging.getLogger(__name__)

_DEEPEST: Final = 2_000  # of the best matches; who reads on should ask more narrowly
_MOST_AT_ONCE: Final = 2_000  # things that a reader may wait for; more are the worker's to index
_STRETCH: Final = 100  # things read from the index at once where the database keeps only some
_MOST_STRETCHES: Final = 10
_MOST_WORDS: Final = 200  # characters of a question that are read


class SearchNotReady(Refusal):
    """There is no index to ask yet, and the worker is building one."""

    code = "search_not_ready"
    status = 503


@dataclass(frozen=True, slots=True)
class Found:
    """Ids in the order asked for, how many there are in all, and the cursor of the next ones.

    `total` is what the index finds, whatever the asker kept of it. `nearly` says that nothing fits the words
    as they were written, and these fit similar ones.
    """

    ids: list[UUID]
    total: int
    next: str = ""
    nearly: bool = False


@dataclass(frozen=True, slots=True)
class JobSearch:
    """What somebody looks for among the open jobs. A field left as it is lets everything through.

    Args:
        words: as they were typed; any text will do.
        skill: a slug of the taxonomy.
        min_amount: only budgets of at least so much, in that currency.
        country: of the client (ISO 3166).
        sort: ``best``, ``newest``, ``budget`` (of one currency) or ``deadline``.
        currency: for the order by budget, where `min_amount` does not say.
        after: the `next` of the page before.
        size: at most 100.
    """

    words: str = ""
    skill: str = ""
    min_amount: Money | None = None
    country: str = ""
    sort: str = "best"
    currency: str = "USD"
    after: str = ""
    size: int = 20


@dataclass(frozen=True, slots=True)
class PersonSearch:
    """What somebody looks for among the people who offer their work.

    Args:
        words, skill, country, after, size: as for jobs.
        language: ISO 639 code of one they speak.
        max_rate: only hourly rates up to this, in that currency.
        available: only people who take new work now.
        sort: ``best``, ``newest`` or ``rate`` (lowest first, of one currency).
        currency: for the order by rate, where `max_rate` does not say.
    """

    words: str = ""
    skill: str = ""
    country: str = ""
    language: str = ""
    max_rate: Money | None = None
    available: bool = False
    sort: str = "best"
    currency: str = "USD"
    after: str = ""
    size: int = 20


type Keep = Callable[[Sequence[UUID]], Collection[UUID]]
"""Which of these things fit what the index does not know."""

type _Range = tuple[str, int, int | None]
"""A number, the least it may be, and the most if there is one."""

_JOB_SORTS: Final = {
    "newest": ("opened", Order.Desc),
    "budget": ("budget", Order.Desc),
    "deadline": ("deadline", Order.Asc),
}
_PERSON_SORTS: Final = {"newest": ("made", Order.Desc), "rate": ("rate", Order.Asc)}


def search_jobs(asked: JobSearch, *, keep: Keep | None = None) -> Found:
    """The open jobs that fit.

    Args:
        asked: what somebody looks for.
        keep: narrows what was found further; the search reads on until a page is full.

    Raises:
        Unfit: no such order, or a cursor that is not of this list.
    """
    exact = [("skill", asked.skill), ("country", asked.country)]
    ranges: list[_Range] = []
    if asked.min_amount is not None or asked.sort == "budget":
        exact.append(("currency", asked.min_amount.currency if asked.min_amount else asked.currency))
        ranges.append(("budget", sum_key(asked.min_amount.minor) if asked.min_amount else 0, None))
    return _search(JOBS, asked, exact, ranges, _JOB_SORTS, keep=keep)


def search_people(asked: PersonSearch) -> Found:
    """The people who fit, by their persons' ids.

    Raises:
        Unfit: no such order, or a cursor that is not of this list.
    """
    exact = [("skill", asked.skill), ("country", asked.country), ("language", asked.language)]
    exact.append(("available", "yes" if asked.available else ""))
    ranges: list[_Range] = []
    if asked.max_rate is not None or asked.sort == "rate":
        exact.append(("currency", asked.max_rate.currency if asked.max_rate else asked.currency))
        most = sum_key(asked.max_rate.minor + 1) - 1 if asked.max_rate else None
        ranges.append(("rate", 0, most))
    return _search(PEOPLE, asked, exact, ranges, _PERSON_SORTS)


def _search(
    source: Source,
    asked: JobSearch | PersonSearch,
    exact: list[tuple[str, str]],
    ranges: list[_Range],
    sorts: dict[str, tuple[str, Order]],
    *,
    keep: Keep | None = None,
) -> Found:
    schema = source.plan.schema
    words = asked.words[:_MOST_WORDS].strip()
    sort = asked.sort if asked.sort != "best" or words else "newest"
    if sort != "best" and sort not in sorts:
        raise Unfit(
            _("This list can be ordered by: %(orders)s.") % {"orders": ", ".join(["best", *sorts])},
            field="sort",
        )
    cursor = Cursor.read(asked.after, sort)
    narrow = [Query.term_query(schema, name, value, index_option="basic") for name, value in exact if value]
    narrow += [has_value(schema, name, least, most) for name, least, most in ranges]
    if sort == "deadline":
        narrow.append(has_value(schema, "deadline"))
    order = sorts.get(sort)
    if not words:
        return _run(_Asked(source, all_of(narrow), order, keep), cursor, asked.size)
    meant = slug_meant_by(words)
    query = asked_by_words(source.plan, words, skill=meant, nearly=cursor.nearly)
    if query is None:
        return Found([], 0)
    found = _run(_Asked(source, all_of(narrow, scored=query), order, keep), cursor, asked.size)
    if found.total or asked.after:
        return found
    cursor = Cursor(sort, nearly=True)
    query = asked_by_words(source.plan, words, skill=meant, nearly=True)
    assert query is not None
    found = _run(_Asked(source, all_of(narrow, scored=query), order, keep), cursor, asked.size)
    return found if found.total else Found([], 0)


@dataclass(frozen=True, slots=True)
class _Asked:
    source: Source
    query: Query
    order: tuple[str, Order] | None
    keep: Keep | None


@dataclass(frozen=True, slots=True)
class _Stretch:
    """Some things in a row of what the index finds, and the cursor behind the first so many of them."""

    ids: list[UUID]
    total: int
    behind: Callable[[int], str]


def _run(asked: _Asked, cursor: Cursor, size: int) -> Found:
    index = _open(asked.source)
    size = max(1, min(size, 100))
    if asked.keep is None:
        found = _stretch(index, asked, cursor, size=size)
        return Found(found.ids, found.total, found.behind(len(found.ids)), nearly=cursor.nearly)
    kept: list[UUID] = []
    total, following = 0, ""
    for _stretches in range(_MOST_STRETCHES):
        found = _stretch(index, asked, cursor, size=_STRETCH)
        total = found.total
        fitting = set(asked.keep(found.ids))
        places = [place for place, each in enumerate(found.ids, 1) if each in fitting][: size - len(kept)]
        kept += [found.ids[place - 1] for place in places]
        full = len(kept) == size
        following = found.behind(places[-1] if full else len(found.ids))
        if full or not following:
            break
        cursor = Cursor.read(following, cursor.sort)
    return Found(kept, total, following, nearly=cursor.nearly)


def _stretch(index: Searcher, asked: _Asked, cursor: Cursor, *, size: int) -> _Stretch:
    if asked.order is None:
        return _best(index, asked.query, cursor, size=size)
    schema = asked.source.plan.schema
    return _ordered(index, asked.query, cursor, schema=schema, size=size, order=asked.order)


def _best(index: Searcher, query: Query, cursor: Cursor, *, size: int) -> _Stretch:
    """The best matches, by place: their weights are no key to go on from."""
    result = index.search(query, limit=size, count=True, offset=cursor.place)
    total = _count(result)

    def behind(many: int) -> str:
        shown = cursor.place + many
        return cursor.at_place(shown) if shown < min(total, _DEEPEST) else ""

    return _Stretch([_id(index, address) for _weight, address in result.hits], total, behind)


def _ordered(
    index: Searcher, query: Query, cursor: Cursor, *, schema: Schema, size: int, order: tuple[str, Order]
) -> _Stretch:
    """A page by key: it costs the same however far one reads."""
    name, way = order
    total = _count(index.search(query, limit=1, count=True))
    if cursor.key is not None:
        least, most = (0, cursor.key) if way == Order.Desc else (cursor.key, None)
        query = all_of([has_value(schema, name, least, most), query])
    hits = index.search(
        query, limit=size + 1 + len(cursor.seen), count=False, order_by_field=name, order=way
    ).hits
    rows = [(key, _id(index, address)) for key, address in hits]
    rows = [(key, subject) for key, subject in rows if subject not in cursor.seen]

    def behind(many: int) -> str:
        return cursor.after_rows(rows[:many]) if many < len(rows) else ""

    return _Stretch([subject for _key, subject in rows[:size]], total, behind)


def _count(result: SearchResult) -> int:
    return int(result.count)  # type: ignore[attr-defined]  # the library's own stubs forget it


def _id(index: Searcher, address: DocAddress) -> UUID:
    return UUID(index.doc(address)["id"][0])


def _open(source: Source) -> Searcher:
    """A view of an index that is as far up to date as this process can make it at once.

    What is there answers, even where it is behind: rows are asked of the database. Where nothing is there yet
    this is said: an empty answer would say that nobody is.
    """
    kind = source.plan.kind
    if not standing_of(kind)[1]:
        try:
            freshen_index(kind=kind, most=_MOST_AT_ONCE)
        except (OSError, ValueError):  # a full or closed disk: what is there still answers
            log.exception("the index of %s could not be brought up to date", kind)
    for _look in range(2):  # the second one where the folder was replaced between the two steps
        shelf, _current = standing_of(kind)
        if shelf is None or serial_in(folder_of(kind, shelf.generation)) is None:
            break
        try:
            return searcher(source.plan, folder_of(kind, shelf.generation), shelf.serial)
        except (OSError, ValueError):
            log.info("the index of %s was replaced while it was opened", kind)
    raise SearchNotReady(_("The search is being set up. Try again in a minute."))
