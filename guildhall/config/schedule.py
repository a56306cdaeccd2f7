"""What the worker does because time has come: the name of each piece of work, how often, and the function."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from guildhall.config.check_turns import check_and_remember
from guildhall.config.tidying import tidy
from guildhall.contracts import background as contracts
from guildhall.disputes import background as disputes
from guildhall.escrow import background as escrow
from guildhall.files import background as files
from guildhall.insights import background as insights
from guildhall.invoicing import background as invoicing
from guildhall.jobs import background as jobs
from guildhall.ledger import background as ledger
from guildhall.notices import background as notices
from guildhall.payments import background as payments
from guildhall.reputation import background as reputation
from guildhall.search import background as search


@dataclass(frozen=True, slots=True)
class Work:
    """A piece of background work.

    Args:
        name: the package and what it does.
        every: how long after its last beginning it begins again.
        do: a function of a package's `background.py`: takes the database's time, returns how much it did.
        prompt: whether it also runs as soon as events were delivered. Such work sees to it by itself that two
            workers do not do the same thing; of any other, one worker at a time has the turn.
    """

    name: str
    every: timedelta
    do: Callable[..., int]
    prompt: bool = False


def _seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


SCHEDULE = (
    Work("search.freshen", _seconds(1), search.freshen, prompt=True),
    Work("notices.send_letters", _seconds(2), notices.send_letters, prompt=True),
    Work("payments.deliver_practice_notices", _seconds(1), payments.deliver_practice_notices, prompt=True),
    Work("payments.ask_processors", _seconds(1), payments.ask_processors, prompt=True),
    Work("payments.ask_what_became", _seconds(30), payments.ask_what_became),
    Work("payments.pay_processors_fees", _seconds(300), payments.pay_processors_fees),
    Work("payments.cancel_old_deposits", _seconds(300), payments.cancel_old_deposits),
    Work("payments.pay_by_plan", _seconds(60), payments.pay_by_plan),
    Work("payments.watch_flows", _seconds(3600), payments.watch_flows),
    Work("payments.compare_processors", _seconds(300), payments.compare_processors),
    Work("payments.compare_rails", _seconds(600), payments.compare_rails),
    Work("contracts.release_silent", _seconds(15), contracts.release_silent),
    Work("contracts.warn_silent", _seconds(60), contracts.warn_silent),
    Work("escrow.mature_due", _seconds(15), escrow.mature_due),
    Work("escrow.warn_of_goals", _seconds(600), escrow.warn_of_goals),
    Work("invoicing.catch_up", _seconds(30), invoicing.catch_up),
    Work("disputes.take_up_refunds", _seconds(60), disputes.take_up_refunds),
    Work("disputes.cry_out", _seconds(60), disputes.cry_out),
    Work("reputation.reveal_due", _seconds(60), reputation.reveal_due),
    Work("jobs.expire_due", _seconds(60), jobs.expire_due),
    Work("ledger.seal_settled", _seconds(60), ledger.seal_settled),
    Work("ledger.snapshot_derived", _seconds(300), ledger.snapshot_derived),
    Work("ledger.close_finished_months", _seconds(3600), ledger.close_finished_months),
    Work("insights.count_figures", _seconds(600), insights.count_figures),
    Work("config.check", _seconds(600), check_and_remember),
    Work("config.tidy", _seconds(3600), tidy),
    Work("files.sweep", _seconds(3600), files.sweep),
)
