"""Money stories as an accountant reads them: accounts down the side, steps across, balances after each."""

import re
from collections.abc import Callable

import pytest

from guildhall.contracts.actions import (
    answer_refund,
    approve_milestone,
    end_contract,
    fund_milestone,
    propose_refund,
    release_silent_milestones,
)
from guildhall.contracts.models import Milestone, Refund
from guildhall.disputes.actions import accept_offer, offer_split, open_case, rule_case
from guildhall.disputes.models import Case
from guildhall.escrow.actions import mature_clearing
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_contract,
    a_delivery,
    milestones_in,
    usd,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db

type Step = Callable[[], object]


def play(table: str, steps: list[Step], accounts: dict[str, list[str]]) -> None:
    """Take each step and compare every account with its column; the first column is the beginning."""
    lines = [re.split(r"\s{2,}", line.strip()) for line in table.strip().splitlines()]
    header, rows = lines[0], lines[1:]
    assert len(header) == len(steps) + 2, "the names, the beginning, and one column for each step"
    told = [[row[0]] for row in rows]
    for step in [lambda: None, *steps]:
        step()
        for line in told:
            codes = accounts[line[0]]
            balance = sum(balance_of(code, "USD").minor for code in codes)
            line.append(f"{balance // 100}.{balance % 100:02d}")
        assert not what_is_broken()
    assert told == rows


@pytest.fixture
def accounts(amara: Person, bushra: Person) -> dict[str, list[str]]:
    return {
        "Amara's wallet": [f"wallet:{amara.party}"],
        "Bushra clearing": [f"clearing:{bushra.party}"],
        "Bushra's wallet": [f"wallet:{bushra.party}"],
        "fees": ["fees:work", "fees:client"],
        "escrow": [],
    }


def test_delivered_accepted_and_free_after_three_days(
    amara: Person, bushra: Person, accounts: dict[str, list[str]]
) -> None:
    first, second = milestones_in(a_contract(amara, bushra, sums=(4_000, 7_000)))

    def fund(milestone: Milestone) -> None:
        hold = fund_milestone(milestone=milestone, by=amara, at=NOW)
        accounts["escrow"].append(hold.account)

    def fund_and_deliver() -> None:
        fund(second)
        a_delivery(second, at=NOW + HOUR)

    play(
        """
        account          start   fund 1  deliver  accept  fund 2  3 days  silence  3 days
        Amara's wallet   110.00  70.00   70.00    70.00   0.00    0.00    0.00     0.00
        escrow           0.00    40.00   40.00    0.00    70.00   70.00   0.00     0.00
        Bushra clearing  0.00    0.00    0.00     38.00   38.00   0.00    66.50    0.00
        Bushra's wallet  0.00    0.00    0.00     0.00    0.00    38.00   38.00    104.50
        fees             0.00    0.00    0.00     2.00    2.00    2.00    5.50     5.50
        """,
        [
            lambda: fund(first),
            lambda: a_delivery(first, at=NOW),
            lambda: approve_milestone(milestone=first, by=amara, at=NOW + DAY),
            fund_and_deliver,
            lambda: mature_clearing(at=NOW + 4 * DAY),
            lambda: release_silent_milestones(at=NOW + 10 * DAY + HOUR),
            lambda: mature_clearing(at=NOW + 14 * DAY),
        ],
        accounts,
    )


def test_a_part_given_back_a_part_contested_the_rest_paid(
    amara: Person, bushra: Person, accounts: dict[str, list[str]]
) -> None:
    [milestone] = milestones_in(a_contract(amara, bushra, sums=(10_000,), client_fee_bp=300))

    def fund() -> None:
        accounts["escrow"][:] = [fund_milestone(milestone=milestone, by=amara, at=NOW).account]

    def contest() -> None:
        open_case(milestone=milestone, contested=usd(3_000), reason="No.", by=amara, at=NOW + DAY)

    def agree() -> None:
        offer = offer_split(case=Case.objects.get(), to_worker=usd(1_001), by=bushra, at=NOW + 11 * DAY)
        accept_offer(offer=offer, by=amara, at=NOW + 11 * DAY)

    play(
        """
        account          start   fund    give back  contest  silence  divide
        Amara's wallet   103.00  0.00    20.60      20.60    20.60    41.19
        escrow           0.00    103.00  82.40      82.40    30.90    0.00
        Bushra clearing  0.00    0.00    0.00       0.00     47.50    57.01
        fees             0.00    0.00    0.00       0.00     4.00     4.80
        """,
        [
            fund,
            lambda: (
                propose_refund(milestone=milestone, amount=usd(2_000), reason="Less.", by=bushra, at=NOW),
                a_delivery(milestone, at=NOW),
            ),
            contest,
            lambda: release_silent_milestones(at=NOW + 10 * DAY),
            agree,
        ],
        accounts,
    )


def test_ended_by_the_client_refused_and_ruled(
    amara: Person, bushra: Person, dalia: Person, accounts: dict[str, list[str]]
) -> None:
    contract = a_contract(amara, bushra, sums=(10_000,))
    [milestone] = milestones_in(contract)

    def fund() -> None:
        accounts["escrow"][:] = [fund_milestone(milestone=milestone, by=amara, at=NOW).account]

    def refuse() -> None:
        answer_refund(refund=Refund.objects.get(), agree=False, answer="Half is done.", by=bushra, at=NOW)

    def rule() -> None:
        case = open_case(milestone=milestone, contested=usd(10_000), reason="No.", by=amara, at=NOW)
        rule_case(case=case, to_worker=usd(5_000), reasons="Half is done.", by=dalia, at=NOW)

    play(
        """
        account          start   fund    end     refuse  rule
        Amara's wallet   100.00  0.00    0.00    0.00    50.00
        escrow           0.00    100.00  100.00  100.00  0.00
        Bushra clearing  0.00    0.00    0.00    0.00    47.50
        fees             0.00    0.00    0.00    0.00    2.50
        """,
        [
            fund,
            lambda: end_contract(contract=contract, reason="We closed.", by=amara, at=NOW),
            refuse,
            rule,
        ],
        accounts,
    )
