"""Shapes that several areas share: what is asked, sums, lists, problems."""

from collections.abc import Callable, Sequence
from typing import ClassVar, Self

from django.db.models import Model, QuerySet
from ninja import Schema
from pydantic import ConfigDict, Field

from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page, page_by_key


class Asked(Schema):
    """What a program sends. A field that is not named here is refused, not ignored."""

    model_config: ClassVar[ConfigDict] = ConfigDict(extra="forbid")


class Sum(Asked):
    """An amount of money: plain digits with the currency's decimals, and its ISO 4217 code."""

    amount: str = Field(max_length=24, examples=["120.00"])
    currency: str = Field(pattern="^[A-Z]{3}$", examples=["USD"])

    @classmethod
    def of(cls, money: Money) -> Self:
        """Show a sum."""
        return cls(amount=money.amount, currency=money.currency)

    def money(self, field: str = "amount") -> Money:
        """Read a sum.

        Raises:
            NotMoney: the digits are no amount of this currency; the problem names `field`.
        """
        return Money.parse(self.amount, self.currency, field=field)


class Listing[T](Schema):
    """One page of a list. `next` is the value of ``after`` for the page that follows, empty at the end."""

    items: list[T]
    next: str


def listing[M, T](page: Page[M], show: Callable[[M], T]) -> Listing[T]:
    """A page of rows as a list of what is shown of each."""
    return Listing(items=[show(row) for row in page.rows], next=page.next)


def listed[M: Model, T](
    rows: QuerySet[M],
    show: Callable[[M], T],
    *,
    by: Sequence[str] = ("-id",),
    after: str = "",
    size: int = 20,
) -> Listing[T]:
    """The page of a list that begins after a cursor, the newest first unless `by` says otherwise."""
    return listing(page_by_key(rows, by=by, after=after, size=size), show)


class FieldProblem(Schema):
    """One field and the rule that it breaks."""

    field: str
    detail: str
    rule: str = ""


class Problem(Schema):
    """Why a request was not done (RFC 9457). `code` is stable; `detail` is a sentence for a person."""

    type: str
    title: str
    status: int
    detail: str
    code: str = ""
    rule: str = ""
    errors: list[FieldProblem] = []
