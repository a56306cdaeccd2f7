"""Work is handed over in versions, answered item by item, and paid when it is accepted."""

import pytest

from guildhall.contracts.actions.delivering import NotFunded, NothingDelivered
from guildhall.contracts.actions.locking import NotYourPart
from guildhall.files.queries import files_visible_to
from guildhall.kernel.errors import NotFound
from guildhall.people.models import Person
from guildhall.workroom.actions import approve_delivery, ask_for_changes, deliver_work
from guildhall.workroom.actions.delivering import EmptyDelivery, NewerVersion, NothingToChange, UnknownItem
from guildhall.workroom.models import Change, Delivery
from guildhall.workroom.queries import conversation_about, deliveries_visible_to, messages_in
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_contract,
    a_delivery,
    a_file,
    a_funded_milestone,
    again,
    milestones_in,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db


def test_a_delivery_has_a_version_items_and_files(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    file = a_file(bushra)
    delivery = deliver_work(
        milestone=milestone, note="Cut by hand.", items=[3, 2, 2], files=[file], by=bushra, at=NOW
    )
    assert (delivery.version, delivery.items) == (1, [2, 3])
    assert again(milestone).state == "delivered"
    assert file in files_visible_to(amara.pk)
    room = conversation_about(f"contract:{milestone.contract_id}", amara)
    [message] = messages_in(room, amara)
    assert (message.kind, message.delivery_id, message.text) == ("delivered", delivery.pk, "Cut by hand.")
    assert not what_is_broken()


def test_changes_are_asked_item_by_item_and_a_new_version_follows(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    first = a_delivery(milestone)
    ask_for_changes(
        delivery=first, items={2: "Less perfect, please.", 3: "  "}, note="Nearly.", by=amara, at=NOW + DAY
    )
    assert list(Change.objects.values_list("item", "text")) == [(2, "Less perfect, please.")]
    assert again(milestone).state == "changes_asked"
    second = a_delivery(milestone, at=NOW + 2 * DAY)
    assert (second.version, again(milestone).release_at) == (2, NOW + 12 * DAY)
    release = approve_delivery(delivery=second, by=amara, at=NOW + 3 * DAY)
    assert (release.gross, again(milestone).state) == (10_000, "released")
    assert not what_is_broken()


@pytest.mark.parametrize(("note", "items"), [("", [1]), ("Look.", []), ("  ", [1, 2])])
def test_B19_a_delivery_hands_something_over(
    amara: Person, bushra: Person, note: str, items: list[int]
) -> None:
    milestone = a_funded_milestone(amara, bushra)
    with pytest.raises(EmptyDelivery):
        deliver_work(milestone=milestone, note=note, items=items, files=[], by=bushra, at=NOW)
    assert again(milestone).state == "funded"
    assert again(milestone).release_at is None


@pytest.mark.parametrize("item", [0, 4, -1, 10**6])
def test_items_are_those_of_the_terms(amara: Person, bushra: Person, item: int) -> None:
    milestone = a_funded_milestone(amara, bushra)
    with pytest.raises(UnknownItem):
        deliver_work(milestone=milestone, note="Look.", items=[1, item], files=[], by=bushra, at=NOW)
    delivery = a_delivery(milestone)
    with pytest.raises(UnknownItem):
        ask_for_changes(delivery=delivery, items={item: "That."}, note="", by=amara, at=NOW)
    assert again(milestone).state == "delivered"


def test_B7_an_answer_is_to_the_version_that_was_looked_at(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    first = a_delivery(milestone)
    ask_for_changes(delivery=first, items={}, note="Nearly.", by=amara, at=NOW + DAY)
    a_delivery(milestone, at=NOW + 2 * DAY)
    for verb in (
        lambda: approve_delivery(delivery=first, by=amara, at=NOW + 3 * DAY),
        lambda: ask_for_changes(delivery=first, items={}, note="Again.", by=amara, at=NOW + 3 * DAY),
    ):
        with pytest.raises(NewerVersion) as refusal:
            verb()
        assert refusal.value.status == 409
    assert again(milestone).state == "delivered"
    assert not what_is_broken()


def test_asking_for_nothing_is_refused(amara: Person, bushra: Person) -> None:
    delivery = a_delivery(a_funded_milestone(amara, bushra))
    with pytest.raises(NothingToChange):
        ask_for_changes(delivery=delivery, items={1: " "}, note="", by=amara, at=NOW)
    ask_for_changes(delivery=delivery, items={}, note="Larger.", by=amara, at=NOW)
    with pytest.raises(NothingDelivered):
        ask_for_changes(delivery=delivery, items={}, note="Larger.", by=amara, at=NOW)


def test_nothing_is_delivered_before_the_money_is_there(amara: Person, bushra: Person) -> None:
    [milestone] = milestones_in(a_contract(amara, bushra, sums=(10_000,)))
    with pytest.raises(NotFunded):
        a_delivery(milestone)
    assert not Delivery.objects.exists()


def test_each_side_does_its_own_part_and_eve_none(amara: Person, bushra: Person, eve: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    delivery = a_delivery(milestone)
    with pytest.raises(NotYourPart):
        approve_delivery(delivery=delivery, by=bushra, at=NOW)
    with pytest.raises(NotYourPart):
        ask_for_changes(delivery=delivery, items={}, note="x", by=bushra, at=NOW)
    with pytest.raises(NotYourPart):
        deliver_work(milestone=milestone, note="x", items=[1], files=[], by=amara, at=NOW + HOUR)
    for verb in (
        lambda: approve_delivery(delivery=delivery, by=eve, at=NOW),
        lambda: ask_for_changes(delivery=delivery, items={}, note="x", by=eve, at=NOW),
        lambda: deliver_work(milestone=milestone, note="x", items=[1], files=[], by=eve, at=NOW),
    ):
        with pytest.raises(NotFound):
            verb()
    assert not deliveries_visible_to(eve).exists()
    assert deliveries_visible_to(amara).get() == delivery
