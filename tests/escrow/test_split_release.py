"""The one function that divides money loses nothing and favours nobody by chance."""

from hypothesis import given
from hypothesis import strategies as st

from guildhall.escrow.rules import Deduction, fee_after, split_release

NET = "clearing:person:b"


def deductions(shares: list[tuple[str, int]]) -> list[Deduction]:
    return [Deduction(account, share, f"line {place}") for place, (account, share) in enumerate(shares)]


accounts = st.sampled_from(["fees:work", "tax:fbr:income", "benefit:sick", "savings:person:b:school"])
shares = st.lists(st.tuples(accounts, st.integers(0, 2_000)), max_size=5)
gross = st.one_of(st.integers(0, 1_000), st.integers(0, 10**15))


@given(gross, shares)
def test_E04_the_lines_sum_to_the_gross_and_none_is_negative(
    minor: int, agreed: list[tuple[str, int]]
) -> None:
    lines = split_release(minor, deductions(agreed), NET)
    assert sum(line.amount for line in lines) == minor
    assert all(line.amount >= 0 for line in lines)
    assert lines[0].account == NET
    assert len(lines) == len(agreed) + 1


@given(gross, st.integers(0, 10_000))
def test_a_fee_is_rounded_down(minor: int, share: int) -> None:
    net, fee = split_release(minor, [Deduction("fees:work", share, "fee")], NET)
    assert fee.amount == minor * share // 10_000
    assert net.amount == minor - fee.amount


def test_what_rounding_leaves_is_the_workers_sides() -> None:
    agreed = deductions([("fees:work", 333), ("savings:person:b:school", 3_333)])
    assert [line.amount for line in split_release(100, agreed, NET)] == [64, 3, 33]


@given(st.integers(0, 10_000), st.lists(st.integers(1, 500), max_size=60))
def test_C15_many_parts_pay_the_fee_of_the_whole(share: int, parts: list[int]) -> None:
    agreed = [Deduction("fees:work", share, "fee")]
    nets, fees, released = 0, 0, 0
    for part in parts:
        net, fee = split_release(part, agreed, NET, released=released)
        assert min(net.amount, fee.amount) >= 0
        assert net.amount + fee.amount == part
        nets, fees, released = nets + net.amount, fees + fee.amount, released + part
    assert [nets, fees] == [line.amount for line in split_release(released, agreed, NET)]


@given(gross, shares, st.integers(0, 10**6))
def test_a_release_gives_no_more_than_itself_whatever_went_before(
    minor: int, agreed: list[tuple[str, int]], released: int
) -> None:
    lines = split_release(minor, deductions(agreed), NET, released=released)
    assert sum(line.amount for line in lines) == minor
    assert all(line.amount >= 0 for line in lines)


@given(st.integers(0, 10**9), st.integers(1, 10**9), st.lists(st.integers(1, 10**8), max_size=20))
def test_the_clients_fee_depends_on_what_is_left_alone(fee: int, placed: int, steps: list[int]) -> None:
    left, fee_left, taken = placed, fee, 0
    for step in steps:
        left = max(left - step, 0)
        after = fee_after(fee, placed, left)
        assert 0 <= after <= fee_left
        taken += fee_left - after
        fee_left = after
    assert taken + fee_left == fee
    assert fee_after(fee, placed, 0) == 0
