"""Eve at every door, visitors at every door, and each side at the other side's doors."""

from datetime import datetime

import pytest

from guildhall.contracts.actions import propose_refund
from guildhall.contracts.models import Milestone, Refund
from guildhall.disputes.actions import offer_split
from guildhall.disputes.models import Case, Offer
from guildhall.files.models import StoredFile
from guildhall.kernel.ids import new_id
from guildhall.people.models import Person
from tests.builders.contracts import (
    a_file,
    again,
    usd,
    what_is_broken,
)
from tests.web.visiting import by, text_of

pytestmark = pytest.mark.django_db


# ------------------------------------------------------------------ Eve, and nobody


def _doors(case: Case, offer: Offer, refund: Refund, file: StoredFile) -> list[tuple[str, str]]:
    milestone = again(case.milestone)
    room, step, at = f"/contracts/{milestone.contract_id}", f"/milestones/{milestone.pk}", f"/cases/{case.pk}"
    return [
        ("get", room),
        ("post", f"{room}/messages"),
        ("get", f"{room}/terms"),
        ("get", f"{room}/ending"),
        ("post", f"{room}/ending"),
        ("get", f"{room}/feedback"),
        ("post", f"{room}/feedback"),
        *(
            (verb, f"{step}/{noun}")
            for verb in ("get", "post")
            for noun in ("funding", "delivery", "changes", "approval", "refund", "case")
        ),
        ("get", f"/refunds/{refund.pk}"),
        ("post", f"/refunds/{refund.pk}"),
        ("post", f"/refunds/{refund.pk}/withdrawal"),
        ("get", at),
        ("post", f"{at}/messages"),
        ("post", f"{at}/contentions"),
        ("post", f"{at}/offers"),
        ("post", f"/offers/{offer.pk}/acceptance"),
        ("post", f"{at}/withdrawal"),
        ("post", f"{at}/taking"),
        ("get", f"{at}/ruling"),
        ("post", f"{at}/ruling"),
        ("get", "/cases"),
        ("get", f"/files/{file.pk}"),
    ]


def test_eve_finds_nothing_and_a_visitor_signs_in(
    case: Case, amara: Person, bushra: Person, eve: Person, now: datetime
) -> None:
    delivered = again(case.milestone)
    offer = offer_split(case=case, to_worker=usd(1), by=amara, at=now)
    refund = propose_refund(milestone=delivered, amount=usd(100), reason="Hm.", by=amara, at=now)
    file = a_file(bushra)
    stranger, visitor = by(eve), by(None)
    for verb, url in _doors(case, offer, refund, file):
        assert getattr(stranger, verb)(url).status_code == 404, (verb, url)
        answer = getattr(visitor, verb)(url)
        assert answer.status_code == 302, (verb, url)
        assert "/account/" in answer["Location"], (verb, url)
    assert delivered.contract.title not in text_of(stranger.get("/work"))
    assert visitor.get("/work").status_code == 302
    assert again(delivered).state == "delivered"
    assert not what_is_broken()


def test_A7_each_side_finds_only_its_own_verbs(delivered: Milestone, amara: Person, bushra: Person) -> None:
    for noun in ("funding", "changes", "approval"):
        assert by(bushra).get(f"/milestones/{delivered.pk}/{noun}").status_code == 404
        assert by(bushra).post(f"/milestones/{delivered.pk}/{noun}").status_code == 404
    assert by(amara).get(f"/milestones/{delivered.pk}/delivery").status_code == 404
    assert by(amara).post(f"/milestones/{delivered.pk}/delivery").status_code == 404


@pytest.mark.parametrize(
    "url", ["/contracts/{}", "/milestones/{}/funding", "/cases/{}", "/refunds/{}", "/files/{}"]
)
def test_what_is_not_there_looks_like_what_is_not_yours(amara: Person, url: str) -> None:
    assert by(amara).get(url.format(new_id())).status_code == 404


def test_an_odd_cursor_is_refused(funded: Milestone, amara: Person) -> None:
    assert by(amara).get("/work?after=zzz").status_code == 422
    by(amara).post(f"/contracts/{funded.contract_id}/messages", {"text": "Hello."})
    assert by(amara).get(f"/contracts/{funded.contract_id}?after=zzz").status_code == 422
