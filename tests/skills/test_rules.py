import pytest

from guildhall.skills.rules import keys_to_try, name_key, slug_of


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Logo design", "  LOGO—DESIGN "),
        ("Node.js", "node js"),
        ("C#", "c sharp"),
        ("C++", "C++ "),
        ("Finance &amp; Accounting", "finance and accounting"),
        ("Spreadsheets", "spreadsheet"),
        ("E-mail marketing", "email marketing"),
        ("Ｐｙｔｈｏｎ", "python"),
        ("Children's book illustration", "children’s book illustration"),
    ],
)
def test_spelling_does_not_tell_two_names_apart(one: str, other: str) -> None:
    assert name_key(one) == name_key(other) != ""


@pytest.mark.parametrize(("one", "other"), [("C", "C++"), ("C++", "C#"), (".NET", "net"), ("CSS", "CS")])
def test_what_tells_two_skills_apart_is_kept(one: str, other: str) -> None:
    assert name_key(one) != name_key(other)


def test_the_exact_name_is_tried_before_the_shorter_ones() -> None:
    assert keys_to_try("Microsoft Power BI Development")[0] == "microsoft power bi development"
    assert "power bi" in keys_to_try("Microsoft Power BI Development")


@pytest.mark.parametrize("nothing", ["", "  ", "!?", "——"])
def test_a_name_without_letters_has_no_key(nothing: str) -> None:
    assert keys_to_try(nothing) == []


def test_a_filler_word_alone_stays_a_name() -> None:
    assert keys_to_try("Development") == ["development"]


def test_a_slug_is_plain_ascii() -> None:
    assert slug_of("Children's book illustration") == "childrens-book-illustration"
    assert slug_of("C++") == "cplusplus"
    assert slug_of("Voice-over") == "voice-over"
