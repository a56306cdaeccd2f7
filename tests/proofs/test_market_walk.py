"""Walks through a whole hall at random: every promise holds after each step, and each kind was taken.

A walk in which nothing happens would prove nothing, so there is a least number for each kind of step.
"""

import pytest
from hypothesis import HealthCheck, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.proofs.banking import done
from tests.proofs.walking import Hall, tried

LEAST = {
    "post": 8,
    "edit the brief": 1,
    "propose": 6,
    "edit a proposal": 1,
    "accept": 5,
    "fund": 3,
    "deliver": 6,
    "ask changes": 2,
    "approve": 1,
    "ask back": 5,
    "answer": 3,
    "withdraw a request": 1,
    "open a case": 4,
    "offer": 2,
    "contest more": 2,
    "accept an offer": 1,
    "rule": 1,
    "withdraw a case": 1,
    "end": 2,
    "silence": 1,
    "taken up": 1,
    "matured": 4,
    "saved": 4,
    "heard": 100,
    "deposit": 15,
    "notice": 20,
    "notice again": 5,
    "failed after paid": 2,
    "unmatched": 1,
    "match": 1,
    "fill": 2,
    "given up": 1,
    "payout": 5,
    "batch": 3,
    "settle": 3,
    "return": 2,
    "feedback": 2,
    "refused": 15,
}
"""How often each kind of step has to have happened in the whole run."""


@pytest.mark.slow
@pytest.mark.xdist_group("market")
@pytest.mark.django_db
def test_from_the_post_to_the_payout_every_promise_holds_after_every_step() -> None:
    done.clear()
    tried.clear()
    run_state_machine_as_test(
        Hall,
        settings=settings(
            max_examples=9,
            stateful_step_count=30,
            deadline=None,
            derandomize=True,
            suppress_health_check=list(HealthCheck),
        ),
    )
    assert {name: done[name] for name, least in LEAST.items() if done[name] < least} == {}
