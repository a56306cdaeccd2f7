from uuid import uuid4

import pytest

from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.talent.rules import ProfileDraft, handle_of, language_codes, read_handle, tidy_profile


@pytest.mark.parametrize(
    ("name", "handle"),
    [
        ("Bushra Hunza", "bushra-hunza"),
        ("José Ñandú", "jose-nandu"),
        ("بشریٰ", "worker"),
        ("Li", "worker-li"),
        ("Admin", "worker-admin"),
        ("A" * 90, "a" * 32),
        ("—", "worker"),
    ],
)
def test_a_handle_is_made_of_a_name(name: str, handle: str) -> None:
    assert handle_of(name) == handle
    assert read_handle(handle) == handle


@pytest.mark.parametrize(
    "handle", ["ab", "a" * 41, "a--b", "-ab", "a_b", "a b", "é-a", "support", "../etc", "ａｂｃ"]
)
def test_a_handle_that_no_address_can_hold_is_refused(handle: str) -> None:
    with pytest.raises(Unfit) as refusal:
        read_handle(handle)
    assert refusal.value.field == "handle"


@pytest.mark.parametrize(
    ("facts", "field"),
    [
        ({"title": "  "}, "title"),
        ({"title": "x" * 101}, "title"),
        ({"overview": "x" * 5_001}, "overview"),
        ({"rate": Money(0, "USD")}, "rate"),
        ({"rate": Money(-5, "USD")}, "rate"),
        ({"rate": Money(10**15 + 1, "USD")}, "rate"),
        ({"rate": Money(5, "ZZZ")}, "rate"),
        ({"rate": Money(500, "DEM")}, "rate"),
        ({"languages": ["xx-klingon"]}, "languages"),
        ({"languages": sorted(language_codes())[:9]}, "languages"),
        ({"skills": [uuid4() for _each in range(16)]}, "skills"),
        ({"availability": "asleep"}, "availability"),
    ],
)
def test_what_does_not_fit_names_its_field(facts: dict[str, object], field: str) -> None:
    with pytest.raises(Unfit) as refusal:
        tidy_profile(ProfileDraft(**{"title": "Logos", **facts}))  # type: ignore[arg-type]
    assert refusal.value.field == field
    assert refusal.value.status == 422


def test_words_are_kept_without_what_cannot_be_seen() -> None:
    kept = tidy_profile(
        ProfileDraft(title=" Logos \x07 and\tsigns ", overview="one\r\ntwo\0", languages=["UR", "ur"])
    )
    assert kept.title == "Logos and signs"
    assert kept.overview == "one\ntwo"
    assert kept.languages == ("ur",)
