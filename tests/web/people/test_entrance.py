"""Coming in by code and by password, in pages."""

import re
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.kernel.models import Event
from guildhall.notices.models import Letter
from guildhall.people.actions import join_hall, make_set_up_link
from guildhall.people.models import Person
from tests.cast import NOW

pytestmark = pytest.mark.django_db

PASSWORD = "guildhall-demo"
NEWCOMER = {"name": "Bushra Bano", "email": "bushra@example.org", "country": "PK", "password1": ""}


@pytest.fixture
def bushra() -> Person:
    return join_hall(email="bushra@example.org", name="Bushra", password=PASSWORD, at=NOW)


def code_in(letter: Letter) -> str:
    found = re.search(r"^[A-Z0-9]{3,4}-?[A-Z0-9]{3,4}$", letter.text, re.MULTILINE)
    assert found, letter.text
    return found[0]


def is_in(client: Client) -> bool:
    return client.get("/account").status_code == 200


def test_somebody_joins_without_a_password_and_confirms_by_the_code(client: Client) -> None:
    assert client.get("/account/sign-up").status_code == 200
    answer = client.post("/account/sign-up", NEWCOMER)
    assert (answer.status_code, answer["Location"]) == (302, "/account/address/code")
    assert not is_in(client)
    person = Person.objects.get()
    assert (person.name, person.country, person.has_usable_password()) == ("Bushra Bano", "PK", False)
    assert Event.objects.get(name="person.joined").subject_id == person.id
    assert "bushra@example.org" in client.get("/account/address/code").text
    answer = client.post("/account/address/code", {"code": code_in(Letter.objects.get())})
    assert answer.status_code == 302
    assert is_in(client)


def test_somebody_joins_with_a_password(client: Client) -> None:
    client.post("/account/sign-up", NEWCOMER | {"password1": PASSWORD})
    client.post("/account/address/code", {"code": code_in(Letter.objects.get())})
    client.post("/account/sign-out")
    assert not is_in(client)
    answer = client.post("/account/sign-in", {"login": "Bushra@Example.org", "password": PASSWORD})
    assert answer.status_code == 302
    assert is_in(client)


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"name": " "}, "name"),
        ({"name": "x" * 90}, "at most 80"),
        ({"email": "nobody"}, "email"),
        ({"country": "ZZ"}, "choice"),
        ({"password1": "short"}, "short"),
        ({"password1": "bushra@example.org"}, "similar"),
        ({"password1": "Bushra Bano"}, "similar"),
    ],
)
def test_what_does_not_fit_is_said_kept_and_changes_nothing(
    client: Client, typed: dict[str, str], sentence: str
) -> None:
    answer = client.post("/account/sign-up", NEWCOMER | typed)
    assert answer.status_code == 422
    assert sentence in answer.text
    assert not Person.objects.exists()
    if "name" not in typed:
        assert 'value="Bushra Bano"' in answer.text


def test_signing_in_by_a_code(client: Client, bushra: Person) -> None:
    client.get("/account/sign-in/code")
    answer = client.post("/account/sign-in/code", {"email": bushra.email, "next": "/notices"})
    assert answer.status_code == 302
    letter = Letter.objects.get()
    assert letter.is_secret
    answer = client.post(answer["Location"], {"code": code_in(letter).lower()})
    assert (answer.status_code, answer["Location"]) == (302, "/notices")
    assert is_in(client)


LONG_EMAIL = "a" * 60 + "@" + "b" * 60 + "." + "c" * 60 + "." + "d" * 60 + "." + "e" * 20 + ".org"


@pytest.mark.parametrize(
    ("path", "typed"),
    [
        ("/account/sign-up", NEWCOMER | {"email": LONG_EMAIL}),
        ("/account/sign-in", {"login": LONG_EMAIL, "password": PASSWORD}),
        ("/account/sign-in/code", {"email": LONG_EMAIL}),
        ("/account/password/lost", {"email": LONG_EMAIL}),
        ("/account/address", {"email": LONG_EMAIL, "action_add": "1"}),
        ("/account/set-up/{secret}", {"name": "Olga", "email": LONG_EMAIL, "password": PASSWORD}),
    ],
)
def test_an_address_that_is_too_long_is_refused_by_every_form(
    client: Client, bushra: Person, path: str, typed: dict[str, str]
) -> None:
    if path == "/account/address":
        client.force_login(bushra)
    answer = client.post(path.format(secret=make_set_up_link(at=timezone.now())), typed)
    assert answer.status_code == 422
    assert "at most 254 letters" in answer.text
    assert not Letter.objects.exists()


def test_a_wrong_code_is_refused_and_the_third_ends_the_try(client: Client, bushra: Person) -> None:
    client.post("/account/sign-in/code", {"email": bushra.email})
    for _try in range(2):
        answer = client.post("/account/sign-in/code/confirmation", {"code": "WRONG1"})
        assert answer.status_code == 422
        assert "not the code" in answer.text
    answer = client.post("/account/sign-in/code/confirmation", {"code": "WRONG1"})
    assert (answer.status_code, answer["Location"]) == (302, "/account/sign-in/code")
    assert "Too many tries" in client.get("/account/sign-in/code").text
    client.post("/account/sign-in/code/confirmation", {"code": code_in(Letter.objects.get())})
    assert not is_in(client)


def test_A01_a_code_works_once(client: Client, bushra: Person) -> None:
    client.post("/account/sign-in/code", {"email": bushra.email})
    code = code_in(Letter.objects.get())
    client.post("/account/sign-in/code/confirmation", {"code": code})
    client.post("/account/sign-out")
    client.post("/account/sign-in/code/confirmation", {"code": code})
    assert not is_in(client)


def test_a_code_is_no_use_in_another_browser(client: Client, bushra: Person) -> None:
    client.post("/account/sign-in/code", {"email": bushra.email})
    eve = Client()
    eve.post("/account/sign-in/code/confirmation", {"code": code_in(Letter.objects.get())})
    assert not is_in(eve)


def test_another_code_can_be_asked_for(client: Client, bushra: Person) -> None:
    client.post("/account/sign-in/code", {"email": bushra.email})
    client.post("/account/sign-in/code/confirmation", {"action": "resend"})
    first, second = Letter.objects.order_by("id")
    assert code_in(first) != code_in(second)
    client.post("/account/sign-in/code/confirmation", {"code": code_in(second)})
    assert is_in(client)


@pytest.mark.parametrize("begun", ["/account/sign-in/code", "/account/sign-up"])
@pytest.mark.parametrize("door", ["/account/sign-in", "/account/sign-in/code", "/account/sign-up"])
def test_whoever_waits_for_a_code_can_still_begin_anew(
    client: Client, bushra: Person, begun: str, door: str
) -> None:
    client.post(begun, NEWCOMER | {"email": "mistyped@example.org"})
    assert client.get(door).status_code == 200
    client.post("/account/sign-in", {"login": bushra.email, "password": PASSWORD})
    assert is_in(client)


PATHS = ["/account/sign-in/code", "/account/password/lost", "/account/sign-up"]


@pytest.mark.parametrize("path", PATHS)
def test_A05_a_door_says_the_same_whether_one_is_here_or_not(path: str, bushra: Person) -> None:
    answers = []
    for email in ("bushra@example.org", "nobody@example.org"):
        visitor = Client()
        answer = visitor.post(path, NEWCOMER | {"email": email, "password1": PASSWORD}, follow=True)
        shown = re.sub(r'value="[A-Za-z0-9]{64}"|[0-9a-f-]{36}', "", answer.text).replace(email, "EMAIL")
        answers.append((answer.status_code, answer.redirect_chain, shown))
    assert answers[0] == answers[1]
    assert Letter.objects.count() == 2


@pytest.mark.parametrize("path", PATHS)
def test_A05_wrong_codes_end_the_same_way_for_both(path: str, bushra: Person) -> None:
    ends = []
    for email in ("bushra@example.org", "nobody@example.org"):
        visitor = Client()
        page = visitor.post(path, NEWCOMER | {"email": email}, follow=True).redirect_chain[-1][0]
        ends.append(
            [
                (answer.status_code, answer.get("Location"))
                for answer in (visitor.post(page, {"code": "XXXXXX"}) for _ in range(4))
            ]
        )
    assert ends[0] == ends[1]


def test_A05_a_wrong_password_and_an_unknown_address_read_the_same(client: Client, bushra: Person) -> None:
    answers = []
    for email in ("bushra@example.org", "nobody@example.org"):
        answer = client.post("/account/sign-in", {"login": email, "password": "not-the-password"})
        shown = re.sub(r'value="[A-Za-z0-9]{64}"|[0-9a-f-]{36}', "", answer.text).replace(email, "EMAIL")
        answers.append((answer.status_code, shown))
    assert answers[0] == answers[1]
    assert answers[0][0] == 422
    assert "do not belong together" in answers[0][1]


def test_A05_somebody_who_is_here_learns_by_letter_only(client: Client, bushra: Person) -> None:
    client.post("/account/sign-up", NEWCOMER)
    letter = Letter.objects.get()
    assert "already" in letter.subject
    assert "/account/sign-in" in letter.text
    assert Person.objects.count() == 1


def test_A15_ten_guesses_an_hour_and_the_neighbour_still_gets_in(bushra: Person) -> None:
    join_hall(email="amara@example.org", name="Amara", password=PASSWORD, at=NOW)
    guesses = [{"login": bushra.email, "password": f"guess-{number}"} for number in range(11)]
    answers = [Client().post("/account/sign-in", guess) for guess in guesses]
    assert "Too many tries" not in answers[9].text
    assert "Too many tries" in answers[10].text
    right = Client()
    right.post("/account/sign-in", {"login": bushra.email, "password": PASSWORD})
    assert not is_in(right)
    neighbour = Client()
    neighbour.post("/account/sign-in", {"login": "amara@example.org", "password": PASSWORD})
    assert is_in(neighbour)


def test_too_many_from_one_place_get_a_page_that_says_so() -> None:
    answers = [Client().get("/account/sign-up").status_code for _ in range(40)]
    assert set(answers) == {200}
    *before, answer = [Client().post("/account/sign-up", {}) for _ in range(31)]
    assert {each.status_code for each in before} == {422}
    assert answer.status_code == 429
    assert answer["Retry-After"]
    assert "too many tries" in answer.text


@pytest.mark.parametrize(("trusted", "status"), [(0, 429), (1, 422)])
def test_A24_tries_are_counted_by_the_address_that_a_trusted_proxy_names(
    settings: Any, trusted: int, status: int
) -> None:
    settings.GUILDHALL_TRUSTED_PROXIES = trusted
    answers = [
        Client().post("/account/sign-up", {}, headers={"X-Forwarded-For": f"192.0.2.{number}"}).status_code
        for number in range(31)
    ]
    assert answers[-1] == status


def test_A16_a_new_password_ends_the_other_sessions(client: Client, bushra: Person) -> None:
    other = Client()
    for browser in (client, other):
        browser.post("/account/sign-in", {"login": bushra.email, "password": PASSWORD})
    typed = {"oldpassword": PASSWORD, "password1": "a-new-apricot"}
    answer = client.post("/account/password", typed, follow=True)
    assert "signed out everywhere else" in answer.text
    assert is_in(client)
    assert not is_in(other)
    assert Event.objects.filter(name="person.password_changed", by=bushra.id).count() == 1


def test_a_password_is_not_changed_without_the_old_one(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    answer = client.post("/account/password", {"oldpassword": "guess", "password1": "a-new-apricot"})
    assert answer.status_code == 422
    assert "not your password" in answer.text
    assert Person.objects.get().check_password(PASSWORD)


def test_a_first_password_for_somebody_who_came_by_codes(client: Client) -> None:
    chen = join_hall(email="chen@example.org", name="Chen", at=NOW)
    client.force_login(chen)
    assert client.get("/account/password")["Location"] == "/account/password/first"
    answer = client.post("/account/password/first", {"password1": "a-first-apricot"})
    assert (answer.status_code, answer["Location"]) == (302, "/account")
    assert Person.objects.get().check_password("a-first-apricot")
    assert is_in(client)


def test_A16_a_lost_password_is_replaced_by_a_code_and_ends_all_sessions(bushra: Person) -> None:
    thief, owner = Client(), Client()
    thief.force_login(bushra)
    owner.post("/account/password/lost", {"email": bushra.email})
    code = code_in(Letter.objects.get())
    answer = owner.post("/account/password/lost/code", {"code": code})
    assert answer["Location"] == "/account/password/lost/new"
    assert owner.post(answer["Location"], {"password1": "short"}).status_code == 422
    answer = owner.post(answer["Location"], {"password1": "a-found-apricot"}, follow=True)
    assert answer.status_code == 200
    assert "is changed" in answer.text
    assert not is_in(thief)
    owner.post("/account/sign-in", {"login": bushra.email, "password": "a-found-apricot"})
    assert is_in(owner)


def test_the_code_for_a_password_works_once(client: Client, bushra: Person) -> None:
    client.post("/account/password/lost", {"email": bushra.email})
    code = code_in(Letter.objects.get())
    client.post("/account/password/lost/code", {"code": code})
    client.post("/account/password/lost/new", {"password1": "a-found-apricot"})
    answer = client.post("/account/password/lost/code", {"code": code})
    assert answer["Location"] == "/account/sign-in"
    answer = client.post("/account/password/lost/new", {"password1": "an-other-apricot"})
    assert Person.objects.get().check_password("a-found-apricot")


def test_a_new_address_counts_when_its_code_came_back(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    assert bushra.email in client.get("/account/address").text
    answer = client.post("/account/address", {"email": "new@example.org", "action_add": "1"})
    assert answer["Location"] == "/account/address/code"
    assert Person.objects.get().email == "bushra@example.org"
    client.post("/account/address/code", {"code": code_in(Letter.objects.get(address="new@example.org"))})
    assert Person.objects.get().email == "new@example.org"
    assert Letter.objects.filter(address="bushra@example.org", is_secret=False).count() == 1
    assert Event.objects.filter(name="person.email_changed").count() == 1


def test_a_new_address_that_is_somebody_elses_is_not_told_apart_and_never_taken(
    client: Client, bushra: Person
) -> None:
    join_hall(email="amara@example.org", name="Amara", at=NOW)
    client.force_login(bushra)
    answer = client.post("/account/address", {"email": "amara@example.org", "action_add": "1"})
    assert answer["Location"] == "/account/address/code"
    code = code_in(Letter.objects.get(address="amara@example.org"))
    assert client.post("/account/address/code", {"code": code}).status_code == 422
    assert Person.objects.get(pk=bushra.pk).email == "bushra@example.org"


def test_A06_somebody_put_out_is_out_with_the_next_click(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    assert is_in(client)
    Person.objects.update(is_active=False)
    assert not is_in(client)
    client.post("/account/sign-in", {"login": bushra.email, "password": PASSWORD})
    assert not is_in(client)


def test_A24_letters_name_the_hall_and_not_the_host_of_the_request(client: Client, bushra: Person) -> None:
    client.post(
        "/account/sign-up", NEWCOMER, headers={"host": "127.0.0.1", "x-forwarded-host": "evil.example"}
    )
    assert "http://localhost:8000/account/sign-in" in Letter.objects.get().text


def test_signing_in_leads_back_and_only_into_the_hall(bushra: Person) -> None:
    for back, lands in (("/notices", "/notices"), ("https://evil.example/", "/"), ("//evil.example", "/")):
        visitor = Client()
        assert back in visitor.get("/account/sign-in", {"next": back}).text or back.startswith(("h", "//"))
        answer = visitor.post("/account/sign-in", {"login": bushra.email, "password": PASSWORD, "next": back})
        assert answer["Location"] == lands


def test_forms_with_a_secret_carry_no_key_whose_digest_would_be_kept(client: Client, bushra: Person) -> None:
    for path in ("/account/sign-in", "/account/sign-up", "/account/password/lost"):
        assert "idempotency_key" not in client.get(path).text
    client.force_login(bushra)
    for path in ("/account/password", "/account/again", "/account/tokens"):
        answer = client.get(path).text
        main = answer[answer.index("<main") : answer.index("</main")]
        assert "idempotency_key" not in re.sub(r"<form[^>]*token_ending.*?</form>", "", main), path


@pytest.mark.parametrize(
    "path",
    ["/account/sign-out", "/account/closed", "/account/again", "/account/password/lost/done"],
)
def test_quiet_pages_stand_too(client: Client, bushra: Person, path: str) -> None:
    client.force_login(bushra)
    answer = client.get(path)
    assert answer.status_code == 200
    assert "<h1>" in answer.text


def test_signing_out_wants_a_post(client: Client, bushra: Person) -> None:
    client.force_login(bushra)
    client.get("/account/sign-out")
    assert is_in(client)
    client.post("/account/sign-out")
    assert not is_in(client)
