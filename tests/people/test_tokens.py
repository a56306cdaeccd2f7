"""Tokens: shown once, kept as a hash, ended at once, nobody else's to end."""

from datetime import UTC, datetime

import pytest

from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.models import Event
from guildhall.people.actions import create_token, end_token, join_hall
from guildhall.people.actions.tokens import TooManyTokens
from guildhall.people.models import Person, Token
from guildhall.people.queries import person_with_token, tokens_of
from guildhall.people.rules import TOKEN_LIMIT

AT = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)

pytestmark = pytest.mark.django_db


@pytest.fixture
def amara() -> Person:
    return join_hall(email="amara@example.org", name="Amara", at=AT)


@pytest.fixture
def eve() -> Person:
    return join_hall(email="eve@example.org", name="Eve", at=AT)


def test_a_token_opens_the_door_for_what_it_may_do(amara: Person) -> None:
    token, secret = create_token(by=amara, name="My till", scopes=["work", "read"], at=AT)
    assert secret.startswith("gh_")
    assert token.scopes == ["read", "work"]
    known = person_with_token(secret)
    assert known is not None
    person, scopes = known
    assert person == amara
    assert set(scopes) == {"read", "work"}


def test_only_a_hash_is_kept(amara: Person) -> None:
    token, secret = create_token(by=amara, name="My till", scopes=["read"], at=AT)
    row = Token.objects.values().get(pk=token.pk)
    assert secret not in str(row)
    assert bytes(row["digest"]) != secret.encode()
    assert len(secret) - len(row["start"]) > 30


@pytest.mark.parametrize("wrong", ["", "gh_", "gh_" + "x" * 43, "Bearer", "gh_ü", "\x00"])
def test_what_is_not_a_token_is_nobody(amara: Person, wrong: str) -> None:
    create_token(by=amara, name="My till", scopes=["read"], at=AT)
    assert person_with_token(wrong) is None


def test_A06_an_ended_token_is_refused_at_once(amara: Person) -> None:
    token, secret = create_token(by=amara, name="My till", scopes=["read"], at=AT)
    end_token(token=token, by=amara, at=AT)
    assert person_with_token(secret) is None
    assert not tokens_of(amara).exists()


def test_A06_the_token_of_somebody_put_out_is_refused_at_once(amara: Person) -> None:
    _, secret = create_token(by=amara, name="My till", scopes=["read"], at=AT)
    amara.is_active = False
    amara.save(update_fields=["is_active"])
    assert person_with_token(secret) is None


def test_A11_nobody_ends_the_token_of_another(amara: Person, eve: Person) -> None:
    token, secret = create_token(by=amara, name="My till", scopes=["read"], at=AT)
    with pytest.raises(NotFound):
        end_token(token=token, by=eve, at=AT)
    assert person_with_token(secret) is not None


def test_A04_making_and_ending_leave_a_row_each(amara: Person) -> None:
    token, _ = create_token(by=amara, name="My till", scopes=["money"], at=AT)
    end_token(token=token, by=amara, at=AT)
    end_token(token=token, by=amara, at=AT)
    events = list(Event.objects.filter(subject_id=token.id).order_by("id").values_list("name", "by"))
    assert events == [("token.created", amara.id), ("token.ended", amara.id)]


@pytest.mark.parametrize(
    ("name", "scopes", "field"), [("", ["read"], "name"), ("x", [], "scopes"), ("x", ["all"], "scopes")]
)
def test_a_token_needs_a_name_and_known_scopes(
    amara: Person, name: str, scopes: list[str], field: str
) -> None:
    with pytest.raises(Unfit) as refused:
        create_token(by=amara, name=name, scopes=scopes, at=AT)
    assert refused.value.field == field


def test_nobody_hoards_tokens(amara: Person) -> None:
    for number in range(TOKEN_LIMIT):
        create_token(by=amara, name=f"No. {number}", scopes=["read"], at=AT)
    with pytest.raises(TooManyTokens):
        create_token(by=amara, name="One more", scopes=["read"], at=AT)
