"""Letters: written safely, sent by real SMTP, tried again, never lost, wiped where they are secret."""

import email
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from email.policy import default
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from django.db import connection

from guildhall.kernel.models import Event
from guildhall.notices.actions import retry_letter, write_letter
from guildhall.notices.background import send_letters
from guildhall.notices.letters import html_of, subject_of, text_of_notice
from guildhall.notices.models import Letter
from guildhall.notices.queries import letters_due, letters_in_trouble
from guildhall.notices.rules import MOST_TRIES, wait_after
from guildhall.payments import gateways
from guildhall.payments.practice.bank import PracticeBank
from guildhall.people.models import Person
from tests.cast import NOW

pytestmark = pytest.mark.django_db

MINUTE = timedelta(minutes=1)


class PostOffice:
    """A real SMTP server that keeps what it is handed, and can refuse."""

    def __init__(self) -> None:
        self.mails: list[EmailMessage] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server: Any, _session: Any, envelope: Any) -> str:
        if self.answer.startswith("250"):
            self.mails.append(email.message_from_bytes(envelope.content, policy=default))
        return self.answer


@pytest.fixture
def post(settings: Any) -> Iterator[PostOffice]:
    office = PostOffice()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(office, hostname="127.0.0.1", port=port)
    controller.start()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": port}}}
    yield office
    controller.stop()


def a_letter(**facts: Any) -> Letter:
    told = {"address": "amara@example.org", "subject": "Hello", "text": "Dear Amara", "at": NOW}
    return write_letter(**{**told, **facts})


def test_a_letter_arrives_by_smtp_as_text_and_as_html_with_its_link(post: PostOffice) -> None:
    text = text_of_notice("عمارہ", "Bushra wrote to you.", "/proposals/1")
    a_letter(subject="خط", text=text)
    assert send_letters(at=NOW) == 1
    [mail] = post.mails
    assert (mail["To"], mail["Subject"]) == ("amara@example.org", "خط")
    plain, rich = mail.get_body(("plain",)), mail.get_body(("html",))
    assert plain is not None
    assert rich is not None
    assert "http://localhost:8000/proposals/1" in plain.get_content()
    assert "عمارہ" in plain.get_content()
    assert '<a href="http://localhost:8000/proposals/1">' in rich.get_content()
    letter = Letter.objects.get()
    assert (letter.sent_at, letter.next_try_at, letter.tries) == (NOW, None, 1)
    assert send_letters(at=NOW + MINUTE) == 0
    assert len(post.mails) == 1


def test_a_letter_of_a_hall_without_a_bank_says_that_its_money_is_made_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    warning = "every sum in it is made up"
    assert warning in text_of_notice("Amara", "200.00 USD has arrived on your account.", "/money")
    monkeypatch.setattr(gateways, "_gateways", lambda: {"practice": PracticeBank(), "wire": PracticeBank()})
    assert warning not in text_of_notice("Amara", "200.00 USD has arrived on your account.", "/money")


def test_what_the_post_refuses_is_tried_again_and_gets_through(post: PostOffice) -> None:
    letter = a_letter()
    post.answer = "451 greylisted"
    assert send_letters(at=NOW) == 0
    letter.refresh_from_db()
    assert "451" in letter.trouble
    assert letter.next_try_at == NOW + MINUTE
    assert letters_in_trouble().count() == 1
    assert send_letters(at=NOW) == 0
    post.answer = "250 OK"
    assert send_letters(at=NOW + MINUTE) == 1
    letter.refresh_from_db()
    assert (letter.trouble, letter.sent_at) == ("", NOW + MINUTE)
    assert not letters_in_trouble().exists()


def test_a_post_that_is_not_there_costs_nobody_a_letter(settings: Any) -> None:
    backend = "django.core.mail.backends.smtp.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"host": "127.0.0.1", "port": 1}}}
    letter = a_letter()
    at = NOW
    for tries in range(1, MOST_TRIES + 1):
        send_letters(at=at)
        letter.refresh_from_db()
        assert letter.tries == tries
        at += wait_after(tries)
    assert letter.next_try_at is None
    assert letters_in_trouble().count() == 1
    assert "ConnectionRefusedError" in letter.trouble


def test_an_operator_tries_a_letter_again(post: PostOffice, olga: Person) -> None:
    letter = a_letter()
    Letter.objects.update(tries=MOST_TRIES, trouble="refused", next_try_at=None)
    retry_letter(letter=Letter.objects.get(), by=olga, at=NOW)
    assert send_letters(at=NOW) == 1
    assert Event.objects.get(name="letter.retried").subject_id == letter.id


def test_a_code_is_wiped_once_it_has_gone_or_died(post: PostOffice) -> None:
    a_letter(text="ABC-123", is_secret=True)
    send_letters(at=NOW)
    assert len(post.mails) == 1
    late = a_letter(text="DEF-456", is_secret=True)
    send_letters(at=NOW + timedelta(hours=1))
    late.refresh_from_db()
    assert len(post.mails) == 1
    assert (late.sent_at, late.next_try_at) == (None, None)
    assert set(Letter.objects.values_list("text", flat=True)) == {""}


def test_news_of_last_week_is_not_sent_any_more(post: PostOffice) -> None:
    a_letter()
    assert send_letters(at=NOW + timedelta(days=8)) == 0
    assert not post.mails
    assert not letters_due(NOW + timedelta(days=9)).exists()


@pytest.mark.django_db(transaction=True)
def test_two_workers_send_one_letter_once(post: PostOffice) -> None:
    for number in range(20):
        a_letter(subject=f"No. {number}")
    gate = threading.Barrier(2)

    def work() -> None:
        gate.wait()
        send_letters(at=NOW)
        connection.close()

    workers = [threading.Thread(target=work) for _ in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    assert sorted(mail["Subject"] for mail in post.mails) == sorted(f"No. {number}" for number in range(20))


def test_D11_what_people_write_stays_text_in_a_letter(post: PostOffice) -> None:
    sentence = '<script>alert(1)</script> http://evil.example/ wrote "to" you.'
    a_letter(subject=f"{sentence}\r\nBcc: all@example.org", text=text_of_notice("A", sentence, "/x"))
    send_letters(at=NOW)
    [mail] = post.mails
    assert mail["Bcc"] is None
    assert "\n" not in mail["Subject"]
    rich = mail.get_body(("html",))
    assert rich is not None
    assert "<script>" not in rich.get_content()
    assert 'href="http://evil' not in rich.get_content()


def test_only_addresses_of_the_hall_become_links() -> None:
    text = "http://localhost:8000/a\nhttp://localhost:8000.evil.example/\nhttp://localhost:8000/b c"
    assert html_of(text).count("<a ") == 1


def test_a_long_sentence_makes_a_short_subject() -> None:
    assert len(subject_of("word " * 100)) <= 120
    assert subject_of("a\n b") == "a b"


def test_letters_are_files_where_no_post_is_named(settings: Any, tmp_path: Path) -> None:
    backend = "django.core.mail.backends.filebased.EmailBackend"
    settings.MAILERS = {"default": {"BACKEND": backend, "OPTIONS": {"file_path": str(tmp_path)}}}
    a_letter()
    assert send_letters(at=NOW) == 1
    [file] = tmp_path.iterdir()
    assert "Dear Amara" in file.read_text()
