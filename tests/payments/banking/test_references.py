"""The code on a transfer is found again, whatever a payer does to it, and never taken for another."""

from uuid import UUID

from hypothesis import assume, given
from hypothesis import strategies as st
from stdnum import iso11649

from guildhall.payments.banking.references import reference_for, references_in, shown_reference

ids = st.uuids()


@given(ids, st.sampled_from(["deposit", "payout", "refund"]), st.integers(0, 9))
def test_a_reference_is_one_by_iso_11649(subject: UUID, noun: str, attempt: int) -> None:
    code = reference_for(noun, subject, attempt)  # type: ignore[arg-type]
    assert iso11649.is_valid(code)
    assert len(code) == 12
    assert reference_for(noun, subject, attempt) == code  # type: ignore[arg-type]


@given(ids)
def test_it_is_found_in_what_people_write_around_it(subject: UUID) -> None:
    code = reference_for("deposit", subject)
    shown = shown_reference(code)
    assert references_in(f"Invoice 12 / {shown.lower()}; thank you") == [code]
    assert references_in("-".join(code), code) == [code]


@given(ids, st.integers(2, 11), st.sampled_from("23456789ACEFGHJKMNPQRTUVWXY"))
def test_one_wrong_character_finds_nothing(subject: UUID, place: int, other: str) -> None:
    """The standard's check characters find each digit taken for another, and each letter for another.

    A letter counts as two digits in them, so a letter for a digit is found in 96 of 97 cases only.
    """
    code = reference_for("deposit", subject)
    assume(code[place].isdigit() == other.isdigit())
    typed = code[:place] + other + code[place + 1 :]
    assert references_in(typed) in ([], [code] if typed == code else [])


def test_another_attempt_is_another_code() -> None:
    subject = UUID("019ae3a2-1111-7aaa-8bbb-0123456789ab")
    assert len({reference_for("deposit", subject, attempt) for attempt in range(50)}) == 50
