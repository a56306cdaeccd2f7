"""What the columns of a bank's table mean, and how a company's sheet is written, as operators say.

A change ends one version and begins another: what was sent or read can be understood later.
"""

from dataclasses import asdict
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.events import record_event
from guildhall.kernel.ids import new_id
from guildhall.payments.banking.sheets import Layout, refuse_unusable
from guildhall.payments.banking.tables import DAY_FORMS, DECIMALS, Columns
from guildhall.payments.events import SHEET_LAYOUT_KEPT, STATEMENT_COLUMNS_KEPT
from guildhall.payments.models import SheetLayout, StatementColumns
from guildhall.payments.rules import CURRENCIES
from guildhall.people.models import Person

_LONGEST_COLUMN, _LONGEST_NAME = 100, 60


class NotColumns(Unfit):
    """Columns from which no line could be read."""

    code = "not_columns"


@transaction.atomic
def keep_statement_columns(
    *, columns: Columns, by: Person, at: datetime, rail: str = "bank"
) -> StatementColumns:
    """Say what the columns of a bank's table mean, from now on.

    Raises:
        NotFound: who says it is no operator.
        NotColumns: a line could not be read by it.
    """
    if not by.is_operator:
        raise NotFound
    _refuse_columns(columns)
    StatementColumns.objects.filter(rail=rail, ended_at=None).update(ended_at=at)
    kept = StatementColumns(id=new_id(), rail=rail, columns=asdict(columns), kept_by=by, kept_at=at)
    kept.save(force_insert=True)
    record_event(STATEMENT_COLUMNS_KEPT, subject=kept.pk, by=by.pk, at=at, rail=rail)
    return kept


def _refuse_columns(columns: Columns) -> None:
    if not columns.day:
        raise NotColumns(_("Say which column has the day."), field="day")
    both = (bool(columns.amount), bool(columns.came or columns.went))
    if both[0] == both[1]:
        raise NotColumns(
            _("Say which column has the sum, or which two have what came and what went: one of both."),
            field="amount",
        )
    if columns.came and not columns.went:
        raise NotColumns(_("Say also which column has what went."), field="went")
    if bool(columns.currency) == bool(columns.fixed):
        raise NotColumns(
            _("Say which column has the currency, or in which one all of it is."), field="currency"
        )
    if columns.fixed and columns.fixed not in CURRENCIES:
        raise NotColumns(
            _("This hall takes %(currencies)s.") % {"currencies": ", ".join(CURRENCIES)}, field="fixed"
        )
    if columns.decimal not in {"", *DECIMALS} or columns.day_form not in {"", *DAY_FORMS}:
        raise NotColumns(_("Choose one of those that are offered."), field="day_form")
    names = [name.casefold() for name in columns.named]
    if len(names) != len(set(names)) or any(len(name) > _LONGEST_COLUMN for name in names):
        raise NotColumns(
            _("Each column can be one thing, and its name has up to 100 characters."), field="day"
        )


@transaction.atomic
def keep_sheet_layout(*, name: str, layout: Layout, by: Person, at: datetime) -> SheetLayout:
    """Keep how a company's upload sheet is written: a first version, or the next one of that name.

    The same once more changes nothing.

    Raises:
        NotFound: who keeps it is no operator.
        NotALayout: money would go astray with it.
        Unfit: it has no name.
    """
    if not by.is_operator:
        raise NotFound
    name = " ".join(name.split())
    if not 1 <= len(name) <= _LONGEST_NAME or not name.isprintable():
        raise Unfit(_("Give the sheet a name of up to 60 characters: the company’s."), field="name")
    refuse_unusable(layout)
    versions = SheetLayout.objects.select_for_update().filter(name=name).order_by("-version")
    last = versions.first()
    if last and not last.ended_at and Layout.kept(last.layout) == layout:
        return last
    if last and not last.ended_at:
        SheetLayout.objects.filter(pk=last.pk).update(ended_at=at)
    kept = SheetLayout(
        id=new_id(),
        name=name,
        version=last.version + 1 if last else 1,
        layout=layout.to_keep(),
        kept_by=by,
        kept_at=at,
    )
    kept.save(force_insert=True)
    record_event(SHEET_LAYOUT_KEPT, subject=kept.pk, by=by.pk, at=at, sheet=str(kept))
    return kept
