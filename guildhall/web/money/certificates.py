"""One's own certificates of income: making them out, handing them on, taking them back."""

from datetime import UTC
from typing import Any
from uuid import UUID

from django import forms
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from guildhall.earnings.actions import issue_certificate, withdraw_certificate
from guildhall.earnings.drawing import address_of, pdf_of_certificate
from guildhall.earnings.models import Certificate
from guildhall.earnings.queries import certificates_of, checks_of, signed_text_of
from guildhall.earnings.rules import CERTIFICATE_DAYS, Said, code_in_groups, standing_on
from guildhall.earnings.states import WITHDRAWN
from guildhall.earnings.words import both_of, languages_of_certificates
from guildhall.edge.downloads import made_as_download
from guildhall.edge.request import HallRequest
from guildhall.kernel.errors import Refusal
from guildhall.kernel.paging import page_by_key
from guildhall.kernel.rules import rules_in_force
from guildhall.web.forms import HallForm
from guildhall.web.money.standings import word_for_standing
from guildhall.web.page import attempt, page, person_of, signed_in

_MONTHS = (3, 6, 12, 24)


class CertificateForm(HallForm):
    """What a certificate is to say."""

    months = forms.TypedChoiceField(
        label=_("How many months should it speak of?"),
        help_text=_("Whole months before this one; fewer, if you joined later."),
        coerce=int,
        choices=[(count, str(count)) for count in _MONTHS],
        initial=6,
    )
    with_amounts = forms.BooleanField(
        label=_("Say how much I earned, month by month"),
        help_text=_(
            "Without it, the paper says only since when you are a member and how many clients you had."
        ),
        required=False,
    )
    language = forms.ChoiceField(label=_("In which languages?"), choices=languages_of_certificates)


@require_http_methods(["GET", "HEAD", "POST"])
@signed_in
def show_certificates(request: HallRequest) -> HttpResponse:
    """Those that there are, the newest first; on POST make one out."""
    person = person_of(request)
    form = CertificateForm(request.POST or None, initial={"language": person.language})
    if request.method == "POST":
        made = attempt(form, lambda: issue_certificate(by=person, at=request.at, **form.cleaned_data))
        if made is not None:
            return redirect("money:certificate", certificate_id=made.pk)
    found = page_by_key(certificates_of(person), by=("-id",), after=request.GET.get("after", ""))
    context = {
        "form": form,
        "found": found,
        "rows": [_row(certificate, request) for certificate in found.rows],
        "holds": rules_in_force()[CERTIFICATE_DAYS],
    }
    return page(request, "money/certificates.html", context, status=form.refusal_status)


@require_safe
@signed_in
def show_certificate(request: HallRequest, certificate_id: UUID) -> HttpResponse:
    """One of them: what it says, where it is checked, and on which days it was."""
    certificate = get_object_or_404(certificates_of(person_of(request)), pk=certificate_id)
    return page(request, "money/certificate.html", _shown(request, certificate))


@require_safe
@signed_in
def show_certificate_file(request: HallRequest, certificate_id: UUID) -> HttpResponse:
    """The paper."""
    certificate = get_object_or_404(certificates_of(person_of(request)), pk=certificate_id)
    made = pdf_of_certificate(certificate)
    name = f"income-certificate-{certificate.issued_at:%Y-%m-%d}.pdf"
    return made_as_download(made, name=name, kind="application/pdf")


@require_POST
@signed_in
def certificate_withdrawal(request: HallRequest, certificate_id: UUID) -> HttpResponse:
    """Take it back."""
    person = person_of(request)
    certificate = get_object_or_404(certificates_of(person), pk=certificate_id)
    try:
        withdraw_certificate(certificate=certificate, by=person, at=request.at)
    except Refusal as refusal:
        context = {**_shown(request, certificate), "trouble": refusal.sentence}
        return page(request, "money/certificate.html", context, status=refusal.status)
    return redirect("money:certificate", certificate_id=certificate.pk)


def _row(certificate: Certificate, request: HallRequest) -> dict[str, Any]:
    standing = standing_on(
        request.at.astimezone(UTC).date(),
        expires_on=certificate.expires_on,
        is_withdrawn=certificate.is_in(WITHDRAWN),
    )
    word, tone = word_for_standing(standing)
    return {
        "id": certificate.pk,
        "word": word,
        "tone": tone,
        "issued_at": certificate.issued_at,
        "expires_on": certificate.expires_on,
        "has_amounts": certificate.has_amounts,
        "checked": getattr(certificate, "checked", 0),
    }


def _shown(request: HallRequest, certificate: Certificate) -> dict[str, Any]:
    checks = page_by_key(checks_of(certificate), by=("-day", "-id"), after=request.GET.get("after", ""))
    return {
        **_row(certificate, request),
        "may_withdraw": not certificate.is_in(WITHDRAWN),
        "sides": both_of(Said.read(certificate.body)),
        "code": code_in_groups(certificate.code),
        "address": address_of(certificate.code),
        "signed": signed_text_of(certificate),
        "checks": checks,
        "here": request.path,
        "trouble": "",
    }
