"""Our own UUIDv7 sorts like the database's."""

import time

from guildhall.kernel.ids import new_id


def test_ids_are_version_seven_and_unique() -> None:
    made = [new_id() for _ in range(1000)]
    assert {one.version for one in made} == {7}
    assert {one.variant for one in made} == {"specified in RFC 4122"}
    assert len(set(made)) == len(made)


def test_an_id_carries_its_millisecond() -> None:
    before = time.time_ns() // 1_000_000
    stamp = new_id().int >> 80
    assert before <= stamp <= time.time_ns() // 1_000_000
