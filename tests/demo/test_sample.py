"""The data that the sample hall is drawn from, counted."""

import inspect
import random
from collections import Counter

import pytest

from guildhall import demo
from guildhall.demo.drawing import picture
from guildhall.demo.sampling import briefs, clients, workers
from guildhall.files.rules import keeps_its_promise, kind_of
from guildhall.skills.taxonomy import slug_meant_by


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
