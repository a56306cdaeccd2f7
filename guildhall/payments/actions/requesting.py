"""Asking for one's money."""

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import Money
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.actions.depositing import sum_to_move
from guildhall.payments.deposits import going_home_only
from guildhall.payments.events import PAYOUT_REQUESTED
from guildhall.payments.models import Payout, PayoutAccount
from guildhall.payments.queries import doubts_about
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
        PayoutStopped: something about the wallet does not fit; the sentence says by when it is looked at.
        AccountRests: the account was set not long ago and rests until an instant that the sentence names.
        GoesHomeOnly: so much of it was paid in lately, and goes back only where it came from.
        MoreThanAvailable: the wallet holds less.
        NotDepositable: not an amount.
    """
    sum_to_move(amount)
    Person.objects.select_for_update().get(pk=by.pk)
    account = PayoutAccount.objects.filter(person=by, ended_at=None).first()
    if account is None:
        raise NoPayoutAccount(_("Say first which bank account your money should go to."))
    if account.rests_until and at < account.rests_until:
        raise AccountRests(
            _("Your bank account is new here: nothing is paid to it before %(moment)s, to protect you.")
            % {"moment": account.rests_until.strftime("%Y-%m-%d %H:%M UTC")},
            rule="payout_account_rest",
        )
    doubt = doubts_about(by, amount.currency).first()
    if doubt:
        raise PayoutStopped(doubt.answer_by, at)
    _refuse_what_goes_home(by, amount, at)
    payout = Payout(
        id=new_id(),
        person=by,
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
            flows=[Flow(f"wallet:{by.party}", payout.transit, payout.amount, payout.currency)],
            by=by.pk,
            at=at,
        )
    except Overdraft as overdraft:
        raise MoreThanAvailable(
            _("That is %(missing)s more than is available.") % {"missing": overdraft.missing}, field="amount"
        ) from overdraft
    payout.save(force_insert=True)
    record_event(PAYOUT_REQUESTED, subject=payout.pk, by=by.pk, at=at, **facts_of_payout(payout))
    return payout


def _refuse_what_goes_home(by: Person, amount: Money, at: datetime) -> None:
    """Who pays in with a card that is not theirs must not be able to have it paid to an account that is."""
    held = balance_of(f"wallet:{by.party}", amount.currency)
    home = going_home_only(by, amount.currency, at=at)
    if home and held - home < amount <= held:
        free = Money(max(0, held.minor - home.minor), amount.currency)
        raise GoesHomeOnly(
            _(
                "%(home)s of it was paid in and goes back only where it came from: send it back there, or"
                " spend it on work. %(free)s can be paid to your bank account."
            )
            % {"home": home, "free": free},
            field="amount",
            rule="deposit_goes_home",
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


def facts_of_payout(payout: Payout) -> dict[str, object]:
    """What every event of a payout says about it."""
    return {"person": str(payout.person_id), "amount": payout.amount, "currency": payout.currency}
