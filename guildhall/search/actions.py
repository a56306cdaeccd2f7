"""Keeping the indexes in step with the tables. Any process may; the shelf's lock lets one do it at a time."""

import logging
from collections.abc import Callable, Iterable
from functools import partial
from typing import Final
from uuid import UUID

from django.db import connection, transaction

from guildhall.kernel.ids import new_id
from guildhall.kernel.paging import count_up_to
from guildhall.search.index import folder_of, remove_others, serial_in, write
from guildhall.search.models import Mark, Shelf
from guildhall.search.plans import SOURCES, Source

log = logging.getLogger(__name__)

_MOST_AT_ONCE: Final = 2_000


# Asked with every question: put together once, since the machinery for it costs more than the answer.
_STANDING: Final = """
SELECT generation, serial, EXISTS (SELECT FROM search_mark WHERE search_mark.kind = search_shelf.kind)
FROM search_shelf WHERE kind = %s
"""


def standing_of(kind: str) -> tuple[Shelf | None, bool]:
    """The shelf of an index, and whether the index mirrors the tables as far as anybody has said."""
    with connection.cursor() as cursor:
        cursor.execute(_STANDING, [kind])
        found = cursor.fetchone()
    if found is None:
        return None, False
    generation, serial, marked = found
    current = not marked and serial_in(folder_of(kind, generation)) == serial
    return Shelf(kind=kind, generation=generation, serial=serial), current


def mark_changed(*, kind: str, subjects: Iterable[UUID]) -> None:
    """Note that an index has to read these things again."""
    Mark.objects.bulk_create([Mark(kind=kind, subject_id=subject) for subject in subjects])


def freshen_index(*, kind: str, most: int | None = None) -> int:
    """Bring an index up to the tables and return how many things were read for it.

    An index that is missing, or was written under other tables (a backup, another database), is built anew.
    Nothing happens while somebody else is at it.

    Args:
        kind: which index.
        most: leave building more things than this to the worker, who nobody waits for.
    """
    source = SOURCES[kind]
    _put_up(kind)
    with transaction.atomic():
        shelf = Shelf.objects.select_for_update(skip_locked=True).filter(kind=kind).first()
        if shelf is None:
            return 0
        # One serial ahead is what a crash between the index's commit and ours leaves: its marks are left.
        whole = serial_in(folder_of(kind, shelf.generation)) in {shelf.serial, shelf.serial + 1}
        if whole and shelf.serial:
            return _follow(source, shelf)
        if most is not None and count_up_to(source.things(), most) > most:
            return 0
        return _build(source, shelf)


def rebuild_index(*, progress: Callable[[float, float, str], None] = lambda _done, _all, _what: None) -> int:
    """Build every index anew from the tables; how many things they hold. The old ones answer until then.

    Args:
        progress: told how many things were read, of how many, and for which index.
    """
    read = 0
    for kind, source in SOURCES.items():
        _put_up(kind)
        with transaction.atomic():
            shelf = Shelf.objects.select_for_update().get(kind=kind)
            total = source.things().count()
            read += _build(source, shelf, partial(_tell, progress, total, kind))
    return read


def _tell(progress: Callable[[float, float, str], None], total: int, kind: str, done: int) -> None:
    progress(done, total, kind)


def _put_up(kind: str) -> None:
    """Make the shelf of an index known to all before anybody is busy with it, so that nobody waits here."""
    Shelf.objects.bulk_create([Shelf(kind=kind, generation=new_id(), serial=0)], ignore_conflicts=True)


def _follow(source: Source, shelf: Shelf) -> int:
    marks = list(Mark.objects.filter(kind=shelf.kind).order_by("id")[:_MOST_AT_ONCE])
    if not marks:
        return 0
    subjects = {mark.subject_id for mark in marks}
    shelf.serial += 1
    folder = folder_of(shelf.kind, shelf.generation)
    write(source.plan, folder, serial=shelf.serial, gone=subjects, rows=source.rows(subjects))
    Mark.objects.filter(pk__in=[mark.pk for mark in marks]).delete()
    shelf.save(update_fields=["serial"])
    return len(subjects)


def _build(source: Source, shelf: Shelf, progress: Callable[[int], None] = lambda _done: None) -> int:
    # The marks are counted before the rows are read: what changes meanwhile leaves a later one.
    marks = list(Mark.objects.filter(kind=shelf.kind).values_list("pk", flat=True))
    shelf.generation, shelf.serial = new_id(), 1
    read = 0

    def counted() -> Iterable[dict[str, object]]:
        nonlocal read
        for row in source.rows(None):
            read += 1
            progress(read)
            yield dict(row)

    folder = folder_of(shelf.kind, shelf.generation)
    write(source.plan, folder, serial=1, gone=(), rows=counted(), building=True)
    Mark.objects.filter(pk__in=marks).delete()
    shelf.save(update_fields=["generation", "serial"])
    transaction.on_commit(lambda: remove_others(shelf.kind, shelf.generation))
    return read
