"""Every part of a page in every state it can be in, for whoever builds the next page."""

from datetime import timedelta
from typing import Any

from django import forms
from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.kernel.money import Money
from guildhall.kernel.paging import Page
from guildhall.web.forms import HallForm, MoneyField
from guildhall.web.page import page

# The words below are samples of what people type; they are not translated, as theirs would not be.
_LONG_NAME = "Wolfeschlegelsteinhausenbergerdorff-Umapathisivam Uvuvwevwevwe Onyetenyevwe Ugwemubwem Ossas"


class SampleForm(HallForm):
    """One field of each kind."""

    title = forms.CharField(
        label="What do you need?", max_length=60, help_text="One line that a stranger understands."
    )
    price = MoneyField(label="Your price", help_text="Sealed: only the client sees it.")
    by = forms.DateField(label="By when", widget=forms.DateInput(attrs={"type": "date"}), required=False)
    country = forms.ChoiceField(label="Country", choices=[("PK", "Pakistan"), ("GB", "United Kingdom")])
    letter = forms.CharField(label="Your letter", widget=forms.Textarea(attrs={"rows": 4}))
    kind = forms.ChoiceField(
        label="How do you want to pay?",
        choices=[("first", "Set the first milestone aside"), ("all", "Set everything aside")],
        widget=forms.RadioSelect,
    )
    told = forms.MultipleChoiceField(
        label="Tell me about",
        choices=[("read", "Messages"), ("jobs", "New work that fits me"), ("money", "Money that moves")],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agreed = forms.BooleanField(label="I have read the terms")
    papers = forms.FileField(label="Files", required=False)


@require_safe
def show_styleguide(request: HallRequest) -> HttpResponse:
    """The living guide; ``?dir=rtl`` turns it round."""
    wrong = SampleForm(
        {"title": "Logo " * 20, "price": "1,000", "by": "soon", "country": "PK", "kind": "first"}
    )
    wrong.is_valid()
    return page(
        request,
        "styleguide.html",
        {"empty": SampleForm(auto_id="new_%s"), "wrong": wrong, **_samples(request)},
    )


def _samples(request: HallRequest) -> dict[str, Any]:
    usd = [Money(minor, "USD") for minor in (11_000, -550, -110, 10_340)]
    steps = ["Set aside", "Delivered", "Amara looks at it", "Released", "On your account"]
    notes = [
        "22 Nov · 70.00 USD",
        "today 14:05, version 2",
        "hers until 11 Dec, 14:05",
        "65.80 USD for you",
        "about 3 days later",
    ]
    status = ["done", "done", "now", "todo", "todo"]
    file = {"name": "sign-v2.svg", "url": "#file", "note": "38 kB · items 2 and 3"}
    return {
        "lines": [("Amara pays", usd[0]), ("Hall’s fee, 5 %", usd[1]), ("Sick-pay fund, 1 %", usd[2])],
        "total": ("You receive", usd[3]),
        "steps": [
            {"title": title, "note": note, "status": mark}
            for title, note, mark in zip(steps, notes, status, strict=True)
        ],
        "sums": [
            Money(0, "USD"),
            Money(12_000, "USD"),
            Money(1_250_000_00, "EUR"),
            Money(500, "JPY"),
            Money(1_234, "KWD"),
        ],
        "facts": [
            ("Pays after delivery", "2 days (median)"),
            ("Hires when she posts", "9 of 11"),
            ("Known here as", _LONG_NAME),
        ],
        "messages": [
            {
                "name": "Amara",
                "own": False,
                "new": False,
                "at": request.at - timedelta(hours=3),
                "note": "",
                "files": [],
                "text": "The second sketch, please. Could the ear of wheat be a little less perfect?",
            },
            {
                "name": "Bushra",
                "own": True,
                "new": False,
                "at": request.at,
                "note": "delivery, version 2",
                "files": [file],
                "text": "I cut it by hand this time and scanned it.\nBoth versions are in the file.",
            },
            {
                "name": "بشریٰ",
                "own": False,
                "new": True,
                "at": request.at,
                "note": "",
                "files": [],
                "text": "یہ بہت اچھا ہے، شکریہ۔",
            },
        ],
        "more": Page([], "WyJhIl0"),
        "soon": request.at + timedelta(days=2),
        "since": request.at - timedelta(hours=3),
        "long_name": _LONG_NAME,
        "turned": request.GET.get("dir") == "rtl",
    }
