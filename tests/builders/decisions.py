"""What waits for a second operator."""

from datetime import datetime

from guildhall.people.actions import set_roles
from guildhall.people.models import Decision, Person
from tests.cast import a_person


def a_decision_for_two(*, by: Person, at: datetime) -> Decision:
    """An operator wants somebody to be an adjudicator; another operator has to confirm it."""
    somebody = a_person("Candidate")
    set_roles(person=somebody, is_operator=False, is_adjudicator=True, by=by, at=at)
    return Decision.objects.get(subject_id=somebody.pk, state="asked")
