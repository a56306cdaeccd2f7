"""The API as a whole: its areas, its errors, its description."""

from typing import Any

from ninja import NinjaAPI, Schema
from ninja.openapi.schema import OpenAPISchema

from guildhall.api import (
    balances,
    bank,
    batches,
    certificates,
    contracts,
    decisions,
    deposits,
    differences,
    exchange,
    hall_money,
    invoices,
    jobs,
    money,
    operating,
    operator_invoices,
    own_money,
    people,
    plans,
    rules,
    savings,
    statements,
    stuck,
    talent,
    transfers,
    years,
)
from guildhall.api.auth import BySession, ByToken
from guildhall.api.problems import CarefulParser, answer_in_problems
from guildhall.api.shapes import Problem
from guildhall.edge.problems import title_of
from guildhall.edge.request import HallRequest
from guildhall.payments.gateways import has_practice_money_only

_DESCRIPTION = """
What a client, a worker, an adjudicator or an operator does on a page, a program can do: the same verbs, the
same rules, the same refusals. Coming in, and one's address and password, have pages only.

* **Who**: a personal token, `Authorization: Bearer gh_…`, made on your account page with scopes.
* **Scopes** say what a token may do. Without `read` it sees what a visitor sees, and the answers to what it
  writes.
* **For two**: what a second operator has to confirm answers with a `decision` in the state `asked`. Nothing
  is done until it is `confirmed`.
* **Once**: give every write an `Idempotency-Key`. The second try gets the first answer; the same key with
  another body is refused with 422. Keys never expire.
* **Lists** answer `{"items": […], "next": "…"}`; send `next` back as `after`.
* **Money** is `{"amount": "120.00", "currency": "USD"}`, in plain digits.
* **Errors** are problems (RFC 9457): `code` is stable, `detail` is a sentence, `errors` names the fields.
"""


class HallAPI(NinjaAPI):
    """Ninja, with the hall's problems in the description of every operation."""

    def get_openapi_schema(self, *args: Any, **kwargs: Any) -> OpenAPISchema:
        """The OpenAPI document."""
        described = super().get_openapi_schema(*args, **kwargs)
        shape = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
        parts = described.setdefault("components", {}).setdefault("schemas", {})
        parts |= shape.pop("$defs", {})
        parts["Problem"] = shape
        for operations in described["paths"].values():
            for method, operation in operations.items():
                _describe_problems(method, operation)
        return described


def _describe_problems(method: str, operation: dict[str, Any]) -> None:
    statuses = {400, 404, 422, 429}
    if "security" in operation:
        statuses |= {401, 403}
    if method != "get":
        statuses |= {409, 413}
    for status in sorted(statuses):
        operation["responses"].setdefault(
            status,
            {
                "description": title_of(status),
                "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
            },
        )


api = HallAPI(
    title="Guildhall",
    version="1",
    description=_DESCRIPTION,
    auth=[ByToken(), BySession()],
    parser=CarefulParser(),
    urls_namespace="api",
    openapi_extra={"info": {"license": {"name": "Apache License 2.0", "identifier": "Apache-2.0"}}},
    docs_url=None,  # its pages want scripts and megabytes; ours is in docs.py
)
answer_in_problems(api)

_OPERATING = (
    bank,
    batches,
    differences,
    hall_money,
    own_money,
    decisions,
    operating,
    operator_invoices,
    stuck,
)
_PUT_BY = (exchange, savings)
_MONEY = (money, statements, balances, deposits, plans, transfers, *_PUT_BY, invoices, certificates, years)
for _area in (jobs, talent, contracts, *_MONEY, people, rules, *_OPERATING):
    api.add_router("", _area.router)


class Door(Schema):
    """What this API is and whom it takes you for."""

    name: str
    version: str
    practice_money: bool
    you: str | None
    scopes: list[str] | None


@api.get("/", response=Door, auth=None, tags=["hall"], summary="What this is, and who you are")
def show_door(request: HallRequest) -> Door:
    """Answers without a token too: `you` is empty then. `scopes` is null for a browser's session."""
    return Door(
        name="Guildhall",
        version=api.version,
        practice_money=has_practice_money_only(),
        you=request.person.name if request.person else None,
        scopes=None if request.scopes is None else sorted(request.scopes),
    )
