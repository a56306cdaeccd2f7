"""The payer's bank takes a practice payment back and gives it again: a choice of the page's visitor."""

import secrets
from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Stale
from guildhall.payments.models import PracticeIntent, PracticeNotice


class NotNow(Stale):
    """There is nothing to take back, or nothing to give again."""

    code = "practice_not_now"


@transaction.atomic
def dispute_practice_payment(*, intent: PracticeIntent, at: datetime) -> PracticeNotice:
    """Take a practice payment back as a chargeback; asked again, give back what was taken.

    Raises:
        NotNow: it was not paid, or the dispute is over.
    """
    intent = PracticeIntent.objects.select_for_update().get(pk=intent.pk)
    if last_outcome(intent, "deposit") != "paid":
        raise NotNow(_("This practice payment was not paid, so nobody can take it back."))
    earlier = intent.notices.filter(about="chargeback").order_by("-serial").first()
    if earlier and earlier.outcome == "paid":
        raise NotNow(_("This dispute is over: the payment was given back."))
    return PracticeNotice.objects.create(
        intent=intent,
        reference=f"practice_{secrets.token_hex(12)}",
        serial=earlier.serial + 1 if earlier else 1,
        outcome="paid" if earlier and earlier.outcome == "failed" else "failed",
        about="chargeback",
        subject=earlier.subject if earlier else f"dispute_{secrets.token_hex(8)}",
        due_at=at,
    )


def last_outcome(intent: PracticeIntent, about: str) -> str:
    """What the bank's books say last about a payment itself, or about its chargeback; empty for nothing."""
    last = intent.notices.filter(about=about).order_by("-serial").first()
    return last.outcome if last else ""
