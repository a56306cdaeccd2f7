"""A Stripe of our own: a process that stands for it where `localstripe` has nothing.

It knows the hosted page, payment intents that are charged at once, refunds, disputes, kept cards and the
balance; it keeps idempotency keys as Stripe does. Under `/_control` a test tells it what to do: lose an
answer after the work, be in trouble before it, lie about a sum, dispute. What Stripe would say by webhook
lies at `/_control/events`; with `--webhook` it is also sent there, each word twice.

    python -m tests.doubles.stripe_double --port 0
"""

import argparse
import json
import re
from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from tests.doubles.stripe_things import (
    No,
    Thing,
    cancel_intent,
    create_intent,
    create_refund,
    create_session,
    detach,
    dispute,
    end_dispute,
    end_refund,
    events,
    expire,
    found,
    lock,
    of_kind,
    pay,
    place,
    things,
    webhook,
)

# Doors


def listed(rows: list[Thing]) -> Thing:
    return {"object": "list", "data": rows, "has_more": False, "url": "/v1/list"}


def with_source(row: Thing) -> Thing:
    return row | {"source": things.get(row["source"], row["source"])}


def expanded(intent: Thing, asked: Thing) -> Thing:
    if "latest_charge" in asked.get("expand", []) and intent["latest_charge"]:
        return intent | {"latest_charge": things[intent["latest_charge"]]}
    return intent


def balance(asked: Thing) -> Thing:
    since, until = (int(asked.get("created", {}).get(name, 0)) for name in ("gte", "lt"))
    rows = [row for row in of_kind("balance_transaction") if since <= row["created"] < (until or 2**40)]
    return listed([with_source(row) for row in rows])


replies: dict[str, tuple[str, int, bytes]] = {}
faults: list[Thing] = []


def fault(asked: Thing) -> Thing:
    faults.append(asked)
    return asked


def change(thing: Thing, **facts: Any) -> Thing:
    thing.update(facts)
    return thing


type Door = Callable[[Thing, str], Thing]

DOORS: list[tuple[str, str, Door]] = [
    ("POST", r"/v1/checkout/sessions", lambda asked, _name: create_session(asked)),
    ("GET", r"/v1/checkout/sessions/(\w+)", lambda _asked, name: found(name, "checkout.session")),
    ("POST", r"/v1/payment_intents", lambda asked, _name: create_intent(asked)),
    (
        "GET",
        r"/v1/payment_intents",
        lambda asked, _name: listed(
            [each for each in of_kind("payment_intent") if each["customer"] == asked["customer"]]
        ),
    ),
    ("GET", r"/v1/payment_intents/(\w+)", lambda asked, name: expanded(found(name, "payment_intent"), asked)),
    ("POST", r"/v1/payment_intents/(\w+)/cancel", lambda _asked, name: cancel_intent(found(name))),
    ("POST", r"/v1/refunds", lambda asked, _name: create_refund(asked)),
    (
        "GET",
        r"/v1/refunds",
        lambda asked, _name: listed(
            [each for each in of_kind("refund") if each["payment_intent"] == asked["payment_intent"]]
        ),
    ),
    ("POST", r"/v1/payment_methods/(\w+)/detach", lambda _asked, name: detach(found(name, "payment_method"))),
    ("GET", r"/v1/balance_transactions", lambda asked, _name: balance(asked)),
    ("GET", r"/_control/events", lambda _asked, _name: {"events": list(events)}),
    ("GET", r"/_control/things/([\w.]+)", lambda _asked, name: {"things": of_kind(name)}),
    ("POST", r"/_control/faults", lambda asked, _name: fault(asked)),
    ("POST", r"/_control/pay/(\w+)", lambda asked, name: pay(found(name), lie=int(asked.get("lie", 1)))),
    ("POST", r"/_control/slow/(\w+)", lambda _asked, name: change(found(name), slow=True)),
    ("POST", r"/_control/declines/(\w+)", lambda asked, name: change(found(name), declines=asked["code"])),
    (
        "POST",
        r"/_control/dispute/(\w+)",
        lambda asked, name: dispute(found(name), int(asked.get("amount", 0))),
    ),
    ("POST", r"/_control/end_dispute/(\w+)", lambda asked, name: end_dispute(found(name), asked["status"])),
    ("POST", r"/_control/end_refund/(\w+)", lambda asked, name: end_refund(found(name), asked["status"])),
    ("POST", r"/_control/expire/(\w+)", lambda _asked, name: expire(found(name))),
]


def nested(text: str) -> Thing:
    """`a[b][0]=c` as Stripe's clients write it."""
    tree: Thing = {}
    for name, value in parse_qsl(text, keep_blank_values=True):
        first, *rest = re.findall(r"[^\[\]]+", name)
        if name.endswith("[]"):
            tree.setdefault(first, []).append(value)
            continue
        branch: Any = tree
        for key, after in zip([first, *rest], [*rest, None], strict=True):
            if after is None:
                branch[key] = value
            else:
                branch = branch.setdefault(key, {})
    told: Thing = _with_lists(tree)
    return told


def _with_lists(tree: Any) -> Any:
    if not isinstance(tree, dict):
        return tree
    tree = {key: _with_lists(value) for key, value in tree.items()}
    if tree and all(key.isdigit() for key in tree):
        return [tree[key] for key in sorted(tree, key=int)]
    return tree


PAGE = """<!doctype html><html lang="en"><title>Stripe double</title><main><h1>Pay {sum}</h1>
<form method="post"><button name="do" value="pay">Pay</button>
<button name="do" value="cancel">Back</button></form>
</main></html>"""


class Door_(BaseHTTPRequestHandler):  # noqa: N801 - `Door` is one of its doors
    """One request."""

    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer("GET", urlsplit(self.path).query)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length", 0))).decode()
        self._answer("POST", body)

    def log_message(self, *_args: object) -> None:
        """Say nothing."""

    def _answer(self, method: str, text: str) -> None:
        path = urlsplit(self.path).path
        if path.startswith("/c/pay/"):
            self._page(method, path.rpartition("/")[2], text)
            return
        fault = self._fault(method, path)
        if fault == "trouble":
            self._send(500, b'{"error": {"type": "api_error", "message": "trouble"}}')
            return
        with lock:
            status, body = self._reply(method, path, text)
        if fault == "lose":
            self.close_connection = True
            self.connection.close()
            return
        self._send(status, body)

    def _fault(self, method: str, path: str) -> str:
        with lock:
            for fault in faults:
                if fault["method"] == method and fault["path"] == path and int(fault["times"]) > 0:
                    fault["times"] = int(fault["times"]) - 1
                    return str(fault["do"])
        return ""

    def _reply(self, method: str, path: str, text: str) -> tuple[int, bytes]:
        key = self.headers.get("Idempotency-Key", "") if path.startswith("/v1/") else ""
        if key in replies:
            asked, status, body = replies[key]
            if asked != path + text:
                no = No(400, "idempotency_key_in_use", "Keys can only be used with the same parameters")
                return no.status, json.dumps(no.body).encode()
            return status, body
        status, body = self._do(method, path, text)
        if key and method == "POST":
            replies[key] = (path + text, status, body)
        return status, body

    def _do(self, method: str, path: str, text: str) -> tuple[int, bytes]:
        if path.startswith("/v1/") and "sk_test_" not in self.headers.get("Authorization", ""):
            return 401, b'{"error": {"type": "invalid_request_error", "message": "no key"}}'
        for verb, pattern, door in DOORS:
            match = re.fullmatch(pattern, path)
            if verb == method and match:
                try:
                    return 200, json.dumps(door(nested(text), match[1] if match.groups() else "")).encode()
                except No as no:
                    return no.status, json.dumps(no.body).encode()
        return 404, b'{"error": {"type": "invalid_request_error", "message": "no such door"}}'

    def _page(self, method: str, name: str, text: str) -> None:
        with lock:
            session = things[name]
            if method == "GET":
                sum_ = f"{session['amount_total'] / 100:.2f} {session['currency'].upper()}"
                self._send(200, PAGE.format(sum=sum_).encode(), "text/html; charset=utf-8")
                return
            if "do=pay" in text:
                pay(session)
        self.send_response(303)
        self.send_header("Location", session["success_url"])
        self.send_header("Content-Length", "0")
        self.end_headers()

    def _send(self, status: int, body: bytes, kind: str = "application/json") -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)


def main() -> None:
    """Listen, and say where."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--port", type=int, default=0)
    parser.add_argument("--webhook", default="", help="an address, # and the secret to sign with")
    told = parser.parse_args()
    if told.webhook:
        webhook.append(told.webhook)
    server = ThreadingHTTPServer(("127.0.0.1", told.port), Door_)
    place["here"] = f"http://127.0.0.1:{server.server_port}"
    print(place["here"], flush=True)  # noqa: T201 - whoever started it reads it there
    server.serve_forever()


if __name__ == "__main__":
    main()
