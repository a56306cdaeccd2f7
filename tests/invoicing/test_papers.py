"""Which papers a release has, what stands on them, and how they are corrected."""

from datetime import date, timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import Sum

from guildhall.contracts.actions import approve_milestone
from guildhall.disputes.actions import accept_offer, offer_split
from guildhall.escrow.models import Release, ReleaseLine
from guildhall.invoicing.actions import (
    NothingChanged,
    NothingToCredit,
    catch_up_invoices,
    issue_credit_note,
    issue_invoices,
    replace_invoice,
    set_billing_reference,
    set_vat_rate,
)
from guildhall.invoicing.models import HALL, CatchingUp, Invoice
from guildhall.invoicing.queries import invoices_seen_by, invoices_visible_to, left_to_credit, rates_in_force
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.models import Delivery, Event
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_case,
    a_contract,
    a_delivered_milestone,
    usd,
    what_is_broken,
)
from tests.builders.papers import a_paid_milestone, billed_as, heard, papers_of, the_hall_as
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db


def test_a_release_has_an_invoice_for_each_of_its_sums(amara: Person, bushra: Person) -> None:
    papers = papers_of(a_paid_milestone(amara, bushra, minor=10_001, client_fee_bp=300))
    assert {kind: (paper.issuer, paper.recipient, paper.gross) for kind, paper in papers.items()} == {
        "work": (bushra.party, amara.party, 10_001),
        "worker_fee": (HALL, bushra.party, 500),
        "client_fee": (HALL, amara.party, 300),
    }
    lines = ReleaseLine.objects.filter(release=papers["work"].release)
    assert {line.name: line.amount for line in lines} == {"net": 9_501, "fee": 500, "client_fee": 300}
    assert papers["work"].number == f"{bushra.pk.hex[-6:].upper()}-2026-00001"
    assert (papers["worker_fee"].number, papers["client_fee"].number) == ("H-2026-00001", "H-2026-00002")
    assert papers["work"].seller["name"] == "Bushra"
    assert what_is_broken() == {}


def test_a_split_has_papers_for_what_went_to_the_worker_only(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, client_fee_bp=300)
    case = a_case(milestone, contested=10_000, by=amara)
    offer = offer_split(case=case, to_worker=usd(3_333), by=bushra, at=NOW + 2 * DAY)
    accept_offer(offer=offer, by=amara, at=NOW + 2 * DAY)
    heard(NOW + 2 * DAY)
    papers = papers_of(milestone)
    release = papers["work"].release
    assert papers["work"].gross == 3_333
    assert papers["client_fee"].gross == release.fee_kept
    assert what_is_broken(("invoicing",)) == {}


def test_money_that_goes_back_was_never_asked_for(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    case = a_case(milestone, contested=10_000, by=amara)
    offer = offer_split(case=case, to_worker=usd(0), by=bushra, at=NOW + 2 * DAY)
    accept_offer(offer=offer, by=amara, at=NOW + 2 * DAY)
    heard(NOW + 2 * DAY)
    assert papers_of(milestone) == {}
    assert what_is_broken(("invoicing",)) == {}


def test_the_papers_of_a_year_add_up_to_what_moved(amara: Person, bushra: Person, chen: Person) -> None:
    for number, worker in enumerate([bushra, chen, bushra], start=1):
        a_paid_milestone(amara, worker, minor=3_333 * number, at=NOW + number * DAY)
    gross = Release.objects.aggregate(sum=Sum("gross"))["sum"]
    assert Invoice.objects.filter(kind="work").aggregate(sum=Sum("gross"))["sum"] == gross


def test_an_event_told_twice_makes_papers_once(amara: Person, bushra: Person) -> None:
    a_paid_milestone(amara, bushra)
    before = set(Invoice.objects.values_list("pk", flat=True))
    for event in Event.objects.filter(name="hold.released"):
        Delivery.objects.create(event=event, next_try_at=NOW)
    heard(NOW + DAY)
    assert set(Invoice.objects.values_list("pk", flat=True)) == before
    assert Event.objects.filter(name="invoices.issued").count() == 1


def test_older_releases_get_theirs_step_by_step(amara: Person, bushra: Person) -> None:
    for number in range(3):
        milestone = a_delivered_milestone(amara, bushra, at=NOW + number * DAY)
        approve_milestone(milestone=milestone, by=amara, at=NOW + number * DAY + 2 * HOUR)
    with connection.cursor() as cursor:  # as a hall was before it made out papers
        cursor.execute("DELETE FROM kernel_delivery")
    assert set(what_is_broken(("invoicing",))) == {"invoicing.releases"}
    CatchingUp.objects.create(since=NOW)
    assert what_is_broken(("invoicing",)) == {}
    later = NOW + 400 * DAY
    assert catch_up_invoices(at=later, most=2) == 2
    assert Invoice.objects.filter(kind="work").count() == 2
    assert [catch_up_invoices(at=later, most=2) for _each in range(3)] == [1, 0, 0]
    assert not CatchingUp.objects.exists()
    paper = Invoice.objects.filter(kind="work").earliest("serial")
    assert (paper.supplied_on, paper.issued_on) == (NOW.date(), later.date())
    assert what_is_broken(("invoicing",)) == {}


def test_a_paper_keeps_who_its_sides_were(amara: Person, bushra: Person) -> None:
    work = papers_of(a_paid_milestone(amara, bushra))["work"]
    billed_as(amara, "Amara Ltd", country="GB")
    assert Invoice.objects.get(pk=work.pk).buyer["name"] == "Amara"
    assert papers_of(a_paid_milestone(amara, bushra))["work"].buyer["name"] == "Amara Ltd"


def test_a_series_begins_anew_each_year(amara: Person, bushra: Person) -> None:
    first = papers_of(a_paid_milestone(amara, bushra))["worker_fee"]
    next_year = papers_of(a_paid_milestone(amara, bushra, at=NOW + 60 * DAY))["worker_fee"]
    assert (first.number, next_year.number) == ("H-2026-00001", "H-2027-00001")


def test_a_contract_s_own_order_number_comes_before_the_usual_one(amara: Person, bushra: Person) -> None:
    billed_as(amara, "Amara", purchase_order="PO-usual", cost_centre="CC-usual")
    milestone = a_delivered_milestone(amara, bushra)
    set_billing_reference(
        contract=milestone.contract, purchase_order=" PO-9 ", cost_centre="", by=amara, at=NOW
    )
    approve_milestone(milestone=milestone, by=amara, at=NOW + 2 * HOUR)
    heard(NOW + 2 * HOUR)
    work = papers_of(milestone)["work"]
    assert (work.purchase_order, work.cost_centre) == ("PO-9", "CC-usual")


def test_only_the_client_says_what_the_invoices_of_a_contract_carry(amara: Person, bushra: Person) -> None:
    contract = a_contract(amara, bushra)
    for stranger in (bushra, a_person("Eve")):
        with pytest.raises(NotFound):
            set_billing_reference(contract=contract, purchase_order="1", cost_centre="", by=stranger, at=NOW)


def test_who_sees_a_paper(amara: Person, bushra: Person, eve: Person, olga: Person) -> None:
    papers = papers_of(a_paid_milestone(amara, bushra, client_fee_bp=300))
    seen = {
        person.name: set(invoices_visible_to(person).values_list("kind", flat=True))
        for person in (amara, bushra, eve, olga)
    }
    assert seen == {
        "Amara": {"work", "client_fee"},
        "Bushra": {"work", "worker_fee"},
        "Eve": set(),
        "Olga": set(),
    }
    assert not invoices_visible_to(None).exists()
    assert set(invoices_seen_by(olga).values_list("kind", flat=True)) == set(papers)
    assert not invoices_seen_by(eve).exists()


def test_credit_notes_take_back_to_the_cent(amara: Person, bushra: Person, olga: Person) -> None:
    the_hall_as(olga, "Hall", country="AT", tax_id="ATU13585627", is_business=True)
    fee = papers_of(a_paid_milestone(amara, bushra, minor=20_020))["worker_fee"]
    assert (fee.net, fee.tax) == (834, 167)
    for number, minor in enumerate([1, 500, 499], start=1):
        issue_credit_note(invoice=fee, amount=usd(minor), reason="So.", key=str(number), by=olga, at=NOW)
    assert left_to_credit(fee) == usd(1)
    last = issue_credit_note(invoice=fee, amount=usd(1), reason="So.", key="last", by=olga, at=NOW)
    again = issue_credit_note(invoice=fee, amount=usd(1), reason="So.", key="last", by=olga, at=NOW)
    assert last == again
    sums = fee.credit_notes.aggregate(net=Sum("net"), tax=Sum("tax"))
    assert (sums["net"], sums["tax"]) == (fee.net, fee.tax)
    assert last.seller == fee.seller
    with pytest.raises(NothingToCredit):
        issue_credit_note(invoice=fee, amount=usd(1), reason="So.", key="more", by=olga, at=NOW)
    with pytest.raises(NothingToCredit):
        issue_credit_note(invoice=last, amount=usd(1), reason="So.", key="of it", by=olga, at=NOW)
    assert what_is_broken(("invoicing",)) == {}


@pytest.mark.parametrize(
    ("amount", "reason", "field"),
    [(usd(1), " ", "reason"), (usd(0), "So.", "amount"), (Money(1, "EUR"), "So.", "amount")],
)
def test_a_credit_note_needs_a_reason_and_an_amount(
    amara: Person, olga: Person, amount: Money, reason: str, field: str
) -> None:
    work = papers_of(a_paid_milestone(amara, a_person("Wu")))["work"]
    with pytest.raises(Unfit) as refused:
        issue_credit_note(invoice=work, amount=amount, reason=reason, key="1", by=olga, at=NOW)
    assert refused.value.field == field


def test_nobody_corrects_their_own_paper_as_an_operator(bushra: Person, olga: Person) -> None:
    work = papers_of(a_paid_milestone(olga, bushra))["work"]
    with pytest.raises(Unfit, match="another operator"):
        issue_credit_note(invoice=work, amount=usd(1), reason="So.", key="1", by=olga, at=NOW)


def test_an_invoice_is_made_out_again_to_other_details(amara: Person, bushra: Person, eve: Person) -> None:
    work = papers_of(a_paid_milestone(amara, bushra))["work"]
    with pytest.raises(NothingChanged):
        replace_invoice(invoice=work, by=amara, at=NOW + DAY)
    with pytest.raises(NotFound):
        replace_invoice(invoice=work, by=eve, at=NOW + DAY)
    billed_as(amara, "Amara Ltd", country="GB")
    fresh = replace_invoice(invoice=work, by=amara, at=NOW + DAY)
    note = work.credit_notes.get()
    assert [paper.serial for paper in (work, note, fresh)] == [1, 2, 3]
    assert (note.buyer["name"], fresh.buyer["name"]) == ("Amara", "Amara Ltd")
    assert (note.signed, fresh.signed) == (-work.total, work.total)
    with pytest.raises(NothingToCredit):
        replace_invoice(invoice=work, by=amara, at=NOW + DAY)
    assert what_is_broken(("invoicing",)) == {}


def test_rates_are_those_that_operators_said_last(olga: Person) -> None:
    assert rates_in_force()["DE"] == 1900
    set_vat_rate(country="DE", basis_points=1600, reason="A lower rate for half a year.", by=olga, at=NOW)
    set_vat_rate(country="PK", basis_points=1800, reason="Sales tax.", by=olga, at=NOW)
    assert (rates_in_force()["DE"], rates_in_force()["PK"]) == (1600, 1800)


@pytest.mark.parametrize(
    ("country", "rate", "reason", "field"),
    [
        ("XX", 1, "So.", "country"),
        ("DE", 5_001, "So.", "basis_points"),
        ("DE", "19", "So.", "basis_points"),
        ("DE", 1900, "", "reason"),
    ],
)
def test_a_rate_that_cannot_be(olga: Person, country: str, rate: object, reason: str, field: str) -> None:
    with pytest.raises(Unfit) as refused:
        set_vat_rate(country=country, basis_points=rate, reason=reason, by=olga, at=NOW)
    assert refused.value.field == field


@pytest.mark.parametrize(
    ("country", "typed", "kept"),
    [
        ("DE", "136 695 976", "DE136695976"),
        ("GR", "el094259216", "EL094259216"),
        ("GB", "980 7806 84", "GB980780684"),
        ("CH", "CHE-107.787.577 IVA", "CHE107787577IVA"),
        ("PK", "1234567-8", "PK12345678"),
    ],
)
def test_a_number_is_kept_as_its_country_writes_it(
    amara: Person, country: str, typed: str, kept: str
) -> None:
    billed_as(amara, "Amara", country=country, tax_id=typed, is_business=True)
    assert papers_of(a_paid_milestone(amara, a_person("Wu")))["work"].buyer["tax_id"] == kept


@pytest.mark.parametrize(
    ("details", "field", "says"),
    [
        ({"country": "DE", "tax_id": "DE136695977", "is_business": True}, "tax_id", "VAT number of Germany"),
        ({"country": "FR", "tax_id": "DE136695976", "is_business": True}, "tax_id", "VAT number of France"),
        ({"country": "", "tax_id": "1", "is_business": True}, "tax_id", "country first"),
        ({"country": "DE", "tax_id": "DE136695976"}, "tax_id", "belongs to a business"),
        ({"country": "XX"}, "country", "from the list"),
        ({"street": "x" * 121}, "street", "at most"),
    ],
)
def test_details_that_do_not_fit_are_refused_by_name(
    amara: Person, details: dict[str, Any], field: str, says: str
) -> None:
    with pytest.raises(Unfit, match=says) as refused:
        billed_as(amara, "Amara", **details)
    assert refused.value.field == field


def test_a_paper_is_dated_by_the_day_of_its_release(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    approve_milestone(milestone=milestone, by=amara, at=NOW + 2 * HOUR)
    heard(NOW + timedelta(days=9))
    work = papers_of(milestone)["work"]
    assert (work.issued_on, work.supplied_on) == (date(2026, 12, 1), date(2026, 12, 1))
    release = Release.objects.get(pk=work.release_id)
    assert issue_invoices(release=release, by=None, at=NOW + 9 * DAY)[0] == work
