"""Every address of the hall, read from its own tables, and a hall with one of everything to visit."""

import base64
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

from django.urls import URLPattern, URLResolver, get_resolver

from guildhall.api.root import api
from guildhall.contracts.actions import propose_refund
from guildhall.disputes.actions import offer_split, open_case
from guildhall.kernel.models import Delivery as EventDelivery
from guildhall.kernel.models import Event
from guildhall.ledger.differences import open_difference
from guildhall.notices.actions import tell, write_letter
from guildhall.payments.actions import (
    import_bank_file,
    keep_sheet_layout,
    open_payout_batch,
    plan_payouts,
)
from guildhall.payments.actions.stopping import secret_to_stop
from guildhall.payments.banking.naming import name_transfer
from guildhall.payments.banking.sheets import Layout, columns_from_text
from guildhall.payments.exchange.quoting import quote_exchange
from guildhall.people.actions import create_token, make_set_up_link
from guildhall.people.models import Person
from guildhall.workroom.queries import last_deliveries, messages_visible_to
from tests.builders.bankfiles import Said, camt
from tests.builders.certificates import a_certificate
from tests.builders.contracts import a_delivery, a_file, a_funded_milestone, again, usd
from tests.builders.decisions import a_decision_for_two
from tests.builders.exchange import TO_RUPEES, the_hall_holds, the_rates_are
from tests.builders.jobs import a_draft, a_proposal, an_open_job
from tests.builders.money import (
    a_chargeback,
    a_kept_card,
    a_requested_payout,
    a_wallet_with,
    an_own_transfer,
    an_unmatched_payment,
)
from tests.builders.papers import an_invoice
from tests.builders.savings import a_goal
from tests.builders.talent import a_profile
from tests.cast import a_person

API = "/api/v1"


@dataclass(frozen=True, slots=True)
class Address:
    """A page, or one operation of the API: ``jobs:job`` or ``GET /jobs/{job_id}``."""

    name: str
    path: str
    """With the names of its things in braces."""
    method: str = ""


def pages() -> Iterator[Address]:
    """Every page, by the name under which templates know it."""
    yield from _pages(get_resolver().url_patterns, "", "")


def _pages(patterns: Any, space: str, before: str) -> Iterator[Address]:
    for pattern in patterns:
        path = before + str(pattern.pattern)
        if path.startswith("api/"):
            continue
        if isinstance(pattern, URLResolver):
            yield from _pages(pattern.url_patterns, pattern.namespace or space, path)
        else:
            assert isinstance(pattern, URLPattern)
            name = f"{space}:{pattern.name}" if space else str(pattern.name)
            yield Address(name, "/" + re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", path))


def operations() -> Iterator[Address]:
    """Every operation of the API, from its own description."""
    for path, methods in api.get_openapi_schema()["paths"].items():
        for method in methods:
            inside = path.removeprefix(API)
            yield Address(f"{method.upper()} {inside}", path, method.upper())


def a_hall_with_one_of_everything(
    amara: Person, bushra: Person, dalia: Person, olga: Person, *, at: datetime
) -> dict[str, Any]:
    """Amara's and Bushra's things, hidden from others, by the names that addresses have for them."""
    delivered = a_funded_milestone(amara, bushra, at=at)
    a_delivery(delivered, at=at)
    case = open_case(
        milestone=again(delivered), contested=usd(4_000), reason="The ear is missing.", by=amara, at=at
    )
    offer = offer_split(case=case, to_worker=usd(1), by=amara, at=at)
    refund = propose_refund(milestone=again(delivered), amount=usd(100), reason="Hm.", by=amara, at=at)
    event = Event.objects.order_by("-id").first()
    assert event is not None
    notice = tell(person=amara, event=event, kind="message.said:to", facts={"who": "Bushra"}, url="/work")
    assert notice is not None
    letter = write_letter(address=amara.email, subject="Hello", text="Hello", at=at)
    type(letter).objects.filter(pk=letter.pk).update(tries=1, trouble="no")
    EventDelivery.objects.filter(event=event).update(tries=1, trouble="no")
    deposit = a_wallet_with(amara, 50_000, at)
    payout = a_requested_payout(bushra, 2_000, at)
    batch = open_payout_batch(by=olga, at=at)
    put_by = _exchanging_and_saving(amara, olga, at)
    oleg = a_person("Oleg", operates=True)
    decision = a_decision_for_two(by=oleg, at=at)
    profile = a_profile(bushra, at=at, shown=False)
    a_profile(dalia, at=at, handle="dalia")
    token, _secret = create_token(by=amara, name="Mine", scopes=["read"], at=at)
    return {
        "job_id": a_draft(amara, at=at).pk,
        "proposal_id": a_proposal(an_open_job(amara, at=at, deadline=None), bushra, at=at).pk,
        "contract_id": delivered.contract_id,
        "milestone_id": delivered.pk,
        "delivery_id": last_deliveries([delivered.pk])[delivered.pk].pk,
        "message_id": messages_visible_to(bushra).latest("at").pk,
        "refund_id": refund.pk,
        "case_id": case.pk,
        "offer_id": offer.pk,
        "file_id": a_file(bushra).pk,
        "month": "2026-03",
        "invoice_id": an_invoice(amara, bushra, at=at).pk,
        "form": "pdf",
        **_papers_of_income(amara, at),
        "country": "GB",
        "token_id": token.pk,
        "notice_id": notice.pk,
        "letter_id": letter.pk,
        "event_id": event.pk,
        "person_id": amara.pk,
        "batch_id": batch.pk,
        "payout_id": payout.pk,
        "suspended_id": an_unmatched_payment(900, at).pk,
        "decision_id": decision.pk,
        "difference_id": _a_difference(amara, at),
        "deposit_id": deposit.pk,
        **put_by,
        "card_id": a_kept_card(amara, 700, at).pk,
        "chargeback_id": a_chargeback(amara, 600, at).pk,
        "handle": profile.handle,
        "rule_name": "worker_fee",
        "table_name": "levies",
        "reference": deposit.pay_url.rpartition("/")[2],
        "rail": "practice",
        "transfer_code": name_transfer("deposit", deposit.pk),
        **_of_banks(olga, at=at),
        "secret": make_set_up_link(at=at),
        **_of_plans(bushra, payout.account_id, at),
        "own_transfer_id": an_own_transfer(amara, bushra, by=olga, second=oleg, at=at).pk,
    }


def _exchanging_and_saving(person: Person, operator: Person, at: datetime) -> dict[str, Any]:
    """A quote that can be accepted, and a savings goal."""
    the_rates_are(TO_RUPEES, by=operator, at=at)
    the_hall_holds(1_000_000, "PKR", by=operator, at=at)
    quote = quote_exchange(amount=usd(100), to="PKR", by=person, at=at)
    goal = a_goal(person, at, by_day=(at + timedelta(days=90)).date())
    return {"quote_id": quote.pk, "goal_id": goal.pk}


def _papers_of_income(person: Person, at: datetime) -> dict[str, Any]:
    certificate = a_certificate(person, at=at)
    return {"certificate_id": certificate.pk, "code": certificate.code, "year": "2026"}


def _of_banks(olga: Person, *, at: datetime) -> dict[str, Any]:
    """A file of a bank, its only line, and the layout of a company's sheet."""
    file = import_bank_file(content=camt(Said("5.00", "for work")), name="may.xml", by=None, at=at)
    layout = Layout(columns_from_text("A = account\nS = amount\nR = reference"))
    sheet = keep_sheet_layout(name="Easypaisa", layout=layout, by=olga, at=at)
    return {"bank_file_id": file.pk, "bank_line_id": file.lines.get().pk, "sheet_id": sheet.pk}


def _of_plans(person: Person, account: UUID, at: datetime) -> dict[str, Any]:
    plan = plan_payouts(by=person, rhythm="weekly", day=5, least=usd(1_000), at=at)
    return {"plan_id": plan.pk, "stop": secret_to_stop(account)}


def _a_difference(person: Person, at: datetime) -> UUID:
    return open_difference(
        source="check",
        name="L3",
        subject="of Amara",
        account=f"wallet:{person.party}",
        facts={"wrong": "keeps more"},
        at=at,
    ).pk


def fields_of_bodies(described: Any) -> dict[str, list[str]]:
    """The fields that each operation's body may have."""
    schema = described.get_openapi_schema()
    found = {}
    for address in operations():
        content = schema["paths"][address.path][address.method.lower()].get("requestBody", {})
        kinds: list[dict[str, Any]] = list(content.get("content", {}).values())
        shape: dict[str, Any] = kinds[0]["schema"] if kinds else {}
        if "$ref" in shape:
            shape = schema["components"]["schemas"][shape["$ref"].rpartition("/")[2]]
        found[address.name] = list(shape.get("properties", {}))
    return found


def _usd(amount: str) -> dict[str, str]:
    return {"amount": amount, "currency": "USD"}


SAMPLES: Final[dict[str, Any]] = {
    "agree": False,
    "card": None,
    "keep": False,
    "rail": "practice",
    "rows": [],
    "amount": _usd("1.00"),
    "availability": "open",
    "basis_points": 2_000,
    "budget": _usd("100.00"),
    "contested": _usd("1.00"),
    "by_day": "2040-01-01",
    "content": base64.b64encode(camt(Said("6.00", "for more work", reference="NEXT"))).decode(),
    "what": "own",
    "method": "",
    "meanings": {"day": "Day", "amount": "Sum", "fixed": "EUR"},
    "columns": "A = account\nS = amount\nR = reference",
    "headers": True,
    "latin": False,
    "delimiter": ",",
    "decimal": ".",
    "day_form": "YYYY-MM-DD",
    "encoding": "utf-8",
    "back_reference": "",
    "back_status": "",
    "back_reason": "",
    "paid": [],
    "refused": [],
    "sheet": None,
    "country": "GB",
    "currency": "USD",
    "deadline": "2027-01-01",
    "deliverables": ["A sign"],
    "delivery": "2027-01-01",
    "email": "amara@example.org",
    "files": [],
    "fund": "first",
    "handle": "somebody",
    "is_adjudicator": False,
    "is_business": False,
    "is_operator": False,
    "account": "fees:work",
    "day": "1",
    "end": "arrived",
    "least": _usd("10.00"),
    "movement": 1,
    "rhythm": "weekly",
    "items": [1],
    "language": "en",
    "languages": ["en"],
    "listed": True,
    "milestones": [],
    "price": _usd("100.00"),
    "rate": _usd("9.00"),
    "reason": "price",
    "scopes": ["read"],
    "seen": _usd("40.00"),
    "share": 1_000,
    "months": 6,
    "shown": True,
    "skills": [],
    "stars": 5,
    "target": _usd("100.00"),
    "tax_id": "",
    "terms_hash": "0" * 64,
    "timezone": "UTC",
    "to": "PKR",
    "to_worker": _usd("1.00"),
    "with_amounts": True,
    "value": 300,
    "way": "in",
}
"""What an honest program sends in a field of this name; in any other, words."""
