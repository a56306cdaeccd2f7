"""Finding people, reading a profile, writing one's own; and what Eve gets."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import Money
from guildhall.payments.rules import CURRENCIES
from guildhall.people.models import Person
from guildhall.talent.models import Profile
from guildhall.talent.queries import profile_of
from tests.builders.contracts import an_ended_contract
from tests.builders.jobs import an_open_job
from tests.builders.talent import a_profile
from tests.cast import NOW, a_person
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db

TYPED = {
    "title": "Logos and signs",
    "overview": "I draw **by hand** first.\r\n\r\n- sketches",
    "skills": "logo design, Illustration",
    "languages": "اردو, English, punjabi",
    "rate": "9.00",
    "currency": "USD",
    "availability": "open",
    "handle": "",
    "shown": "on",
}


def hear() -> None:
    while deliver_events(at=NOW + timedelta(days=4_000)):
        pass  # reactions may have announced something themselves


def test_what_workers_say_of_a_client_is_no_praise_of_their_work(amara: Person, bushra: Person) -> None:
    an_ended_contract(amara, bushra, by_client="A steady hand.", by_worker="Slow to answer.")
    a_profile(bushra)
    a_profile(amara, title="Cakes and pastries")
    assert "A steady hand." in by(None).get("/talent/bushra").text
    assert "Slow to answer." not in by(None).get("/talent/bushra").text
    assert "Slow to answer." not in by(None).get("/talent/amara").text
    job = an_open_job(amara)
    page = by(None).get(f"/jobs/{job.pk}").text
    assert "What workers say of this client" in page
    assert "Slow to answer." in page
    assert "A steady hand." not in page
    assert "What workers say" not in by(None).get(f"/jobs/{an_open_job(bushra).pk}").text


def test_what_workers_say_of_a_client_is_read_page_by_page(amara: Person, bushra: Person) -> None:
    for number in range(7):
        an_ended_contract(amara, bushra, by_client="", by_worker=f"Time number {number}.")
    url = f"/jobs/{an_open_job(amara).pk}"
    first = by(None).get(url).text
    [after] = re.findall(r"said=([\w%-]+)\"", first)
    rest = by(None).get(f"{url}?said={after}").text
    assert sum(f"Time number {number}." in first for number in range(7)) == 5
    assert sum(f"Time number {number}." in rest for number in range(7)) == 2


def test_a_profile_is_written_and_then_stands_in_the_list(bushra: Person) -> None:
    answer = by(bushra).post("/profile", TYPED)
    assert (answer.status_code, answer["Location"]) == (302, "/talent/bushra")
    profile = profile_of(bushra)
    assert profile is not None
    assert profile.languages == ["ur", "en", "pa"]
    hear()
    said = by(None).get("/talent?words=logos").text
    assert "1 person found for “logos”" in said
    assert '<a href="/talent/bushra">' in said
    page = by(None).get("/talent/bushra")
    assert page.status_code == 200
    assert "<strong>by hand</strong>" in page.text
    said = text_of(page)
    assert "Logos and signs" in said
    assert "9.00 USD for an hour" in said
    assert "Skills Logo design" in said
    assert "Works in Urdu, English, Punjabi" in said
    assert "Pakistan" in said


def test_what_does_not_fit_is_kept_as_it_was_typed(bushra: Person) -> None:
    for field, wrong, said in [
        ("title", "", "This field is required"),
        ("rate", "9,00", "Write the amount in digits"),
        ("rate", "0", "more than nothing"),
        ("skills", "stink bombs", "The hall does not know: stink bombs"),
        ("languages", "Klingonish", "No language of that name"),
        ("handle", "Not OK", "small letters"),
        ("overview", "Call +44 113 496 0000", "contacts_stay_inside"),
        ("availability", "asleep", "valid choice"),
    ]:
        answer = by(bushra).post("/profile", TYPED | {field: wrong})
        assert answer.status_code == 422, field
        assert said in answer.text, field
        if field != "overview":
            assert "I draw **by hand** first." in answer.text
        assert Profile.objects.count() == 0


def test_one_changes_only_ones_own(bushra: Person, eve: Person) -> None:
    a_profile(bushra)
    assert 'value="bushra"' in by(bushra).get("/profile").text
    assert "bushra" not in by(eve).get("/profile").text.lower()
    answer = by(eve).post("/profile", TYPED | {"person": str(bushra.pk), "handle": "bushra"})
    assert answer.status_code == 422
    assert "Somebody else has this handle" in answer.text
    assert Profile.objects.get().person_id == bushra.pk


def test_a_visitor_signs_in_before_writing() -> None:
    answer = by(None).get("/profile")
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in?next=/profile")
    assert by(None).post("/profile", TYPED).status_code == 302
    assert Profile.objects.count() == 0


def test_a_hidden_profile_is_there_for_nobody_else(bushra: Person, eve: Person) -> None:
    a_profile(bushra, shown=False)
    hear()
    for other in (None, eve):
        assert by(other).get("/talent/bushra").status_code == 404
        assert "/talent/bushra" not in by(other).get("/talent").text
    own = by(bushra).get("/talent/bushra")
    assert own.status_code == 200
    assert "Only you see this page" in own.text
    assert by(eve).get("/talent/nobody-at-all").status_code == 404


def test_B13_no_page_carries_a_way_around_the_hall(bushra: Person, amara: Person) -> None:
    a_profile(bushra)
    hear()
    for asker in (None, amara):
        for path in ("/talent", "/talent/bushra", "/talent?words=bushra"):
            assert "bushra@example.org" not in by(asker).get(path).text


def test_filters_and_empty_lists(bushra: Person) -> None:
    assert "Nobody has written a profile yet" in by(None).get("/talent").text
    a_profile(bushra)
    hear()
    for found in (
        "skill=Logo",
        "skill=logo-design",
        "language=ur",
        "country=pk",
        "rate=9.00",
        "free=1",
        "sort=rate",
    ):
        assert "/talent/bushra" in by(None).get(f"/talent?{found}").text, found
    for missed in ("skill=excel", "language=sw", "country=KE", "rate=8.99", "words=plumber"):
        assert "Nobody fits all of that" in by(None).get(f"/talent?{missed}").text, missed


def test_words_that_fit_nobody_are_said_to_be_so(bushra: Person) -> None:
    a_profile(bushra)
    hear()
    sought = by(None).get("/talent?words=logox").text
    assert "Nobody fits “logox”; 1 person fits words like it." in sought
    none = by(None).get("/talent?words=zzxqq").text
    assert "Nobody fits “zzxqq”, nor words like it." in none
    assert "0 people" not in none


def test_an_hour_is_priced_in_what_can_be_paid_in(bushra: Person) -> None:
    page = by(bushra).get("/profile").text
    [choices] = re.findall(r'<select name="currency".*?</select>', page, flags=re.DOTALL)
    assert re.findall(r'<option value="([A-Z]{3})"', choices) == list(CURRENCIES)
    with pytest.raises(Unfit) as refusal:
        a_profile(bushra, rate=Money(2_000, "CAD"))
    assert refusal.value.field == "rate"


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("rate=1e9", 422),
        ("sort=cheap", 422),
        ("after=nonsense", 422),
        ("words=%22(%5B*", 200),
        ("words=%00", 400),
    ],
)
def test_no_question_breaks_the_list(query: str, status: int) -> None:
    assert by(None).get(f"/talent?{query}").status_code == status


def test_a_list_goes_on(db: None) -> None:
    for number in range(23):
        a_profile(a_person(f"Worker{number}"), at=NOW + timedelta(minutes=number))
    hear()
    first = by(None).get("/talent?language=ur")
    assert first.text.count("<h3>") == 20
    following = first.text.partition('rel="next" href="')[2].partition('"')[0].replace("&amp;", "&")
    assert "language=ur" in following
    assert by(None).get(following).text.count("<h3>") == 3


def test_a_page_of_people_asks_few_questions(db: None) -> None:
    for number in range(5):
        a_profile(a_person(f"Worker{number}"))
    hear()
    client = by(None)
    client.get("/talent?words=logos")
    with CaptureQueriesContext(
        connection,
    ) as asked:
        client.get("/talent?words=logos")
    assert len(asked) <= 6, [one["sql"][:120] for one in asked]


@pytest.mark.parametrize("trick", ["<script>alert(1)</script>", '"><img src=x onerror=alert(1)>'])
def test_D11_words_of_a_profile_stay_words(bushra: Person, trick: str) -> None:
    a_profile(bushra, title=trick, overview=trick)
    hear()
    for path in ("/talent", "/talent/bushra"):
        said: Any = by(None).get(path).text
        assert "<script>alert" not in said
        assert "<img src=x" not in said


def test_what_a_form_sends_without_a_condition_narrows_nothing(client: Client, db: None) -> None:
    asked = {"words": "", "skill": "", "language": "", "country": "", "rate": "", "currency": "USD"}
    shown = client.get("/talent", asked).text
    assert "Nobody has written a profile yet" in shown
    assert "Show all" not in shown
    assert '<details class="narrowing">' in shown


def test_a_price_that_is_none_is_said_beside_it(client: Client, db: None) -> None:
    answer = client.get("/talent", {"rate": "much", "currency": "USD"})
    assert answer.status_code == 422
    assert 'aria-describedby="id_rate_error"' in answer.text
    assert 'value="much"' in answer.text
