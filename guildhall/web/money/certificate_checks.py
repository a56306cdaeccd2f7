"""Where anybody checks a certificate that they were shown. It tells nothing but what the paper may say."""

from typing import Any

from django import forms
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from guildhall.earnings.actions import note_check
from guildhall.earnings.queries import Verdict, signing_keys, verdict_on_code, verdict_on_text
from guildhall.earnings.rules import Standing, read_code
from guildhall.earnings.words import both_of
from guildhall.edge.request import HallRequest
from guildhall.kernel.paging import page_by_key
from guildhall.web.forms import HallForm
from guildhall.web.money.standings import sentence_on_standing, word_for_standing
from guildhall.web.page import page


class CodeForm(HallForm):
    """The code on the paper."""

    code = forms.CharField(
        label=_("The code on the paper"),
        help_text=_("Hyphens and capitals do not matter."),
        max_length=80,
        widget=forms.TextInput(
            attrs={"autocomplete": "off", "spellcheck": "false", "autocapitalize": "none"}
        ),
    )


class TextForm(HallForm):
    """The signed text on the paper."""

    text = forms.CharField(
        label=_("The signed text"),
        help_text=_("The small print at the end of the PDF, all of it, or the file signed.txt inside."),
        max_length=40_000,
        widget=forms.Textarea(attrs={"rows": 6, "autocomplete": "off", "spellcheck": "false"}),
    )


@require_http_methods(["GET", "HEAD", "POST"])
def check_certificates(request: HallRequest) -> HttpResponse:
    """Ask for a code, which leads to the certificate's own address; on POST read a signed text."""
    codes = CodeForm(request.GET if "code" in request.GET else None)
    texts = TextForm(request.POST or None)
    if request.method == "POST":
        if not texts.is_valid():
            return _answer(request, codes, texts, status=422)
        verdict = verdict_on_text(texts.cleaned_data["text"], at=request.at)
        _note(request, verdict)
        return _answer(request, codes, texts, verdict)
    if codes.is_bound and codes.is_valid():
        code = read_code(codes.cleaned_data["code"])
        if code:
            return redirect("money:certificate_check", code=code)
        return _answer(request, codes, texts, Verdict(Standing.UNKNOWN))
    return _answer(request, codes, texts, status=422 if codes.is_bound else 200)


@require_safe
def check_certificate(request: HallRequest, code: str) -> HttpResponse:
    """The answer about one code."""
    verdict = verdict_on_code(code, at=request.at)
    if request.method == "GET":
        _note(request, verdict)
    return _answer(request, CodeForm(), TextForm(), verdict)


@require_safe
def show_certificate_keys(request: HallRequest) -> HttpResponse:
    """The public halves of all keys, so that a signature can be checked without this hall."""
    found = page_by_key(signing_keys(), by=("-id",), after=request.GET.get("after", ""))
    return _unlisted(page(request, "money/certificate_keys.html", {"found": found}))


def _note(request: HallRequest, verdict: Verdict) -> None:
    if verdict.certificate is not None:
        note_check(certificate=verdict.certificate, by=request.person, at=request.at)


def _answer(
    request: HallRequest,
    codes: CodeForm,
    texts: TextForm,
    verdict: Verdict | None = None,
    *,
    status: int = 200,
) -> HttpResponse:
    context: dict[str, Any] = {"codes": codes, "texts": texts, "hall": settings.GUILDHALL_BASE_URL}
    if verdict is not None:
        word, tone = word_for_standing(verdict.standing)
        context |= {
            "word": word,
            "tone": tone,
            "sentence": sentence_on_standing(verdict.standing),
            "on": verdict.on,
            "is_withdrawn": verdict.standing == Standing.WITHDRAWN,
            "sides": both_of(verdict.said) if verdict.said else [],
        }
        if verdict.standing == Standing.UNKNOWN:
            status = 404
    return _unlisted(page(request, "money/certificate_check.html", context, status=status))


def _unlisted(response: HttpResponse) -> HttpResponse:
    """For no search engine and no cache; by the hall's own policy no other site learns the address."""
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    response["Cache-Control"] = "private, no-store"
    return response
