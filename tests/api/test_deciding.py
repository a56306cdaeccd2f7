"""What takes two operators over the API: one asks, the other confirms, each by a token of their own."""

from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Delivery, Event
from guildhall.ledger.queries import balance_of
from guildhall.notices.actions import write_letter
from guildhall.notices.models import Letter
from guildhall.people.actions.roles import give_roles
from guildhall.people.models import Person
from tests.api.calling import program, send
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_requested_payout, an_unmatched_payment
from tests.cast import a_person

pytestmark = pytest.mark.django_db


@pytest.fixture
def now() -> datetime:
    return timezone.now()


@pytest.fixture
def asks(olga: Person) -> Client:
    """Olga's program."""
    return program(olga, "operate")


@pytest.fixture
def confirms(olga: Person) -> Client:
    """The program of Oleg, the second operator."""
    return program(a_person("Oleg", operates=True), "operate")


def waiting(client: Client) -> list[dict[str, Any]]:
    answer = send(client, "GET", "/operator/decisions")
    found: list[dict[str, Any]] = answer.said["items"]
    return found


def answered(client: Client, decision: dict[str, Any], word: str = "confirmation") -> Any:
    return send(client, "POST", f"/operator/decisions/{decision['id']}/{word}")


def roles_of(person: Person) -> str:
    return f"/operator/people/{person.pk}/roles"


def offices(*, operator: bool = False, adjudicator: bool = False) -> dict[str, bool]:
    return {"is_operator": operator, "is_adjudicator": adjudicator}


def test_an_office_waits_for_the_second(asks: Client, confirms: Client, bushra: Person, olga: Person) -> None:
    said = send(asks, "PUT", roles_of(bushra), offices(operator=True)).said
    decision = said["decision"]
    assert (said["is_operator"], decision["state"], decision["kind"]) == (False, "asked", "roles")
    assert (decision["subject"], decision["asked_by"]) == (str(bushra.pk), str(olga.pk))
    assert (decision["is_operator"], decision["is_adjudicator"]) == (True, False)
    assert waiting(confirms) == [decision]
    again = send(asks, "PUT", roles_of(bushra), offices(operator=True))
    assert (again.status_code, again.said["code"]) == (409, "waits_for_second")
    alone = answered(asks, decision)
    assert (alone.status_code, alone.said["code"]) == (409, "second_needed")
    assert answered(confirms, decision).said["state"] == "confirmed"
    assert send(asks, "GET", f"/operator/people/{bushra.pk}").said["is_operator"] is True
    assert send(asks, "GET", f"/operator/decisions/{decision['id']}").said["decided_by"]
    assert waiting(asks) == []
    assert answered(confirms, decision).status_code == 409


def test_a_decision_is_dropped(asks: Client, confirms: Client, bushra: Person) -> None:
    decision = send(asks, "PUT", roles_of(bushra), offices(adjudicator=True)).said["decision"]
    assert answered(confirms, decision, "refusal").said["state"] == "dropped"
    assert answered(confirms, decision).status_code == 409
    assert waiting(asks) == []
    again = send(asks, "PUT", roles_of(bushra), offices(adjudicator=True)).said["decision"]
    assert answered(asks, again, "refusal").said["state"] == "dropped", "taken back by who asked"
    bushra.refresh_from_db()
    assert not bushra.is_adjudicator


def test_a_token_makes_itself_no_successor(asks: Client, olga: Person, bushra: Person) -> None:
    """A lone operator gives an office in a browser: of a token that leaked nobody would notice in time."""
    refused = send(asks, "PUT", roles_of(bushra), offices(operator=True))
    assert (refused.status_code, refused.said["code"]) == (403, "missing_scope")
    bushra.refresh_from_db()
    assert not bushra.is_operator
    browser = Client()
    browser.force_login(olga)
    said = send(browser, "PUT", roles_of(bushra), offices(operator=True)).said
    assert (said["is_operator"], said["decision"]) == (True, None)


def test_a_token_dismisses_no_operator_alone(
    asks: Client, confirms: Client, olga: Person, bushra: Person
) -> None:
    oleg = Person.objects.get(name="Oleg")
    assert send(asks, "PUT", roles_of(oleg), offices()).status_code == 403
    give_roles(bushra, is_operator=True, is_adjudicator=False, by=None, at=timezone.now())
    assert send(asks, "PUT", roles_of(oleg), offices()).said["decision"]["state"] == "asked"
    own = send(asks, "PUT", roles_of(olga), offices())
    assert (own.said["code"], own.said["errors"][0]["field"]) == ("role_not_changed", "is_operator")


def test_what_takes_no_second_is_done_at_once(asks: Client, confirms: Client, dalia: Person) -> None:
    said = send(asks, "PUT", roles_of(dalia), offices()).said
    assert (said["is_adjudicator"], said["decision"]) == (False, None)
    assert send(asks, "PUT", f"/operator/people/{new_id()}/roles", offices()).status_code == 404


def test_a_return_is_confirmed(asks: Client, confirms: Client, bushra: Person, now: datetime) -> None:
    payout = a_requested_payout(bushra, 900, now)
    batch = send(asks, "POST", "/operator/batches").said["id"]
    send(asks, "POST", f"/operator/batches/{batch}/sending")
    send(asks, "POST", f"/operator/payouts/{payout.pk}/return", {"reason": "Closed."})
    [decision] = waiting(confirms)
    assert (decision["amount"]["amount"], decision["concerns"]) == ("9.00", str(bushra.pk))
    assert answered(confirms, decision).said["state"] == "confirmed"
    payout.refresh_from_db()
    assert (payout.state, payout.reason) == ("returned", "Closed.")


def test_suspended_money_finds_its_owner(
    asks: Client, confirms: Client, olga: Person, bushra: Person, now: datetime
) -> None:
    notice = an_unmatched_payment(900, now)
    address = f"/operator/suspended/{notice.pk}/owner"
    [row] = send(asks, "GET", "/operator/suspended").said["items"]
    assert (row["id"], row["amount"]["amount"], row["suggested"]) == (str(notice.pk), "9.00", "")
    nobody = send(asks, "POST", address, {"email": "nobody@example.org"})
    assert (nobody.status_code, nobody.said["errors"][0]["field"]) == (422, "email")
    own = send(asks, "POST", address, {"email": olga.email})
    assert (own.status_code, own.said["code"]) == (409, "own_payout")
    said = send(asks, "POST", address, {"email": "BUSHRA@example.org"}).said
    assert (said["owner"], said["decision"]["state"]) == (None, "asked")
    assert said["decision"]["reference"] == notice.reference
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 0
    assert answered(confirms, said["decision"]).said["state"] == "confirmed"
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 900
    assert send(asks, "GET", "/operator/suspended").said["items"] == []
    assert send(asks, "POST", address, {"email": bushra.email}).status_code == 404
    assert not what_is_broken()


def test_the_only_operator_says_alone_whose_money_it_is(asks: Client, bushra: Person, now: datetime) -> None:
    notice = an_unmatched_payment(900, now)
    said = send(asks, "POST", f"/operator/suspended/{notice.pk}/owner", {"email": bushra.email}).said
    assert (said["owner"], said["decision"]) == (str(bushra.pk), None)


def test_the_reserve_is_filled(asks: Client, confirms: Client) -> None:
    assert send(asks, "GET", "/operator/reserve").said == []
    ten = {"amount": {"amount": "10.00", "currency": "USD"}}
    filled = send(asks, "POST", "/operator/reserve/fillings", ten)
    assert (filled.status_code, filled.said["decision"]["state"]) == (201, "asked")
    assert filled.said["decision"]["amount"] == ten["amount"]
    assert send(asks, "GET", "/operator/reserve").said == []
    answered(confirms, filled.said["decision"])
    [own] = send(asks, "GET", "/operator/reserve").said
    assert (own["reserve"]["amount"], own["shortfall"]["amount"]) == ("10.00", "0.00")
    nothing = {"amount": {"amount": "0.00", "currency": "USD"}}
    assert send(asks, "POST", "/operator/reserve/fillings", nothing).status_code == 422


def test_the_only_operator_fills_the_reserve_alone(asks: Client) -> None:
    ten = {"amount": {"amount": "10.00", "currency": "USD"}}
    assert send(asks, "POST", "/operator/reserve/fillings", ten).said["decision"] is None
    assert balance_of("reserve", "USD").minor == 1_000


def test_what_is_stuck_is_tried_again(asks: Client, olga: Person, now: datetime) -> None:
    event = record_event("canary.sung", subject=new_id(), by=None, at=now)
    late = now.replace(year=2100)
    Delivery.objects.filter(pk=event.pk).update(tries=3, trouble="canary: KeyError", next_try_at=late)
    letter = write_letter(address="a@example.org", subject="Canary letter", text="x", at=now)
    secret = write_letter(address="a@example.org", subject="123456", text="", is_secret=True, at=now)
    Letter.objects.update(tries=2, trouble="SMTPRecipientsRefused", next_try_at=None)
    counts = send(asks, "GET", "/operator/stuck").said["counts"]
    assert (counts["events"], counts["letters"], counts["decisions"]) == (1, 2, 0)
    [shown] = send(asks, "GET", "/operator/stuck/events").said["items"]
    assert (shown["id"], shown["name"], shown["tries"]) == (str(event.pk), "canary.sung", 3)
    tried = send(asks, "POST", f"/operator/stuck/events/{event.pk}/trial").said
    assert tried["next_try_at"] < "2100"
    assert Delivery.objects.get(pk=event.pk).next_try_at < late
    assert Event.objects.get(name="delivery.retried").by == olga.pk
    code, said = send(asks, "GET", "/operator/stuck/letters").said["items"]
    assert (code["id"], code["subject"]) == (str(secret.pk), "")
    assert (said["subject"], said["trouble"], said["next_try_at"]) == (
        "Canary letter",
        "SMTPRecipientsRefused",
        None,
    )
    assert send(asks, "POST", f"/operator/stuck/letters/{letter.pk}/trial").said["next_try_at"]
    assert send(asks, "POST", f"/operator/stuck/letters/{secret.pk}/trial").said["next_try_at"] is None
    for kind in ("events", "letters"):
        assert send(asks, "POST", f"/operator/stuck/{kind}/{new_id()}/trial").status_code == 404


def test_A07_eve_finds_nothing_of_it(asks: Client, confirms: Client, eve: Person, bushra: Person) -> None:
    decision = send(asks, "PUT", roles_of(bushra), offices(operator=True)).said["decision"]
    browser = Client()
    browser.force_login(eve)
    assert answered(browser, decision).status_code == 404
    assert send(browser, "PUT", roles_of(eve), offices(operator=True)).status_code == 404
    for address in ("decisions", "suspended", "reserve", "stuck/events", f"people/{bushra.pk}"):
        assert send(browser, "GET", f"/operator/{address}").status_code == 404, address
