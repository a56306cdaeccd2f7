"""The pages of contracts: every verb by its form, every refusal on its page."""

import re
from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile

from guildhall.contracts.actions import (
    answer_refund,
    ask_again,
    fund_milestone,
    open_contract,
    propose_refund,
)
from guildhall.contracts.models import Milestone, Refund
from guildhall.disputes.models import Case
from guildhall.files.models import StoredFile
from guildhall.people.models import Person
from guildhall.workroom.models import Delivery, Message
from tests.builders.contracts import (
    a_case,
    a_contract,
    a_delivery,
    a_file,
    again,
    milestones_in,
    terms_between,
    usd,
    what_is_broken,
)
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ looking


def test_an_empty_desk_says_what_will_stand_there(amara: Person) -> None:
    page = by(amara).get("/work")
    assert page.status_code == 200
    assert "No contracts yet" in text_of(page)
    assert "hired nobody" in text_of(by(amara).get("/work?as=client"))


def test_my_work_says_what_waits_for_whom(delivered: Milestone, amara: Person, bushra: Person) -> None:
    hers = text_of(by(amara).get("/work"))
    assert "Waiting for you" in hers
    assert "Delivered, waiting for you" in hers
    assert "Waiting for you" not in text_of(by(bushra).get("/work"))
    assert "Delivered, waiting for Amara" in text_of(by(bushra).get("/work?as=worker"))
    assert delivered.contract.title not in text_of(by(bushra).get("/work?as=client"))


def test_what_waits_stands_with_the_most_urgent_first(amara: Person, bushra: Person, now: datetime) -> None:
    """An answer is due in ten days, a ruling in five, and work of one's own on no day."""
    slow = a_contract(amara, bushra, sums=(100,), at=now, title="A menu")
    soon = a_contract(amara, bushra, sums=(100,), at=now, title="A sign")
    hers = a_contract(bushra, amara, sums=(100,), at=now, title="A letter")
    for contract in (slow, soon, hers):
        fund_milestone(milestone=milestones_in(contract)[0], by=contract.client, at=now)
    a_delivery(milestones_in(slow)[0], at=now)
    a_case(milestones_in(soon)[0], contested=100, by=amara, at=now)
    shown = by(amara).get("/work").content.decode().partition("waiting")[2]
    places = [shown.index(f">{title}<") for title in ("A sign", "A menu", "A letter")]
    assert places == sorted(places)


def test_the_workroom_says_where_the_money_is(delivered: Milestone, bushra: Person) -> None:
    page = text_of(by(bushra).get(f"/contracts/{delivered.contract_id}"))
    for words in ("Set aside", "Delivered", "Amara looks at it", "95.00 USD to you", "On your account"):
        assert words in page
    assert "Here it is." in page
    assert "delivery, version 1, item 1" in page


@pytest.mark.parametrize("state", ["planned", "funded", "delivered", "changes_asked", "released", "ending"])
def test_the_workroom_stands_in_every_state(state: str, amara: Person, bushra: Person, now: datetime) -> None:
    contract = a_contract(amara, bushra, sums=(10_000,), at=now)
    [milestone] = milestones_in(contract)
    client, worker = by(amara), by(bushra)
    steps: list[Callable[[], Any]] = [
        lambda: client.post(f"/milestones/{milestone.pk}/funding"),
        lambda: worker.post(f"/milestones/{milestone.pk}/delivery", {"note": "Done.", "items": ["1"]}),
        lambda: client.post(f"/milestones/{milestone.pk}/changes", {"version": "1", "note": "Larger."}),
        lambda: client.post(f"/milestones/{milestone.pk}/approval", {"version": "1"}),
    ]
    for step in steps[
        : {"planned": 0, "funded": 1, "delivered": 2, "changes_asked": 3, "released": 4}.get(state, 2)
    ]:
        assert step().status_code == 302
    if state == "ending":
        assert client.post(f"/contracts/{contract.pk}/ending", {"reason": "Enough."}).status_code == 302
    for who in (client, worker):
        assert who.get(f"/contracts/{contract.pk}").status_code == 200
        assert who.get("/work").status_code == 200
    assert not what_is_broken()


def test_the_terms_name_the_day_that_was_promised(amara: Person, bushra: Person, now: datetime) -> None:
    terms = terms_between(amara, bushra, delivery=date(2027, 1, 8))
    contract = open_contract(origin="test:1", terms=terms, client=amara, worker=bushra, by=amara, at=now)
    page = by(amara).get(f"/contracts/{contract.pk}/terms")
    assert "All of it is promised by 8 January 2027" in text_of(page)


def test_the_terms_are_shown_with_their_hash(funded: Milestone, bushra: Person) -> None:
    page = text_of(by(bushra).get(f"/contracts/{funded.contract_id}/terms"))
    assert "The mark as a vector file" in page
    assert re.search(r"[0-9a-f]{64}", page)


# ------------------------------------------------------------------ talking and files


def test_a_message_with_a_file_is_said(funded: Milestone, amara: Person, bushra: Person) -> None:
    room = f"/contracts/{funded.contract_id}"
    answer = by(amara).post(
        f"{room}/messages",
        {
            "text": "The second, please.",
            "files": [SimpleUploadedFile("a.txt", b"one"), SimpleUploadedFile("b.txt", b"two")],
        },
    )
    assert (answer.status_code, answer["Location"]) == (302, room)
    page = by(bushra).get(room)
    assert "The second, please." in text_of(page)
    assert "a.txt" in text_of(page)
    assert StoredFile.objects.count() == 2


def test_a_refused_message_keeps_its_words_and_no_files(funded: Milestone, amara: Person) -> None:
    answer = by(amara).post(
        f"/contracts/{funded.contract_id}/messages",
        {"text": "Look at this.", "files": [SimpleUploadedFile("a.exe", b"MZ")]},
    )
    assert answer.status_code == 422
    assert "Look at this." in answer.content.decode()
    assert "a.exe is a program" in text_of(answer)
    assert not Message.objects.exists()
    assert not StoredFile.objects.exists()


def test_D11_what_people_write_is_never_markup(funded: Milestone, amara: Person) -> None:
    room = f"/contracts/{funded.contract_id}"
    by(amara).post(f"{room}/messages", {"text": "<script>alert(1)</script> & <b>bold</b>"})
    page = by(amara).get(room).content.decode()
    assert "&lt;script&gt;alert(1)" in page
    assert "<script>" not in page


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("sign.pdf", b"%PDF-1.7 a sign", "application/pdf"),
        ("sign.svg", b"<svg xmlns='http://www.w3.org/2000/svg'><script/></svg>", "application/octet-stream"),
        ("page.html", b"<!doctype html><script>alert(1)</script>", "application/octet-stream"),
        ("کاغذ.txt", b"words", "text/plain"),
    ],
)
def test_B5_files_are_saved_and_never_shown(bushra: Person, name: str, content: bytes, kind: str) -> None:
    file = a_file(bushra, name=name, content=content)
    answer = by(bushra).get(f"/files/{file.pk}")
    assert b"".join(answer) == content
    assert answer["Content-Type"] == kind
    assert answer["Content-Disposition"].startswith("attachment; filename*=UTF-8''")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "default-src 'none'; sandbox"
    assert answer["Cache-Control"] == "private, no-store"


# ------------------------------------------------------------------ money


def test_setting_aside_shows_the_sums_first(amara: Person, bushra: Person, now: datetime) -> None:
    [milestone] = milestones_in(a_contract(amara, bushra, sums=(10_000,), at=now, client_fee_bp=300))
    page = text_of(by(amara).get(f"/milestones/{milestone.pk}/funding"))
    assert "103.00 USD" in page
    assert "95.00 USD" in page
    assert by(amara).post(f"/milestones/{milestone.pk}/funding").status_code == 302
    assert again(milestone).state == "funded"
    again_asked = by(amara).post(f"/milestones/{milestone.pk}/funding")
    assert again_asked.status_code == 409


def test_a_short_wallet_is_said_and_leads_to_a_deposit(amara: Person, bushra: Person, now: datetime) -> None:
    terms = terms_between(amara, bushra, sums=(10_000,))
    contract = open_contract(origin="test:1", terms=terms, client=amara, worker=bushra, by=amara, at=now)
    [milestone] = milestones_in(contract)
    page = by(amara).get(f"/milestones/{milestone.pk}/funding")
    assert "Pay in 100.00 USD" in text_of(page)
    assert "/money/deposits?amount=100.00&amp;currency=USD" in page.content.decode()
    refused = by(amara).post(f"/milestones/{milestone.pk}/funding")
    assert refused.status_code == 409
    assert "100.00 USD short" in text_of(refused)
    assert again(milestone).state == "planned"


def test_delivering_by_form(funded: Milestone, bushra: Person) -> None:
    url = f"/milestones/{funded.pk}/delivery"
    assert "Three sketches" in text_of(by(bushra).get(url))
    empty = by(bushra).post(url, {"note": "Only words."})
    assert empty.status_code == 422
    assert "Only words." in empty.content.decode()
    wrong = by(bushra).post(url, {"note": "x", "items": ["9"]})
    assert wrong.status_code == 422
    sent = by(bushra).post(
        url, {"note": "Cut by hand.", "items": ["2", "3"], "files": [SimpleUploadedFile("s.pdf", b"%PDF-1")]}
    )
    assert sent.status_code == 302
    assert Delivery.objects.get().items == [2, 3]
    late = by(bushra).post(url, {"note": "Again.", "items": ["1"]})
    assert late.status_code == 409


def test_asking_for_changes_by_item(delivered: Milestone, amara: Person, bushra: Person) -> None:
    url = f"/milestones/{delivered.pk}/changes"
    assert by(amara).get(url).status_code == 200
    nothing = by(amara).post(url, {"version": "1", "note": " "})
    assert nothing.status_code == 422
    asked = by(amara).post(url, {"version": "1", "item_2": "Less perfect.", "note": "Nearly."})
    assert asked.status_code == 302
    page = text_of(by(bushra).get(f"/contracts/{delivered.contract_id}"))
    assert "Item 2: Less perfect." in page
    assert "asks for changes to version 1" in page


def test_accepting_pays_and_a_second_click_is_told(
    delivered: Milestone, amara: Person, bushra: Person
) -> None:
    url = f"/milestones/{delivered.pk}/approval"
    page = text_of(by(amara).get(url))
    for sum_ in ("100.00 USD", "−5.00 USD", "95.00 USD"):
        assert sum_ in page
    assert by(amara).post(url, {"version": "1"}).status_code == 302
    assert by(amara).post(url, {"version": "1"}).status_code == 409
    assert "Clearing 95.00 USD until" in text_of(by(bushra).get(f"/contracts/{delivered.contract_id}"))
    assert not what_is_broken()


def test_B7_an_older_version_is_not_accepted(delivered: Milestone, amara: Person, now: datetime) -> None:
    ask_again(milestone=delivered, by=amara, at=now)
    a_delivery(delivered, at=now, note="Version two.")
    answer = by(amara).post(f"/milestones/{delivered.pk}/approval", {"version": "1"})
    assert answer.status_code == 409
    assert "newer version" in text_of(answer)
    assert again(delivered).state == "delivered"


def test_a_refund_is_asked_and_answered(funded: Milestone, amara: Person, bushra: Person) -> None:
    url = f"/milestones/{funded.pk}/refund"
    too_much = by(amara).post(url, {"amount": "100.01", "reason": "Closed."})
    assert too_much.status_code == 422
    assert "100.01" in too_much.content.decode()
    assert by(amara).post(url, {"amount": "40.00", "reason": "Closed."}).status_code == 302
    refund = Refund.objects.get()
    assert "40.00 USD" in text_of(by(bushra).get("/work"))
    assert "Closed." in text_of(by(bushra).get(f"/refunds/{refund.pk}"))
    speechless = by(bushra).post(f"/refunds/{refund.pk}", {"agree": "no"})
    assert speechless.status_code == 422
    assert by(bushra).post(f"/refunds/{refund.pk}", {"agree": "yes"}).status_code == 302
    assert again(funded).returned == 4_000
    assert by(bushra).post(f"/refunds/{refund.pk}", {"agree": "yes"}).status_code == 409


def test_the_room_leads_to_what_was_asked_and_answered(
    funded: Milestone, amara: Person, bushra: Person, now: datetime
) -> None:
    room = f"/contracts/{funded.contract_id}"
    assert "asked back or given back" not in text_of(by(amara).get(room))
    refund = propose_refund(milestone=funded, amount=usd(4_000), reason="Closed.", by=amara, at=now)
    answer_refund(refund=refund, agree=False, answer="The sketches are done.", by=bushra, at=now)
    given = propose_refund(milestone=funded, amount=usd(700), reason="I took less.", by=bushra, at=now)
    for person in (amara, bushra):
        shown = by(person).get(room)
        assert re.search(r"✕ Declined 40.00 USD", text_of(shown))
        assert re.search(r"✓ Given back 7.00 USD", text_of(shown))
        for one, words in ((refund, "The sketches are done."), (given, "I took less.")):
            assert f'href="/refunds/{one.pk}"' in shown.content.decode()
            assert words in text_of(by(person).get(f"/refunds/{one.pk}"))
    propose_refund(milestone=funded, amount=usd(5), reason="So.\nAnd so.", by=bushra, at=now)
    last = Refund.objects.latest("id")
    lines = by(amara).get(f"/refunds/{last.pk}").content.decode()
    assert '<blockquote class="said" dir="auto">So.\nAnd so.</blockquote>' in lines, (
        "line by line, as written"
    )
    assert "Money given back" in text_of(by(amara).get(f"/refunds/{given.pk}"))


def test_what_was_given_back_often_is_read_page_by_page(
    funded: Milestone, amara: Person, bushra: Person, now: datetime
) -> None:
    for minor in range(1, 8):
        propose_refund(milestone=funded, amount=usd(minor), reason="So.", by=bushra, at=now)
    room = f"/contracts/{funded.contract_id}"
    first = by(amara).get(room).content.decode()
    assert first.count('href="/refunds/') == 5
    [after] = re.findall(r"[?&](?:amp;)?returns=([^\"&]+)\"", first)
    assert by(amara).get(f"{room}?returns={after}").content.decode().count('href="/refunds/') == 2


@pytest.mark.parametrize("amount", ["-1", "0", "1e3", "１００", "1,000", "NaN", "0.001", "9" * 30, ""])
def test_C13_odd_amounts_are_refused_and_kept(funded: Milestone, amara: Person, amount: str) -> None:
    for url, field in (
        (f"/milestones/{funded.pk}/refund", "amount"),
        (f"/milestones/{funded.pk}/case", "contested"),
    ):
        answer = by(amara).post(url, {field: amount, "reason": "Because."})
        assert answer.status_code == 422
        assert "Because." in answer.content.decode()
    assert not Refund.objects.exists()
    assert not Case.objects.exists()


def test_a_request_is_taken_back(funded: Milestone, amara: Person, now: datetime) -> None:
    refund = propose_refund(milestone=funded, amount=usd(100), reason="Hm.", by=amara, at=now)
    assert "Take the request back" in text_of(by(amara).get(f"/refunds/{refund.pk}"))
    assert by(amara).post(f"/refunds/{refund.pk}/withdrawal").status_code == 302
    assert by(amara).post(f"/refunds/{refund.pk}/withdrawal").status_code == 409


def test_ending_says_what_happens_to_the_money(funded: Milestone, amara: Person, bushra: Person) -> None:
    url = f"/contracts/{funded.contract_id}/ending"
    assert "asked to give 100.00 USD back" in text_of(by(amara).get(url))
    assert "100.00 USD for undelivered work goes back" in text_of(by(bushra).get(url))
    assert by(bushra).post(url, {"reason": ""}).status_code == 422
    assert by(bushra).post(url, {"reason": "I am ill."}).status_code == 302
    assert again(funded).state == "returned"
    assert by(bushra).post(url, {"reason": "Again."}).status_code == 409
    hers = text_of(by(amara).get(f"/contracts/{funded.contract_id}"))
    assert "Bushra has ended this contract. I am ill." in hers
    assert "looks at it" not in hers, "nothing was delivered, so there is nothing to look at"


def test_while_money_is_held_the_other_side_reads_who_ended_and_why(
    delivered: Milestone, amara: Person, bushra: Person
) -> None:
    assert (
        by(amara).post(f"/contracts/{delivered.contract_id}/ending", {"reason": "Moved."}).status_code == 302
    )
    his = text_of(by(bushra).get(f"/contracts/{delivered.contract_id}"))
    assert "Amara has ended this contract. It stays open until no money is held under it. Moved." in his
