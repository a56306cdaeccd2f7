"""A file is stored once, whole, and only for those who may open it."""

import os
import resource
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from io import BytesIO
from uuid import UUID

import pytest
from django.db import connection, transaction

from guildhall.files.actions import (
    NoRoom,
    StoreFull,
    UnfitFile,
    end_access,
    grant_access,
    store_file,
    sweep_store,
)
from guildhall.files.models import StoredFile
from guildhall.files.queries import DamagedFile, content_of, files_visible_to
from guildhall.files.rules import FILE_MEGABYTES, STORE_MEGABYTES
from guildhall.files.store import is_whole, path_of
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.kernel.rules import set_rule

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)

pytestmark = pytest.mark.django_db


def _store(owner: UUID, content: bytes = b"two sketches", name: str = "sketch.txt") -> StoredFile:
    return store_file(owner=owner, name=name, content=BytesIO(content), at=AT)


def test_A10_what_is_served_is_what_was_checked() -> None:
    file = _store(new_id())
    with content_of(file) as content:
        assert content.read() == b"two sketches"
    path_of(file.digest).write_bytes(b"something else")
    with pytest.raises(DamagedFile):
        content_of(file)
    path_of(file.digest).unlink()


def test_the_same_bytes_lie_once() -> None:
    first, second = _store(new_id(), b"same"), _store(new_id(), b"same")
    assert first.pk != second.pk
    assert path_of(first.digest) == path_of(second.digest)


def test_storing_is_an_event() -> None:
    file = _store(new_id())
    event = Event.objects.get(name="file.stored", subject_id=file.pk)
    assert event.facts["digest"] == file.digest


@pytest.mark.parametrize(
    ("name", "content"),
    [("empty.txt", b""), ("photo.png", b"MZ\x90\0rest"), ("plan.pdf", b"not a plan"), ("a.exe", b"anything")],
)
def test_unfit_files_are_refused_and_leave_nothing(name: str, content: bytes) -> None:
    owner = new_id()
    with pytest.raises(UnfitFile) as refusal:
        _store(owner, content, name)
    assert refusal.value.field == "files"
    assert refusal.value.status == 422
    assert not StoredFile.objects.filter(owner=owner).exists()
    assert not list((path_of("00" * 32).parent.parent / "waiting").iterdir())


def test_D14_a_file_beyond_the_limit_is_refused() -> None:
    set_rule(name=FILE_MEGABYTES.name, value=1, reason="small disk", by=None, at=AT)
    with pytest.raises(UnfitFile) as refusal:
        _store(new_id(), b"x" * (1024 * 1024 + 1))
    assert refusal.value.rule == FILE_MEGABYTES.name


def test_D14_one_person_cannot_fill_the_store() -> None:
    set_rule(name=STORE_MEGABYTES.name, value=10, reason="small disk", by=None, at=AT)
    owner = new_id()
    for part in range(2):
        _store(owner, bytes([part]) * (5 * 1024 * 1024), f"part-{part}.bin")
    with pytest.raises(StoreFull):
        _store(owner, b"one more")


def test_only_the_owner_and_those_let_in_see_a_file() -> None:
    bushra, amara, eve = new_id(), new_id(), new_id()
    file = _store(bushra)
    assert file in files_visible_to(bushra)
    assert file not in files_visible_to(amara)
    grant_access(file=file, to=amara, by=bushra, at=AT)
    grant_access(file=file, to=amara, by=bushra, at=AT)
    assert file in files_visible_to(amara)
    assert file not in files_visible_to(eve)
    assert not files_visible_to(None).exists()
    assert Event.objects.filter(name="file.shared", subject_id=file.pk).count() == 1


def test_access_that_has_ended_is_no_access() -> None:
    bushra, dalia = new_id(), new_id()
    file = _store(bushra)
    grant_access(file=file, to=dalia, by=None, at=AT)
    end_access(file=file, to=dalia, by=None, at=AT)
    assert file not in files_visible_to(dalia)
    assert file in files_visible_to(bushra)
    grant_access(file=file, to=dalia, by=None, at=AT)
    assert file in files_visible_to(dalia)


def test_bytes_that_were_damaged_are_mended_by_who_brings_them_again() -> None:
    file = _store(new_id(), b"a plan that lay badly")
    path_of(file.digest).write_bytes(b"a plan that")
    again = _store(new_id(), b"a plan that lay badly")
    assert again.digest == file.digest
    for each in (file, again):
        with content_of(each) as content:
            assert content.read() == b"a plan that lay badly"


def test_a_full_disk_is_a_sentence_and_leaves_nothing() -> None:
    owner, large = new_id(), os.urandom(3 * 1024 * 1024)
    former = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1024 * 1024, former[1]))
    try:
        with pytest.raises(NoRoom) as refusal, transaction.atomic():
            _store(owner, large, "large.bin")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, former)
    assert refusal.value.field == "files"
    assert "large.bin was not stored" in refusal.value.sentence
    assert not StoredFile.objects.filter(owner=owner).exists()
    assert not list((path_of("00" * 32).parent.parent / "waiting").iterdir())
    _store(owner, large, "large.bin")


def _undo(content: bytes) -> str:
    with transaction.atomic():
        digest = _store(new_id(), content).digest
        transaction.set_rollback(True)
    return digest


@pytest.mark.django_db(transaction=True)
def test_what_was_undone_or_cut_off_is_swept_away_and_nothing_else() -> None:
    kept, undone, older = _store(new_id(), b"kept").digest, _undo(b"undone"), _undo(b"of another database")
    os.utime(path_of(older), (1e9, 1e9))
    waiting = path_of(kept).parent.parent / "waiting"
    for name, age in (("cut-off", timedelta(hours=2)), ("at-work", timedelta(minutes=5))):
        (waiting / name).write_bytes(b"half")
        written = (AT - age).timestamp()
        os.utime(waiting / name, (written, written))
    assert is_whole(undone)
    assert sweep_store(at=AT) >= 2
    assert is_whole(kept)
    assert is_whole(older)
    assert not path_of(undone).exists()
    assert [path.name for path in waiting.iterdir()] == ["at-work"]
    (waiting / "at-work").unlink()


@pytest.mark.django_db(transaction=True)
def test_what_is_being_stored_this_moment_is_not_swept_away() -> None:
    """Its row cannot be seen yet by whoever sweeps, on a connection of their own."""
    with ThreadPoolExecutor(1) as other, transaction.atomic():
        digest = _store(new_id(), b"in the making").digest
        other.submit(_sweep_and_close).result(60)
        assert is_whole(digest)
    assert is_whole(digest)


def _sweep_and_close() -> None:
    try:
        sweep_store(at=AT)
    finally:
        connection.close()
