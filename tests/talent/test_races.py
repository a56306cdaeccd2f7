"""Many write their first profile in the same moment."""

from functools import partial

import pytest

from guildhall.talent.models import Profile
from tests.builders.talent import a_profile
from tests.cast import a_person
from tests.racing import all_at_once

pytestmark = pytest.mark.django_db(transaction=True)

MANY = 8


def test_namesakes_who_leave_the_handle_to_the_hall_all_get_one() -> None:
    people = [a_person(f"Aisha{"'" * number}") for number in range(MANY)]
    saved = all_at_once([partial(a_profile, person) for person in people])
    assert all(isinstance(each, Profile) for each in saved), saved
    handles = {each.handle for each in saved}
    assert handles == {"aisha", *(f"aisha-{number}" for number in range(2, MANY + 1))}
