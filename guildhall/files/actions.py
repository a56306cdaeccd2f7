"""Storing a file, and letting somebody in to it."""

import errno
from datetime import datetime, timedelta
from uuid import UUID

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from guildhall.files import events, rules, store
from guildhall.files.models import Access, StoredFile
from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.rules import rules_in_force

_MEGABYTE = 1024 * 1024
_FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
_LONGEST_UPLOAD = timedelta(hours=1)


class UnfitFile(Unfit):
    """The hall does not keep such a file."""

    code = "unfit_file"


class StoreFull(Refusal):
    """Its owner has stored as much as one person may."""

    code = "store_full"


class NoRoom(Refusal):
    """The hall's own disk is full."""

    code = "no_room"


@transaction.atomic
def store_file(*, owner: UUID, name: str, content: store.Content, at: datetime) -> StoredFile:
    """Keep a file for its owner, after looking at what it really is.

    Raises:
        UnfitFile: it is empty, too large, would run when opened, or is not what its name says.
        StoreFull: it would be more than its owner may store in all.
        NoRoom: the hall's disk is full.
    """
    limits = rules_in_force()
    most = limits[rules.FILE_MEGABYTES] * _MEGABYTE
    name = rules.cleaned_name(name)
    try:
        with store.taken_in(content, most=most, head=rules.HEAD) as (kept, waiting):
            _refuse_unfit(name, kept)
            _refuse_more_than_fits(owner, kept.size, limits[rules.STORE_MEGABYTES] * _MEGABYTE)
            _hold(kept.digest)
            store.keep(kept, waiting)
    except store.TooLong as trouble:
        raise UnfitFile(
            _("%(name)s is too large: a file may have %(most)s MB.")
            % {"name": name, "most": most // _MEGABYTE},
            field="files",
            rule=rules.FILE_MEGABYTES.name,
        ) from trouble
    except OSError as trouble:
        if trouble.errno not in _FULL:
            raise
        raise NoRoom(
            _("The hall has no room for files at the moment: %(name)s was not stored. Try again later.")
            % {"name": name},
            field="files",
        ) from trouble
    stored = StoredFile.objects.create(
        owner=owner,
        name=name,
        kind=rules.kind_of(name=name, head=kept.head),
        size=kept.size,
        digest=kept.digest,
        stored_at=at,
    )
    record_event(
        events.FILE_STORED,
        subject=stored.pk,
        by=owner,
        at=at,
        file_name=name,
        kind=stored.kind,
        size=stored.size,
        digest=stored.digest,
    )
    return stored


def _hold(digest: str) -> None:
    """Until the transaction ends, keep its bytes from being swept away: their row is not to be seen yet."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [_lock_of(digest)])


def _lock_of(digest: str) -> int:
    return int(digest[:15], 16)


def sweep_store(*, at: datetime) -> int:
    """Throw away bytes that no row names, as uploads leave them that were undone or cut off; how many.

    What is older than the database was not left by it: a home may have had another one before.
    """
    dropped = store.drop_waiting(before=at - _LONGEST_UPLOAD)
    with connection.cursor() as cursor:
        cursor.execute("SELECT min(applied) FROM django_migrations")
        (since,) = cursor.fetchone()
    for digests in store.digests_kept(since=since):
        named = set(StoredFile.objects.filter(digest__in=digests).values_list("digest", flat=True))
        dropped += sum(_drop_unnamed(digest) for digest in digests if digest not in named)
    return dropped


@transaction.atomic
def _drop_unnamed(digest: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [_lock_of(digest)])
        if cursor.fetchone() != (True,) or StoredFile.objects.filter(digest=digest).exists():
            return False  # somebody is storing it, or just has
    store.drop(digest)
    return True


def _refuse_unfit(name: str, kept: store.Kept) -> None:
    if not kept.size:
        raise UnfitFile(_("%(name)s is empty.") % {"name": name}, field="files")
    if rules.is_runnable(name=name, head=kept.head):
        raise UnfitFile(
            _("%(name)s is a program that would run when opened. Put sources into a zip file instead.")
            % {"name": name},
            field="files",
        )
    if not rules.keeps_its_promise(name=name, head=kept.head):
        raise UnfitFile(
            _("%(name)s does not contain what its name says. Save it again in that format, or rename it.")
            % {"name": name},
            field="files",
        )


def _refuse_more_than_fits(owner: UUID, size: int, most: int) -> None:
    stored = StoredFile.objects.filter(owner=owner).aggregate(sum=Sum("size"))["sum"] or 0
    if stored + size > most:
        raise StoreFull(
            _("You have stored %(stored)s MB of the %(most)s MB that one person may.")
            % {"stored": stored // _MEGABYTE, "most": most // _MEGABYTE},
            field="files",
            rule=rules.STORE_MEGABYTES.name,
        )


@transaction.atomic
def grant_access(*, file: StoredFile, to: UUID, by: UUID | None, at: datetime) -> Access:
    """Let somebody in to a file. Letting in twice is the same as once."""
    access, new = Access.objects.get_or_create(file=file, to=to, defaults={"by": by, "at": at})
    if not new and access.ended_at is None:
        return access
    if not new:
        access.by, access.at, access.ended_at = by, at, None
        access.save(update_fields=["by", "at", "ended_at"])
    record_event(events.FILE_SHARED, subject=file.pk, by=by, at=at, to=str(to))
    return access


@transaction.atomic
def end_access(*, file: StoredFile, to: UUID, by: UUID | None, at: datetime) -> None:
    """Let somebody in no longer. The owner always stays in."""
    if Access.objects.filter(file=file, to=to, ended_at__isnull=True).update(ended_at=at):
        record_event(events.FILE_UNSHARED, subject=file.pk, by=by, at=at, to=str(to))
