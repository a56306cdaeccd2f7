"""What is taken of a payment, by the house rules: fees with their steps, and levies."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.escrow.rules import Deduction
from guildhall.kernel.errors import Unfit
from guildhall.kernel.money import LARGEST_MINOR
from guildhall.kernel.rules import Column, HouseRules, Row, house_rule, house_table

_MOST_FEE: Final = 5_000

WORKER_FEE = house_rule(
    "worker_fee",
    unit="basis points",
    default=500,
    low=0,
    high=_MOST_FEE,
    meaning=gettext_lazy("What the hall keeps of the worker's earnings."),
)
CLIENT_FEE = house_rule(
    "client_fee",
    unit="basis points",
    default=0,
    low=0,
    high=_MOST_FEE,
    meaning=gettext_lazy("What the client pays to the hall on top of the price."),
)
CLEARING_DAYS = house_rule(
    "clearing_days",
    unit="days",
    default=3,
    low=0,
    high=30,
    meaning=gettext_lazy("How long earnings wait before the worker can spend or withdraw them."),
)

_CURRENCY: Final = Column("currency", "currency", gettext_lazy("Currency"))
_ANY_CURRENCY: Final = Column(
    "currency", "currency", gettext_lazy("Currency, empty for any"), may_be_empty=True
)

FEES_BY_KIND = house_table(
    "fees_by_kind",
    columns=[
        Column("kind", "word", gettext_lazy("Kind of contract, empty for any"), may_be_empty=True),
        _ANY_CURRENCY,
        Column("worker", "basis points", gettext_lazy("Kept of the worker’s earnings"), high=_MOST_FEE),
        Column("client", "basis points", gettext_lazy("Paid by the client on top"), high=_MOST_FEE),
    ],
    unique=["kind", "currency"],
    meaning=gettext_lazy(
        "Fees that hold instead of the usual ones: for a kind of contract (job, or programme: and its "
        "name), for a currency, or for both. A row for the kind goes before one for the currency."
    ),
)


def _refuse_unsorted(rows: Sequence[Row]) -> None:
    """Steps are read in the order they are written in: per currency they rise."""
    last: dict[str, int] = {}
    for place, row in enumerate(rows):
        if row["over"] <= last.get(row["currency"], 0):
            raise Unfit(
                _("The steps of a currency rise from row to row."),
                field=f"over-{place}",
                rule="worker_fee_steps",
            )
        last[row["currency"]] = row["over"]


WORKER_FEE_STEPS = house_table(
    "worker_fee_steps",
    columns=[
        _CURRENCY,
        Column("over", "minor", gettext_lazy("Over"), low=1, high=LARGEST_MINOR),
        Column("share", "basis points", gettext_lazy("Kept of what lies over it"), high=_MOST_FEE),
    ],
    unique=["currency", "over"],
    meaning=gettext_lazy(
        "Where the worker’s fee changes as a worker and a client do more together: of what they settled "
        "with each other over so much, this is kept. Below the first step the usual fee is kept."
    ),
    fit=_refuse_unsorted,
)

_LEVIED: Final = (
    re.compile("tax:[a-z0-9-]{1,30}:[a-z0-9-]{1,30}", re.ASCII),
    re.compile("benefit:[a-z0-9-]{1,30}", re.ASCII),
)
_MOST_LEVIED: Final = 10_000 - _MOST_FEE
_TAKEN_NAMES: Final = frozenset(("net", "fee", "client_fee", "returned"))  # of other lines of a release


def _refuse_wrong_levies(rows: Sequence[Row]) -> None:
    """Levies go to authorities and funds, and leave room for the fee."""
    for place, row in enumerate(rows):
        if not any(shape.fullmatch(row["account"]) for shape in _LEVIED):
            raise Unfit(
                _("A levy goes to tax:authority:kind or to benefit:fund, each in small letters and digits."),
                field=f"account-{place}",
                rule="levies",
            )
        if row["name"].casefold() in _TAKEN_NAMES:
            raise Unfit(
                _("Statements use that name for something else."), field=f"name-{place}", rule="levies"
            )
        if row["country"] and any(row["name"] == one["name"] and not one["country"] for one in rows):
            raise Unfit(
                _("A levy of this name is taken in all countries already."),
                field=f"name-{place}",
                rule="levies",
            )
    for country in {row["country"] for row in rows}:
        total = sum(row["share"] for row in rows if row["country"] in {"", country})
        if total > _MOST_LEVIED:
            raise Unfit(
                _("All levies on one payment may together take at most half of it."),
                field="rows",
                rule="levies",
            )


LEVIES = house_table(
    "levies",
    columns=[
        Column("name", "name", gettext_lazy("Name")),
        Column("account", "word", gettext_lazy("Goes to")),
        Column("country", "country", gettext_lazy("For workers in, empty for all"), may_be_empty=True),
        Column("share", "basis points", gettext_lazy("Share of the earnings"), low=1, high=_MOST_LEVIED),
    ],
    unique=["name", "country"],
    meaning=gettext_lazy(
        "What is taken of a worker’s earnings for an authority (tax withheld) or a fund (contributions), "
        "by name, and told before anything is agreed."
    ),
    fit=_refuse_wrong_levies,
)


@dataclass(frozen=True, slots=True)
class Levy:
    """A named share of earnings that goes to an authority or a fund.

    Args:
        name: what statements call it.
        account: ``tax:<authority>:<kind>`` or ``benefit:<fund>``.
        basis_points: of the gross.
    """

    name: str
    account: str
    basis_points: int


@dataclass(frozen=True, slots=True)
class Fees:
    """What is taken of a payment under the house rules, ready to be frozen into terms.

    Args:
        worker_bp, client_bp: the two fees in basis points.
        steps: where the worker's fee changes: ``(over, basis points)``, rising.
        levies: what goes to authorities and funds.
    """

    worker_bp: int
    client_bp: int
    steps: tuple[tuple[int, int], ...]
    levies: tuple[Levy, ...]


def fees_for(rules: HouseRules, *, kind: str, currency: str, country: str) -> Fees:
    """What is taken of payments of one kind of contract in one currency to a worker in one country.

    A row of `fees_by_kind` says both fees, and its contracts know no steps: those are of the usual fee.

    Args:
        rules: as they stand.
        kind: ``job``, ``programme:<name>`` …
        currency: of the contract.
        country: the worker's, ISO 3166; empty when unknown.
    """
    rows = {(row["kind"], row["currency"]): row for row in rules.rows_of(FEES_BY_KIND)}
    named = next(
        (rows[key] for key in ((kind, currency), (kind, ""), ("", currency), ("", "")) if key in rows), None
    )
    steps = tuple(
        (row["over"], row["share"]) for row in rules.rows_of(WORKER_FEE_STEPS) if row["currency"] == currency
    )
    return Fees(
        worker_bp=named["worker"] if named else rules[WORKER_FEE],
        client_bp=named["client"] if named else rules[CLIENT_FEE],
        steps=() if named else steps,
        levies=tuple(
            Levy(row["name"], row["account"], row["share"])
            for row in rules.rows_of(LEVIES)
            if row["country"] in {"", country}
        ),
    )


def deductions_under(fees: Fees, *, before: int) -> list[Deduction]:
    """What each release of a hold owes to others than the worker: the hall's fee first, then the levies.

    Args:
        fees: as agreed.
        before: minor units that count as settled before this hold, for the steps of the fee.
    """
    fee = Deduction("fees:work", fees.worker_bp, "fee", fees.steps, before if fees.steps else 0)
    return [fee, *(Deduction(levy.account, levy.basis_points, levy.name) for levy in fees.levies)]
