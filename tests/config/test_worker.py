"""The worker: events as they are committed, background work by the database's clock, one worker a turn."""

import signal
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import psycopg
import pytest
from django.db import connection

from guildhall.config import worker as working
from guildhall.config.schedule import SCHEDULE, Work
from guildhall.config.worker import Worker
from guildhall.insights.models import Sign
from guildhall.kernel.events import reacts_to, record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Delivery, Event

pytestmark = pytest.mark.django_db(transaction=True)

heard: list[str] = []


@reacts_to("trial.begun")
def note_trial(event: Event) -> None:
    heard.append(str(event.facts["number"]))


@pytest.fixture
def worker(database_url: str) -> Iterator[Worker]:
    heard.clear()
    made = Worker(database_url)
    yield made
    made._forget_connections()


def _noting(turns: list[datetime]) -> Callable[..., int]:
    def note(*, at: datetime) -> int:
        turns.append(at)
        return 1

    return note


def _begin(number: int, at: datetime) -> None:
    record_event("trial.begun", subject=new_id(), by=None, at=at, number=number)


def test_everything_due_is_done_once_and_signs_are_left(worker: Worker) -> None:
    _begin(1, datetime(2026, 1, 1, tzinfo=UTC))
    told: list[tuple[float, float, str]] = []
    worker.do_what_is_due(lambda *so_far: told.append(so_far))
    assert heard == ["1"]
    assert told == [
        (0, len(SCHEDULE), "events: 1"),
        *((number, len(SCHEDULE), work.name) for number, work in enumerate(SCHEDULE)),
    ]
    assert not Delivery.objects.exists()
    shown = set(Sign.objects.values_list("name", flat=True))
    assert {"worker", *(f"work:{work.name}" for work in SCHEDULE if not work.prompt)} <= shown
    assert not Sign.objects.filter(name__startswith="work:").exclude(note="").exists()


def test_a_door_whose_clock_runs_ahead_by_a_year_delays_nothing(worker: Worker) -> None:
    _begin(2, datetime.now(UTC) + timedelta(days=400))
    worker.do_what_is_due()
    assert heard == ["2"]


def test_of_two_workers_one_has_the_turn(monkeypatch: pytest.MonkeyPatch, database_url: str) -> None:
    turns: list[datetime] = []
    work = Work("trial.once", timedelta(minutes=10), _noting(turns))
    monkeypatch.setattr(working, "SCHEDULE", (work,))
    for _each in range(2):
        Worker(database_url).do_what_is_due()
    assert len(turns) == 1
    Sign.objects.filter(name="work:trial.once").update(at=turns[0] - timedelta(minutes=10))
    Worker(database_url).do_what_is_due()
    assert len(turns) == 2


def test_the_turn_goes_by_the_databases_clock_even_after_it_was_set_back(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    done: list[datetime] = []
    work = Work("trial.clock", timedelta(minutes=10), _noting(done))
    monkeypatch.setattr(working, "SCHEDULE", (work,))
    Sign.objects.create(name="work:trial.clock", at=datetime.now(UTC) + timedelta(days=400))
    Worker(database_url).do_what_is_due()
    assert len(done) == 1


def test_what_fails_is_noted_and_keeps_nothing_else_from_its_turn(
    monkeypatch: pytest.MonkeyPatch, database_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    done: list[datetime] = []

    def fail(*, at: datetime) -> int:
        raise ValueError(f"broken at {at:%Y}")

    works = (
        Work("trial.fails", timedelta(seconds=1), fail, prompt=True),
        Work("trial.goes_on", timedelta(minutes=1), _noting(done)),
    )
    monkeypatch.setattr(working, "SCHEDULE", works)
    Worker(database_url).do_what_is_due()
    assert len(done) == 1
    assert Sign.objects.get(name="work:trial.fails").note.startswith("ValueError: broken at")
    assert "background work trial.fails failed" in caplog.text
    mended = Work("trial.fails", timedelta(seconds=1), _noting(done), prompt=True)
    monkeypatch.setattr(working, "SCHEDULE", (mended,))
    Worker(database_url).do_what_is_due()
    assert Sign.objects.get(name="work:trial.fails").note == ""


def test_work_that_the_database_breaks_off_keeps_nothing_else_from_its_turn(
    monkeypatch: pytest.MonkeyPatch, database_url: str
) -> None:
    done: list[datetime] = []

    def break_off(*, at: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SET statement_timeout = 20")
            cursor.execute("SELECT pg_sleep(10), %s", [at])
        return 0

    def lose(*, at: datetime) -> int:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(pg_backend_pid()), %s", [at])
        return 0

    works = (
        Work("trial.breaks_off", timedelta(seconds=1), break_off),
        Work("trial.loses_its_connection", timedelta(seconds=1), lose),
        Work("trial.goes_on", timedelta(minutes=1), _noting(done)),
    )
    monkeypatch.setattr(working, "SCHEDULE", works)
    Worker(database_url).do_what_is_due()
    connection.close()
    assert len(done) == 1
    assert "OperationalError" in Sign.objects.get(name="work:trial.breaks_off").note
    assert Sign.objects.get(name="work:trial.loses_its_connection").note != ""


def test_it_is_alive_however_long_one_piece_of_work_takes(
    worker: Worker, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[datetime] = []

    def take_long(*, at: datetime) -> int:
        for _each in range(600):
            seen.extend(Sign.objects.filter(name="worker", at__gt=at).values_list("at", flat=True))
            if len(set(seen)) > 2:
                worker._stop()
                return 1
            threading.Event().wait(0.05)
        raise AssertionError("nobody said that the worker lives")

    monkeypatch.setattr(working, "_ALIVE_EVERY", 0.05)
    monkeypatch.setattr(working, "SCHEDULE", (Work("trial.takes_long", timedelta(minutes=1), take_long),))
    monkeypatch.setattr(signal, "signal", lambda *_: None)
    thread = threading.Thread(target=_run_and_close, args=(worker,))
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    assert len(set(seen)) > 2


def test_a_commit_wakes_it_and_a_lost_connection_is_made_again(
    worker: Worker, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(working, "SCHEDULE", ())
    monkeypatch.setattr(working, "_NAP", 30.0)  # only a wake-up call can end it within the test's patience
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # signals belong to the main thread
    listening = threading.Event()
    real = worker._nap

    def nap() -> None:
        listening.set()
        real()

    monkeypatch.setattr(worker, "_nap", nap)
    thread = threading.Thread(target=_run_and_close, args=(worker,))
    thread.start()
    try:
        assert listening.wait(30)
        listening.clear()
        _begin(3, datetime(2026, 1, 1, tzinfo=UTC))
        assert listening.wait(30)
        assert heard == ["3"]
        listening.clear()
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND query LIKE 'LISTEN%' AND pid <> pg_backend_pid()"
            )
        assert listening.wait(30)
    finally:
        worker._stop()
        with psycopg.connect(database_url, autocommit=True) as other:
            other.execute("SELECT pg_notify('guildhall_event', '')")
        thread.join(30)
    assert not thread.is_alive()


def _run_and_close(worker: Worker) -> None:
    try:
        worker.run()
    finally:
        connection.close()
