"""Every address and every operation, asked with what no honest program sends: a 4xx, never a 5xx."""

import base64
import json
from collections.abc import Iterator, Sequence
from http import HTTPStatus
from typing import Any, Final
from urllib.parse import quote

import pytest
from django.db import transaction
from django.test import Client
from django.utils import timezone

from guildhall.api.root import api
from guildhall.edge.models import Bucket
from guildhall.people.models import Person
from tests.edge.inventory import (
    SAMPLES,
    Address,
    a_hall_with_one_of_everything,
    fields_of_bodies,
    operations,
    pages,
)

pytestmark = pytest.mark.django_db

# As they stand in an address or in a form.
NASTY: Final = (
    "%00",
    "a%00b",
    "%ED%A0%80",  # half a surrogate pair
    "%FF%FE",
    "-1",
    str(10**30),
    "9" * 5_000,
    "0" * 5_000,
    "1e309",
    "NaN",
    quote("１００"),
    quote("../../etc/passwd"),
    quote("<script>alert(1)</script>'\"{}[]%s%(x)s"),
    "%0D%0ASet-Cookie:%20a=b",
    quote("\u202egnp.exe"),
    "zzz",
    "x" * 20_000,
)


def cursor(said: Any) -> str:
    return base64.urlsafe_b64encode(json.dumps(said).encode()).decode().rstrip("=")


CURSORS: Final = (
    cursor(["\0", "\0"]),
    cursor(["\ud800", "\ud800"]),
    cursor([str(10**40), "0" * 32]),
    cursor([str(10**40)]),
    cursor(["0001-01-01T00:00:00+14:00", "0" * 32]),
    cursor(["9999-12-31T23:59:59.999999-14:00", "f" * 32]),
    cursor(["2026-01-01", "0" * 32]),
    cursor(["newest", 2**64 - 1, ["\0"], 0, 0]),
    cursor(["newest", 2**64 - 1, [], 2**20, 0]),
    base64.urlsafe_b64encode(b"[" * 30_000).decode(),
    "%E2%82%AC",
    "x:y:z",
)
ASKED: Final = (
    *("after", "amount", "as", "available", "by", "country", "currency", "free", "hired", "language"),
    *("letters", "listed", "most", "name", "next", "pays", "price", "price_open", "prompt", "q", "rate"),
    *("kind", "period", "side", "month", "year", "code"),
    *("role", "size", "skill", "sort", "subject", "unread", "version", "words"),
)
TYPED: Final = (
    *("account", "action", "agree", "amount", "amount_1", "answer", "availability", "bank", "brief"),
    *("budget", "choice", "code", "contested", "country", "currency", "deadline", "deliverables", "delivery"),
    *("do", "due_1", "email", "files", "fund", "handle", "holder", "idempotency_key", "is_adjudicator"),
    *("item_1", "items", "language", "languages", "letter", "listed", "login", "name", "next", "note"),
    *("number", "oldpassword", "overview", "password", "password1", "price", "pricing", "rate", "reason"),
    *("reasons", "resend", "rows", "scopes", "shown", "skills", "stars", "terms_hash", "text", "timezone"),
    *("title", "title_1", "to_worker", "town", "value", "version"),
    *("basis_points", "city", "cost_centre", "is_business", "legal_name", "postcode", "purchase_order"),
    *("street", "tax_id", "months", "with_amounts"),
)
BODIES: Final = (
    b"",
    b"{",
    b"[]",
    b"null",
    b"\xff",
    b"[" * 50_000,
    b'{"text": "\\ud800"}',
    b'{"amount": ' + b"1" * 6_000 + b"}",
    b'{"stars": NaN, "amount": Infinity}',
)
VALUES: Final[Sequence[Any]] = (
    "a\0b",
    "x" * 20_000,
    -1,
    10**30,
    1.5,
    None,
    "",
    ["\0"],
    {"amount": "9999999999999.99", "currency": "XTS"},
    {str(10**30): "x"},
    "9999-12-31",
)
FORM: Final = "application/x-www-form-urlencoded"
FILE: Final = (
    b'--x\r\nContent-Disposition: form-data; name="files"; filename="\x00../a\xff"\r\n\r\n\x00\r\n'
    b'--x\r\nContent-Disposition: form-data; name="text"\r\n\r\na\x00b\r\n--x--\r\n'
)


class Asker:
    """Asks as somebody, takes back whatever that did, and keeps what broke."""

    def __init__(self, person: Person | None) -> None:
        self.client = Client(raise_request_exception=False)
        if person is not None:
            self.client.force_login(person)
        self.broken: list[str] = []

    def ask(self, method: str, url: str, body: bytes | str = b"", kind: str = FORM, **headers: str) -> None:
        with transaction.atomic():
            response = self.client.generic(method, url, body, content_type=kind, headers=headers)
            if response.streaming:  # what is streamed breaks while it is read
                response.getvalue()
            transaction.set_rollback(True)
        if response.status_code >= HTTPStatus.INTERNAL_SERVER_ERROR and not url.startswith("/readyz"):
            trouble = getattr(response, "exc_info", None)
            said = repr(trouble[1])[:200] if trouble else ""
            self.broken.append(f"{method} {url[:120]} {str(body)[:120]}: {response.status_code} {said}")


@pytest.fixture
def things(amara: Person, bushra: Person, dalia: Person, olga: Person) -> dict[str, Any]:
    return a_hall_with_one_of_everything(amara, bushra, dalia, olga, at=timezone.now())


@pytest.fixture
def askers(amara: Person, bushra: Person, dalia: Person, olga: Person) -> dict[str, Asker]:
    people = {"amara": amara, "bushra": bushra, "dalia": dalia, "olga": olga, "nobody": None}
    return {name: Asker(person) for name, person in people.items()}


@pytest.fixture(autouse=True)
def _tries_are_not_counted(settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {}


_WORKERS = ("delivery", "deliver", "refund_asked", "answer", "offer", "withdrawal", "payout")


def who_comes_far(address: Address) -> Sequence[str]:
    """Those for whom an address holds the most."""
    if "/operator/" in address.path:
        return ["olga"]
    if address.name.startswith("account_"):
        return ["nobody", "amara"]
    if "taking" in address.name or "ruling" in address.name or address.name.endswith(":cases"):
        return ["dalia"]
    return ["bushra" if any(word in address.name for word in _WORKERS) else "amara"]


def visits(
    addresses: Iterator[Address], things: dict[str, Any], askers: dict[str, Asker]
) -> Iterator[tuple[Address, str, Asker]]:
    for address in addresses:
        Bucket.objects.all().delete()
        for name in who_comes_far(address):
            yield address, address.path.format_map(things), askers[name]


def mixed(names: Sequence[str], turn: int) -> str:
    """Every name with some nasty value; at every turn with another one."""
    return "&".join(
        f"{name}={NASTY[(place * 5 + turn * 3) % len(NASTY)]}" for place, name in enumerate(names)
    )


def what_broke(askers: dict[str, Asker]) -> list[str]:
    return [line for asker in askers.values() for line in asker.broken]


def test_no_address_breaks(things: dict[str, Any], askers: dict[str, Asker]) -> None:
    for address in (*pages(), *operations()):
        if "{" not in address.path:
            continue
        Bucket.objects.all().delete()
        for nasty in NASTY[:8]:
            path = address.path.format_map(dict.fromkeys(things, nasty))
            askers["olga" if "operator" in address.path else "amara"].ask(address.method or "GET", path)
    for nasty in NASTY:
        askers["nobody"].ask("GET", f"/{nasty}")
    assert what_broke(askers) == []


def test_no_page_breaks_over_what_is_asked(things: dict[str, Any], askers: dict[str, Asker]) -> None:
    for _address, url, asker in visits(pages(), things, askers):
        for turn in range(3):
            asker.ask("GET", f"{url}?{mixed(ASKED, turn)}")
        for nasty in CURSORS[::2]:
            asker.ask("GET", f"{url}?after={nasty}&letters={nasty}")
    for nasty in NASTY:
        for name in ("country", "pays", "skill", "words"):
            askers["nobody"].ask("GET", f"/jobs?{name}={nasty}")
        askers["nobody"].ask("GET", f"/rules?version={nasty}")
        askers["olga"].ask("GET", f"/operator/log?by={nasty}")
    assert what_broke(askers) == []


def test_no_page_breaks_over_what_is_typed(things: dict[str, Any], askers: dict[str, Asker]) -> None:
    for _address, url, asker in visits(pages(), things, askers):
        for turn in range(6):
            asker.ask("POST", url, mixed(TYPED, turn))
        asker.ask("POST", url, "&".join(f"{name}=zzz" for name in TYPED))
        asker.ask("POST", url, b"\xff\x00=\xff", kind="multipart/form-data; boundary=x")
        asker.ask("POST", url, FILE, kind="multipart/form-data; boundary=x")
    assert what_broke(askers) == []


def test_no_operation_breaks_over_what_is_asked(things: dict[str, Any], askers: dict[str, Asker]) -> None:
    for address, url, asker in visits(operations(), things, askers):
        if address.method == "GET":
            for turn in range(4):
                asker.ask("GET", f"{url}?{mixed(ASKED, turn)}")
            for nasty in CURSORS:
                asker.ask("GET", f"{url}?after={nasty}")
    assert what_broke(askers) == []


def test_no_operation_breaks_over_what_is_sent(things: dict[str, Any], askers: dict[str, Asker]) -> None:
    fields = fields_of_bodies(api)
    for address, url, asker in visits(operations(), things, askers):
        if address.method == "GET":
            continue
        asker.ask(address.method, url, b'{"a": 1}', kind="text/plain")
        for raw in BODIES:
            asker.ask(address.method, url, raw, kind="application/json")
        fit = {name: SAMPLES.get(name, "Some words") for name in fields[address.name]}
        for value in VALUES if fit else ():
            for name in fit:
                asker.ask(address.method, url, json.dumps(fit | {name: value}), kind="application/json")
    assert what_broke(askers) == []


def test_no_header_breaks_anything(askers: dict[str, Asker]) -> None:
    for nasty in ("\\000", 'a\\000"b', "%00", "\xff", "x" * 9_000):
        for name in ("sessionid", "csrftoken", "django_language", "messages"):
            askers["nobody"].ask("GET", "/", cookie=f'{name}="{nasty * 8}"')
            askers["nobody"].ask("POST", "/account/language", "language=ur", cookie=f'{name}="{nasty * 8}"')
        for name in ("accept-language", "authorization", "referer", "x-csrftoken", "idempotency-key"):
            askers["amara"].ask("GET", "/jobs", **{name: nasty})
            askers["amara"].ask("POST", "/api/v1/jobs", b"{}", kind="application/json", **{name: nasty})
        askers["nobody"].ask("GET", "/api/v1/me", authorization=f"Bearer gh_{nasty}")
        askers["nobody"].ask("POST", "/gateways/practice/notices", b"{}", **{"practice-signature": nasty})
    assert what_broke(askers) == []
