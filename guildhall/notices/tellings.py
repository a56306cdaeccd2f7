"""Who is told of which event, and where the thing is: one table."""

from dataclasses import dataclass
from typing import Final, Literal

type Role = Literal[
    "client", "worker", "other", "both", "proposers", "to", "adjudicators", "operators", "owner", "earner",
    "subject", "about", "adjudicator",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class Telling:
    """One line of the table.

    Args:
        event: the event's name.
        role: who, seen from the thing; `audience` finds the persons.
        url: the address of the thing, with facts of the event in braces.
        even_doer: also whoever did it: for what a thief in their place might have done.
        gathers: one letter stands for all that came since the reader last looked.
        also_left: a letter also goes to addresses that they left while a payout account rests: whoever
            changes an address first must not silence its owner.
    """

    event: str
    role: Role
    url: str
    even_doer: bool = False
    gathers: bool = False
    also_left: bool = False

    @property
    def kind(self) -> str:
        """The name of its sentence in `words`."""
        return f"{self.event}:{self.role}"


_ROOM: Final = "/contracts/{contract}"
_REQUEST: Final = "/refunds/{refund}"

# Of two lines for one event, whoever stands in both is told by the first.
TELLINGS: Final = (
    Telling("proposal.sent", "client", "/proposals/{proposal}"),
    Telling("proposal.edited", "client", "/proposals/{proposal}"),
    Telling("proposal.withdrawn", "client", "/jobs/{job}"),
    Telling("proposal.declined", "worker", "/proposals/{proposal}"),
    Telling("proposal.accepted", "worker", _ROOM),
    Telling("job.edited", "proposers", "/jobs/{job}/proposal"),
    Telling("job.expired", "client", "/jobs/{job}"),
    Telling("contract.ending", "other", _ROOM),
    Telling("contract.ended", "other", _ROOM),
    Telling("milestone.funded", "worker", _ROOM),
    Telling("milestone.delivered", "client", _ROOM),
    Telling("milestone.release_near", "client", _ROOM),
    Telling("milestone.changes_asked", "worker", _ROOM),
    Telling("milestone.released", "worker", _ROOM),
    Telling("milestone.released", "client", _ROOM),
    Telling("milestone.part_released", "other", _ROOM),
    Telling("milestone.returned", "other", _ROOM),
    Telling("milestone.part_returned", "other", _ROOM),
    Telling("milestone.settled", "other", _ROOM),
    Telling("refund.asked", "worker", _REQUEST),
    Telling("refund.agreed", "client", _REQUEST),
    Telling("refund.declined", "client", _REQUEST),
    Telling("refund.withdrawn", "worker", _REQUEST),
    Telling("refund.disputed", "other", _REQUEST),
    Telling("message.said", "to", "{about_url}", gathers=True),
    Telling("case.opened", "other", "/cases/{case}"),
    Telling("case.opened", "adjudicators", "/cases/{case}"),
    Telling("case.widened", "other", "/cases/{case}"),
    Telling("case.widened", "adjudicator", "/cases/{case}"),
    Telling("case.taken", "both", "/cases/{case}"),
    Telling("case.overdue", "both", "/cases/{case}"),
    Telling("case.overdue", "adjudicators", "/cases/{case}"),
    Telling("case.overdue", "operators", "/operator/"),
    Telling("case.stranded", "operators", "/operator/people"),
    Telling("case.left", "both", "/cases/{case}"),
    Telling("case.left", "adjudicators", "/cases/{case}"),
    Telling("case.agreed", "other", "/cases/{case}"),
    Telling("case.ruled", "both", "/cases/{case}"),
    Telling("case.withdrawn", "other", "/cases/{case}"),
    Telling("offer.made", "other", "/cases/{case}"),
    Telling("feedback.left", "other", _ROOM),
    Telling("feedback.revealed", "about", _ROOM),
    Telling("invoices.issued", "client", "/money/invoices", gathers=True),
    Telling("invoices.issued", "worker", "/money/invoices", gathers=True),
    Telling("credit_note.issued", "to", "/money/invoices/{invoice}"),
    Telling("deposit.transfer_asked", "owner", "/money/deposits", even_doer=True),
    Telling("certificate.issued", "owner", "/money/certificates/{certificate}", even_doer=True),
    Telling("signing_key.begun", "operators", "/operator/signing-key"),
    Telling("deposit.settled", "owner", "/money", even_doer=True),
    Telling("deposit.failed", "owner", "/money", even_doer=True),
    Telling("deposit.cancelled", "owner", "/money/deposits"),
    Telling("deposit.pending_unknown", "owner", "/money/deposits", even_doer=True),
    Telling("deposit.pending_unknown", "operators", "/operator/stuck"),
    Telling("deposit_refund.pending_unknown", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("deposit_refund.pending_unknown", "operators", "/operator/stuck"),
    Telling("deposit_refund.requested", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("deposit_refund.settled", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("deposit_refund.returned", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("chargeback.taken", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("chargeback.taken", "operators", "/operator/chargebacks"),
    Telling("chargeback.given_back", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("chargeback.given_back", "operators", "/operator/chargebacks"),
    Telling("chargeback.recovered", "owner", "/money/deposits/{deposit}", even_doer=True),
    Telling("method.kept", "owner", "/money/deposits", even_doer=True),
    Telling("method.removed", "owner", "/money/deposits", even_doer=True),
    Telling("deposit.unmatched", "operators", "/operator/payouts"),
    Telling("deposit.matched", "owner", "/money", even_doer=True),
    Telling("quote.accepted", "owner", "/money/exchange/{quote}", even_doer=True),
    Telling("savings_goal.reached", "owner", "/money/savings/{savings_goal}", even_doer=True),
    Telling("savings_goal.day_near", "owner", "/money/savings/{savings_goal}"),
    Telling("savings_goal.taken_from", "owner", "/money/savings/{savings_goal}", even_doer=True),
    Telling("release.matured", "earner", "/money", even_doer=True),
    Telling("payout.requested", "owner", "/money/payouts", even_doer=True),
    Telling("payout.requested", "operators", "/operator/payouts", gathers=True),
    Telling("payout.sent", "owner", "/money", even_doer=True),
    Telling("payout.settled", "owner", "/money", even_doer=True),
    Telling("payout.returned", "owner", "/money", even_doer=True),
    Telling("bank_file.booked", "operators", "/operator/bank/files/{bank_file}"),
    Telling("statement.opened", "subject", "/money/statement"),
    Telling("payout_turn.skipped", "owner", "/money/payouts", even_doer=True),
    Telling("payout_plan.set", "owner", "/money/payouts/plans", even_doer=True),
    Telling("payout_account.set", "owner", "/money/stop/{stop}", even_doer=True, also_left=True),
    Telling("payout_account.stopped", "owner", "/money/account", even_doer=True, also_left=True),
    Telling("payout_account.stopped", "operators", "/operator/people/{person}"),
    Telling("credit.given", "owner", "/money"),
    Telling("correction.made", "owner", "/money"),
    Telling("difference.opened", "operators", "/operator/differences/{difference}"),
    Telling("difference.opened", "owner", "/money/payouts"),
    Telling("difference.closed", "owner", "/money/payouts"),
    Telling("invariant.broken", "operators", "/operator/stuck"),
    Telling("decision.asked", "operators", "/operator/decisions"),
    Telling("decision.confirmed", "owner", "/operator/decisions"),
    Telling("decision.dropped", "owner", "/operator/decisions"),
    Telling("person.roles_set", "subject", "/account"),
    Telling("person.password_changed", "subject", "/account", even_doer=True),
    Telling("person.email_changed", "subject", "/account", even_doer=True),
    Telling("token.created", "owner", "/account/tokens", even_doer=True),
)
