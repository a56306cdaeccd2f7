"""C1, C15: nothing is gained by asking in many small parts, nor by asking often at once."""

from functools import partial

import pytest

from guildhall.escrow.actions import Payer, hold_money, release_hold
from guildhall.escrow.models import Release
from guildhall.escrow.rules import Deduction
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.queries import balances_of
from guildhall.payments.actions import MoreThanAvailable, request_payout
from guildhall.payments.models import Payout
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_payout_account, a_wallet_with
from tests.cast import NOW, a_person
from tests.racing import ends_of

PARTS = 400
FEE = 333


@pytest.mark.django_db
@pytest.mark.parametrize("currency", ["USD", "JPY", "KWD"])
def test_C15_what_leaves_in_single_units_is_what_was_set_aside(currency: str) -> None:
    """Net and fees of all parts together are the whole, and the fees are those of the whole."""
    amara, bushra = a_person("Amara"), a_person("Bushra")
    a_wallet_with(amara, PARTS + 13, NOW, currency)
    hold = hold_money(
        purpose="milestone:salami",
        payers=[Payer(amara.party, Money(PARTS, currency))],
        currency=currency,
        deductions=[Deduction("fees:work", FEE, "fee")],
        worker=bushra.party,
        client_fee=13,
        by=amara.pk,
        at=NOW,
    )
    for _each in range(PARTS):
        release_hold(hold=hold, amount=Money(1, currency), key=new_id(), by=amara.pk, at=NOW)
    codes = [f"clearing:{bushra.party}", "fees:work", "fees:client", hold.account, f"wallet:{amara.party}"]
    net, fee, client_fee, *nothing = (held.minor for held in balances_of(codes, currency).values())
    assert net + fee == PARTS
    assert fee == PARTS * FEE // 10_000
    assert client_fee == 13
    assert nothing == [0, 0]
    assert Release.objects.count() == PARTS
    assert not what_is_broken()


@pytest.mark.django_db(transaction=True)
def test_C01_thirty_two_payouts_of_one_wallet() -> None:
    bushra = a_person("Bushra")
    a_wallet_with(bushra, 5_500, NOW)
    a_payout_account(bushra, NOW)
    ends = ends_of([partial(request_payout, by=bushra, amount=Money(1_000, "USD"), at=NOW)] * 32)
    assert ends == {"done": 5, MoreThanAvailable.code: 27}
    assert Payout.objects.count() == 5
    assert not what_is_broken()
