"""What this package announces besides its state changes, and the facts that all its events carry.

State changes announce themselves: ``contract.ended``, ``milestone.funded``, ``milestone.released`` and so on.
"""

from typing import Any, Final

from guildhall.contracts.models import Contract, Milestone

CONTRACT_OPENED: Final = "contract.opened"
PART_RELEASED: Final = "milestone.part_released"  # some of it went to the worker, the rest is still held
PART_RETURNED: Final = "milestone.part_returned"  # some of it went back, the rest is still held
RELEASE_NEAR: Final = "milestone.release_near"  # some days before silence pays
REFUND_ASKED: Final = "refund.asked"
REFUND_GIVEN: Final = "refund.agreed"  # unasked, so it never waited


def facts_of_contract(contract: Contract) -> dict[str, Any]:
    """Who and what a contract is, for whoever hears of it."""
    return {
        "contract": str(contract.pk),
        "client": str(contract.client_id),
        "worker": str(contract.worker_id),
        "title": contract.title,
        "origin": contract.origin,
    }


def facts_of_milestone(milestone: Milestone) -> dict[str, Any]:
    """Who and what a milestone is, for whoever hears of it."""
    return {
        **facts_of_contract(milestone.contract),
        "milestone": str(milestone.pk),
        "milestone_title": milestone.title,
        "amount": milestone.amount,
        "currency": milestone.currency,
    }
