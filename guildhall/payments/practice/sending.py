"""Bringing the practice bank's notices to the hall's door, over HTTP as a real processor does."""

import logging
from datetime import datetime, timedelta

import httpx2
from django.conf import settings

from guildhall.payments.models import PracticeNotice
from guildhall.payments.practice.paying import body_of
from guildhall.payments.practice.signing import sign

log = logging.getLogger(__name__)

_LONGEST_WAIT = timedelta(minutes=10)
_AT_ONCE = 50


def send_due_notices(*, at: datetime) -> int:
    """Send what is due; returns how many arrived. What does not arrive is tried again, ever more rarely.

    No transaction is open during a call: a notice is put off until its next try, then sent, then marked.
    """
    due = PracticeNotice.objects.select_related("intent").filter(sent_at=None, due_at__lte=at)
    return sum(_send(notice, at) for notice in due.order_by("due_at", "id")[:_AT_ONCE])


def _send(notice: PracticeNotice, at: datetime) -> bool:
    wait = min(timedelta(seconds=2 ** min(notice.tries, 12)), _LONGEST_WAIT)
    mine = PracticeNotice.objects.filter(pk=notice.pk, due_at=notice.due_at, sent_at=None).update(
        due_at=at + wait, tries=notice.tries + 1
    )
    if not mine:
        return False  # another worker has taken it
    body = body_of(notice)
    try:
        answer = httpx2.post(
            f"{settings.GUILDHALL_BASE_URL}/gateways/practice/notices",
            content=body,
            headers={"Content-Type": "application/json", "Practice-Signature": sign(body, at)},
            timeout=10,
            trust_env=False,  # the way to our own door leads through nobody's proxy
        )
        trouble = "" if answer.is_success else f"the hall answered {answer.status_code}"
    except httpx2.HTTPError as error:
        trouble = f"{type(error).__name__}: {error}"
    if trouble:
        log.warning("practice notice %s did not arrive: %s", notice.reference, trouble)
        PracticeNotice.objects.filter(pk=notice.pk).update(trouble=trouble[:200])
        return False
    PracticeNotice.objects.filter(pk=notice.pk).update(sent_at=at, trouble="")
    return True
