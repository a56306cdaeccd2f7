"""The house rules in JSON: numbers, rules about words, and the codes that other operations take."""

from typing import Annotated

from ninja import Query, Router, Schema
from pydantic import Field

from guildhall.edge.request import HallRequest
from guildhall.jobs.rules import CURRENCIES, DECLINE_REASONS
from guildhall.kernel.errors import NotFound
from guildhall.kernel.rules import rules_in_force
from guildhall.screening.rules import PUBLISHED

router = Router(tags=["hall"])


class RuleShown(Schema):
    """A number by which the hall decides."""

    name: str
    meaning: str
    value: int
    unit: str
    low: int
    high: int


class TableShown(Schema):
    """A rule that is a table: for each row its cells by column; shares are basis points, sums minor units."""

    name: str
    meaning: str
    rows: list[dict[str, int | str]]


class Meaning(Schema):
    """A stable name and what it means, in the reader’s language."""

    name: str
    says: str


class RulesShown(Schema):
    """The rules; a refusal’s `rule` is the name of one of `numbers`, `tables` or `words`."""

    version: int
    numbers: list[RuleShown]
    tables: list[TableShown]
    words: list[Meaning] = Field(description="What may not stand in a text.")
    decline_reasons: list[Meaning]
    currencies: list[str] = Field(description="What jobs are posted and money is paid in.")


class Asked(Schema):
    """Which version; without one, the rules of today."""

    version: int | None = Field(None, ge=0, lt=2**63)


@router.get("/rules", response=RulesShown, auth=None, summary="The house rules")
def show_rules(request: HallRequest, asked: Annotated[Asked, Query()]) -> RulesShown:
    """Everything by which this hall decides; the numbers also as they stood at an earlier version."""
    del request  # they are the same for everybody
    rules = rules_in_force(version=asked.version)
    if asked.version is not None and rules.version != asked.version:
        raise NotFound
    return RulesShown(
        version=rules.version,
        numbers=[
            RuleShown(
                name=rule.name,
                meaning=str(rule.meaning),
                value=value,
                unit=rule.unit,
                low=rule.low,
                high=rule.high,
            )
            for rule, value in rules
        ],
        tables=[
            TableShown(name=table.name, meaning=str(table.meaning), rows=[dict(row) for row in rows])
            for table, rows in rules.every_table()
        ],
        words=[Meaning(name=rule.name, says=str(rule.says)) for rule in PUBLISHED],
        decline_reasons=[Meaning(name=name, says=str(says)) for name, says in DECLINE_REASONS.items()],
        currencies=list(CURRENCIES),
    )
