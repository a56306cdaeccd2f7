"""A milestone's life: funded, delivered, changed, paid; and what each side may not do."""

import logging
from collections.abc import Callable
from datetime import timedelta

import pytest

from guildhall.contracts.actions import (
    approve_milestone,
    ask_again,
    fund_milestone,
    mark_delivered,
    open_contract,
    release_silent_milestones,
)
from guildhall.contracts.actions.delivering import NotDue, NotFunded, NothingDelivered
from guildhall.contracts.actions.locking import NotYourPart
from guildhall.contracts.actions.opening import AlreadyOpened, NotPlanned, SelfHire, UnfitTerms
from guildhall.contracts.models import Acceptance, Contract, Milestone
from guildhall.contracts.models import Terms as TermsRow
from guildhall.contracts.queries import contracts_visible_to, milestones_visible_to, terms_of
from guildhall.escrow.actions import ShortOfMoney
from guildhall.kernel.errors import NotFound, Refusal
from guildhall.kernel.models import Event
from guildhall.ledger.queries import balance_of
from guildhall.people.models import Person
from tests.builders.contracts import (
    DAY,
    HOUR,
    a_contract,
    a_delivered_milestone,
    a_funded_milestone,
    again,
    milestones_in,
    terms_between,
    usd,
    what_is_broken,
)
from tests.cast import NOW

pytestmark = pytest.mark.django_db

type Verb = Callable[[Milestone, Person], object]
VERBS: dict[str, Verb] = {
    "fund": lambda milestone, by: fund_milestone(milestone=milestone, by=by, at=NOW),
    "deliver": lambda milestone, by: mark_delivered(milestone=milestone, by=by, at=NOW),
    "ask again": lambda milestone, by: ask_again(milestone=milestone, by=by, at=NOW),
    "approve": lambda milestone, by: approve_milestone(milestone=milestone, by=by, at=NOW),
}
OF_WORKER = {"deliver"}


def test_opening_freezes_terms_that_both_accepted(amara: Person, bushra: Person) -> None:
    terms = terms_between(amara, bushra)
    contract = open_contract(origin="test:1", terms=terms, client=amara, worker=bushra, by=amara, at=NOW)
    row = TermsRow.objects.get(contract=contract)
    assert (row.number, row.hash) == (1, terms.hash)
    assert terms_of(contract) == terms
    assert {(yes.person_id, yes.hash) for yes in Acceptance.objects.filter(terms=row)} == {
        (amara.pk, terms.hash),
        (bushra.pk, terms.hash),
    }
    assert [(one.number, one.amount, one.state) for one in milestones_in(contract)] == [
        (1, 4_000, "planned"),
        (2, 7_000, "planned"),
    ]
    event = Event.objects.get(name="contract.opened")
    assert event.facts["terms_hash"] == terms.hash
    assert not what_is_broken()


def test_B10_nobody_hires_themselves(amara: Person) -> None:
    with pytest.raises(SelfHire):
        open_contract(
            origin="test:1",
            terms=terms_between(amara, amara),
            client=amara,
            worker=amara,
            by=amara,
            at=NOW,
        )
    assert not Contract.objects.exists()


def test_B8_one_origin_makes_one_contract(amara: Person, bushra: Person) -> None:
    terms = terms_between(amara, bushra)
    open_contract(origin="test:1", terms=terms, client=amara, worker=bushra, by=amara, at=NOW)
    with pytest.raises(AlreadyOpened) as refusal:
        open_contract(origin="test:1", terms=terms, client=amara, worker=bushra, by=amara, at=NOW)
    assert refusal.value.status == 409
    assert Contract.objects.count() == 1


@pytest.mark.parametrize("sums", [(), (4_000, 0), (-1,)])
def test_terms_without_a_sum_are_refused(amara: Person, bushra: Person, sums: tuple[int, ...]) -> None:
    with pytest.raises(UnfitTerms):
        open_contract(
            origin="test:1",
            terms=terms_between(amara, bushra, sums=sums),
            client=amara,
            worker=bushra,
            by=amara,
            at=NOW,
        )


def test_money_is_set_aside_under_the_terms(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, minor=10_000, worker_fee_bp=1_000, client_fee_bp=300)
    hold = milestone.hold
    assert hold is not None
    assert (hold.placed, hold.client_fee, hold.clearing_days) == (10_000, 300, 3)
    assert hold.deductions[0]["basis_points"] == 1_000
    assert balance_of(hold.account, "USD") == usd(10_300)
    assert balance_of(f"wallet:{amara.party}", "USD") == usd(0)
    assert not what_is_broken()


def test_a_short_wallet_changes_nothing(amara: Person, bushra: Person) -> None:
    contract = open_contract(
        origin="test:1", terms=terms_between(amara, bushra), client=amara, worker=bushra, by=amara, at=NOW
    )
    with pytest.raises(ShortOfMoney) as refusal:
        fund_milestone(milestone=milestones_in(contract)[0], by=amara, at=NOW)
    assert refusal.value.missing == usd(4_000)
    assert [one.state for one in milestones_in(contract)] == ["planned", "planned"]


def test_delivering_fixes_the_instant_of_release(amara: Person, bushra: Person) -> None:
    milestone = a_funded_milestone(amara, bushra, silence_days=12)
    mark_delivered(milestone=milestone, by=bushra, at=NOW + HOUR)
    assert again(milestone).release_at == NOW + HOUR + timedelta(days=12)


def test_asking_for_changes_stops_the_clock_and_delivering_starts_a_new_one(
    amara: Person, bushra: Person
) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    ask_again(milestone=milestone, by=amara, at=NOW + 2 * DAY)
    assert again(milestone).release_at is None
    assert release_silent_milestones(at=NOW + 100 * DAY) == 0
    mark_delivered(milestone=milestone, by=bushra, at=NOW + 5 * DAY)
    assert again(milestone).release_at == NOW + 15 * DAY


def test_approving_pays_the_worker_net(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000)
    release = approve_milestone(milestone=milestone, by=amara, at=NOW + DAY)
    assert (release.gross, release.net) == (10_000, 9_500)
    assert release.matures_at == NOW + 4 * DAY
    assert again(milestone).state == "released"
    assert balance_of(f"clearing:{bushra.party}", "USD") == usd(9_500)
    assert Contract.objects.get().state == "ended"
    assert Contract.objects.get().end_reason == "finished"
    assert not what_is_broken()


def test_a_contract_goes_on_while_a_milestone_is_planned(amara: Person, bushra: Person) -> None:
    contract = a_contract(amara, bushra)
    first, _second = milestones_in(contract)
    fund_milestone(milestone=first, by=amara, at=NOW)
    mark_delivered(milestone=first, by=bushra, at=NOW)
    approve_milestone(milestone=first, by=amara, at=NOW)
    assert Contract.objects.get().state == "active"


def test_changes_may_be_forgiven(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    ask_again(milestone=milestone, by=amara, at=NOW + DAY)
    approve_milestone(milestone=milestone, by=amara, at=NOW + DAY)
    assert again(milestone).state == "released"


@pytest.mark.parametrize(
    ("prepared", "refused"),
    [
        ("planned", {"deliver": NotFunded, "ask again": NothingDelivered, "approve": NothingDelivered}),
        ("funded", {"fund": NotPlanned, "ask again": NothingDelivered, "approve": NothingDelivered}),
        ("delivered", {"fund": NotPlanned, "deliver": NotDue}),
        ("changes_asked", {"fund": NotPlanned, "ask again": NothingDelivered}),
        (
            "released",
            {
                "fund": NotPlanned,
                "deliver": NotDue,
                "ask again": NothingDelivered,
                "approve": NothingDelivered,
            },
        ),
    ],
)
def test_B9_no_step_is_skipped_or_repeated(
    amara: Person, bushra: Person, prepared: str, refused: dict[str, type[Refusal]]
) -> None:
    [milestone] = milestones_in(a_contract(amara, bushra, sums=(10_000,)))
    way = ["planned", "fund", "deliver", "ask again"]
    steps = {"funded": 2, "delivered": 3, "changes_asked": 4, "released": 3}.get(prepared, 1)
    for step in way[1:steps]:
        VERBS[step](milestone, bushra if step in OF_WORKER else amara)
    if prepared == "released":
        VERBS["approve"](milestone, amara)
    before = again(milestone)
    assert before.state == prepared
    events = Event.objects.count()
    for verb, refusal in refused.items():
        with pytest.raises(refusal) as said:
            VERBS[verb](milestone, bushra if verb in OF_WORKER else amara)
        assert said.value.status == 409
    assert again(milestone).state == prepared
    assert again(milestone).release_at == before.release_at
    assert Event.objects.count() == events


@pytest.mark.parametrize("verb", VERBS)
def test_the_other_side_and_eve_cannot(amara: Person, bushra: Person, eve: Person, verb: str) -> None:
    milestone = a_delivered_milestone(amara, bushra)
    with pytest.raises(NotYourPart) as refusal:
        VERBS[verb](milestone, amara if verb in OF_WORKER else bushra)
    assert refusal.value.status == 403
    with pytest.raises(NotFound):
        VERBS[verb](milestone, eve)
    assert again(milestone).state == "delivered"


def test_questions_answer_only_the_two_sides(amara: Person, bushra: Person, eve: Person) -> None:
    milestone = a_funded_milestone(amara, bushra)
    for person, count in ((amara, 1), (bushra, 1), (eve, 0), (None, 0)):
        assert contracts_visible_to(person).count() == count
        assert milestones_visible_to(person).filter(pk=milestone.pk).count() == count


class TestSilence:
    """E11: paid at the instant, never before it, once."""

    def test_E11_never_before_its_instant(self, amara: Person, bushra: Person) -> None:
        milestone = a_delivered_milestone(amara, bushra)
        instant = milestone.release_at
        assert instant is not None
        assert release_silent_milestones(at=instant - timedelta(microseconds=1)) == 0
        assert again(milestone).state == "delivered"
        assert release_silent_milestones(at=instant) == 1
        assert again(milestone).state == "released"
        assert release_silent_milestones(at=instant) == 0
        assert not what_is_broken()

    def test_B18_silence_is_told_as_silence(self, amara: Person, bushra: Person) -> None:
        milestone = a_delivered_milestone(amara, bushra)
        release_silent_milestones(at=NOW + 20 * DAY)
        event = Event.objects.get(name="milestone.released", subject_id=milestone.pk)
        assert event.by is None
        assert event.facts["silent"] is True

    def test_one_in_trouble_does_not_keep_the_others(
        self, amara: Person, bushra: Person, chen: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        broken, sound = a_delivered_milestone(amara, bushra), a_delivered_milestone(amara, chen)
        Milestone.objects.filter(pk=broken.pk).update(returned=9_999)
        with caplog.at_level(logging.CRITICAL):
            assert release_silent_milestones(at=NOW + 20 * DAY) == 1
        assert again(sound).state == "released"
        assert again(broken).state == "delivered"
        assert "E1" in what_is_broken()
