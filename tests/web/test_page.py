"""What views lean on: who may see a page, trying a verb, forms that keep what was typed, filters."""

import re
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path
from typing import Any

import pytest
from django import forms
from django.db import connection
from django.http import HttpResponse
from django.template import engines
from django.test import Client, RequestFactory
from django.urls import path
from django.utils import timezone, translation
from jinja2 import UndefinedError

from guildhall.kernel.errors import Stale, Unfit
from guildhall.kernel.money import Money
from guildhall.people.models import Person
from guildhall.web.forms import HallForm, MoneyField
from guildhall.web.mast import mast_of
from guildhall.web.page import (
    QueryInTemplate,
    adjudicator_only,
    asking_nothing,
    attempt,
    operator_only,
    page,
    signed_in,
)
from guildhall.web.rendering import options_of, static, stored

pytestmark = pytest.mark.urls(__name__)


class OfferForm(HallForm):
    price = MoneyField(label="Your price")
    letter = forms.CharField(label="Your letter")
    key = forms.CharField(widget=forms.HiddenInput, required=False)


@signed_in
def for_people(request: Any) -> HttpResponse:
    return HttpResponse(request.person.name)


@operator_only
def for_operators(request: Any) -> HttpResponse:
    return HttpResponse("the office")


@adjudicator_only
def for_adjudicators(request: Any) -> HttpResponse:
    return HttpResponse("the bench")


urlpatterns = [
    path("people/<word>", for_people),
    path("office", for_operators),
    path("bench", for_adjudicators),
    path("account/sign-in", for_people, name="account_login"),
]
handler404 = "guildhall.edge.handlers.not_found"


def draw(source: str, **context: Any) -> str:
    template = engines["jinja2"].from_string(source)
    return str(template.render(context, RequestFactory().get("/")))


@pytest.mark.django_db
def test_a_visitor_is_sent_to_sign_in_and_back_again(client: Client) -> None:
    response = client.get("/people/x?after=1")
    assert response.status_code == 302
    assert response["Location"] == "/account/sign-in?next=/people/x%3Fafter%3D1"


@pytest.mark.django_db
def test_a_visitors_post_comes_back_to_the_page_it_was_sent_from(client: Client) -> None:
    def way(referrer: str) -> str:
        return client.post("/people/x", headers={"referer": referrer})["Location"].partition("next=")[2]

    assert way("http://testserver/jobs/1?x=2") == "/jobs/1"
    assert way("http://evil.example/jobs/1") == "/"
    assert way("") == "/"


@pytest.mark.django_db
@pytest.mark.parametrize(("address", "role"), [("/office", "is_operator"), ("/bench", "is_adjudicator")])
def test_the_office_and_the_bench_are_not_there_for_others(
    client: Client, eve: Any, address: str, role: str
) -> None:
    assert client.get(address).status_code == 302
    client.force_login(eve)
    assert client.get(address).status_code == 404
    Person.objects.filter(pk=eve.pk).update(**{role: True})
    assert client.get(address).status_code == 200


def test_a_form_that_fits_calls_its_verb() -> None:
    form = OfferForm({"price": "110.00", "letter": "Dear Amara"})
    assert attempt(form, lambda: form.cleaned_data["price"]) == Money(11_000, "USD")
    assert form.refusal_status == 200


def test_a_form_that_does_not_fit_never_reaches_its_verb() -> None:
    form = OfferForm({"price": "1,000", "letter": ""})
    assert attempt(form, lambda: pytest.fail("called")) is None
    assert form.refusal_status == 422
    assert set(form.errors) == {"price", "letter"}
    assert 'value="1,000"' in str(form["price"])


@pytest.mark.parametrize(
    ("refusal", "place", "status"),
    [
        (Unfit("Below the floor.", field="price"), "price", 422),
        (Unfit("Below the floor.", field="elsewhere"), "__all__", 422),
        (Stale("Somebody was quicker."), "__all__", 409),
    ],
)
def test_a_refusal_lands_beside_its_field(refusal: Any, place: str, status: int) -> None:
    form = OfferForm({"price": "1.00", "letter": "x"})

    def verb() -> None:
        raise refusal

    assert attempt(form, verb) is None
    assert form.errors[place] == [refusal.sentence]
    assert form.refusal_status == status


def test_money_is_read_in_the_things_own_currency() -> None:
    form = OfferForm({"price": "500", "letter": "x"}, initial={"price": Money(700, "JPY")})
    price: Any = form.fields["price"]
    price.currency = "JPY"
    assert form.is_valid()
    assert form.cleaned_data["price"] == Money(500, "JPY")
    assert 'value="700"' in str(OfferForm(initial={"price": Money(700, "JPY")})["price"])


def test_an_error_is_tied_to_its_field_for_those_who_listen() -> None:
    form = OfferForm({"price": "", "letter": "x"})
    form.is_valid()
    drawn = draw(
        '{% import "parts/forms.html" as forms with context %}{{ forms.errors(form) }}{{ forms.open("/x") }}'
        '{{ forms.field(form.price, hint="Sealed.") }}{{ forms.close() }}',
        form=form,
    )
    assert 'href="#id_price"' in drawn
    assert 'aria-describedby="id_price_helptext id_price_error"' in drawn
    assert 'aria-invalid="true"' in drawn
    assert 'id="id_price_error"' in drawn
    assert 'name="csrfmiddlewaretoken"' in drawn
    assert 'name="idempotency_key"' in drawn


def test_two_forms_have_two_keys() -> None:
    drawn = draw('{% import "parts/forms.html" as f with context %}{{ f.open("/x") }}|{{ f.open("/x") }}')
    one, two = drawn.split("|")
    key = 'name="idempotency_key" value="'
    assert one.partition(key)[2][:36] != two.partition(key)[2][:36]


def test_a_name_that_a_template_does_not_know_is_a_bug() -> None:
    with pytest.raises(UndefinedError):
        draw("{{ nobody }}")


def test_D11_what_people_write_is_text(rf: RequestFactory) -> None:
    assert draw("{{ name }}", name='<img src=x onerror="x">').startswith("&lt;img")
    assert "<img" not in draw("{{ _('Hello %(name)s', name=name) }}", name="<img>")


@pytest.mark.django_db
def test_a_template_that_asks_the_database_is_a_bug(rf: RequestFactory) -> None:
    with pytest.raises(QueryInTemplate), asking_nothing("x.html"):
        Person.objects.exists()
    request: Any = rf.get("/")
    request.person, request.at, request.locale = None, datetime.now(tz=UTC), "en"
    context = {"status": 404, "title": Person.objects.all(), "sentence": "", "rule": ""}
    with pytest.raises(QueryInTemplate):
        page(request, "errors/trouble.html", context)
    assert connection.execute_wrappers == []


@pytest.mark.parametrize(
    ("minor", "currency", "said"),
    [
        (12_000, "USD", "120.00 USD"),
        (125_000, "USD", "1250.00 USD"),
        (125_000_000, "EUR", "1\u202f250\u202f000.00 EUR"),
        (-550, "USD", "−5.50 USD"),
        (500, "JPY", "500 JPY"),
        (0, "KWD", "0.000 KWD"),
    ],
)
def test_a_sum_is_its_amount_and_its_currency(minor: int, currency: str, said: str) -> None:
    assert draw("{{ sum|money }}", sum=Money(minor, currency)) == f'<bdi class="money">{said}</bdi>'


def test_time_is_local_and_says_its_zone() -> None:
    instant = datetime(2026, 12, 4, 20, 30, tzinfo=UTC)
    with timezone.override("Asia/Karachi"):
        assert "5 December 2026, 01:30 PKT" in draw("{{ at|moment }}", at=instant)
        assert "5 December 2026" in draw("{{ at|day }}", at=instant)
    assert "4 December 2026" in draw("{{ day|day }}", day=date(2026, 12, 4))
    with timezone.override("America/Sao_Paulo"):
        assert "UTC-03" in draw("{{ at|moment }}", at=instant)
    with translation.override("ur"):
        assert "دسمبر" in draw("{{ at|day }}", at=instant)


def test_how_long_ago_is_measured_from_the_request() -> None:
    at = datetime(2026, 12, 4, tzinfo=UTC)
    assert ">3 hours ago<" in draw("{{ then|ago }}", then=at - timedelta(hours=3), at=at)
    assert ">in 2 days<" in draw("{{ then|ago }}", then=at + timedelta(days=2), at=at)
    assert ">23 hours ago<" in draw("{{ then|ago }}", then=at - timedelta(hours=23, minutes=59), at=at)
    assert ">just now<" in draw("{{ then|ago }}", then=at - timedelta(seconds=9), at=at)
    assert ">4 weeks ago<" in draw("{{ then|ago }}", then=at - timedelta(days=29), at=at)


def test_a_name_in_a_sentence_keeps_its_own_direction() -> None:
    said = draw("{{ _('Proposal by %(name)s', name=name|named) }}", name="بشرى <b>")
    assert said == "Proposal by <bdi>بشرى &lt;b&gt;</bdi>"


def test_every_name_stands_inside_its_sentence() -> None:
    templates = Path(str(files("guildhall.web"))) / "templates"
    cut = re.compile(r'_\("[^"]*"\) \}\} <bdi>|</bdi>,? \{\{ _\(')
    assert not [str(each) for each in templates.rglob("*.html") if cut.search(each.read_text("utf-8"))]


@pytest.mark.parametrize(
    ("address", "label"),
    [
        ("/jobs", "Find work"),
        ("/jobs/0197", "Find work"),
        ("/jobs/mine", "My work"),
        ("/jobs/new", "My work"),
        ("/proposals/0197/conversation", "My work"),
        ("/contracts/0197", "My work"),
        ("/work", "My work"),
        ("/workshop", ""),
        ("/talent/bushra", "Find people"),
    ],
)
def test_the_mast_says_where_one_is(address: str, label: str, rf: RequestFactory) -> None:
    request: Any = rf.get(address)
    request.person = Person(name="Amara")
    assert [way.label for way in mast_of(request) if way.here] == ([label] if label else [])


def test_a_country_is_named_in_the_readers_language() -> None:
    assert draw("{{ 'PK'|country }}{{ ''|country }}") == "Pakistan"
    with translation.override("ur"):
        assert draw("{{ 'PK'|country }}") == "پاکستان"


def test_a_static_file_is_named_by_its_content_and_a_missing_one_is_a_bug() -> None:
    assert static("hall.css").startswith("/static/hall.css?v=")
    with pytest.raises(AssertionError):
        static("no.css")


def test_the_one_stylesheet_stays_small() -> None:
    from guildhall.config.settings import PACKAGE  # noqa: PLC0415

    assert (PACKAGE / "web" / "static" / "hall.css").stat().st_size <= 20_480


def test_a_stored_row_is_drawn_once_for_the_same_values_and_anew_for_others() -> None:
    drawn: list[tuple[object, ...]] = []

    def macro(*shown: object) -> str:
        drawn.append(shown)
        return f"<li>{shown[0]}</li>"

    row: Any = macro
    row.name = "row"
    assert stored(row, "Logo", ("Drawing",)) == stored(row, "Logo", ("Drawing",))
    assert len(drawn) == 1
    stored(row, "Logo", ("Inkscape",))
    with translation.override("ur"):
        stored(row, "Logo", ("Drawing",))
    assert len(drawn) == 3


def test_a_long_select_marks_what_was_chosen() -> None:
    choices = (("PK", "Pakistan"), ("GB", "<Kingdom>"))
    assert 'value="GB" selected' in options_of(choices, "GB")
    assert "selected" not in options_of(choices, "")
    assert "<Kingdom>" not in options_of(choices, '"><script>')


def test_a_moment_where_room_is_scarce_leaves_out_the_year_that_it_is() -> None:
    at = datetime(2026, 11, 24, tzinfo=UTC)
    instant = datetime(2026, 12, 4, 20, 30, tzinfo=UTC)
    with timezone.override("Asia/Karachi"):
        assert ">5 Dec, 01:30 PKT<" in draw("{{ then|shortly }}", then=instant, at=at)
