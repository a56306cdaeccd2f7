"""What a certificate says, whom it can be checked by, and that no forged one passes."""

import base64
import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from guildhall.contracts.actions import approve_milestone
from guildhall.earnings.actions import (
    TooManyCertificates,
    TooSoon,
    change_signing_key,
    issue_certificate,
    note_check,
    withdraw_certificate,
)
from guildhall.earnings.models import Certificate, SigningKey
from guildhall.earnings.queries import (
    certificates_of,
    checks_of,
    signed_text_of,
    verdict_on_code,
    verdict_on_text,
)
from guildhall.earnings.rules import (
    MOST_IN_FORCE,
    Said,
    Standing,
    code_from,
    code_in_groups,
    period_before,
    read_code,
)
from guildhall.earnings.signing import SignedText, is_signed, private_key, public_half, read_signed_text
from guildhall.kernel.errors import NotFound, Unfit
from guildhall.kernel.ids import new_id
from guildhall.kernel.states import ForbiddenMove
from guildhall.ledger.queries import entries_of
from guildhall.people.models import Person
from guildhall.records.queries import take_out_of
from tests.builders.certificates import MARCH, a_certificate, earned
from tests.builders.contracts import a_delivered_milestone, what_is_broken
from tests.cast import NOW, a_person


def says(certificate: Certificate) -> Said:
    return Said.read(certificate.body)


# ---------------------------------------------------------------- what it says


@pytest.mark.django_db
def test_it_says_what_became_free_by_month_and_for_how_many_clients(
    amara: Person, bushra: Person, chen: Person
) -> None:
    earned(amara, bushra, 10_000, NOW)
    earned(chen, bushra, 20_001, NOW + timedelta(days=1))
    earned(amara, bushra, 3_000, NOW + timedelta(days=30))  # paid in December, free in January
    earned(amara, bushra, 4_000, NOW, currency="EUR")
    earned(amara, bushra, 50_000, datetime(2027, 3, 2, tzinfo=UTC))  # this month is not over
    said = says(a_certificate(bushra, at=MARCH))
    assert (said.first_month, said.last_month, said.months) == ("2026-12", "2027-02", 3)
    assert (said.member_since, said.issued_on, said.expires_on) == ("2026-12-01", "2027-03-15", "2027-09-11")
    assert (said.months_with_income, said.clients, said.name) == (2, 2, "Bushra")
    euro, dollar = said.amounts
    assert (euro.currency, euro.total) == ("EUR", 3_800)
    assert {one.month: one.net for one in dollar.by_month} == {
        "2026-12": 9_500 + 19_001,
        "2027-01": 2_850,
        "2027-02": 0,
    }
    assert dollar.average == dollar.total // 3
    wallet = entries_of(f"wallet:{bushra.party}", "USD")
    matured = [
        one for one in wallet if one.kind == "clearing.matured" and one.at < datetime(2027, 3, 1, tzinfo=UTC)
    ]
    assert dollar.total == sum(one.change.minor for one in matured)
    assert what_is_broken(("earnings",)) == {}


@pytest.mark.django_db
def test_what_is_in_clearing_is_not_income_yet(amara: Person, bushra: Person) -> None:
    milestone = a_delivered_milestone(amara, bushra, minor=10_000, at=datetime(2027, 2, 27, tzinfo=UTC))
    approve_milestone(milestone=milestone, by=amara, at=datetime(2027, 2, 28, tzinfo=UTC))
    said = says(a_certificate(bushra, at=MARCH))
    assert (said.amounts, said.months_with_income, said.clients) == ((), 0, 0)


@pytest.mark.django_db
def test_without_consent_it_says_no_amount(amara: Person, bushra: Person) -> None:
    earned(amara, bushra, 10_000, NOW)
    certificate = a_certificate(bushra, at=MARCH, with_amounts=False)
    assert says(certificate).amounts == ()
    assert (says(certificate).months_with_income, says(certificate).clients) == (1, 1)
    assert "9500" not in certificate.body


@pytest.mark.django_db
def test_what_was_frozen_stays_whatever_comes_later(amara: Person, bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    earned(amara, bushra, 10_000, datetime(2027, 2, 3, tzinfo=UTC))
    assert verdict_on_code(certificate.code, at=MARCH).said == says(certificate)
    assert says(a_certificate(bushra, at=MARCH)).months_with_income == 1


@pytest.mark.django_db
def test_it_is_refused_in_the_first_month_and_for_what_there_is_not(bushra: Person) -> None:
    asked: dict[str, Any] = {"months": 6, "with_amounts": True, "language": "ur", "by": bushra}
    with pytest.raises(TooSoon):
        issue_certificate(**asked, at=datetime(2026, 12, 31, 23, 59, tzinfo=UTC))
    assert says(issue_certificate(**asked, at=datetime(2027, 1, 1, tzinfo=UTC))).months == 1
    for months in (0, -1, 61, 10**30):
        with pytest.raises(Unfit):
            issue_certificate(**asked | {"months": months}, at=MARCH)
    with pytest.raises(Unfit):
        issue_certificate(**asked | {"language": "xx"}, at=MARCH)


@pytest.mark.django_db
def test_one_has_a_handful_in_force_and_not_more(bushra: Person) -> None:
    last = a_certificate(bushra, at=MARCH)
    for _each in range(MOST_IN_FORCE - 1):
        a_certificate(bushra, at=MARCH)
    with pytest.raises(TooManyCertificates):
        a_certificate(bushra, at=MARCH)
    withdraw_certificate(certificate=last, by=bushra, at=MARCH)
    a_certificate(bushra, at=MARCH)


@given(
    st.dates(date(2020, 1, 1), date(2040, 12, 31)),
    st.integers(1, 60),
    st.dates(date(2019, 1, 1), date(2041, 1, 1)),
)
def test_a_period_is_whole_months_that_are_over(today: date, months: int, since: date) -> None:
    period = period_before(today, months=months, since=since)
    if period is None:
        assert since.replace(day=1) >= today.replace(day=1)
        return
    first, last = period
    assert first.day == last.day == 1
    assert first <= last < today.replace(day=1)
    assert (last + timedelta(days=31)).replace(day=1) == today.replace(day=1)
    assert first >= since.replace(day=1)
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    assert count == months or first == since.replace(day=1)


# ---------------------------------------------------------------- codes


@given(st.binary(min_size=16, max_size=16))
def test_a_code_holds_all_its_bytes_and_is_read_however_it_is_typed(random: bytes) -> None:
    code = code_from(random)
    assert len(code) == 26
    assert read_code(code) == read_code(code_in_groups(code).upper()) == code
    assert read_code(code.replace("0", "O").replace("1", "l")) == code
    if random != b"\0" * 16:
        assert code != code_from((int.from_bytes(random) - 1).to_bytes(16))


@given(st.text())
def test_what_is_no_code_is_read_as_none(typed: str) -> None:
    assert read_code(typed) in {"", read_code(typed.strip())}


# ---------------------------------------------------------------- forged, edited, replayed


@pytest.mark.django_db
def test_the_code_and_the_text_both_tell_that_it_is_valid(bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    for verdict in (
        verdict_on_code(certificate.code, at=MARCH),
        verdict_on_text(signed_text_of(certificate), at=MARCH),
        verdict_on_text("\u200f " + "\r\n ".join(signed_text_of(certificate)), at=MARCH),
    ):
        assert (verdict.standing, verdict.said) == (Standing.VALID, says(certificate))


@pytest.mark.django_db
def test_a_changed_figure_is_seen(amara: Person, bushra: Person) -> None:
    earned(amara, bushra, 10_000, NOW)
    certificate = a_certificate(bushra, at=MARCH)
    text = read_signed_text(signed_text_of(certificate))
    assert text is not None
    assert "9500" in text.body
    forged = str(SignedText(text.body.replace("9500", "99500"), text.signature))
    assert verdict_on_text(forged, at=MARCH).standing == Standing.CHANGED


@pytest.mark.django_db
def test_another_hall_s_key_signs_nothing_here(bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    theirs = Ed25519PrivateKey.generate()
    for body in (
        certificate.body,
        replace(says(certificate), key="0123456789abcdef").canonical,
        json.dumps({"key": 5}),
        "[]",
        '"key"',
        "{",
    ):
        forged = str(SignedText(body, theirs.sign(body.encode())))
        assert verdict_on_text(forged, at=MARCH).standing == Standing.CHANGED


@pytest.mark.django_db
def test_a_replayed_code_shows_whose_it_is_and_what_it_said(bushra: Person, chen: Person) -> None:
    """Chen prints a paper of their own with Bushra's code: whoever looks it up reads Bushra's."""
    certificate = a_certificate(bushra, at=MARCH)
    verdict = verdict_on_code(certificate.code, at=MARCH)
    assert verdict.said is not None
    assert verdict.said.name == "Bushra"
    own = says(a_certificate(chen, at=MARCH))
    forged = replace(own, code=certificate.code).canonical
    signature = bytes.fromhex(certificate.signature)
    assert verdict_on_text(str(SignedText(forged, signature)), at=MARCH).standing == Standing.CHANGED


@pytest.mark.django_db
def test_even_what_the_hall_s_own_key_signed_is_unknown_unless_it_was_issued(bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    richer = replace(says(certificate), clients=99).canonical
    signed = str(SignedText(richer, private_key(certificate.key_id).sign(richer.encode())))
    assert verdict_on_text(signed, at=MARCH).standing == Standing.UNKNOWN
    assert verdict_on_code(code_from(b"\1" * 16), at=MARCH).standing == Standing.UNKNOWN


@pytest.mark.django_db
def test_an_expired_and_a_withdrawn_one_tell_their_day_and_nothing_else(bushra: Person, chen: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    last = datetime(2027, 9, 11, 23, 59, tzinfo=UTC)
    after = last + timedelta(minutes=1)
    text = signed_text_of(certificate)
    assert verdict_on_code(certificate.code, at=last).standing == Standing.VALID
    for verdict in (verdict_on_code(certificate.code, at=after), verdict_on_text(text, at=after)):
        assert (verdict.standing, verdict.said, verdict.on) == (Standing.EXPIRED, None, date(2027, 9, 11))
    with pytest.raises(NotFound):
        withdraw_certificate(certificate=certificate, by=chen, at=MARCH)
    withdraw_certificate(certificate=certificate, by=bushra, at=MARCH)
    with pytest.raises(ForbiddenMove):
        withdraw_certificate(certificate=certificate, by=bushra, at=MARCH)
    for verdict in (verdict_on_code(certificate.code, at=last), verdict_on_text(text, at=after)):
        assert (verdict.standing, verdict.said, verdict.on) == (Standing.WITHDRAWN, None, date(2027, 3, 15))


SIGNER = Ed25519PrivateKey.generate()
BODY = '{"amounts":[{"average":205760,"currency":"USD"}],"code":"0","name":"بشریٰ"}'
SIGNED = str(SignedText(BODY, SIGNER.sign(BODY.encode())))


@given(st.integers(0, 8 * len(SIGNED) - 1))
def test_no_bit_of_a_signed_text_can_be_changed(bit: int) -> None:
    raw = bytearray(SIGNED.encode())
    raw[bit // 8] ^= 1 << bit % 8
    changed = read_signed_text(raw.decode("latin-1"))
    assert changed is None or not is_signed(changed.body, changed.signature, public_half(SIGNER))


@given(st.integers(0, 8 * len(BODY.encode()) - 1))
def test_no_bit_of_what_was_signed_can_be_changed(bit: int) -> None:
    raw = bytearray(BODY.encode())
    raw[bit // 8] ^= 1 << bit % 8
    signature = SIGNED.partition(".")[2]
    text = f"{base64.urlsafe_b64encode(bytes(raw)).decode().rstrip('=')}.{signature}"
    changed = read_signed_text(text)
    assert changed is None or not is_signed(changed.body, changed.signature, public_half(SIGNER))


@given(st.text())
def test_whatever_is_pasted_is_read_without_falling(pasted: str) -> None:
    text = read_signed_text(pasted)
    assert text is None or isinstance(text.key, str)


# ---------------------------------------------------------------- keys


@pytest.mark.django_db
def test_what_an_older_key_signed_still_holds(bushra: Person, olga: Person) -> None:
    old = a_certificate(bushra, at=MARCH)
    change_signing_key(by=olga, at=MARCH)
    new = a_certificate(bushra, at=MARCH)
    assert old.key_id != new.key_id
    for certificate in (old, new):
        assert verdict_on_text(signed_text_of(certificate), at=MARCH).standing == Standing.VALID
    assert SigningKey.objects.filter(ended_at=None).get() == new.key
    with pytest.raises(NotFound):
        change_signing_key(by=bushra, at=MARCH)
    assert what_is_broken(("earnings",)) == {}


@pytest.mark.django_db
def test_a_new_secret_of_the_hall_makes_a_new_key_and_keeps_the_old_papers(
    bushra: Person, settings: Any
) -> None:
    old = a_certificate(bushra, at=MARCH)
    settings.SECRET_KEY = "another secret of more than 32 characters"
    new = a_certificate(bushra, at=MARCH)
    assert old.key_id != new.key_id
    for certificate in (old, new):
        assert verdict_on_text(signed_text_of(certificate), at=MARCH).standing == Standing.VALID


@pytest.mark.django_db
def test_the_tables_alone_sign_nothing(bushra: Person, settings: Any) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    private = private_key(certificate.key_id).private_bytes_raw()
    with connection.cursor() as cursor:
        cursor.execute("SELECT string_agg(to_jsonb(k)::text, '') FROM earnings_signingkey k")
        (kept,) = cursor.fetchone()
    assert private.hex() not in kept
    settings.SECRET_KEY = "what a thief of the tables does not have"
    assert private_key(certificate.key_id).private_bytes_raw() != private
    assert private_key(new_id()).private_bytes_raw() != private


# ---------------------------------------------------------------- what is kept


@pytest.mark.django_db
def test_checks_are_counted_by_day_and_the_holder_s_own_are_not(bushra: Person, chen: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    for by, at in ((None, MARCH), (chen, MARCH), (bushra, MARCH), (None, MARCH + timedelta(days=1))):
        note_check(certificate=certificate, by=by, at=at)
    counted = {check.day: check.count for check in checks_of(certificate)}
    assert counted == {date(2027, 3, 15): 2, date(2027, 3, 16): 1}
    assert vars(certificates_of(bushra).get())["checked"] == 3
    assert set(certificates_of(chen)) == set()


@pytest.mark.django_db
def test_one_takes_them_along(bushra: Person, eve: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    note_check(certificate=certificate, by=None, at=MARCH)
    held = json.loads("".join(take_out_of(bushra, at=MARCH)))["earnings.certificates"]["rows"]
    assert [(row["code"], row["checked"]) for row in held] == [(certificate.code, {"2027-03-15": 1})]
    assert certificate.code not in "".join(take_out_of(eve, at=MARCH))


@pytest.mark.django_db
def test_a_name_that_is_changed_later_stays_on_the_paper(bushra: Person) -> None:
    certificate = a_certificate(bushra, at=MARCH)
    Person.objects.filter(pk=bushra.pk).update(name="Bushra the Rich")
    verdict = verdict_on_code(certificate.code, at=MARCH)
    assert verdict.said is not None
    assert verdict.said.name == "Bushra"
    assert says(a_certificate(a_person("Zed"), at=MARCH)).name == "Zed"
