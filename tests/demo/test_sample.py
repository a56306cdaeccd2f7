"""The data of the sample hall counted, and a small year of it played whole with chance in it."""

import inspect
import random
from collections import Counter
from datetime import UTC, datetime

import pytest

from guildhall import demo
from guildhall.contracts.models import Contract
from guildhall.demo.drawing import picture
from guildhall.demo.sampling import briefs, clients, workers
from guildhall.files.rules import keeps_its_promise, kind_of
from guildhall.jobs.models import Job
from guildhall.kernel.models import Delivery
from guildhall.notices.models import Notice
from guildhall.people.models import Person
from guildhall.reputation.models import Feedback
from guildhall.skills.taxonomy import slug_meant_by
from tests.builders.contracts import what_is_broken

AT = datetime(2026, 11, 20, 12, tzinfo=UTC)


def test_the_sample_has_its_sizes() -> None:
    assert len(workers()) == 60
    assert len({worker.country for worker in workers()}) == 25
    assert len(clients()) == 25
    names = Counter(person.name for person in (*workers(), *clients()))
    assert max(names.values()) == 1, "a story finds its people by name"
    assert len(briefs(random.Random(1), 300)) == 300
    with pytest.raises(AssertionError, match="wishes, not"):
        briefs(random.Random(1), 1_000)


def test_300_jobs_are_posted_unless_another_number_is_told_and_the_cast_is_the_one_that_is_promised() -> None:
    assert inspect.signature(demo.build).parameters["jobs"].default == 300
    assert demo.whom_to_sign_in_as() == [
        ("amara@example.org", "hires"),
        ("bushra@example.org", "works"),
        ("dalia@example.org", "adjudicates"),
        ("olga@example.org", "operates"),
        ("", "guildhall-demo"),
    ]


def test_the_list_of_skills_has_every_skill_of_the_sample() -> None:
    asked = {skill for brief in briefs(random.Random(1), 300) for skill in brief.skills}
    assert {skill for skill in asked if not slug_meant_by(skill)} == set()


def test_a_sample_picture_is_a_picture() -> None:
    png = picture(random.Random(1))
    assert kind_of(name="sign.png", head=png[:8192]) == "image/png"
    assert keeps_its_promise(name="sign.png", head=png)
    assert png == picture(random.Random(1))


@pytest.mark.slow
@pytest.mark.django_db
def test_a_year_is_played_through_the_real_verbs_and_breaks_nothing() -> None:
    heard: list[float] = []
    assert not demo.is_begun()
    demo.build(at=AT, progress=heard.append, jobs=24)
    assert demo.is_built()
    assert heard[-1] == 1.0
    assert heard == sorted(heard)
    assert not Delivery.objects.exists(), "every event was heard"
    assert what_is_broken() == {}

    assert Person.objects.count() == 25 + 60 + 3
    wishes = {brief.title for brief in briefs(random.Random(1), 306)}
    assert Job.objects.filter(title__in=wishes).count() == 24
    assert Contract.objects.filter(title__in=wishes).exists(), "chance has brought people together too"
    assert Feedback.objects.filter(contract__title__in=wishes).exists()
    assert Notice.objects.filter(person__email="amara@example.org").exists()
    for email, _does in demo.whom_to_sign_in_as()[:-1]:
        assert Person.objects.get(email=email).check_password("guildhall-demo")
    assert len(set(Person.objects.exclude(email="olga@example.org").values_list("password", flat=True))) == 1
