"""Whom the hall tells of what: the table, and the journey as its people hear of it."""

import re
from datetime import timedelta
from uuid import uuid4

import pytest
from django.urls import resolve
from django.utils import translation

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    ask_again,
    end_contract,
    propose_refund,
    release_silent_milestones,
)
from guildhall.contracts.background import warn_silent
from guildhall.disputes.actions import accept_offer, contest_more, offer_split, open_case, rule_case
from guildhall.disputes.background import cry_out
from guildhall.escrow.background import mature_due
from guildhall.invoicing.rules import number_of
from guildhall.jobs.actions.deciding import accept_proposal, decline_proposal
from guildhall.jobs.queries import terms_for
from guildhall.kernel.delivery import deliver_events
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.models import Delivery, Event
from guildhall.notices.actions import mark_read
from guildhall.notices.models import Letter, Notice
from guildhall.notices.queries import notices_of, unread_count
from guildhall.notices.reactions import tell_whom_it_concerns
from guildhall.notices.tellings import TELLINGS
from guildhall.notices.words import WORDS, say
from guildhall.people.models import Person
from guildhall.reputation.actions import leave_feedback
from guildhall.workroom.actions import ask_for_changes, open_conversation
from guildhall.workroom.actions import say as say_in
from tests.builders.contracts import (
    a_case,
    a_delivered_milestone,
    a_delivery,
    a_funded_milestone,
    again,
    money_for,
    usd,
)
from tests.builders.jobs import a_proposal, an_open_job
from tests.cast import NOW

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(days=30)
DAY = timedelta(days=1)


def heard(person: Person) -> list[str]:
    """What somebody was told, the oldest first, once everything has been delivered."""
    deliver_events(at=LATER + timedelta(days=400), most=1000)
    assert not Delivery.objects.exclude(trouble="").exists(), Delivery.objects.values_list(
        "trouble", flat=True
    )
    return [say(notice.kind, notice.facts) for notice in notices_of(person).order_by("made_at", "id")]


def forget() -> None:
    """Begin to listen now."""
    deliver_events(at=LATER + timedelta(days=400), most=1000)
    Letter.objects.all().delete()
    Notice.objects.all().delete()


# ---------------------------------------------------------------- the table


def test_every_line_has_a_sentence_and_every_sentence_a_line() -> None:
    """That each of them is said when something really happens, `test_every_sentence` shows."""
    lines = {telling.kind for telling in TELLINGS}
    bare = {":".join(kind.split(":")[:2]) for kind in WORDS}
    assert lines == bare


def test_no_sentence_asks_for_a_fact_that_nothing_gives() -> None:
    known = {
        *("who", "client_name", "worker_name", "author_name", "title", "milestone_title", "until"),
        *("sum", "net", "released", "returned", "to_worker", "contested", "more", "broken", "what", "row"),
        *("ends_with", "reason", "why", "reached", "goal_name"),
        *("number", "corrected", "code", "holder"),
    }
    for kind, sentence in WORDS.items():
        assert set(re.findall(r"%\((\w+)\)s", str(sentence))) <= known, kind
        assert "…" not in say(kind, dict.fromkeys(known, "x"))


def test_every_line_leads_to_a_page_that_there_is() -> None:
    class Ids(dict[str, str]):
        def __missing__(self, key: str) -> str:
            return str(uuid4())

    places = {telling.url for telling in TELLINGS} - {"{about_url}"}
    places |= {f"/contracts/{uuid4()}", f"/proposals/{uuid4()}/conversation"}
    for place in places:
        resolve(place.format_map(Ids()))


def test_an_old_notice_without_a_fact_has_a_gap_and_still_reads() -> None:
    assert say("proposal.sent:client", {"title": "A sign"}) == "… sent you a proposal for “A sign”."


# ---------------------------------------------------------------- the journey


def test_proposing_and_choosing(amara: Person, bushra: Person, chen: Person, eve: Person) -> None:
    job = an_open_job(amara)
    ours, theirs = a_proposal(job, bushra), a_proposal(job, chen)
    forget()
    third = a_proposal(an_open_job(amara, title="A menu for the shop window"), bushra)
    decline_proposal(proposal=third, reason="price", by=amara, at=NOW)
    money_for(amara, 20_000)
    accept_proposal(proposal=ours, terms_hash=terms_for(ours).hash, by=amara, at=NOW)
    assert heard(amara) == [
        "Bushra sent you a proposal for “A menu for the shop window”.",
        "200.00 USD has arrived on your account.",
    ]
    told = heard(bushra)
    assert told[0] == "Amara declined your proposal for “A menu for the shop window” and says why."
    assert set(told[1:]) == {
        "Amara accepted your proposal for “Logo and shop sign for a bakery in Leeds”. Your contract is open.",
        "Amara set aside 44.00 USD for “Sketches”. You can begin.",
    }
    assert heard(chen) == [
        "“Logo and shop sign for a bakery in Leeds” has ended without your proposal. The page says why."
    ]
    assert heard(eve) == []
    assert Notice.objects.get(person=chen).url == f"/proposals/{theirs.id}"


def test_delivering_changing_and_accepting(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    forget()
    delivery = a_delivery(milestone, at=NOW + DAY)
    ask_for_changes(
        delivery=delivery, items={1: "A little less perfect"}, note="", by=amara, at=NOW + 2 * DAY
    )
    a_delivery(milestone, at=NOW + 3 * DAY)
    approve_milestone(milestone=again(milestone), by=amara, at=NOW + 4 * DAY)
    mature_due(at=LATER)
    sentence = "Bushra delivered “Part 1”. Answer by {} UTC: after that, 100.00 USD goes to them."
    paper = f"invoice {number_of(bushra.party, 2026, 1)} over 100.00 USD for “Logo and shop sign”"
    assert heard(amara) == [
        *(sentence.format(day) for day in ("12 December 2026, 09:00", "14 December 2026, 09:00")),
        f"The {paper} is there.",
    ]
    assert Letter.objects.filter(person=amara).count() == 3
    assert heard(bushra) == [
        "Amara asks for changes to “Part 1”.",
        "Amara accepted “Part 1”: 95.00 USD is yours once it has cleared.",
        "“Logo and shop sign” has come to its end. You can say how it was.",
        f"The hall made out the {paper} in your name.",
        "95.00 USD has cleared: it is yours to use or to be paid out.",
    ]
    room = f"/contracts/{milestone.contract_id}"
    assert {notice.url for notice in notices_of(amara)} == {room, "/money/invoices"}


def test_a_delivery_is_told_with_what_silence_would_pay(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    propose_refund(milestone=milestone, amount=usd(150), reason="It was less.", by=bushra, at=NOW)
    case = a_case(milestone, contested=1_000, by=amara, at=NOW)
    forget()
    a_delivery(milestone, at=NOW + DAY)
    [told] = heard(amara)
    assert told.endswith("after that, 88.50 USD goes to them.")
    ask_again(milestone=again(milestone), by=amara, at=NOW + DAY)
    contest_more(case=case, contested=usd(8_850), reason="All of it.", by=amara, at=NOW + DAY)
    forget()
    a_delivery(milestone, at=NOW + DAY)
    assert heard(amara) == [
        "Bushra delivered “Part 1”. What is left of its money is frozen, so silence pays nothing."
    ]


def test_what_is_given_back_unasked_is_told_so(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    forget()
    propose_refund(milestone=milestone, amount=usd(150), reason="It was less.", by=bushra, at=NOW)
    assert "Bushra gives 1.50 USD of “Part 1” back and says why." in heard(amara)


def test_before_silence_pays_the_client_hears_twice(amara: Person, bushra: Person, eve: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    assert milestone.release_at is not None
    forget()
    for days in (6, 5, 3, 1, 0):
        warn_silent(at=milestone.release_at - days * DAY)
    sentence = "“Part 1” waits for your answer: on 11 December 2026, 10:00 UTC 100.00 USD goes to Bushra."
    assert heard(amara) == [sentence] * 2
    assert heard(bushra) == heard(eve) == []
    assert Letter.objects.filter(person=amara).count() == 2


def test_silence_tells_both(amara: Person, bushra: Person) -> None:
    a_delivered_milestone(amara, bushra)
    forget()
    release_silent_milestones(at=LATER)
    sentence = "“Part 1” was not answered in time, so {} yours once it has cleared."
    assert heard(bushra)[0] == sentence.format("95.00 USD is")
    assert heard(amara)[0] == "“Part 1” was not answered in time, so 100.00 USD went to Bushra."


def test_asking_for_money_back(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    forget()
    refund = propose_refund(milestone=milestone, amount=usd(4_000), reason="Half of it.", by=amara, at=NOW)
    answer_refund(refund=refund, agree=True, by=bushra, at=NOW + DAY)
    assert heard(bushra)[0] == "Amara asks for 40.00 USD of “Part 1” back. Answer yes or no."
    assert "Bushra agreed: 40.00 USD of “Part 1” comes back to you." in heard(amara)
    for person, kind in ((bushra, "refund.asked:worker"), (amara, "refund.agreed:client")):
        assert Notice.objects.get(person=person, kind=kind).url == f"/refunds/{refund.pk}", "with its words"


def test_what_is_settled_is_told_as_a_whole(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    case = a_case(milestone, by=amara)  # of 40.00
    approve_milestone(milestone=again(milestone), by=amara, at=NOW + 2 * DAY)
    forget()
    offer = offer_split(case=case, to_worker=usd(1_000), by=amara, at=NOW + 3 * DAY)
    accept_offer(offer=offer, by=bushra, at=NOW + 3 * DAY)
    assert "“Part 1” is settled: 70.00 USD to Bushra, 30.00 USD to Amara." in heard(amara)


def test_disagreeing(amara: Person, bushra: Person, dalia: Person, eve: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    forget()
    case = open_case(
        milestone=milestone, contested=usd(6_000), reason="The ear is crooked.", by=amara, at=NOW + DAY
    )
    offer_split(case=case, to_worker=usd(3_000), by=bushra, at=NOW + 2 * DAY)
    rule_case(case=case, to_worker=usd(2_000), reasons="A third of it was done.", by=dalia, at=NOW + 3 * DAY)
    assert heard(dalia) == ["A case about 60.00 USD waits for a ruling."]
    assert heard(bushra)[0] == "Amara opened a case about 60.00 USD of “Part 1”. That sum is frozen."
    assert heard(amara)[0] == "Bushra offers to settle “Part 1”: 30.00 USD to Bushra."
    decided = "The case about “Part 1” is decided. The ruling gives its reasons."
    assert decided in heard(amara)
    assert decided in heard(bushra)
    assert heard(eve) == []
    assert {notice.url for notice in notices_of(dalia)} == {f"/cases/{case.id}"}


def test_a_case_that_waits_too_long(amara: Person, bushra: Person, dalia: Person, olga: Person) -> None:
    a_case(a_delivered_milestone(amara, bushra), by=amara)
    forget()
    cry_out(at=LATER)
    late = "The case about “Part 1” was not ruled in time. Any adjudicator may take it on now."
    assert heard(amara) == heard(bushra) == [late]
    assert heard(dalia) == ["A case about 40.00 USD is overdue: whoever is free may take it on."]
    assert heard(olga) == ["A case about 40.00 USD was not ruled in time."]


def test_a_case_that_nobody_can_rule(amara: Person, bushra: Person, olga: Person, eve: Person) -> None:
    a_case(a_delivered_milestone(amara, bushra), by=amara)
    forget()
    cry_out(at=NOW + 2 * DAY)
    assert heard(olga) == [
        "Nobody can rule a case about 40.00 USD. Make somebody an adjudicator who is no side of it."
    ]
    assert heard(amara) == heard(eve) == []


def test_ending_and_speaking(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    a_delivery(milestone, at=NOW + DAY)
    approve_milestone(milestone=again(milestone), by=amara, at=NOW + DAY)
    forget()
    leave_feedback(contract=again(milestone).contract, stars=5, text="Careful.", by=amara, at=NOW + 2 * DAY)
    assert heard(bushra) == [
        "Amara has said how “Logo and shop sign” was. You read it once you have too, or later."
    ]
    assert "5" not in str(Notice.objects.get(person=bushra).facts)
    leave_feedback(contract=again(milestone).contract, stars=4, text="Clear.", by=bushra, at=NOW + 3 * DAY)
    assert "You can read what Bushra says about “Logo and shop sign”." in heard(amara)


def test_leaving_early(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    forget()
    end_contract(contract=again(milestone).contract, reason="I am ill.", by=bushra, at=NOW + DAY)
    assert any("100.00 USD for “Part 1” went back to Amara." in sentence for sentence in heard(amara))


def test_writing(amara: Person, bushra: Person) -> None:
    subject = f"proposal:{uuid4()}"
    talk = open_conversation(subject=subject, members=[amara, bushra], at=NOW)
    forget()
    for number in range(3):
        say_in(conversation=talk, text=f"Hello {number}", by=amara, at=NOW + timedelta(minutes=number))
    assert heard(bushra) == ["Amara wrote to you."] * 3
    assert heard(amara) == []
    assert notices_of(bushra)[0].url == f"/proposals/{subject.partition(':')[2]}/conversation"
    assert Letter.objects.count() == 1  # the next letter comes when this one has been read
    mark_read(by=bushra, at=LATER)
    say_in(conversation=talk, text="Still there?", by=amara, at=LATER)
    heard(bushra)
    assert Letter.objects.count() == 2


# ---------------------------------------------------------------- how


def test_a_person_hears_in_their_own_language_and_a_letter_names_the_place(
    amara: Person, bushra: Person
) -> None:
    Person.objects.filter(pk=amara.pk).update(language="ur", timezone="Asia/Karachi")
    proposal = a_proposal(an_open_job(amara), bushra)
    heard(amara)
    letter = Letter.objects.get(person=amara)
    assert f"http://localhost:8000/proposals/{proposal.id}" in letter.text
    notice = Notice.objects.get(person=amara)
    with translation.override("ur"):
        assert letter.subject == say(notice.kind, notice.facts)


def test_one_event_tells_one_person_once_however_often_it_is_heard(amara: Person, bushra: Person) -> None:
    a_proposal(an_open_job(amara), bushra)
    event = Event.objects.get(name="proposal.sent")
    for _time in range(3):
        tell_whom_it_concerns(event)
    assert Notice.objects.filter(event=event).count() == 1
    assert Letter.objects.filter(person=amara).count() == 1


def test_somebody_put_out_is_not_written_to(amara: Person, bushra: Person) -> None:
    job = an_open_job(amara)
    Person.objects.filter(pk=amara.pk).update(is_active=False)
    a_proposal(job, bushra)
    heard(bushra)
    assert not Notice.objects.filter(person=amara).exists()


def test_what_a_thief_could_have_done_is_told_to_its_victim_too(bushra: Person) -> None:
    for name in ("person.password_changed", "person.email_changed"):
        record_event(name, subject=bushra.id, by=bushra.id, at=NOW)
    assert {sentence.split(".")[0] for sentence in heard(bushra)} == {
        "Your password was changed",
        "Your address was changed",
    }


def test_unread_ones_are_counted_up_to_many(amara: Person, bushra: Person) -> None:
    event = record_event("canary.sung", subject=new_id(), by=None, at=NOW)
    events = [Event(id=new_id(), name="canary.sung", subject_id=event.subject_id, at=NOW) for _ in range(120)]
    Event.objects.bulk_create(events)
    Notice.objects.bulk_create(
        Notice(person=amara, event=each, kind="proposal.sent:client", url="/", made_at=NOW) for each in events
    )
    assert unread_count(amara) == 100
    assert unread_count(bushra) == 0
    first = notices_of(amara)[0]
    assert mark_read(by=bushra, at=NOW, only=first.id) == 0
    assert mark_read(by=amara, at=NOW, only=first.id) == 1
    assert mark_read(by=amara, at=NOW) == 119
    assert mark_read(by=amara, at=NOW) == 0
    assert unread_count(amara) == 0
    assert Event.objects.filter(name="notices.read").count() == 2
