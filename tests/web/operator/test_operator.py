"""The operator's pages: they do their work, leave a row each, and are not there for anybody else."""

from datetime import timedelta
from uuid import uuid4

import pytest
from django.test import Client
from django.urls import get_resolver
from django.utils import timezone

from guildhall.insights.signs import show_broken, show_work
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Delivery, Event, RuleChange
from guildhall.kernel.rules import rules_in_force
from guildhall.ledger.queries import balance_of
from guildhall.notices.actions import write_letter
from guildhall.notices.models import Letter
from guildhall.payments.actions import open_payout_batch, send_payout_batch, start_deposit
from guildhall.people.models import Decision, Person
from tests.builders.contracts import usd
from tests.builders.money import a_requested_payout, an_unmatched_payment
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

PAGES = [
    "/operator/",
    "/operator/rules",
    "/operator/rules/worker_fee",
    "/operator/decisions",
    "/operator/people",
    "/operator/reserve",
    "/operator/reserve/out",
    "/operator/reserve/keeping",
    "/operator/reserve/credits",
    "/operator/reserve/corrections",
    "/operator/exchanges",
    "/operator/chargebacks",
    "/operator/differences",
    "/operator/log",
    "/operator/log.csv",
    "/operator/invoices",
    "/operator/invoices.csv",
    "/operator/invoices/series",
    "/operator/billing",
    "/operator/vat",
    "/operator/years",
    "/operator/years.csv",
    "/operator/withheld.csv",
    "/operator/signing-key",
    "/operator/stuck",
]


def said(answer: object) -> str:
    """What an answer says, streamed or not."""
    streaming = getattr(answer, "streaming", False)
    return b"".join(answer.streaming_content).decode() if streaming else answer.text  # type: ignore[attr-defined]


@pytest.mark.parametrize("path", PAGES)
def test_only_an_operator_finds_these_pages(
    client: Client, eve: Person, dalia: Person, olga: Person, path: str
) -> None:
    assert client.get(path).status_code == 302
    for person in (eve, dalia):
        client.force_login(person)
        assert client.get(path).status_code == 404
        assert client.post(path).status_code in {404, 405}
    client.force_login(olga)
    assert client.get(path).status_code == 200


def test_A07_nobody_else_can_do_what_an_operator_does(client: Client, eve: Person, olga: Person) -> None:
    client.force_login(eve)
    before = Event.objects.count()
    letter = write_letter(address="a@example.org", subject="A", text="A", at=NOW)
    typed = {"value": "1", "reason": "x", "is_operator": "on"}
    for path in (
        "/operator/rules/worker_fee",
        f"/operator/people/{eve.id}",
        f"/operator/people/{olga.id}",
        f"/operator/stuck/{uuid4()}/trial",
        f"/operator/letters/{letter.id}/trial",
        f"/operator/decisions/{uuid4()}/confirmation",
        f"/operator/decisions/{uuid4()}/refusal",
        f"/operator/suspended/{uuid4()}",
        f"/operator/differences/{uuid4()}",
    ):
        assert client.post(path, typed).status_code == 404
    assert Event.objects.count() == before
    assert not Person.objects.get(pk=eve.pk).is_operator


def test_a_rule_is_set_with_its_reason_and_keeps_its_history(client: Client, olga: Person) -> None:
    client.force_login(olga)
    path = "/operator/rules/worker_fee"
    answer = client.post(path, {"value": "300", "reason": "We need less."})
    assert (answer.status_code, answer["Location"]) == (302, path)
    values = {rule.name: value for rule, value in rules_in_force()}
    assert values["worker_fee"] == 300
    event = Event.objects.get(name="rule.changed")
    assert (event.by, event.facts["value"], event.facts["reason"]) == (olga.id, 300, "We need less.")
    shown = client.get(path).text
    assert "We need less." in shown
    assert "Olga" in shown
    assert "changed" in client.get("/operator/rules").text


@pytest.mark.parametrize(
    "typed",
    [
        {"value": "", "reason": "x"},
        {"value": "-1", "reason": "x"},
        {"value": "99999999999999999999999", "reason": "x"},
        {"value": "1e3", "reason": "x"},
        {"value": "NaN", "reason": "x"},
        {"value": "3.5", "reason": "x"},
        {"value": "300", "reason": "  "},
    ],
)
def test_a_rule_is_not_set_to_anything_else(client: Client, olga: Person, typed: dict[str, str]) -> None:
    client.force_login(olga)
    answer = client.post("/operator/rules/worker_fee", typed)
    assert answer.status_code == 422
    assert not RuleChange.objects.exists()
    assert client.post("/operator/rules/no_such_rule", typed).status_code == 404


def test_people_are_found_by_name_or_address_and_paged_by_key(
    client: Client, olga: Person, bushra: Person
) -> None:
    for number in range(25):
        a_person(f"Extra{number}")
    client.force_login(olga)
    shown = client.get("/operator/people", {"q": "BUSHRA@"}).text
    assert "Bushra" in shown
    assert "Extra1" not in shown
    first = client.get("/operator/people").text
    assert "Extra24" in first
    assert "Bushra" not in first
    after = first.partition("after=")[2].partition('"')[0]
    assert "Bushra" in client.get(f"/operator/people?after={after}").text
    assert "Nobody in the hall" in client.get("/operator/people", {"q": "nobody-such"}).text
    assert client.get("/operator/people", {"after": "rubbish"}).status_code == 422
    assert "Olga" in client.get("/operator/people", {"role": "operator"}).text


def test_an_office_is_given_and_the_person_told(client: Client, olga: Person, bushra: Person) -> None:
    client.force_login(olga)
    path = f"/operator/people/{bushra.id}"
    assert client.post(path, {"is_adjudicator": "on"}).status_code == 302
    assert Person.objects.get(pk=bushra.pk).is_adjudicator
    assert "person.roles_set" in client.get(path).text
    deliver_events(at=NOW.replace(year=2100))
    assert Letter.objects.get(person=bushra).subject.startswith("An operator has changed your role")
    assert client.post(path, {}).status_code == 302
    assert not Person.objects.get(pk=bushra.pk).is_adjudicator


def test_a_second_operator_confirms_on_the_page_for_two(client: Client, olga: Person, bushra: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    client.force_login(olga)
    path = f"/operator/people/{bushra.id}"
    assert client.post(path, {"is_adjudicator": "on"}).status_code == 302
    assert "waits for a second operator" in client.get(path).text
    decision = Decision.objects.get()
    yes = f"/operator/decisions/{decision.id}/confirmation"
    assert client.post(yes).status_code == 409
    assert "Take it back" in client.get("/operator/decisions").text
    client.force_login(oleg)
    assert "Decisions for two" in client.get("/operator/").text
    shown = client.get("/operator/decisions").text
    assert "Make them an adjudicator and no operator." in shown
    assert client.post(yes).status_code == 302
    assert Person.objects.get(pk=bushra.pk).is_adjudicator
    assert "Nothing waits" in client.get("/operator/decisions").text
    assert client.post(f"/operator/decisions/{decision.id}/refusal").status_code == 409


def test_a_payment_without_a_name_finds_its_owner(client: Client, olga: Person, bushra: Person) -> None:
    oleg, notice = a_person("Oleg", operates=True), an_unmatched_payment(900, NOW)
    client.force_login(olga)
    path = f"/operator/suspended/{notice.pk}"
    assert path in client.get("/operator/payouts").text
    assert "9.00" in client.get(path).text
    assert "Nobody here has this address." in client.post(path, {"email": "nobody@example.org"}).text
    assert client.post(path, {"email": "olga@example.org"}).status_code == 409
    assert client.post(path, {"email": "Bushra@example.org"}).status_code == 302
    client.force_login(oleg)
    assert "that no deposit explains" in client.get("/operator/decisions").text
    assert client.post(f"/operator/decisions/{Decision.objects.get().pk}/confirmation").status_code == 302
    assert client.get(path).status_code == 404
    assert balance_of(f"wallet:{bushra.party}", "USD").minor == 900


def test_the_reserve_is_filled_by_two(client: Client, olga: Person) -> None:
    oleg = a_person("Oleg", operates=True)
    client.force_login(olga)
    assert client.post("/operator/reserve", {"amount": "-1", "currency": "USD"}).status_code == 422
    typed = {"amount": "100.00", "currency": "USD"}
    assert client.post("/operator/reserve", typed)["Location"] == "/operator/decisions"
    client.force_login(oleg)
    assert "100.00 USD of the hall’s own money" in client.get("/operator/decisions").text
    client.post(f"/operator/decisions/{Decision.objects.get().pk}/confirmation")
    assert "100.00" in client.get("/operator/reserve").text
    assert client.post("/operator/reserve", {"amount": "1", "currency": "JPY"}).status_code == 302
    assert balance_of("reserve", "USD").minor == 10_000


def test_an_operator_cannot_lay_down_their_own_office(client: Client, olga: Person) -> None:
    client.force_login(olga)
    answer = client.post(f"/operator/people/{olga.id}", {})
    assert answer.status_code == 409
    assert "your own role" in answer.text
    assert Person.objects.get(pk=olga.pk).is_operator


def test_the_log_is_narrowed_by_name_thing_and_person(client: Client, olga: Person, bushra: Person) -> None:
    thing = new_id()
    record_event("canary.sung", subject=thing, by=bushra.id, at=NOW, song="<b>tweet</b>")
    client.force_login(olga)
    for asked in (
        {"name": "canary."},
        {"subject": str(thing)},
        {"by": str(bushra.id)},
        {"by": "Bushra@example.org"},
    ):
        shown = client.get("/operator/log", asked).text
        assert "canary.sung" in shown
        assert "<b>tweet" not in shown
        assert said(client.get("/operator/log.csv", asked)).count("canary.sung") == 1
    assert "Nothing in the log" in client.get("/operator/log", {"by": "nobody@example.org"}).text
    for asked in ({"subject": "x"}, {"by": "x"}, {"after": "x"}):
        assert client.get("/operator/log", asked).status_code == 422


def test_C19_the_log_as_a_file_holds_no_formulas(client: Client, olga: Person) -> None:
    record_event('=cmd|"/c calc"!A1', subject=new_id(), by=olga.id, at=NOW)
    client.force_login(olga)
    text = said(client.get("/operator/log.csv", {"by": str(olga.id)}))
    assert "'=cmd" in text


def test_what_is_stuck_is_seen_and_can_be_tried_again(client: Client, olga: Person) -> None:
    event = record_event("canary.sung", subject=new_id(), by=None, at=NOW)
    Delivery.objects.filter(pk=event.id).update(
        tries=3, trouble="canary: KeyError: <i>x</i>", next_try_at=NOW.replace(year=2100)
    )
    client.force_login(olga)
    shown = client.get("/operator/stuck").text
    assert "canary: KeyError" in shown
    assert "<i>x" not in shown
    assert "Events that are stuck" in client.get("/operator/").text
    assert client.post(f"/operator/stuck/{event.id}/trial").status_code == 302
    assert Delivery.objects.get(pk=event.id).next_try_at.year < 2100
    assert Event.objects.get(name="delivery.retried").by == olga.id
    assert client.post(f"/operator/stuck/{uuid4()}/trial").status_code == 404


def test_what_waits_too_long_and_what_is_broken_is_seen(
    client: Client, olga: Person, bushra: Person, amara: Person
) -> None:
    now = timezone.now()
    a_requested_payout(bushra, 1_000, now - timedelta(days=30))
    batch = open_payout_batch(by=olga, at=now - timedelta(days=30))
    send_payout_batch(batch=batch, by=olga, at=now - timedelta(days=29))
    a_requested_payout(amara, 700, now - timedelta(days=9))
    open_payout_batch(by=olga, at=now - timedelta(days=9))
    start_deposit(by=amara, amount=usd(4_321), at=now - timedelta(days=9))
    show_broken(["L10"], at=now)
    show_work("escrow.mature_due", "ValueError: <i>no</i>")
    client.force_login(olga)
    glance, shown = client.get("/operator/").text, client.get("/operator/stuck").text
    for title in (
        "Promises that are broken",
        "Background work that fails",
        "Nobody to rule on cases",
        "Payouts without a word of the bank",
        "Batches that were not sent",
        "Deposits that nobody finished",
    ):
        assert title in glance.partition("In order")[0], title
    assert "These do not hold: L10" in shown
    assert "ValueError: &lt;i&gt;no" in shown
    assert "43.21" in shown
    assert str(batch.pk) in shown


def test_a_letter_that_failed_is_seen_and_can_be_tried_again(client: Client, olga: Person) -> None:
    letter = write_letter(address="a@example.org", subject="Canary letter", text="x", at=NOW)
    Letter.objects.update(tries=2, trouble="SMTPRecipientsRefused", next_try_at=None)
    client.force_login(olga)
    assert "Canary letter" in client.get("/operator/stuck").text
    assert "Letters that do not go out" in client.get("/operator/").text
    assert client.post(f"/operator/letters/{letter.id}/trial").status_code == 302
    assert Letter.objects.get().next_try_at is not None
    assert client.post(f"/operator/letters/{uuid4()}/trial").status_code == 404


def test_every_address_of_the_operator_is_looked_at_here() -> None:
    """A page that is added without a line above has no Eve."""
    known = {path.strip("/") for path in PAGES} | {
        "operator/rules/<slug:rule_name>",
        "operator/people/<uuid:person_id>",
        "operator/people/<uuid:person_id>/statement",
        "operator/people/<uuid:person_id>/statement.csv",
        "operator/people/<uuid:person_id>/statement.pdf",
        "operator/reserve/out/<uuid:own_transfer_id>",
        "operator/stuck/<uuid:event_id>/trial",
        "operator/letters/<uuid:letter_id>/trial",
        "operator/decisions/<uuid:decision_id>/confirmation",
        "operator/decisions/<uuid:decision_id>/refusal",
        "operator/suspended/<uuid:suspended_id>",
        "operator/invoices/<uuid:invoice_id>",
        "operator/invoices/<uuid:invoice_id>/files/<slug:form>",
        "operator/chargebacks/<uuid:chargeback_id>",
        "operator/differences/<uuid:difference_id>",
    }
    patterns = {
        str(pattern.pattern).strip("/")
        for resolver in get_resolver("guildhall.web.operator.urls").url_patterns
        for pattern in [resolver]
    }
    elsewhere = ("operator/payouts", "operator/bank", "operator/sheets", "operator/differences")
    assert {each for each in patterns if not each.startswith(elsewhere)} <= known
