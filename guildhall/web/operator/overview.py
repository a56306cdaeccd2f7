"""What needs a hand, at a glance."""

from dataclasses import dataclass

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from guildhall.edge.request import HallRequest
from guildhall.insights.queries import ThingsThatWait, things_that_wait
from guildhall.notices.queries import letters_in_trouble
from guildhall.people.queries import decisions_waiting_for
from guildhall.web.page import operator_only, page, person_of


@dataclass(frozen=True, slots=True)
class Concern:
    """One kind of thing that may need a hand."""

    title: str
    count: int
    note: str
    url: str


@require_GET
@operator_only
def overview(request: HallRequest) -> HttpResponse:
    """Each kind of trouble with its number; the ones that are not zero first."""
    operator = person_of(request)
    waits = things_that_wait(operator, at=request.at)
    decisions = decisions_waiting_for(operator).count()
    concerns = [*_of_the_hall(waits), *_of_people(waits, decisions), *_of_slow_money(waits), *_of_post(waits)]
    return page(
        request,
        "operator/overview.html",
        {
            "waiting": [each for each in concerns if each.count],
            "quiet": [each for each in concerns if not each.count],
        },
    )


def _of_the_hall(waits: ThingsThatWait) -> list[Concern]:
    """What is wrong with the hall itself."""
    stuck = reverse("operator:stuck")
    return [
        Concern(
            _("Promises that are broken"),
            waits.broken,
            _("Something that must always hold does not. Run `guildhall check`: it names the rows."),
            f"{stuck}#house",
        ),
        Concern(
            _("Background work that fails"),
            waits.failing,
            _("What should happen by itself does not. The log of the server says more."),
            f"{stuck}#house",
        ),
        Concern(
            _("Nobody to rule on cases"),
            waits.lacks_adjudicator,
            _("The hall has no adjudicator: money of a case would stay frozen. Make somebody one."),
            reverse("operator:people"),
        ),
        Concern(
            _("Cases past their day"),
            waits.overdue_cases,
            _("They were to be ruled by now. Ask the adjudicators, or make somebody one."),
            f"{reverse('operator:people')}?role=adjudicator",
        ),
    ]


def _of_people(waits: ThingsThatWait, decisions: int) -> list[Concern]:
    """What waits for somebody to decide or to send."""
    return [
        Concern(
            _("Cases without a ruling"),
            waits.cases,
            _("Money is frozen until an adjudicator rules. If nobody can, make somebody an adjudicator."),
            f"{reverse('operator:people')}?role=adjudicator",
        ),
        Concern(
            _("Differences"),
            waits.differences,
            _("Something in the books or in a report does not fit. Payouts of the accounts wait for you."),
            reverse("operator:differences"),
        ),
        Concern(
            _("Differences past their time"),
            waits.late_differences,
            _("Somebody was told that an operator would have looked at it by now."),
            reverse("operator:differences"),
        ),
        Concern(
            _("Payouts that wait"),
            waits.payouts,
            _("People have asked for their money. Open a batch and send it to the bank."),
            reverse("operator:payouts"),
        ),
        Concern(
            _("Decisions for two"),
            decisions,
            _("An operator has asked for something that a second one has to confirm."),
            reverse("operator:decisions"),
        ),
        Concern(
            _("Payments that match nothing"),
            waits.suspense,
            _("A processor spoke of money that no deposit explains. It is put aside and credited to nobody."),
            reverse("operator:payouts"),
        ),
    ]


def _of_slow_money(waits: ThingsThatWait) -> list[Concern]:
    """Money that waits for longer than it should."""
    stuck = reverse("operator:stuck")
    return [
        Concern(
            _("Payouts without a word of the bank"),
            waits.slow_payouts,
            _("They were sent a week ago or more. Ask the bank what has become of them."),
            f"{stuck}#money",
        ),
        Concern(
            _("Batches that were not sent"),
            waits.unsent_batches,
            _("They were opened a day ago or more. People wait for their money."),
            f"{stuck}#money",
        ),
        Concern(
            _("Deposits that nobody finished"),
            waits.old_deposits,
            _("The processor has said nothing for a day."),
            f"{stuck}#money",
        ),
        Concern(
            _("Words of the practice bank that do not arrive"),
            waits.practice_notices,
            _("The hall cannot reach itself at its own address. Check GUILDHALL_BASE_URL."),
            f"{stuck}#money",
        ),
    ]


def _of_post(waits: ThingsThatWait) -> list[Concern]:
    """What could not be taken in or sent out."""
    return [
        Concern(
            _("Events that are stuck"),
            waits.events,
            _("Something happened, and a part of the hall could not take it in. It is tried again."),
            reverse("operator:stuck"),
        ),
        Concern(
            _("Events that nobody has looked at"),
            waits.overdue,
            _("They have waited for more than a minute. Is the worker running?"),
            reverse("operator:stuck"),
        ),
        Concern(
            _("Letters that do not go out"),
            letters_in_trouble().count(),
            _("The post refused them. What they say stands in the hall all the same."),
            f"{reverse('operator:stuck')}#letters",
        ),
    ]
