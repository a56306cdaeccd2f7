"""Fees with steps, and levies, from the offer that shows them to the money that follows them."""

from datetime import timedelta

import pytest

from guildhall.contracts.actions import approve_milestone
from guildhall.contracts.models import Contract
from guildhall.contracts.queries import terms_of
from guildhall.escrow.models import Release
from guildhall.jobs.actions.deciding import accept_proposal
from guildhall.jobs.queries import terms_for
from guildhall.jobs.sums import sums_of_terms
from guildhall.kernel.rules import set_table
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import a_delivery, milestones_in, money_for, what_is_broken
from tests.builders.jobs import a_proposal, an_open_job, usd
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

LATER = NOW + timedelta(hours=2)


def levy(name: str, account: str, share: int, country: str = "") -> dict[str, object]:
    return {"name": name, "account": account, "country": country, "share": share}


def hired(client: Person, worker: Person) -> Contract:
    """A contract over 44 and 66 dollars, both set aside."""
    money_for(client, 11_000)
    proposal = a_proposal(an_open_job(client), worker)
    return accept_proposal(
        proposal=proposal, terms_hash=terms_for(proposal).hash, fund="all", by=client, at=LATER
    )


def paid_out(contract: Contract) -> list[tuple[str, int]]:
    """The lines of everything that its milestones released, in order."""
    for milestone in milestones_in(contract):
        a_delivery(milestone, at=LATER)
        approve_milestone(milestone=milestone, by=contract.client, at=LATER)
    releases = Release.objects.filter(hold__in=[one.hold_id for one in milestones_in(contract)])
    return [
        (line.name, line.amount)
        for release in releases.order_by("gross")
        for line in release.lines.order_by("number")
    ]


def test_levies_are_agreed_shown_and_taken_to_the_cent(amara: Person) -> None:
    bushra = a_person("Bushra", country="PK")
    set_table(
        name="levies",
        rows=[levy("Sick fund", "benefit:sick", 133), levy("Tax", "tax:fbr:income", 1_001, "PK")],
        reason="The law and the members.",
        by=None,
        at=NOW,
    )
    contract = hired(amara, bushra)
    terms = terms_of(contract)
    sums = sums_of_terms(terms)
    lines = paid_out(contract)
    # 44.00: fee 2.20, 58.52 → 58, 440.44 → 440. 66.00: fee 3.30, 87.78 → 87, 660.66 → 660.
    assert sorted(lines) == sorted(
        [
            ("net", 3_682), ("fee", 220), ("Sick fund", 58), ("Tax", 440),
            ("net", 5_523), ("fee", 330), ("Sick fund", 87), ("Tax", 660),
        ]
    )  # fmt: skip
    assert (sums.net, sums.worker_fee) == (usd(9_205), usd(550))
    assert [(one.name, one.sum) for one in sums.levied] == [("Sick fund", usd(145)), ("Tax", usd(1_100))]
    assert balance_of("tax:fbr:income", "USD") == usd(1_100)
    assert balance_of("benefit:sick", "USD") == usd(145)
    assert what_is_broken() == {}


def test_whoever_lives_elsewhere_pays_no_tax_here(amara: Person) -> None:
    ngozi = a_person("Ngozi", country="NG")
    set_table(
        name="levies", rows=[levy("Tax", "tax:fbr:income", 1_000, "PK")], reason="Law.", by=None, at=NOW
    )
    assert {name for name, _amount in paid_out(hired(amara, ngozi))} == {"net", "fee"}


def test_C16_steps_count_what_the_two_settled_before_and_nobody_else(
    amara: Person, bushra: Person, chen: Person
) -> None:
    set_table(
        name="worker_fee_steps",
        rows=[
            {"currency": "USD", "over": 5_000, "share": 300},
            {"currency": "USD", "over": 12_000, "share": 100},
        ],
        reason="Those who stay pay less.",
        by=None,
        at=NOW,
    )
    # 44.00 at 5 %; of 66.00, 6.00 at 5 % and 60.00 at 3 %.
    first = hired(amara, bushra)
    assert [amount for name, amount in paid_out(first) if name == "fee"] == [220, 210]
    # 110.00 lie behind them: of 44.00, 10.00 at 3 % and 34.00 at 1 %; all of 66.00 at 1 %.
    second = hired(amara, bushra)
    assert terms_of(second).settled_before == 11_000
    assert [amount for name, amount in paid_out(second) if name == "fee"] == [64, 66]
    # Another worker has settled nothing with this client, and another client nothing with this worker.
    assert terms_of(hired(amara, chen)).settled_before == 0
    assert terms_of(hired(chen, bushra)).settled_before == 0
    assert what_is_broken() == {}


def test_the_milestones_before_count_whichever_is_released_first(amara: Person, bushra: Person) -> None:
    set_table(
        name="worker_fee_steps",
        rows=[{"currency": "USD", "over": 4_000, "share": 0}],
        reason="Those who stay pay less.",
        by=None,
        at=NOW,
    )
    contract = hired(amara, bushra)
    first, second = milestones_in(contract)
    for milestone in (second, first):
        a_delivery(milestone, at=LATER)
        approve_milestone(milestone=milestone, by=amara, at=LATER)
    fees = {
        release.gross: release.lines.filter(name="fee").first()
        for release in Release.objects.filter(worker=bushra.party)
    }
    taken = {gross: line.amount if line else 0 for gross, line in fees.items()}
    assert taken == {4_400: 200, 6_600: 0}
    assert what_is_broken() == {}


def test_terms_that_agree_on_neither_read_as_they_always_did(amara: Person, bushra: Person) -> None:
    proposal = a_proposal(an_open_job(amara), bushra)
    said = terms_for(proposal).as_json()
    assert {"fee_steps", "settled_before", "levies"} & set(said) == set()
