"""What the double of Stripe has and does: pages, payments, refunds, cards, disputes, a balance."""
# ruff: noqa: S310 - a stranger's program as small as can be; it speaks with loopback alone

import hashlib
import hmac
import json
import secrets
import threading
import time
import urllib.request
from typing import Any

type Thing = dict[str, Any]

DIRECT = urllib.request.build_opener(urllib.request.ProxyHandler({}))
lock = threading.RLock()
things: dict[str, Thing] = {}
events: list[str] = []
webhook: list[str] = []
place: dict[str, str] = {}
"""Where it listens, known only once it does."""


class No(Exception):  # noqa: N818 - it says what happened
    """Stripe says no."""

    def __init__(self, status: int, code: str, message: str, **more: Any) -> None:
        super().__init__(message)
        kind = {402: "card_error"}.get(status, "invalid_request_error")
        kind = "idempotency_error" if code == "idempotency_key_in_use" else kind
        self.status, self.body = status, {"error": {"type": kind, "code": code, "message": message, **more}}


def made(prefix: str, kind: str, **facts: Any) -> Thing:
    thing = {"id": f"{prefix}_{secrets.token_hex(8)}", "object": kind, "created": int(time.time()), **facts}
    things[thing["id"]] = thing
    return thing


def found(name: str, kind: str = "") -> Thing:
    thing = things.get(name)
    if thing is None or (kind and thing["object"] != kind):
        raise No(404, "resource_missing", f"No such thing: {name}")
    return thing


def of_kind(kind: str) -> list[Thing]:
    return [thing for thing in reversed(things.values()) if thing["object"] == kind]


def say(kind: str, thing: Thing) -> None:
    event = {
        "id": f"evt_{secrets.token_hex(8)}",
        "object": "event",
        "type": kind,
        "created": int(time.time()),
    }
    body = json.dumps(event | {"data": {"object": thing}})
    events.append(body)
    for address in webhook:
        for _copy in range(2):
            threading.Thread(target=send, args=(address, body), daemon=True).start()


def signature(body: str, secret: str, second: int) -> str:
    code = hmac.new(secret.encode(), f"{second}.{body}".encode(), hashlib.sha256).hexdigest()
    return f"t={second},v1={code}"


def send(address: str, body: str) -> None:
    url, _hash, secret = address.partition("#")
    headers = {
        "Content-Type": "application/json",
        "Stripe-Signature": signature(body, secret, int(time.time())),
    }
    for _try in range(20):
        try:
            DIRECT.open(urllib.request.Request(url, body.encode(), headers), timeout=20)
        except OSError:
            time.sleep(0.5)
        else:
            return


def entry(amount: int, fee: int, currency: str, kind: str, source: str) -> Thing:
    facts = {"amount": amount, "fee": fee, "net": amount - fee, "currency": currency}
    return made("txn", "balance_transaction", type=kind, source=source, **facts)


def fee_of(amount: int) -> int:
    return amount * 29 // 1000 + 30


# The hosted page


def create_session(asked: Thing) -> Thing:
    line = asked["line_items"][0]
    price = line["price_data"]
    session = made(
        "cs",
        "checkout.session",
        amount_total=int(price["unit_amount"]) * int(line["quantity"]),
        currency=price["currency"],
        client_reference_id=asked["client_reference_id"],
        customer=asked.get("customer"),
        customer_creation=asked.get("customer_creation"),
        metadata=asked.get("metadata", {}),
        payment_intent=None,
        payment_status="unpaid",
        status="open",
        success_url=asked["success_url"],
        cancel_url=asked["cancel_url"],
        wanted=asked.get("payment_intent_data", {}),
    )
    if session["amount_total"] < 50:
        del things[session["id"]]
        raise No(400, "amount_too_small", "Amount must be at least 50 cents")
    session["url"] = f"{place['here']}/c/pay/{session['id']}"
    return session


def pay(session: Thing, *, lie: int = 1, card: str = "visa 4242") -> Thing:
    if session["status"] != "open":
        raise No(400, "session_over", "This page is over")
    wanted = session["wanted"]
    if not session["customer"] and session["customer_creation"] == "always":
        session["customer"] = made("cus", "customer")["id"]
    brand, last4 = card.split()
    method = made("pm", "payment_method", brand=brand, last4=last4, customer=None)
    if wanted.get("setup_future_usage"):
        method["customer"] = session["customer"]
    session["amount_total"] *= lie
    intent = made(
        "pi",
        "payment_intent",
        amount=session["amount_total"],
        currency=session["currency"],
        customer=session["customer"],
        metadata=wanted.get("metadata", {}),
        payment_method=method["id"],
        latest_charge=None,
    )
    session |= {"payment_intent": intent["id"], "status": "complete", "payment_status": "paid"}
    charge(intent)
    say("checkout.session.completed", session)
    return session


def charge(intent: Thing) -> None:
    method = things[intent["payment_method"]]
    card = {"brand": method["brand"], "last4": method["last4"], "exp_month": 4, "exp_year": 2031}
    facts = {name: intent[name] for name in ("amount", "currency", "customer", "metadata", "payment_method")}
    paid = made(
        "ch",
        "charge",
        payment_intent=intent["id"],
        status="succeeded",
        refunded=0,
        payment_method_details={"type": "card", "card": card},
        **facts,
    )
    entry(intent["amount"], fee_of(intent["amount"]), intent["currency"], "charge", paid["id"])
    intent |= {"status": "succeeded", "amount_received": intent["amount"], "latest_charge": paid["id"]}
    say("charge.succeeded", paid)
    say("payment_intent.succeeded", intent)


# Payments, refunds, cards


def create_intent(asked: Thing) -> Thing:
    method = found(asked["payment_method"], "payment_method")
    if not method["customer"] or method["customer"] != asked["customer"]:
        raise No(400, "payment_method_unattached", "This card is not kept for this customer")
    intent = made(
        "pi",
        "payment_intent",
        amount=int(asked["amount"]),
        currency=asked["currency"],
        customer=asked["customer"],
        metadata=asked.get("metadata", {}),
        payment_method=method["id"],
        status="requires_payment_method",
        amount_received=0,
        latest_charge=None,
    )
    if method.get("declines"):
        say("payment_intent.payment_failed", intent)
        raise No(402, method["declines"], "The bank says no", payment_intent=intent)
    charge(intent)
    return intent


def cancel_intent(intent: Thing) -> Thing:
    if intent["status"] not in {"requires_payment_method", "requires_action"}:
        raise No(400, "payment_intent_unexpected_state", f"It is {intent['status']}")
    intent["status"] = "canceled"
    say("payment_intent.canceled", intent)
    return intent


def create_refund(asked: Thing) -> Thing:
    intent = found(asked["payment_intent"], "payment_intent")
    paid = found(intent["latest_charge"] or "", "charge")
    amount = int(asked.get("amount") or paid["amount"])
    if paid.get("disputed"):
        raise No(400, "charge_disputed", "It is disputed")
    if amount > paid["amount"] - paid["refunded"]:
        raise No(400, "charge_already_refunded", "More than is left of it")
    paid["refunded"] += amount
    refund = made(
        "re",
        "refund",
        amount=amount,
        charge=paid["id"],
        currency=paid["currency"],
        metadata=asked.get("metadata", {}),
        payment_intent=intent["id"],
        status="pending" if intent.get("slow") else "succeeded",
    )
    entry(-amount, 0, paid["currency"], "refund", refund["id"])
    say("refund.created", refund)
    return refund


def end_refund(refund: Thing, status: str) -> Thing:
    refund["status"] = status
    if status == "failed":
        refund["failure_reason"] = "expired_or_canceled_card"
        found(refund["charge"])["refunded"] -= refund["amount"]
        entry(refund["amount"], 0, refund["currency"], "refund_failure", refund["id"])
        say("refund.failed", refund)
    say("refund.updated", refund)
    return refund


def detach(method: Thing) -> Thing:
    if not method["customer"]:
        raise No(400, "payment_method_unattached", "It is not attached")
    method["customer"] = None
    return method


# Disputes


def dispute(intent: Thing, amount: int) -> Thing:
    paid = found(intent["latest_charge"], "charge")
    paid["disputed"] = True
    facts = {"amount": amount or paid["amount"] - paid["refunded"], "currency": paid["currency"]}
    case = made(
        "du",
        "dispute",
        charge=paid["id"],
        payment_intent=intent["id"],
        reason="fraudulent",
        status="needs_response",
        balance_transactions=[],
        metadata={},
        **facts,
    )
    say("charge.dispute.created", case)
    case["balance_transactions"].append(
        entry(-facts["amount"], 1500, paid["currency"], "adjustment", case["id"])
    )
    say("charge.dispute.funds_withdrawn", case)
    return case


def end_dispute(case: Thing, status: str) -> Thing:
    case["status"] = status
    say("charge.dispute.closed", case)
    if status == "won":
        back = entry(case["amount"], 0, case["currency"], "adjustment", case["id"])
        case["balance_transactions"].append(back)
        say("charge.dispute.funds_reinstated", case)
    return case


def expire(session: Thing) -> Thing:
    session["status"] = "expired"
    say("checkout.session.expired", session)
    return session
