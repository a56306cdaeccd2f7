"""What is new to somebody is what others have said since they last looked."""

import pytest

from guildhall.kernel.errors import NotFound
from guildhall.people.models import Person
from guildhall.workroom.actions import open_conversation, read_up_to, say
from guildhall.workroom.models import Conversation, Member, Message
from guildhall.workroom.queries import messages_in, messages_visible_to, unread_about
from tests.builders.contracts import HOUR
from tests.cast import NOW

pytestmark = pytest.mark.django_db


@pytest.fixture
def room(amara: Person, bushra: Person) -> Conversation:
    return open_conversation(subject="contract:1", members=[amara, bushra], at=NOW)


@pytest.fixture
def said(room: Conversation, amara: Person) -> list[Message]:
    return [say(conversation=room, text=f"Word {n}", by=amara, at=NOW + n * HOUR) for n in range(3)]


def new_to(person: Person, room: Conversation) -> list[str]:
    return [message.text for message in messages_in(room, person) if message.is_new]  # type: ignore[attr-defined]


def test_everything_that_others_said_is_new_until_it_is_read(
    room: Conversation, said: list[Message], amara: Person, bushra: Person
) -> None:
    assert new_to(bushra, room) == ["Word 2", "Word 1", "Word 0"]
    assert unread_about(["contract:1", "contract:2"], bushra) == {"contract:1": 3}
    assert new_to(amara, room) == []
    assert unread_about(["contract:1"], amara) == {}, "nobody's own words are new to them"
    read_up_to(message=said[1], by=bushra, at=NOW + 9 * HOUR)
    assert new_to(bushra, room) == ["Word 2"], "what was said while they looked has not been seen"
    assert unread_about(["contract:1"], bushra) == {"contract:1": 1}


def test_reading_what_is_older_takes_nothing_back(
    room: Conversation, said: list[Message], bushra: Person
) -> None:
    read_up_to(message=said[2], by=bushra, at=NOW)
    read_up_to(message=said[0], by=bushra, at=NOW)
    assert new_to(bushra, room) == []
    assert Member.objects.get(person=bushra).read_at == said[2].at


def test_a_stranger_reads_nothing(said: list[Message], bushra: Person, eve: Person) -> None:
    with pytest.raises(NotFound):
        read_up_to(message=said[0], by=eve, at=NOW)
    assert not messages_visible_to(eve).exists()
    assert not messages_visible_to(None).exists()
    assert unread_about(["contract:1"], eve) == {}
    assert messages_visible_to(bushra).count() == 3
