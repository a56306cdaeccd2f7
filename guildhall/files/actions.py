"""Storing a file, and letting somebody in to it."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from guildhall.files import events, rules, store
from guildhall.files.models import Access, StoredFile
from guildhall.kernel.errors import Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.rules import rules_in_force

_MEGABYTE = 1024 * 1024


class UnfitFile(Unfit):
    """The hall does not keep such a file."""

    code = "unfit_file"


class StoreFull(Refusal):
    """Its owner has stored as much as one person may."""

    code = "store_full"


@transaction.atomic
def store_file(*, owner: UUID, name: str, content: store.Content, at: datetime) -> StoredFile:
    """Keep a file for its owner, after looking at what it really is.

    Raises:
        UnfitFile: it is empty, too large, would run when opened, or is not what its name says.
        StoreFull: it would be more than its owner may store in all.
    """
    limits = rules_in_force()
    most = limits[rules.FILE_MEGABYTES] * _MEGABYTE
    name = rules.cleaned_name(name)
    try:
        with store.taken_in(content, most=most, head=rules.HEAD) as (kept, waiting):
            _refuse_unfit(name, kept)
            _refuse_more_than_fits(owner, kept.size, limits[rules.STORE_MEGABYTES] * _MEGABYTE)
            store.keep(kept, waiting)
    except store.TooLong as trouble:
        raise UnfitFile(
            _("%(name)s is too large: a file may have %(most)s MB.")
            % {"name": name, "most": most // _MEGABYTE},
            field="files",
            rule=rules.FILE_MEGABYTES.name,
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
