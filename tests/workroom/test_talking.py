"""A conversation belongs to its members, and so do its files."""

import pytest

from guildhall.files.queries import files_visible_to
from guildhall.kernel.errors import NotFound
from guildhall.kernel.models import Event
from guildhall.kernel.paging import page_by_key
from guildhall.people.models import Person
from guildhall.screening.actions import NotFit
from guildhall.workroom.actions import open_conversation, say
from guildhall.workroom.actions.talking import UnfitMessage
from guildhall.workroom.models import Conversation, Message
from guildhall.workroom.queries import conversation_about, messages_in
from tests.builders.contracts import HOUR, a_file, what_is_broken
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(amara: Person, bushra: Person) -> Conversation:
    return open_conversation(subject="contract:1", members=[amara, bushra], at=NOW)


def test_one_subject_has_one_conversation(room: Conversation, amara: Person, bushra: Person) -> None:
    assert open_conversation(subject="contract:1", members=[bushra, amara], at=NOW) == room
    assert Event.objects.filter(name="conversation.opened").count() == 1


def test_what_is_said_is_read_by_the_other_side(room: Conversation, amara: Person, bushra: Person) -> None:
    say(conversation=room, text="  The second sketch, please.\r\nThanks.\0 ", by=amara, at=NOW)
    [message] = messages_in(room, bushra)
    assert (message.text, message.by) == ("The second sketch, please.\nThanks.", amara)
    event = Event.objects.get(name="message.said")
    assert event.facts["to"] == [str(bushra.pk)]
    assert "text" not in event.facts


def test_a_file_comes_with_its_message(
    room: Conversation, amara: Person, bushra: Person, eve: Person
) -> None:
    file = a_file(bushra)
    say(conversation=room, text="", files=[file], by=bushra, at=NOW)
    assert file in files_visible_to(amara.pk)
    assert file not in files_visible_to(eve.pk)
    assert not what_is_broken()


def test_who_comes_later_may_read_what_was_said_before(
    room: Conversation, bushra: Person, dalia: Person
) -> None:
    file = a_file(bushra)
    say(conversation=room, text="Here.", files=[file], by=bushra, at=NOW)
    open_conversation(subject="contract:1", members=[dalia], at=NOW)
    assert messages_in(room, dalia).count() == 1
    assert file in files_visible_to(dalia.pk)
    assert not what_is_broken()


def test_a_message_needs_something_and_has_a_length(room: Conversation, amara: Person) -> None:
    for text in ("", " \n\t", "\0"):
        with pytest.raises(UnfitMessage):
            say(conversation=room, text=text, by=amara, at=NOW)
    with pytest.raises(UnfitMessage) as refusal:
        say(conversation=room, text="x" * 10_001, by=amara, at=NOW)
    assert (refusal.value.status, refusal.value.field) == (422, "text")
    assert not Message.objects.exists()


def test_ten_files_at_once_and_not_one_more(room: Conversation, amara: Person) -> None:
    files = [a_file(amara, content=b"%PDF-" + bytes([number])) for number in range(11)]
    with pytest.raises(UnfitMessage):
        say(conversation=room, text="", files=files, by=amara, at=NOW)
    say(conversation=room, text="", files=files[:10], by=amara, at=NOW)


def test_A11_nobody_attaches_what_is_not_theirs(room: Conversation, amara: Person, eve: Person) -> None:
    with pytest.raises(NotFound):
        say(conversation=room, text="Look.", files=[a_file(eve)], by=amara, at=NOW)
    assert not Message.objects.exists()


def test_before_a_hire_nobody_is_lured_elsewhere(amara: Person, bushra: Person) -> None:
    before = open_conversation(subject="proposal:1", members=[amara, bushra], at=NOW)
    with pytest.raises(NotFit):
        say(conversation=before, text="Write to me on Telegram @amara_shop instead.", by=amara, at=NOW)


def test_eve_neither_reads_nor_speaks(room: Conversation, eve: Person) -> None:
    with pytest.raises(NotFound):
        conversation_about("contract:1", eve)
    with pytest.raises(NotFound):
        messages_in(room, eve)
    with pytest.raises(NotFound):
        messages_in(room, None)
    with pytest.raises(NotFound):
        say(conversation=room, text="Hello.", by=eve, at=NOW)


def test_long_conversations_are_read_in_pages(room: Conversation, amara: Person) -> None:
    for number in range(5):
        say(conversation=room, text=f"{number}", by=amara, at=NOW + number * HOUR)
    first = page_by_key(messages_in(room, amara), by=("-at", "-id"), size=3)
    assert [message.text for message in first.rows] == ["4", "3", "2"]
    second = page_by_key(messages_in(room, amara), by=("-at", "-id"), after=first.next, size=3)
    assert [message.text for message in second.rows] == ["1", "0"]
    assert second.next == ""
