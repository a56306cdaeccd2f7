"""Stripe as the hall sees it: a gateway."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final, cast

from django.conf import settings
from django.utils.translation import gettext_lazy

from guildhall.payments.gateways import (
    Answer,
    BadNotice,
    Gateway,
    GatewaySilent,
    Instruction,
    Notice,
    ReportLine,
)
from guildhall.payments.stripe import reading
from guildhall.payments.stripe.amounts import to_stripe

if TYPE_CHECKING:
    import stripe
    from stripe.params.checkout import SessionCreateParams

OLDEST: Final = timedelta(seconds=300)
"""How far from now a signature may be, to either side."""

_LONGEST_SECOND = 12

_HAS_ENDED = "payment_intent_unexpected_state"


class Stripe(Gateway):
    """Payments on Stripe's own page, with kept cards, refunds, disputes and its balance as a report."""

    rail = "stripe"
    called = gettext_lazy("Stripe, by card")
    is_outside = True
    can_take = True
    can_keep = True
    can_refund = True
    can_report = True
    signature_header = "Stripe-Signature"
    remembers = timedelta(hours=23)  # Stripe keeps a key for at least a day

    def refuse_amount(self, instruction: Instruction) -> None:
        """Refuse a sum that Stripe cannot write."""
        to_stripe(instruction.amount)

    def start(self, instruction: Instruction) -> Answer:
        """Charge the kept card, or make a page; a card that the bank refuses leads to a page as well."""
        from guildhall.payments.stripe.wire import asking  # noqa: PLC0415 - the library takes its time

        with asking() as client:
            if instruction.method:
                answer = _charge(client, instruction)
                if answer:
                    return answer
            return _make_page(client, instruction)

    def parse_notice(self, *, body: bytes, signature: str, at: datetime) -> Notice | None:
        """Read an event, verified by Stripe's library; it asks which payment a dispute is about."""
        from guildhall.payments.stripe.wire import is_signed  # noqa: PLC0415 - as above

        second = _second_of(signature)
        if second is None or abs(at - second) > OLDEST:
            raise BadNotice
        access = settings.GUILDHALL_RAILS.stripe
        if access is None or not is_signed(body, signature, access.webhook_secret):
            raise BadNotice
        try:
            event = json.loads(body)
            if not reading.is_about_a_dispute(event):
                return reading.word_of_event(event)
            dispute = event["data"]["object"]
            return reading.word_of_dispute(dispute, _deposit_behind(dispute))
        except reading.UNREADABLE as error:
            raise BadNotice from error

    def outcome_of(self, instruction: Instruction) -> Notice | None:
        """Look for the page, the payment or the refund, and read it in its present state."""
        from guildhall.payments.stripe.wire import asking  # noqa: PLC0415 - as above

        with asking() as client:
            if instruction.about == "refund":
                return _look_for_refund(client, instruction)
            if instruction.payment.startswith("cs_"):
                return reading.word_of_session(
                    _plain(client.v1.checkout.sessions.retrieve(instruction.payment))
                )
            intent = _look_for_intent(client, instruction)
            return reading.word_of_intent(intent) if intent else None

    def refund(self, instruction: Instruction) -> Notice | None:
        """Pay back to the card; what Stripe refuses for good is a word too."""
        import stripe  # noqa: PLC0415 - as above

        from guildhall.payments.stripe.wire import asking  # noqa: PLC0415 - as above

        with asking() as client:
            try:
                made = client.v1.refunds.create(
                    {
                        "payment_intent": instruction.payment,
                        "amount": to_stripe(instruction.amount),
                        "metadata": {"refund": instruction.reference},
                    },
                    {"idempotency_key": f"refund:{instruction.reference}"},
                )
            except stripe.InvalidRequestError as error:
                return _refused(instruction, error)
            return reading.word_of_refund(_plain(made))

    def forget(self, *, method: str) -> None:
        """Detach a card, so that nobody can charge it any more."""
        import stripe  # noqa: PLC0415 - as above

        from guildhall.payments.stripe.wire import asking  # noqa: PLC0415 - as above

        with asking() as client:
            try:
                client.v1.payment_methods.detach(method)
            except stripe.InvalidRequestError:
                return  # it is not attached any more

    def report(self, *, since: datetime, until: datetime) -> Iterator[ReportLine]:
        """Every entry of Stripe's balance, with its fee as a line of its own."""
        from guildhall.payments.stripe.wire import asking  # noqa: PLC0415 - as above

        with asking() as client:
            listed = client.v1.balance_transactions.list(
                {
                    "created": {"gte": int(since.timestamp()), "lt": int(until.timestamp())},
                    "expand": ["data.source"],
                    "limit": 100,
                }
            )
            for entry in listed.auto_paging_iter():
                yield from reading.lines_of(_plain(entry))


def stripe_gateways() -> list[Gateway]:
    """Stripe, if the environment names an account there."""
    return [Stripe()] if settings.GUILDHALL_RAILS.stripe else []


def _make_page(client: "stripe.StripeClient", instruction: Instruction) -> Answer:
    names = _names(instruction)
    amount = instruction.amount
    wanted: dict[str, Any] = {
        "mode": "payment",
        "client_reference_id": instruction.reference,
        "success_url": instruction.back_to,
        "cancel_url": instruction.back_to,
        "line_items": [
            {
                "quantity": 1,
                "price_data": {
                    "currency": amount.currency.lower(),
                    "unit_amount": to_stripe(amount),
                    "product_data": {"name": f"Guildhall {instruction.reference[-8:]}"},
                },
            }
        ],
        "metadata": names,
        "payment_intent_data": {"metadata": names},
    }
    if instruction.keep:
        wanted["payment_intent_data"]["setup_future_usage"] = "off_session"
    if instruction.payer:
        wanted["customer"] = instruction.payer
    elif instruction.keep:
        wanted["customer_creation"] = "always"
    made = client.v1.checkout.sessions.create(
        cast("SessionCreateParams", wanted),
        {"idempotency_key": f"deposit:{instruction.reference}:page"},
    )
    return Answer(page=made.url or "", payment=made.id)


def _charge(client: "stripe.StripeClient", instruction: Instruction) -> Answer | None:
    """Charge a kept card; None: the bank wants the payer, so the attempt is closed and a page is next."""
    import stripe  # noqa: PLC0415 - as above

    try:
        made = client.v1.payment_intents.create(
            {
                "amount": to_stripe(instruction.amount),
                "currency": instruction.amount.currency.lower(),
                "customer": instruction.payer,
                "payment_method": instruction.method,
                "confirm": True,
                "off_session": True,
                "metadata": _names(instruction),
            },
            {"idempotency_key": f"deposit:{instruction.reference}:charge"},
        )
    except stripe.CardError as error:
        intent = _intent_in(error)
        if intent:
            _close(client, intent)
        return None
    except stripe.InvalidRequestError:
        return None  # the card is not there any more
    if made.status == "requires_action":
        _close(client, made.id)
        return None
    return Answer(payment=made.id, word=reading.word_of_intent(_plain(made)))


def _close(client: "stripe.StripeClient", intent: str) -> None:
    """Cancel an attempt for good, before the payer is sent to a page: they must not be charged by both."""
    import stripe  # noqa: PLC0415 - as above

    try:
        client.v1.payment_intents.cancel(intent)
    except stripe.InvalidRequestError as error:
        now = client.v1.payment_intents.retrieve(intent).status
        if error.code != _HAS_ENDED or now != "canceled":
            raise GatewaySilent(f"{intent} is {now} and cannot be closed") from error


def _look_for_intent(client: "stripe.StripeClient", instruction: Instruction) -> dict[str, Any] | None:
    if instruction.payment:
        return _plain(client.v1.payment_intents.retrieve(instruction.payment, {"expand": ["latest_charge"]}))
    if not instruction.payer:
        return None
    listed = client.v1.payment_intents.list({"customer": instruction.payer, "limit": 100})
    for intent in listed.auto_paging_iter():
        found = _plain(intent)
        if found["metadata"].get("deposit") == instruction.reference and found["status"] != "canceled":
            return found
    return None


def _look_for_refund(client: "stripe.StripeClient", instruction: Instruction) -> Notice | None:
    listed = client.v1.refunds.list({"payment_intent": instruction.payment, "limit": 100})
    for made in listed.auto_paging_iter():
        found = _plain(made)
        if (found.get("metadata") or {}).get("refund") == instruction.reference:
            return reading.word_of_refund(found)
    return None


def _refused(instruction: Instruction, error: "stripe.InvalidRequestError") -> Notice:
    amount = instruction.amount
    return Notice(
        reference=f"{instruction.reference} refused {amount.minor} {amount.currency}",
        serial=3,
        deposit="",
        outcome="failed",
        amount=amount,
        about="refund",
        subject=instruction.reference,
        payment=instruction.payment,
        reason=str(error.code or "refused")[:200],
    )


def _deposit_behind(dispute: reading.Said) -> str:
    """What we called the payment that a dispute is about: Stripe's payment says it, the dispute does not."""
    from guildhall.payments.stripe.wire import asking  # noqa: PLC0415 - as above

    payment = dispute.get("payment_intent")
    if not payment:
        return ""
    with asking() as client:
        found = _plain(client.v1.payment_intents.retrieve(str(payment)))
        return str((found.get("metadata") or {}).get("deposit") or "")[:48]


def _names(instruction: Instruction) -> dict[str, str]:
    names = {"deposit": instruction.reference, "person": instruction.person}
    return names | {"keep": "yes"} if instruction.keep else names


def _plain(thing: Any) -> dict[str, Any]:
    """An object of the library as plain values."""
    return thing.to_dict()  # type: ignore[no-any-return]


def _intent_in(error: "stripe.CardError") -> str:
    body: Any = error.json_body or {}
    return str((body.get("error", {}).get("payment_intent") or {}).get("id") or "")


def _second_of(signature: str) -> datetime | None:
    for part in signature.split(","):
        name, _is, value = part.partition("=")
        if name.strip() == "t" and value.isascii() and value.isdigit() and len(value) <= _LONGEST_SECOND:
            return datetime.fromtimestamp(int(value), UTC)
    return None
