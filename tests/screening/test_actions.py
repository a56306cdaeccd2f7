import pytest

from guildhall.screening.actions import NotFit, screen, screen_name


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


@pytest.mark.parametrize(
    "name",
    [
        "Annie Gunn",
        "Dot Comfort",
        "Tele Graham",
        "O'Brien-Signal",
        "ライン 花子",
        "محمد علی",
        "Null Island",
        "Line Call",
        "Ng",
        "Anna at the Mill",
        "St. Mary's, NS 2000",
        "Viber Valley",
        "Imo State",
        "Telegram Hill",
        "8600 Rorschach",
    ],
)
def test_people_and_towns_are_called_what_they_are_called(name: str) -> None:
    screen_name(text=name, field="name")


def test_B13_a_name_is_no_way_to_reach_somebody() -> None:
    with pytest.raises(NotFit) as refusal:
        screen_name(text="Amara WhatsApp 0300 1234567", field="name")
    assert (refusal.value.rule, refusal.value.field) == ("contacts_stay_inside", "name")
