"""Giving transfers their codes. Asks the database."""

from collections.abc import Iterable
from uuid import UUID

from guildhall.payments.banking.references import Noun, reference_for
from guildhall.payments.models import TransferReference

_TRIES = 60


def name_transfers(noun: Noun, subjects: Iterable[UUID]) -> dict[UUID, str]:
    """The codes of some things; each keeps the one that it has, and no two have the same."""
    wanted = list(subjects)
    rows = TransferReference.objects.filter(noun=noun, subject__in=wanted)
    for attempt in range(_TRIES):
        named = dict(rows.values_list("subject", "code"))
        nameless = [each for each in wanted if each not in named]
        if not nameless:
            return named
        TransferReference.objects.bulk_create(
            [
                TransferReference(code=reference_for(noun, each, attempt), noun=noun, subject=each)
                for each in nameless
            ],
            ignore_conflicts=True,  # somebody has that code: the next attempt gives another
        )
    raise AssertionError("no code is left")


def name_transfer(noun: Noun, subject: UUID) -> str:
    """The code of one thing."""
    return name_transfers(noun, [subject])[subject]


def named_by(codes: Iterable[str]) -> dict[str, TransferReference]:
    """What some codes are about."""
    return TransferReference.objects.in_bulk(list(codes))
