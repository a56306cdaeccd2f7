"""Asking for one's money."""

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.events import PAYOUT_REQUESTED
from guildhall.payments.models import Payout
from guildhall.payments.paying_out.holding import Allowance, Payable, allowance_of, payable_by
from guildhall.payments.queries import doubts_about, lock_of, payout_account_of
from guildhall.payments.states import REQUESTED
from guildhall.people.models import Person


class NoPayoutAccount(Refusal):
    """Nowhere to pay to."""

    code = "no_payout_account"


class AccountRests(Refusal):
    """The account was set not long ago."""

    code = "payout_account_rests"


class PayoutStopped(Refusal):
    """Something about the account does not fit, and an operator has to look at it first."""

    code = "payout_stopped"

    def __init__(self, until: datetime, at: datetime) -> None:
        super().__init__(why_payouts_are_stopped(until, at))


class PayoutsLocked(Refusal):
    """Somebody has said by a letter's link that a payout account is not theirs."""

    code = "payouts_locked"

    def __init__(self) -> None:
        super().__init__(why_payouts_are_locked())


class MoneyRests(Refusal):
    """Clients who are new here have paid it."""

    code = "money_rests"

    def __init__(self, payable: Payable) -> None:
        super().__init__(why_money_rests(payable), field="amount", rule="new_payer_days")


class NewAccountLimit(Refusal):
    """An account that is new here has asked for as much as it may in a day."""

    code = "new_account_limit"


class GoesHomeOnly(Refusal):
    """It was paid in not long ago."""

    code = "goes_home_only"


class MoreThanAvailable(Refusal):
    """The wallet holds less."""

    code = "more_than_available"


@transaction.atomic
def request_payout(*, by: Person, amount: Money, at: datetime) -> Payout:
    """Take money out of the wallet and put it on its way to the bank.

    Raises:
        NoPayoutAccount: say first where to.
        PayoutsLocked: by a letter's link somebody has said that an account is not theirs; sign in anew.
        PayoutStopped: something about the wallet does not fit; the sentence says by when it is looked at.
        AccountRests: the account was set not long ago and rests until an instant that the sentence names.
        MoneyRests: so much of it was paid by clients who are new here.
        NewAccountLimit: an account so new has asked for as much as it may in a day.
        GoesHomeOnly: so much of it was paid in lately, and goes back only where it came from.
        MoreThanAvailable: the wallet holds less.
        NotDepositable: not an amount.
    """
    return ask_for_payout(by, amount, by=by.pk, at=at)


def ask_for_payout(person: Person, amount: Money, *, by: UUID | None, at: datetime) -> Payout:
    """Ask for a payout of somebody's, who may be the hall by their plan; raises as `request_payout`."""
    sum_to_move(amount)
    # Payouts of one person come one after the other: each is weighed against those before it.
    person = Person.objects.select_for_update().get(pk=person.pk)
    account = payout_account_of(person, amount.currency)
    if account is None:
        raise NoPayoutAccount(_("Say first which bank account your money should go to."))
    if lock_of(person):
        raise PayoutsLocked
    if account.rests_until and at < account.rests_until:
        raise AccountRests(
            _("Your bank account is new here: nothing is paid to it before %(moment)s, to protect you.")
            % {"moment": account.rests_until.strftime("%Y-%m-%d %H:%M UTC")},
            rule="payout_account_rest",
        )
    doubt = doubts_about(person, amount.currency).first()
    if doubt:
        raise PayoutStopped(doubt.answer_by, at)
    _refuse_what_rests(payable_by(person, amount.currency, at=at), amount)
    _refuse_beyond(allowance_of(person, amount.currency, at=at), amount)
    payout = Payout(
        id=new_id(),
        person=person,
        account=account,
        amount=amount.minor,
        currency=amount.currency,
        requested_at=at,
        state=REQUESTED,
        moved_at=at,
    )
    try:
        move_money(
            kind="payout.sent",
            key=f"payout:{payout.pk}",
            flows=[Flow(f"wallet:{person.party}", payout.transit, payout.amount, payout.currency)],
            by=by,
            at=at,
        )
    except Overdraft as overdraft:
        raise MoreThanAvailable(
            _("That is %(missing)s more than is available.") % {"missing": overdraft.missing}, field="amount"
        ) from overdraft
    payout.save(force_insert=True)
    record_event(PAYOUT_REQUESTED, subject=payout.pk, by=by, at=at, **facts_of_payout(payout))
    return payout


def _refuse_what_rests(payable: Payable, amount: Money) -> None:
    """Who pays in with a card that is not theirs must not be able to have it paid to an account that is."""
    if payable.home and payable.wallet - payable.home < amount <= payable.wallet:
        raise GoesHomeOnly(
            _(
                "%(home)s of it was paid in and goes back only where it came from: send it back there, or"
                " spend it on work. %(free)s can be paid to your bank account."
            )
            % {"home": payable.home, "free": payable.now},
            field="amount",
            rule="deposit_goes_home",
        )
    if payable.held_until and payable.now < amount <= payable.wallet:
        raise MoneyRests(payable)


def _refuse_beyond(allowance: Allowance, amount: Money) -> None:
    if allowance.none_before:
        raise NewAccountLimit(
            _(
                "Your account is new here and has asked for many payouts today. The next can be asked for at"
                " %(moment)s."
            )
            % {"moment": allowance.none_before.strftime("%Y-%m-%d %H:%M UTC")},
            rule="new_account_payouts",
        )
    if allowance.most is not None and amount > allowance.most:
        raise NewAccountLimit(
            _("Your account is new here: within 24 hours %(most)s more can be paid out. The rest is yours.")
            % {"most": allowance.most},
            field="amount",
            rule="new_account_sums",
        )


def why_payouts_are_stopped(until: datetime, at: datetime) -> str:
    """What is stopped and what is not, and when it goes on, for whoever wants their money."""
    moment = until.strftime("%Y-%m-%d %H:%M UTC")
    if at < until:
        return _(
            "Something in the books about your account does not fit, so nothing is paid out of it until an"
            " operator has looked at it, by %(moment)s. Your money stays where it is, and nothing else is"
            " stopped: you can work, be paid and spend it here."
        ) % {"moment": moment}
    return _(
        "Something in the books about your account does not fit, so nothing is paid out of it. An operator"
        " was to look at it by %(moment)s and is late, which every operator sees. Nothing else is stopped:"
        " you can work, be paid and spend your money here."
    ) % {"moment": moment}


def why_payouts_are_locked() -> str:
    """What is stopped since a letter's link was used, and what would do."""
    return _(
        "By the link in a letter somebody has said that a payout account was not yours, so nothing is paid"
        " out until you have signed in anew. Sign out, come in again, and look at your account."
    )


def why_money_rests(payable: Payable) -> str:
    """What of a wallet cannot be paid out yet, why, and from when."""
    assert payable.held_until is not None, "something rests"
    return _(
        "%(held)s of it was paid by a client whose first deposit here is not old. You can spend it here, and"
        " have it paid out from %(moment)s on; %(now)s can be paid out now."
    ) % {
        "held": payable.held,
        "moment": payable.held_until.strftime("%Y-%m-%d %H:%M UTC"),
        "now": payable.now,
    }


def facts_of_payout(payout: Payout) -> dict[str, object]:
    """What every event of a payout says about it."""
    return {"person": str(payout.person_id), "amount": payout.amount, "currency": payout.currency}
