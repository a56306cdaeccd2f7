"""What banks write comes in whole or not at all, and nothing of it is booked twice."""

from datetime import timedelta
from typing import Any

import pytest

from guildhall.config.rails import BankAccount, Rails
from guildhall.kernel.errors import NotFound, Stale
from guildhall.kernel.money import Money
from guildhall.ledger.models import Difference, Movement
from guildhall.ledger.queries import balance_of
from guildhall.payments.actions import (
    ChangedLine,
    KnownFile,
    NotExplained,
    ask_for_refunds,
    compare_with_bank,
    confirm_bank_file,
    confirm_decision,
    explain_line,
    fill_reserve,
    import_bank_file,
    match_deposit,
    open_payout_batch,
    refund_deposit,
    request_payout,
    send_payout_batch,
    settle_payout,
    start_deposit,
)
from guildhall.payments.actions.depositing import NotDepositable
from guildhall.payments.bank_queries import transfers_to_order
from guildhall.payments.bankfile import file_of_batch
from guildhall.payments.banking.naming import name_transfer
from guildhall.payments.banking.references import shown_reference
from guildhall.payments.banking.shapes import LARGEST_FILE, NotAStatement
from guildhall.payments.comparison import compared_rails
from guildhall.payments.models import BankFile, BankLine, Deposit, GatewayNotice, Payout, SenderRefund
from guildhall.people.actions import SecondNeeded, WaitsForSecond
from guildhall.people.models import Decision, Person
from tests.builders.bankfiles import HALL_IBAN, Said, camt, pain_002
from tests.builders.contracts import what_is_broken
from tests.builders.money import a_payout_account
from tests.cast import NOW, a_person

pytestmark = pytest.mark.django_db

BANK = BankAccount("Gilgit Guildhall", HALL_IBAN, is_iban=True, bic="COBADEFFXXX", at="Commerzbank")


@pytest.fixture(autouse=True)
def _a_bank(settings: Any) -> None:
    settings.GUILDHALL_RAILS = Rails(bank=BANK)


def held(account: str) -> int:
    return balance_of(account, "EUR").minor


def a_deposit(person: Person, minor: int = 12_000) -> tuple[Deposit, str]:
    deposit = start_deposit(by=person, amount=Money(minor, "EUR"), at=NOW)
    return deposit, name_transfer("deposit", deposit.pk)


def bring(content: bytes, by: Person | None = None, name: str = "statement.xml") -> BankFile:
    return import_bank_file(content=content, name=name, by=by, at=NOW + timedelta(days=1))


def outcomes(file: BankFile) -> list[str]:
    return list(file.lines.order_by("number").values_list("outcome", flat=True))


def a_sent_payout(person: Person, operator: Person, minor: int = 12_000) -> tuple[Payout, str]:
    _deposit, code = a_deposit(person, minor)
    line = Said(Money(minor, "EUR").amount, code, reference=f"IN{code}")
    import_bank_file(content=camt(line), name="long ago.xml", by=None, at=NOW - timedelta(days=200))
    a_payout_account(person, NOW)
    payout = request_payout(by=person, amount=Money(minor, "EUR"), at=NOW)
    send_payout_batch(batch=open_payout_batch(by=operator, at=NOW), by=operator, at=NOW)
    payout.refresh_from_db()
    return payout, name_transfer("payout", payout.pk)


def test_a_transfer_with_its_code_is_credited(amara: Person) -> None:
    deposit, code = a_deposit(amara)
    assert deposit.pay_url.endswith(f"/money/transfers/{code}")
    file = bring(camt(Said("120.00", f"for work, {shown_reference(code).lower()}")))
    deposit.refresh_from_db()
    assert (deposit.state, file.state, outcomes(file)) == ("settled", "booked", ["credited"])
    assert (held(f"wallet:{amara.party}"), held("outside:bank")) == (12_000, -12_000)
    assert what_is_broken() == {}
    assert not Difference.objects.exists()


@pytest.mark.parametrize(
    ("amount", "text"), [("119.99", "{code}"), ("120.01", "{code}"), ("120.00", ""), ("120.00", "RF00DABC")]
)
def test_what_does_not_fit_waits_for_two_operators(
    amara: Person, olga: Person, amount: str, text: str
) -> None:
    deposit, code = a_deposit(amara)
    bring(camt(Said(amount, text.format(code=code))))
    deposit.refresh_from_db()
    minor = Money.parse(amount, "EUR").minor
    assert (deposit.state, held("suspense:bank"), held(f"wallet:{amara.party}")) == ("started", minor, 0)
    notice = GatewayNotice.objects.get(outcome="unmatched")
    match_deposit(notice=notice, person=amara, by=olga, at=NOW)
    assert (held("suspense:bank"), held(f"wallet:{amara.party}")) == (0, minor)
    assert what_is_broken() == {}


def test_a_second_transfer_with_the_same_code_is_put_aside(amara: Person) -> None:
    _deposit, code = a_deposit(amara)
    file = bring(camt(Said("120.00", code), Said("120.00", code)))
    assert outcomes(file) == ["credited", "suspended"]
    assert held("suspense:bank") == 12_000


def test_another_currency_is_no_deposit_of_this_account(amara: Person) -> None:
    with pytest.raises(NotDepositable, match="takes EUR"):
        start_deposit(by=amara, amount=Money(100, "USD"), at=NOW)
    _deposit, code = a_deposit(amara)
    bring(camt(Said("120.00", code), currency="USD"))
    assert balance_of("suspense:bank", "USD").minor == 12_000


def test_C18_the_same_file_again_changes_nothing(amara: Person) -> None:
    _deposit, code = a_deposit(amara)
    content = camt(Said("120.00", code))
    bring(content)
    before = Movement.objects.count(), BankLine.objects.count()
    with pytest.raises(KnownFile, match="was brought on"):
        bring(content, name="renamed.xml")
    assert (Movement.objects.count(), BankLine.objects.count()) == before


def test_C18_the_same_line_in_another_file_is_not_booked_twice(amara: Person) -> None:
    _deposit, code = a_deposit(amara)
    line = Said("120.00", code, reference="B7")
    bring(camt(line))
    file = bring(camt(line, Said("5.00", day="2026-12-02", reference="B8")))
    assert (file.repeated, outcomes(file)) == (1, ["suspended"])
    assert (held(f"wallet:{amara.party}"), held("suspense:bank")) == (12_000, 500)
    assert not Difference.objects.exists()


def test_C18_a_changed_line_refuses_the_whole_file(amara: Person) -> None:
    _deposit, code = a_deposit(amara)
    bring(camt(Said("120.00", code, reference="B7")))
    with pytest.raises(ChangedLine, match=r"says 999\.00 EUR, and said 120\.00 EUR"):
        bring(camt(Said("999.00", code, reference="B7"), Said("1.00", reference="B8")))
    assert (BankFile.objects.count(), held("suspense:bank")) == (1, 0)


def test_C18_wrong_totals_leave_nothing_behind(amara: Person) -> None:
    _deposit, code = a_deposit(amara)
    with pytest.raises(NotAStatement, match="does not add up"):
        bring(camt(Said("120.00", code), closing="999.00"))
    assert not BankFile.objects.exists()
    assert not Movement.objects.exists()


def test_C18_a_file_of_two_gigabytes_is_refused_unread() -> None:
    class Huge(bytes):
        def __len__(self) -> int:
            return 2 * 2**30

    with pytest.raises(NotAStatement, match="2048 MB, and up to 64"):
        bring(Huge())
    assert LARGEST_FILE == 64 * 2**20


def test_a_statement_of_another_account_is_refused() -> None:
    with pytest.raises(NotAStatement, match="GB29NWBK60161331926819"):
        bring(camt(Said("1.00"), account="GB29NWBK60161331926819"))


def test_P5_a_file_moves_money_once_a_second_operator_has_confirmed_it(
    amara: Person, olga: Person, eve: Person
) -> None:
    oleg = a_person("Oleg", operates=True)
    _deposit, code = a_deposit(amara)
    content = camt(Said("120.00", code))
    with pytest.raises(NotFound):
        bring(content, by=eve)
    file = bring(content, by=olga)
    assert (file.state, outcomes(file), held(f"wallet:{amara.party}")) == ("read", ["waiting"], 0)
    with pytest.raises(WaitsForSecond):
        bring(content, by=oleg)
    decision = Decision.objects.get(kind="bank_file_book")
    with pytest.raises(SecondNeeded):
        confirm_bank_file(decision=decision, by=olga, at=NOW)
    booked = confirm_bank_file(decision=decision, by=oleg, at=NOW)
    assert (booked.state, held(f"wallet:{amara.party}")) == ("booked", 12_000)
    with pytest.raises(KnownFile):
        bring(content, by=olga)


def test_a_payout_that_the_bank_says_went_has_arrived(bushra: Person, olga: Person) -> None:
    payout, code = a_sent_payout(bushra, olga)
    assert f">{code}<" in file_of_batch(payout.batch).content.decode()  # type: ignore[arg-type]
    file = bring(camt(Said("-120.00", end_to_end=code), opening="120.00"))
    payout.refresh_from_db()
    assert (payout.state, outcomes(file), held("outside:bank")) == ("settled", ["arrived"], 0)
    assert what_is_broken() == {}
    assert not Difference.objects.exists()


def test_a_payout_that_an_operator_had_seen_is_known(bushra: Person, olga: Person) -> None:
    payout, code = a_sent_payout(bushra, olga)
    settle_payout(payout=payout, by=olga, at=NOW)
    file = bring(camt(Said("-120.00", end_to_end=code), opening="120.00"))
    assert (outcomes(file), held("outside:bank")) == (["known"], 0)
    again = bring(camt(Said("-120.00", end_to_end=code, reference="X"), opening="120.00", closing="0.00"))
    assert outcomes(again) == ["unexplained"]


def test_a_payout_that_comes_back_is_in_the_wallet_with_the_reason(bushra: Person, olga: Person) -> None:
    payout, code = a_sent_payout(bushra, olga)
    went = Said("-120.00", end_to_end=code)
    back = Said("120.00", end_to_end=code, reason="AC04", party="Bushra", reference="R1")
    file = bring(camt(back, went, opening="120.00"))
    payout.refresh_from_db()
    assert sorted(outcomes(file)) == ["arrived", "returned"]
    assert (payout.state, payout.reason) == ("returned", "The account is closed.")
    assert held(f"wallet:{bushra.party}") == 12_000
    assert what_is_broken() == {}
    assert not Difference.objects.exists()


def test_what_a_bank_books_as_one_is_the_whole_batch(bushra: Person, olga: Person) -> None:
    payout, _code = a_sent_payout(bushra, olga)
    assert payout.batch is not None
    file = bring(camt(Said("-120.00", "batch", batch=payout.batch.pk.hex), opening="120.00"))
    payout.refresh_from_db()
    assert (payout.state, outcomes(file)) == ("settled", ["arrived"])


def test_a_report_settles_and_returns_each_once(bushra: Person, chen: Person, olga: Person) -> None:
    first, code = a_sent_payout(bushra, olga)
    second, other = a_sent_payout(chen, olga)
    batch = first.batch_id.hex  # type: ignore[union-attr]
    file = bring(pain_002(batch, (code, "ACSC", ""), (other, "RJCT", "AC01")))
    first.refresh_from_db()
    second.refresh_from_db()
    assert (first.state, second.state, second.reason) == (
        "settled",
        "returned",
        "The account number is wrong.",
    )
    assert outcomes(file) == ["arrived", "returned"]
    later = bring(pain_002(batch, (code, "ACSC", ""), (other, "RJCT", "AC01"), ("no-such", "ACSP", "")))
    assert outcomes(later) == ["known", "known", "unexplained"]
    assert what_is_broken() == {}


def test_a_report_refuses_a_whole_file(bushra: Person, olga: Person) -> None:
    payout, _code = a_sent_payout(bushra, olga)
    file = bring(pain_002(payout.batch_id.hex, whole="RJCT"))  # type: ignore[union-attr]
    payout.refresh_from_db()
    assert (payout.state, outcomes(file)) == ("returned", ["returned"])


def test_a_bank_may_not_return_what_it_says_went(bushra: Person, olga: Person) -> None:
    payout, code = a_sent_payout(bushra, olga)
    bring(camt(Said("-120.00", end_to_end=code), opening="120.00"))
    file = bring(pain_002(payout.batch_id.hex, (code, "RJCT", "MS03")))  # type: ignore[union-attr]
    assert outcomes(file) == ["unexplained"]
    assert Difference.objects.get().account == f"wallet:{bushra.party}"


def test_I6_what_nothing_explains_is_a_difference(amara: Person) -> None:
    file = bring(camt(Said("-7.50", "fee"), opening="10.00"))
    assert outcomes(file) == ["unexplained"]
    names = set(Difference.objects.values_list("name", flat=True))
    assert names == {"unexplained line", "opening balance"}


def test_I6_a_statement_that_is_missing_is_a_difference() -> None:
    bring(camt(Said("10.00", day="2026-12-01", reference="A")))
    bring(camt(Said("10.00", day="2026-12-09", reference="B"), opening="50.00"))
    difference = Difference.objects.get()
    assert difference.name == "missing lines"
    assert difference.facts["wrong"] == "bank 60.00 EUR, hall 20.00 EUR"


def test_I6_a_file_that_waits_for_a_second_operator_is_no_difference(olga: Person) -> None:
    a_person("Oleg", operates=True)
    bring(camt(Said("10.00", reference="A")))
    bring(camt(Said("7.00", reference="B"), opening="10.00"), by=olga)
    assert compare_with_bank(rail="bank", at=NOW) == 0
    assert next(compared_rails("bank")).fits


def test_I6_a_movement_that_no_statement_says_is_a_difference(bushra: Person, olga: Person) -> None:
    payout, _code = a_sent_payout(bushra, olga)
    settle_payout(payout=payout, by=olga, at=NOW)
    bring(camt(Said("1.00", day="2026-12-03", reference="Z"), opening="120.00"))
    assert not Difference.objects.exists(), "it is under way"
    bring(camt(Said("1.00", day="2026-12-05", reference="Y"), opening="121.00"))
    difference = Difference.objects.get()
    assert (difference.name, difference.account) == ("missing at the bank", f"wallet:{bushra.party}")


def a_suspended_line() -> BankLine:
    bring(camt(Said("50.00", "who is it?")))
    return BankLine.objects.get(outcome="suspended")


def test_P5_two_operators_send_what_fits_nothing_back_to_its_sender(olga: Person) -> None:
    oleg, line = a_person("Oleg", operates=True), a_suspended_line()
    explain_line(line=line, what="back", by=olga, at=NOW)
    decision = Decision.objects.get(kind="bank_line_explain")
    with pytest.raises(SecondNeeded):
        confirm_decision(decision=decision, by=olga, at=NOW)
    assert held("suspense:bank") == 5_000
    confirm_decision(decision=decision, by=oleg, at=NOW)
    refund = SenderRefund.objects.get()
    assert (held("suspense:bank"), held(refund.transit)) == (0, 5_000)
    with pytest.raises(Stale):
        match_deposit(notice=line.notice, person=oleg, by=olga, at=NOW)  # type: ignore[arg-type]
    code = name_transfer("refund", refund.pk)
    file = bring(camt(Said("-50.00", code, reference="G1"), opening="50.00"))
    refund.refresh_from_db()
    assert (refund.state, outcomes(file), held("outside:bank")) == ("settled", ["arrived"], 0)
    again = bring(camt(Said("50.00", code, reference="G2", reason="AC04")))
    refund.refresh_from_db()
    assert (refund.state, outcomes(again), held("suspense:bank")) == ("returned", ["returned"], 5_000)
    assert what_is_broken() == {}
    explain_line(line=line, what="back", by=olga, at=NOW)
    assert Decision.objects.filter(kind="bank_line_explain", state="asked").exists()


def test_a_charge_of_the_bank_is_paid_out_of_the_reserve_then_the_shortfall(olga: Person) -> None:
    bring(camt(Said("20.00", reference="F0"), Said("30.00", reference="F2")))
    line = BankLine.objects.get(reference="F0")
    explain_line(line=line, what="own", by=olga, at=NOW)
    assert (held("reserve"), held("suspense:bank")) == (2_000, 3_000)
    bring(camt(Said("-25.00", "fees", reference="F1"), opening="50.00"))
    line = BankLine.objects.get(outcome="unexplained")
    assert Difference.objects.get(state="opened").subject == str(line.pk)
    with pytest.raises(NotExplained):
        explain_line(line=line, what="back", by=olga, at=NOW)
    explain_line(line=line, what="charged", by=olga, at=NOW)
    assert (held("reserve"), held("shortfall"), held("outside:bank")) == (0, -500, -2_500)
    assert not Difference.objects.filter(state="opened").exists()
    with pytest.raises(Stale):
        explain_line(line=line, what="charged", by=olga, at=NOW)
    assert what_is_broken() == {}


def test_money_moved_to_the_halls_other_account(olga: Person) -> None:
    bring(camt(Said("20.00", reference="F0")))
    explain_line(line=BankLine.objects.get(), what="own", by=olga, at=NOW)
    bring(camt(Said("-15.00", "top-up", reference="F1"), opening="20.00"))
    line = BankLine.objects.get(outcome="unexplained")
    with pytest.raises(NotExplained) as refusal:
        explain_line(line=line, what="moved", other="bank", by=olga, at=NOW)
    assert refusal.value.field == "other"
    explain_line(line=line, what="moved", other="local", by=olga, at=NOW)
    assert (held("outside:bank"), held("outside:local"), held("reserve")) == (-500, -1_500, 2_000)
    assert what_is_broken() == {}
    assert next(compared_rails("bank")).fits


def test_the_halls_own_money_that_was_written_down_before(olga: Person) -> None:
    fill_reserve(amount=Money(10_000, "EUR"), by=olga, at=NOW)
    file = bring(camt(Said("100.00", "own capital")))
    assert (outcomes(file), held("suspense:bank"), held("reserve")) == (["known"], 0, 10_000)
    assert next(compared_rails("bank")).fits


def test_C12_a_deposit_goes_back_to_the_account_it_came_from(amara: Person, olga: Person) -> None:
    deposit, code = a_deposit(amara)
    bring(camt(Said("120.00", code)))
    deposit.refresh_from_db()
    refund = refund_deposit(deposit=deposit, amount=Money(12_000, "EUR"), by=amara, at=NOW)
    ask_for_refunds(at=NOW)
    [order] = transfers_to_order(olga)
    assert (order.account, order.amount, order.name) == (
        "GB29NWBK60161331926819",
        refund.money,
        "Amara Oduya",
    )
    file = bring(camt(Said("-120.00", order.code, reference="H1"), opening="120.00"))
    refund.refresh_from_db()
    assert (refund.state, outcomes(file), held("outside:bank")) == ("settled", ["arrived"], 0)
    assert transfers_to_order(olga) == []
    again = bring(camt(Said("120.00", order.code, reference="H2", reason="AC04")))
    refund.refresh_from_db()
    assert (refund.state, outcomes(again)) == ("returned", ["returned"])
    assert held(f"wallet:{amara.party}") == 12_000
    assert what_is_broken() == {}
    assert not Difference.objects.exists()
