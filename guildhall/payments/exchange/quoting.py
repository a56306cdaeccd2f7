"""Asking for a quote, and accepting it once while it holds."""

from datetime import UTC, datetime, time, timedelta

from django.db import connection, transaction
from django.db.models import Sum
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Refusal, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.kernel.money import LARGEST_MINOR, Money
from guildhall.kernel.rules import rules_in_force
from guildhall.kernel.states import move
from guildhall.ledger.actions import Flow, move_money
from guildhall.ledger.queries import balance_of
from guildhall.ledger.refusals import Overdraft
from guildhall.payments.deposits import going_home_only
from guildhall.payments.exchange.models import ACCEPTED, GIVEN, ExchangeQuote
from guildhall.payments.exchange.rules import QUOTE_HOLDS, Rate, rate_between
from guildhall.payments.queries import doubts_about
from guildhall.people.models import Person


class NotExchanged(Refusal):
    """The hall does not exchange this pair."""

    code = "not_exchanged"


class NotQuotable(Unfit):
    """Nothing can be given for this sum."""

    code = "not_quotable"


class MoreThanPerDay(Refusal):
    """The person would exchange more than the rule allows on a day."""

    code = "more_than_per_day"


class NotCovered(Refusal):
    """The hall has not that much of the other currency."""

    code = "not_covered"


class ShortForExchange(Refusal):
    """The wallet holds less."""

    code = "more_than_available"


class ExchangeStopped(Refusal):
    """Something about the wallet does not fit and is looked at: nothing of it is exchanged meanwhile."""

    code = "exchange_stopped"


class ExchangeGoesHome(Refusal):
    """So much of the wallet was paid in lately, and goes back only where it came from."""

    code = "goes_home_only"


class QuoteUsed(Refusal):
    """The quote was accepted before."""

    code = "quote_used"


class QuoteExpired(Refusal):
    """The quote does not hold any more."""

    code = "quote_expired"


def lock_positions() -> None:
    """Let nobody else change what the hall holds for exchanges until this transaction ends.

    Positions keep no balance that a row could be locked for. Whoever looks at one to decide takes this first,
    before any account.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended('guildhall.payments.exchange', 0))")


@transaction.atomic
def quote_exchange(*, amount: Money, to: str, by: Person, at: datetime) -> ExchangeQuote:
    """Say what the hall gives for a sum, and keep the word for some minutes. Nothing moves.

    Raises:
        NotExchanged: the pair has no rate.
        NotQuotable: no sum, or so little that it is less than the smallest unit of the other currency.
        ExchangeGoesHome: so much of it was paid in lately.
        ExchangeStopped: something about the wallet is being looked at.
        MoreThanPerDay: with what was exchanged on this day (UTC) it would be more than the rule allows.
        ShortForExchange: the wallet holds less.
        NotCovered: the hall has not that much of the other currency now.
    """
    rules = rules_in_force()
    rate = rate_between(rules, amount.currency, to)
    if rate is None:
        raise NotExchanged(
            _("This hall does not exchange %(source)s for %(target)s.")
            % {"source": amount.currency, "target": to},
            field="to",
            rule="exchange_rates",
        )
    if not 0 < amount.minor <= LARGEST_MINOR:
        raise NotQuotable(_("The amount must be more than zero."), field="amount")
    reached = Money(rate.reached_by(amount.minor), to)
    if not 0 < reached.minor <= LARGEST_MINOR:
        raise NotQuotable(
            _("For that sum the hall cannot give any %(currency)s.") % {"currency": to}, field="amount"
        )
    quote = ExchangeQuote(
        id=new_id(),
        person=by,
        amount=amount.minor,
        currency=amount.currency,
        reached=reached.minor,
        target=to,
        per=rate.per,
        gives=rate.gives,
        spread=rate.spread,
        rules_version=rules.version,
        given_at=at,
        expires_at=at + timedelta(minutes=rules[QUOTE_HOLDS]),
        state=GIVEN,
        moved_at=at,
    )
    _refuse_what_cannot_be(quote, rate, at)
    quote.save(force_insert=True)
    record_event("quote.given", subject=quote.pk, by=by.pk, at=at, **_facts(quote))
    return quote


@transaction.atomic
def accept_quote(*, quote: ExchangeQuote, by: Person, at: datetime) -> ExchangeQuote:
    """Exchange by a quote: once, by whom it was given to, while it holds, whatever the rates are by now.

    Raises:
        NotFound: it was given to somebody else.
        QuoteUsed: it was accepted before.
        QuoteExpired: its time is over.
        MoreThanPerDay, ExchangeStopped, ExchangeGoesHome, ShortForExchange, NotCovered: as when it was
            asked for.
    """
    if quote.person_id != by.pk:
        raise NotFound
    Person.objects.select_for_update().get(pk=by.pk)  # a payout of the same money waits, or is waited for
    lock_positions()
    quote = ExchangeQuote.objects.select_for_update().get(pk=quote.pk)
    if quote.is_in(ACCEPTED):
        raise QuoteUsed(_("This quote was accepted before: your money was exchanged once, and not again."))
    if at >= quote.expires_at:
        raise QuoteExpired(
            _("This quote held until %(moment)s. Nothing was exchanged: ask for another.")
            % {"moment": quote.expires_at.strftime("%Y-%m-%d %H:%M UTC")},
            rule="exchange_quote_holds",
        )
    _refuse_what_cannot_be(quote, rate_between(rules_in_force(), quote.currency, quote.target), at)
    wallet = f"wallet:{by.party}"
    flows = [
        Flow(wallet, f"exchange:{quote.currency}", quote.amount, quote.currency),
        Flow(f"exchange:{quote.target}", wallet, quote.reached, quote.target),
    ]
    facts = {"per": quote.per, "gives": quote.gives, "spread": quote.spread}
    try:
        move_money(
            kind="exchange.done", key=f"exchange:{quote.pk}", flows=flows, by=by.pk, at=at, facts=facts
        )
    except Overdraft as overdraft:
        raise _short(overdraft.missing) from overdraft
    move(quote, ACCEPTED, by=by.pk, at=at, **_facts(quote))
    return quote


def _refuse_what_cannot_be(quote: ExchangeQuote, rate: Rate | None, at: datetime) -> None:
    """Refuse what the day, the wallet or the hall's position does not allow now.

    The amount of a day is that of the rule now; a pair that was taken out of the table since then keeps the
    quotes that were given.
    """
    done = _exchanged_on(at, quote)
    if rate and done + quote.amount > rate.most:
        raise MoreThanPerDay(
            _("One person may exchange %(most)s for %(target)s on one day; %(left)s is left of that today.")
            % {
                "most": Money(rate.most, quote.currency),
                "target": quote.target,
                "left": Money(max(0, rate.most - done), quote.currency),
            },
            field="amount",
            rule="exchange_rates",
        )
    if doubts_about(quote.person, quote.currency).exists():  # else it were a way around a stopped payout
        raise ExchangeStopped(
            _("Your money in %(currency)s is being checked: until that is done it cannot be exchanged.")
            % {"currency": quote.currency},
            field="amount",
        )
    held = balance_of(f"wallet:{quote.person.party}", quote.currency)
    if held < quote.money:
        raise _short(quote.money - held)
    _refuse_what_goes_home(quote, held, at)
    if balance_of(f"exchange:{quote.target}", quote.target) < quote.money_reached:
        raise NotCovered(
            _("The hall has not that much %(currency)s for exchanges now. Try a smaller sum, or later.")
            % {"currency": quote.target},
            field="amount",
        )


def _refuse_what_goes_home(quote: ExchangeQuote, held: Money, at: datetime) -> None:
    """Money that no payout would take, because it goes back to its card, does not leave as other money."""
    home = going_home_only(quote.person, quote.currency, at=at)
    if home and held - home < quote.money:
        raise ExchangeGoesHome(
            _(
                "%(home)s of it was paid in and goes back only where it came from: send it back there, or"
                " spend it on work. %(free)s can be exchanged."
            )
            % {"home": home, "free": Money(max(0, held.minor - home.minor), quote.currency)},
            field="amount",
            rule="deposit_goes_home",
        )


def _exchanged_on(at: datetime, quote: ExchangeQuote) -> int:
    """Minor units that the person exchanged of this pair on this day, in UTC."""
    midnight = datetime.combine(at.astimezone(UTC).date(), time.min, UTC)
    done = ExchangeQuote.objects.filter(
        person=quote.person,
        currency=quote.currency,
        target=quote.target,
        state=ACCEPTED,
        moved_at__gte=midnight,
        moved_at__lt=midnight + timedelta(days=1),
    )
    return int(done.aggregate(sum=Sum("amount"))["sum"] or 0)


def _short(missing: Money) -> ShortForExchange:
    return ShortForExchange(
        _("That is %(missing)s more than is available.") % {"missing": missing}, field="amount"
    )


def _facts(quote: ExchangeQuote) -> dict[str, object]:
    return {
        "person": str(quote.person_id),
        "amount": quote.amount,
        "currency": quote.currency,
        "reached": quote.reached,
        "target": quote.target,
    }
