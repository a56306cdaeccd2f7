"""The sentences, by kind: ``event:role``.

``:hall`` follows where time and not a person made it so, ``:ruled`` where it was neither of the two sides,
``:taken_back`` where money came and went again, ``:unasked`` where it was given of one's own accord,
``:frozen`` where nothing of it may move, ``:asks`` where nothing is stopped. Of a payout that did not go
the last word is why.
"""

from collections.abc import Mapping
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

WORDS: Final[dict[str, Promise]] = {
    # Jobs and proposals
    "proposal.sent:client": _("%(who)s sent you a proposal for “%(title)s”."),
    "proposal.edited:client": _("%(who)s changed their proposal for “%(title)s”."),
    "proposal.withdrawn:client": _("%(who)s withdrew their proposal for “%(title)s”."),
    "proposal.declined:worker": _("%(who)s declined your proposal for “%(title)s” and says why."),
    "proposal.declined:worker:hall": _("“%(title)s” has ended without your proposal. The page says why."),
    "proposal.accepted:worker": _("%(who)s accepted your proposal for “%(title)s”. Your contract is open."),
    "job.edited:proposers": _(
        "%(who)s changed what “%(title)s” asks for. Confirm your proposal, or change it."
    ),
    "job.expired:client:hall": _("The day of “%(title)s” has passed, so it takes no more proposals."),
    # Contracts and their money
    "contract.ending:other": _("%(who)s has ended “%(title)s”. What was delivered is still to be settled."),
    "contract.ended:other": _("“%(title)s” has come to its end. You can say how it was."),
    "milestone.funded:worker": _("%(who)s set aside %(sum)s for “%(milestone_title)s”. You can begin."),
    "milestone.delivered:client": _(
        "%(who)s delivered “%(milestone_title)s”. Answer by %(until)s: after that, %(sum)s goes to them."
    ),
    "milestone.delivered:client:frozen": _(
        "%(who)s delivered “%(milestone_title)s”. What is left of its money is frozen, so silence pays"
        " nothing."
    ),
    "milestone.release_near:client": _(
        "“%(milestone_title)s” waits for your answer: on %(until)s %(sum)s goes to %(worker_name)s."
    ),
    "milestone.changes_asked:worker": _("%(who)s asks for changes to “%(milestone_title)s”."),
    "milestone.released:worker": _(
        "%(who)s accepted “%(milestone_title)s”: %(net)s is yours once it has cleared."
    ),
    "milestone.released:worker:hall": _(
        "“%(milestone_title)s” was not answered in time, so %(net)s is yours once it has cleared."
    ),
    "milestone.released:worker:ruled": _(
        "After the ruling %(net)s of “%(milestone_title)s” is yours once it has cleared."
    ),
    "milestone.released:client:ruled": _(
        "After the ruling %(released)s of “%(milestone_title)s” went to %(worker_name)s."
    ),
    "milestone.released:client": _("%(sum)s for “%(milestone_title)s” went to %(worker_name)s."),
    "milestone.released:client:hall": _(
        "“%(milestone_title)s” was not answered in time, so %(sum)s went to %(worker_name)s."
    ),
    "milestone.part_released:other": _("%(released)s of “%(milestone_title)s” was released."),
    "milestone.returned:other": _("%(returned)s for “%(milestone_title)s” went back to %(client_name)s."),
    "milestone.part_returned:other": _("%(returned)s of “%(milestone_title)s” went back to %(client_name)s."),
    "milestone.settled:other": _(
        "“%(milestone_title)s” is settled: %(released)s to %(worker_name)s, %(returned)s to %(client_name)s."
    ),
    "refund.asked:worker": _("%(who)s asks for %(sum)s of “%(milestone_title)s” back. Answer yes or no."),
    "refund.agreed:client": _("%(who)s agreed: %(sum)s of “%(milestone_title)s” comes back to you."),
    "refund.agreed:client:unasked": _("%(who)s gives %(sum)s of “%(milestone_title)s” back and says why."),
    "refund.declined:client": _("%(who)s did not agree to give %(sum)s of “%(milestone_title)s” back."),
    "refund.withdrawn:worker": _("%(who)s no longer asks for money of “%(milestone_title)s” back."),
    "refund.disputed:other:hall": _(
        "The request for money of “%(milestone_title)s” was not answered in time, so it became a case."
    ),
    # Words
    "message.said:to": _("%(who)s wrote to you."),
    # Disagreement
    "case.opened:other": _(
        "%(who)s opened a case about %(contested)s of “%(milestone_title)s”. That sum is frozen."
    ),
    "case.opened:adjudicators": _("A case about %(contested)s waits for a ruling."),
    "case.widened:other": _(
        "%(who)s contests %(more)s more of “%(milestone_title)s”: %(contested)s is frozen by the case now,"
        " and what was offered before stands no longer."
    ),
    "case.widened:adjudicator": _(
        "More is contested in a case that you have: it is about %(contested)s now."
    ),
    "case.taken:both": _("An adjudicator has taken up the case about “%(milestone_title)s”."),
    "case.overdue:both": _(
        "The case about “%(milestone_title)s” was not ruled in time. Any adjudicator may take it on now."
    ),
    "case.overdue:adjudicators": _("A case about %(contested)s is overdue: whoever is free may take it on."),
    "case.overdue:operators": _("A case about %(contested)s was not ruled in time."),
    "case.stranded:operators": _(
        "Nobody can rule a case about %(contested)s. Make somebody an adjudicator who is no side of it."
    ),
    "case.left:both": _(
        "The adjudicator of the case about “%(milestone_title)s” has left it: another will take it up."
    ),
    "case.left:adjudicators": _("A case about %(contested)s has lost its adjudicator and waits for another."),
    "case.agreed:other": _("You have agreed on “%(milestone_title)s”: the case is closed."),
    "case.ruled:both": _("The case about “%(milestone_title)s” is decided. The ruling gives its reasons."),
    "case.withdrawn:other": _("%(who)s withdrew the case about “%(milestone_title)s”."),
    "offer.made:other": _(
        "%(who)s offers to settle “%(milestone_title)s”: %(to_worker)s to %(worker_name)s."
    ),
    # Reviews
    "feedback.left:other": _(
        "%(who)s has said how “%(title)s” was. You read it once you have too, or later."
    ),
    "feedback.revealed:about": _("You can read what %(author_name)s says about “%(title)s”."),
    # Papers
    "invoices.issued:client": _("The invoice %(number)s over %(sum)s for “%(title)s” is there."),
    "invoices.issued:worker": _(
        "The hall made out the invoice %(number)s over %(sum)s for “%(title)s” in your name."
    ),
    "credit_note.issued:to": _("The credit note %(number)s takes back %(sum)s of the invoice %(corrected)s."),
    "certificate.issued:owner": _(
        "A certificate of your income was made out. If it was not you, withdraw it and change your password."
    ),
    "signing_key.begun:operators": _(
        "%(who)s has begun a new key: certificates are signed with it from now on."
    ),
    "signing_key.begun:operators:hall": _("A new key was made: certificates are signed with it from now on."),
    # Money in and out
    "deposit.transfer_asked:owner": _(
        "To pay in %(sum)s, transfer exactly this to %(holder)s, account %(number)s, and write %(code)s as"
        " the purpose."
    ),
    "deposit.settled:owner": _("%(sum)s has arrived on your account."),
    "deposit.failed:owner": _("Your deposit of %(sum)s did not go through. Nothing was taken."),
    "deposit.failed:owner:taken_back": _("The bank has taken your deposit of %(sum)s back."),
    "deposit.cancelled:owner": _("You did not finish paying in %(sum)s in time, so nothing was taken."),
    "deposit.pending_unknown:owner": _(
        "It is not known yet whether your deposit of %(sum)s was paid. Do not pay again: the hall asks."
    ),
    "deposit.pending_unknown:operators": _(
        "Nobody knows whether a deposit of %(sum)s was paid. The hall goes on asking."
    ),
    "deposit_refund.pending_unknown:owner": _(
        "It is not known yet whether %(sum)s was sent back to you. The hall asks, and sends nothing twice."
    ),
    "deposit_refund.pending_unknown:operators": _(
        "Nobody knows whether %(sum)s was sent back to its payer. The hall goes on asking."
    ),
    "deposit_refund.requested:owner": _(
        "%(sum)s is to go back to where you paid it from. If it was not you, write to the operator at once."
    ),
    "deposit_refund.settled:owner": _("%(sum)s was sent back to where you paid it from."),
    "deposit_refund.returned:owner": _(
        "%(sum)s could not be sent back to where you paid it from. It is on your account again."
    ),
    "chargeback.taken:owner": _(
        "The bank you paid with has taken %(sum)s back. If it was not you who asked for that, write to it."
    ),
    "chargeback.taken:operators": _("A bank has taken back a deposit of %(sum)s."),
    "chargeback.given_back:owner": _("The bank that had taken %(sum)s back has given it to the hall again."),
    "chargeback.given_back:operators": _("A bank has given back %(sum)s of a deposit that it had taken."),
    "chargeback.recovered:owner": _(
        "%(sum)s of your money has made good what the hall bore when your bank took a deposit back."
    ),
    "method.kept:owner": _("A card of yours that ends with %(ends_with)s is kept for the next time."),
    "method.removed:owner": _("Your card that ends with %(ends_with)s is kept no longer."),
    "deposit.unmatched:operators": _("A payment of %(sum)s matches no deposit. It is put aside."),
    "deposit.matched:owner": _("%(sum)s that had arrived without a name is yours: it is on your account."),
    "quote.accepted:owner": _(
        "%(sum)s was exchanged: %(reached)s is in your wallet. If it was not you, write to the"
        " operator at once."
    ),
    "savings_goal.reached:owner": _("You have saved all of %(sum)s for “%(goal_name)s”."),
    "savings_goal.day_near:owner": _(
        "The day that you are saving for “%(goal_name)s” until is near: %(sum)s is still missing."
    ),
    "savings_goal.taken_from:owner": _(
        "%(sum)s was taken out of “%(goal_name)s”: it is in your wallet. If it was not you, write to the"
        " operator at once."
    ),
    "release.matured:earner": _("%(sum)s has cleared: it is yours to use or to be paid out."),
    "payout.requested:owner": _(
        "%(sum)s is to be paid to your bank. If it was not you who asked, write to the operator at once."
    ),
    "payout.requested:owner:hall": _(
        "%(sum)s is to be paid to your bank, as you have planned. If it was not you who planned it, write to"
        " the operator at once."
    ),
    "payout_turn.skipped:owner:least": _(
        "Your planned payout did not go this time: %(sum)s is less than the least that you chose. It waits"
        " for the next day."
    ),
    "payout_turn.skipped:owner:no_account": _(
        "Your planned payout did not go this time: you have not said where it should go. %(sum)s waits."
    ),
    "payout_turn.skipped:owner:rests": _(
        "Your planned payout did not go this time: your account is new here and rests. %(sum)s waits for the"
        " next day."
    ),
    "payout_turn.skipped:owner:locked": _(
        "Your planned payout did not go this time: payouts are locked until you sign in anew. %(sum)s waits."
    ),
    "payout_turn.skipped:owner:doubt": _(
        "Your planned payout did not go this time: something in the books about your account does not fit,"
        " and an operator looks at it. %(sum)s waits."
    ),
    "payout_turn.skipped:owner:held": _(
        "Your planned payout did not go this time: a client whose first deposit here is not old has paid it."
        " %(sum)s waits for the next day."
    ),
    "payout_turn.skipped:owner:limit": _(
        "Your planned payout did not go this time: your account is new here and has asked for as much as it"
        " may in a day. %(sum)s waits for the next day."
    ),
    "payout_plan.set:owner": _(
        "From now on you are paid without asking, from %(sum)s on. If it was not you who planned it, write to"
        " the operator at once."
    ),
    "payout.requested:operators": _("%(who)s asks to be paid out %(sum)s."),
    "payout.sent:owner": _("%(sum)s is on its way to your bank."),
    "payout.settled:owner": _("%(sum)s has arrived at your bank."),
    "payout.returned:owner": _("The bank sent your payout of %(sum)s back. It is on your account again."),
    "payout.returned:owner:taken_back": _(
        "Your payout of %(sum)s was stopped before it left. It is on your account again."
    ),
    "payout_account.set:owner": _(
        "Where you are paid out was set anew: nothing is paid there before %(until)s. If it was not you, stop"
        " it by this link. You need no password for it."
    ),
    "payout_account.stopped:owner": _(
        "The payout account that was set last is ended, and nothing is paid out until you have signed in"
        " anew. Choose a new password if you have one, and look at your address."
    ),
    "payout_account.stopped:operators": _(
        "Somebody has stopped a payout account by the link in a letter: it was not theirs. Look after them."
    ),
    "credit.given:owner": _("The hall has given you %(sum)s: %(reason)s"),
    "correction.made:owner": _("The hall has taken back %(sum)s that was given in error: %(reason)s"),
    "difference.opened:owner": _(
        "Something in the books about your account does not fit: nothing is paid out of it until an operator"
        " has looked at it, by %(until)s. Nothing else is stopped."
    ),
    "difference.closed:owner": _(
        "An operator has looked at what did not fit about your account: you can be paid out of it again."
    ),
    # Among operators
    "difference.opened:operators": _(
        "Something does not fit: %(what)s, %(row)s. Look at it by %(until)s: payouts of its account wait."
    ),
    "difference.opened:operators:asks": _(
        "Something should be looked at by %(until)s: %(what)s, %(row)s. Nothing is stopped by it."
    ),
    "invariant.broken:operators": _(
        "Something that must always hold in this hall does not: %(broken)s. Look at it at once."
    ),
    "bank_file.booked:operators": _("A file from the bank is booked. See what became of each line."),
    "decision.asked:operators": _("%(who)s asks for something that a second operator has to confirm."),
    "decision.confirmed:owner": _("%(who)s has confirmed what you asked for: it is done."),
    "decision.dropped:owner": _("%(who)s does not confirm what you asked for: nothing was done."),
    # One's own account
    "statement.opened:subject": _(
        "%(who)s, who runs this hall, looks at the statement of your money, and says why: %(why)s"
    ),
    "person.roles_set:subject": _("An operator has changed your role in this hall."),
    "person.password_changed:subject": _(
        "Your password was changed. If it was not you, choose a new one at once."
    ),
    "person.email_changed:subject": _("Your address was changed. If it was not you, write to the operator."),
    "token.created:owner": _("A token was made with which a program can act for you."),
}


class _Facts(dict[str, str]):
    """A fact that an old notice lacks leaves a gap in its sentence, not a page that breaks."""

    def __missing__(self, key: str) -> str:
        return "…"


def say(kind: str, facts: Mapping[str, str]) -> str:
    """The sentence of a notice in the language in force."""
    return str(WORDS[kind]) % _Facts(facts)
