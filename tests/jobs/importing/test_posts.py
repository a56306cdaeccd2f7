import pytest

from guildhall.jobs.importing.posts import BadCell, country_code, hash_of, post_of
from guildhall.kernel.money import Money, NotMoney
from tests.jobs.importing.conftest import a_description, a_row


def test_the_markets_own_block_is_cut_off_and_used() -> None:
    words = "Hi,<br /><br />\n I need charts:<br />- of sales<br />\n - of costs"
    row = a_row(words=words, price="Budget:$1,200", country="", skills="", fixed_budget="")
    post = post_of(row, currency="USD")
    assert post.brief == "Hi,\n\nI need charts:\n\n- of sales\n- of costs"
    assert post.title == "Charts number 1"
    assert post.country == "KE"
    assert post.skills == ("Tableau", "SQL")
    assert post.budget == post.told == Money(120_000, "USD")


@pytest.mark.parametrize("price", ["", "Budget:$80", "Hourly Range:$5.00-$9.00"])
def test_nothing_of_the_block_stays_in_the_brief(price: str) -> None:
    assert post_of(a_row(price=price), currency="USD").brief == "Chart our & their sales."


def test_a_description_without_a_block_stays_whole() -> None:
    post = post_of(a_row(raw_description="<b>Budget</b>: we have little.<br/>Help us"), currency="USD")
    assert post.brief == "**Budget**: we have little.\nHelp us"


def test_bold_words_of_the_client_are_no_block() -> None:
    words = "<b>Skills</b>: any.<br/>" + "We sell tea. " * 30
    post = post_of(a_row(raw_description=a_description(words)), currency="USD")
    assert post.brief.startswith("**Skills**: any.\nWe sell tea.")
    assert "Posted On" not in post.brief


def test_entities_written_twice_and_marks_typed_by_hand_are_read_as_meant() -> None:
    post = post_of(a_row(words="Name &amp;amp; age<br/>**Must have**: Excel"), currency="USD")
    assert post.brief == "Name & age\n**Must have**: Excel"


@pytest.mark.parametrize(
    ("words", "deliverables"),
    [
        (
            "Text.<br/>Deliverables:<br/>- One report<br/>- Its data<br/><br/>Thanks",
            ("One report", "Its data"),
        ),
        ("<b>Key Deliverables</b><br/>1. Map<br/>2) Key<br/>Budget is open", ("Map", "Key")),
        ("Our deliverables are late.<br/>- a list", ("Charts number 1",)),
        ("", ("Charts number 1",)),
    ],
)
def test_what_is_to_be_delivered_is_found_or_the_title_stands_for_it(
    words: str, deliverables: tuple[str, ...]
) -> None:
    assert post_of(a_row(words=words), currency="USD").deliverables == deliverables


@pytest.mark.parametrize(
    ("cells", "hourly", "budget"),
    [
        ({"is_hourly": "True", "min_rate": "5.0", "max_rate": "9.0"}, True, None),
        ({"is_hourly": "", "price": "Hourly Range:$5.00-$9.00"}, True, None),
        ({"fixed_budget": "300.0"}, False, Money(30_000, "USD")),
        ({"fixed_budget": "12.340000"}, False, Money(1_234, "USD")),
        ({"fixed_budget": "100"}, False, Money(10_000, "USD")),
        ({}, False, None),
    ],
)
def test_pay(cells: dict[str, str], hourly: bool, budget: Money | None) -> None:  # noqa: FBT001 - a column of the table
    post = post_of(a_row(**cells), currency="USD")  # type: ignore[arg-type]
    assert (post.hourly, post.budget) == (hourly, budget)


@pytest.mark.parametrize(
    "amount", ["-5", "1e309", "NaN", "１００", "1,000", "12.345", "free", "9" * 30, "0x10", ".", "5.-"]
)
def test_C13_a_budget_that_is_no_amount_is_refused(amount: str) -> None:
    with pytest.raises(NotMoney) as refusal:
        post_of(a_row(fixed_budget=amount), currency="USD")
    assert refusal.value.field == "fixed_budget"


@pytest.mark.parametrize(
    ("cell", "names"),
    [
        ("['A', 'B &amp; C']", ("A", "B & C")),
        ('["A"]', ("A",)),
        ("A, B", ("A", "B")),
        ("[", ("Tableau", "SQL")),
        ("[" * 5_000, ("Tableau", "SQL")),
        ("__import__('os').system('true')", ("__import__('os').system('true')",)),
    ],
)
def test_skills_are_read_from_any_kind_of_list(cell: str, names: tuple[str, ...]) -> None:
    assert post_of(a_row(skills=cell), currency="USD").skills == names


@pytest.mark.parametrize(
    "link", ["", "jobs/1", "javascript:alert(1)", "https://x.example/" + "a" * 500, "https://x y"]
)
def test_a_link_that_is_none_is_refused(link: str) -> None:
    with pytest.raises(BadCell):
        post_of(a_row(link=link), currency="USD")


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("Kenya", "KE"),
        ("USA", "US"),
        ("IND", "IN"),
        ("gb", "GB"),
        ("Turkey", "TR"),
        ("Trinidad and Tobago", "TT"),
        ("Bosnia and Herzegovina", "BA"),
        ("Hong Kong", "HK"),
        ("Czech Republic", "CZ"),
        ("Ivory Coast", "CI"),
        ("Cote d'Ivoire", "CI"),
        ("Palestine", "PS"),
        ("Viet Nam", "VN"),
        ("Macau", "MO"),
        ("Saint Lucia", "LC"),
        ("Turks &amp; Caicos Islands", "TC"),
        ("The Netherlands", "NL"),
        ("European Union", ""),
        ("EU", ""),
        ("UN", ""),
        ("ZZ", ""),
        ("Unknown Region", ""),
        ("World", ""),
        ("Atlantis", ""),
        ("", ""),
    ],
)
def test_countries_are_known_by_name_and_code(name: str, code: str) -> None:
    assert country_code(name) == code


def test_when_a_post_was_collected_does_not_count_as_a_change() -> None:
    assert hash_of(a_row(collection_date="2025-01-01", posted_date="")) == hash_of(a_row())
    assert hash_of(a_row(title="Other")) != hash_of(a_row())
