from datetime import timedelta
from uuid import uuid4

import pytest

from guildhall.kernel.errors import Unfit
from guildhall.kernel.models import Event
from guildhall.people.models import Person
from guildhall.screening.actions import NotFit
from guildhall.talent.actions import HandleTaken, save_profile
from guildhall.talent.models import Profile
from guildhall.talent.queries import profile_of, profile_with_handle, profiles_shown
from guildhall.talent.records import _profiles
from tests.builders.talent import a_profile, a_profile_draft
from tests.cast import NOW, a_person


def test_a_profile_is_written_once_and_then_replaced(bushra: Person) -> None:
    a_profile(bushra)
    later = NOW + timedelta(days=1)
    again = save_profile(by=bushra, draft=a_profile_draft(title="Signs", skills=["Typography"]), at=later)
    assert Profile.objects.count() == 1
    assert (again.handle, again.title, again.made_at, again.changed_at) == ("bushra", "Signs", NOW, later)
    shown = profiles_shown().get()
    assert [each.skill.name for each in shown.offered.all()] == ["Typography"]


def test_saving_announces_it(bushra: Person) -> None:
    a_profile(bushra)
    event = Event.objects.get(name="profile.saved")
    assert (event.subject_id, event.by, event.at) == (bushra.pk, bushra.pk, NOW)
    assert event.facts == {"handle": "bushra", "shown": True, "first": True}


def test_skills_stand_in_the_order_given(bushra: Person) -> None:
    a_profile(bushra, skills=["Typography", "Logo design", "Illustration"])
    names = [each.skill.name for each in profiles_shown().get().offered.all()]
    assert names == ["Typography", "Logo design", "Illustration"]


def test_namesakes_get_their_own_handles(db: None) -> None:
    first, second = a_person("Aisha"), a_person("Aisha'")
    assert a_profile(first).handle == "aisha"
    assert a_profile(second).handle == "aisha-2"


def test_a_handle_of_somebody_else_is_refused(bushra: Person, chen: Person) -> None:
    a_profile(bushra, handle="signs")
    with pytest.raises(HandleTaken) as refusal:
        a_profile(chen, handle="Signs")
    assert refusal.value.field == "handle"
    assert profile_of(chen) is None


@pytest.mark.parametrize(
    ("field", "text"),
    [("overview", "Write to bushra (at) example (dot) org"), ("title", "WhatsApp 0300 1234567")],
)
def test_B13_a_profile_carries_no_contacts(bushra: Person, field: str, text: str) -> None:
    with pytest.raises(NotFit) as refusal:
        save_profile(by=bushra, draft=a_profile_draft(**{field: text}), at=NOW)
    assert refusal.value.field == field
    assert Profile.objects.count() == 0


def test_an_unknown_skill_changes_nothing(bushra: Person) -> None:
    draft = a_profile_draft(skills=[])
    with pytest.raises(Unfit) as refusal:
        save_profile(by=bushra, draft=type(draft)(title="Logos", skills=[uuid4()]), at=NOW)
    assert refusal.value.field == "skills"
    assert not Event.objects.filter(name="profile.saved").exists()


def test_a_hidden_profile_is_its_owners_alone(bushra: Person, eve: Person) -> None:
    a_profile(bushra, shown=False)
    assert not profiles_shown().exists()
    assert profile_with_handle("bushra") is None
    assert profile_with_handle("bushra", eve) is None
    assert profile_with_handle("bushra", bushra) is not None


def test_a_person_can_take_their_profile_along(bushra: Person, eve: Person) -> None:
    a_profile(bushra)
    (row,) = _profiles(bushra.pk)
    assert row["skills"] == ["logo-design", "illustration"]
    assert row["rate"] == "9.00 USD"
    assert list(_profiles(eve.pk)) == []
