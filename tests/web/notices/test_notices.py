"""The page of notices: one's own, paged, read by following them."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client

from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Event
from guildhall.notices.models import Letter, Notice
from guildhall.notices.queries import unread_count
from guildhall.people.models import Person
from guildhall.workroom.actions import say
from guildhall.workroom.actions.delivering import room_of
from tests.builders.contracts import a_funded_milestone, again
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def told(person: Person, title: str, url: str = "/rules") -> Notice:
    """A notice, without the event's own story."""
    event = Event.objects.create(id=new_id(), name="proposal.sent", subject_id=new_id(), at=NOW)
    facts = {"who": "Bushra", "title": title}
    return Notice.objects.create(
        id=new_id(),
        person=person,
        event=event,
        kind="proposal.sent:client",
        facts=facts,
        url=url,
        made_at=NOW,
    )


def test_a_visitor_signs_in_first(client: Client) -> None:
    assert client.get("/notices")["Location"] == "/account/sign-in?next=/notices"
    assert client.post("/notices/readings").status_code == 302
    assert client.get(f"/notices/{uuid4()}").status_code == 302


def test_somebody_without_any_reads_what_will_stand_here(client: Client, amara: Person) -> None:
    client.force_login(amara)
    assert "Nothing to tell yet" in client.get("/notices").text


def test_following_a_notice_leads_to_the_thing_and_reads_it(client: Client, amara: Person) -> None:
    notice = told(amara, "A sign", url="/proposals/1")
    client.force_login(amara)
    shown = client.get("/notices").text
    assert "Bushra sent you a proposal for “A sign”." in shown
    assert "1 is new" in shown
    answer = client.get(f"/notices/{notice.id}")
    assert (answer.status_code, answer["Location"]) == (302, "/proposals/1")
    assert unread_count(amara) == 0
    assert "is new" not in client.get("/notices").text


def test_all_are_read_at_once(client: Client, amara: Person) -> None:
    for number in range(3):
        told(amara, f"No. {number}")
    client.force_login(amara)
    assert client.get("/notices/readings").status_code == 405
    assert client.post("/notices/readings").status_code == 302
    assert unread_count(amara) == 0


def test_every_page_says_how_many_are_new(client: Client, amara: Person, eve: Person) -> None:
    told(amara, "A sign")
    client.force_login(amara)
    assert "Notices (1)" in client.get("/account").text
    client.force_login(eve)
    assert "Notices (" not in client.get("/account").text


def test_nobody_reads_or_marks_the_notices_of_another(client: Client, amara: Person, eve: Person) -> None:
    notice = told(amara, "Canary")
    client.force_login(eve)
    assert "Canary" not in client.get("/notices").text
    assert client.get(f"/notices/{notice.id}").status_code == 404
    client.post("/notices/readings")
    assert unread_count(amara) == 1


def test_a_long_list_is_paged_by_key(client: Client, amara: Person) -> None:
    for number in range(45):
        told(amara, f"No-{number:02}")
    client.force_login(amara)
    seen, path = [], "/notices"
    for _page in range(5):
        shown = client.get(path).text
        seen += [f"No-{number:02}" for number in range(45) if f"No-{number:02}" in shown]
        if "after=" not in shown:
            break
        path = "/notices?after=" + shown.partition("after=")[2].partition('"')[0]
    assert sorted(seen) == [f"No-{number:02}" for number in range(45)]
    assert client.get("/notices?after=rubbish").status_code == 422


def test_D11_a_title_is_text(client: Client, amara: Person) -> None:
    told(amara, "<script>alert(1)</script>")
    client.force_login(amara)
    assert "<script>alert" not in client.get("/notices").text


def test_a_page_of_notices_asks_little(
    client: Client, amara: Person, django_assert_max_num_queries: object
) -> None:
    for number in range(20):
        told(amara, f"No. {number}")
    client.force_login(amara)
    with django_assert_max_num_queries(6):  # type: ignore[operator]
        client.get("/notices")


def test_reading_the_room_reads_its_notices_and_the_next_word_is_a_letter(
    client: Client, amara: Person, bushra: Person, eve: Person
) -> None:
    contract = again(a_funded_milestone(amara, bushra)).contract
    room = room_of(contract, at=NOW)

    def letters_after(text: str) -> int:
        say(conversation=room, text=text, by=amara, at=NOW)
        deliver_events(at=NOW + timedelta(days=1), most=1000)
        return Letter.objects.filter(person=bushra, notice__kind="message.said:to").count()

    assert [letters_after("Hello"), letters_after("Are you there?")] == [1, 1]
    client.force_login(eve)
    assert client.get(f"/contracts/{contract.pk}").status_code == 404
    assert letters_after("And now?") == 1
    client.force_login(bushra)
    shown = client.get(f"/contracts/{contract.pk}").text
    assert "Notices (" not in shown
    assert unread_count(bushra) == 0
    assert letters_after("A new question") == 2


def test_a_page_reads_only_what_leads_to_it(client: Client, amara: Person) -> None:
    told(amara, "The rules", url="/rules?part=2#fees")
    told(amara, "Elsewhere", url="/rules/more")
    client.force_login(amara)
    client.head("/rules")
    assert unread_count(amara) == 2
    assert "Notices (1)" in client.get("/rules").text
    assert Notice.objects.get(read_at=None).url == "/rules/more"
