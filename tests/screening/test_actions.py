import pytest

from guildhall.screening.actions import NotFit, screen


def test_a_refusal_names_the_rule_the_field_and_the_words() -> None:
    with pytest.raises(NotFit) as refusal:
        screen(text="Throw a STINK  BOMB into the shop", kind="job", field="brief")
    assert refusal.value.rule == "no_harm_to_people"
    assert refusal.value.field == "brief"
    assert "stink bomb" in refusal.value.sentence
    assert refusal.value.status == 422


def test_what_is_fit_passes_in_silence() -> None:
    screen(text="A logo for a bakery in Leeds", kind="job")


@pytest.mark.parametrize("kind", ["workroom", "delivery", "case"])
def test_those_who_work_together_may_say_how_to_meet(kind: str) -> None:
    screen(text="My number is +44 113 496 0000", kind=kind)
    with pytest.raises(NotFit):
        screen(text="My number is +44 113 496 0000", kind="proposal")
