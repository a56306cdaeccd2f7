"""Signing up and in, and one's password: the sign-in library's steps, answered with our pages."""

from typing import Any

from allauth.account import views as library
from allauth.account.internal.stagekit import clear_login
from django.contrib.messages import get_messages
from django.db import transaction
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.urls import path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext as _

from guildhall.edge.problems import trouble
from guildhall.edge.request import HallRequest
from guildhall.web.page import page
from guildhall.web.people.proving import forget_what_others_typed


class _Ours:
    """Renders a step of the library as a page of the hall; what does not fit is a 422."""

    request: HallRequest
    template_name: str

    def render_to_response(self, context: dict[str, Any], **_more: Any) -> HttpResponse:
        form = context.get("form")
        status = 422 if form is not None and form.is_bound and form.errors else 200
        known = ("form", "email", "can_resend", "login_url", "signup_url", "request_login_code_url")
        facts = {name: context.get(name) for name in (*known, "cancel_url", "next_is_code")}
        facts |= {
            "messages": list(get_messages(self.request)),
            "next": context.get("redirect_field_value") or "",
        }
        response = page(self.request, self.template_name, facts, status=status)
        response["Cache-Control"] = "private, no-store"
        return response


class _Entrance(_Ours):
    """A door that is always open: whoever comes back to it begins anew, whatever they had begun before."""

    def _redirect_to_pending_stage(self, request: HttpRequest, stage: Any) -> None:
        """Let go of the step that waited for a code; the library would lead back to it for ever."""
        del stage
        clear_login(request)


class SignIn(_Entrance, library.LoginView):
    """By address and password."""


class Join(_Entrance, library.SignupView):
    """Name, address, country, and a password if one likes."""


class AskCode(_Entrance, library.RequestLoginCodeView):
    """By a code: where to send it."""


class _Proof(_Ours):
    """A step that may prove an address: either all that follows from the proof is done, or nothing."""

    _process: Any

    @method_decorator(transaction.atomic)
    def form_valid(self, form: Form) -> HttpResponse:
        """What the library does with a code that is right, or with the wish for another one."""
        if "code" in form.cleaned_data and self._process.user:
            forget_what_others_typed(self.request, self._process.user)
        answer: HttpResponse = super().form_valid(form)  # type: ignore[misc]
        return answer


class SignInCode(_Proof, library.ConfirmLoginCodeView):
    """By a code: what it says."""


class AddressCode(_Proof, library.ConfirmEmailVerificationCodeView):
    """Is the address yours? What the code says."""


class SignOut(_Ours, library.LogoutView):
    """Leave."""


class NewAddress(_Ours, library.EmailView):
    """Another address."""

    template_name = "account/email_change.html"


class LostPassword(_Ours, library.PasswordResetView):
    """A lost password: where to send the code."""


class PasswordCode(_Proof, library.ConfirmPasswordResetCodeView):
    """A lost password: what the code says."""


class NextPassword(_Ours, library.CompletePasswordResetView):
    """A lost password: the new one."""


class PasswordDone(_Ours, library.PasswordResetFromKeyDoneView):
    """A lost password: it is replaced."""


class ChangePassword(_Ours, library.PasswordChangeView):
    """A new password for a known one."""


class FirstPassword(_Ours, library.PasswordSetView):
    """A first password."""


class Again(_Ours, library.ReauthenticateView):
    """The password once more."""


class Closed(_Ours, library.AccountInactiveView):
    """The account is closed."""


def too_many(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    """429: somebody tries too often."""
    del exception
    sentence = _("There were too many tries from here. Wait a few minutes and try again; nothing is lost.")
    response = trouble(request, 429, sentence, code="too_many")
    response["Retry-After"] = "60"
    return response


# The names are the library's own: it looks its pages up by them.
urlpatterns = [
    path("account/sign-up", Join.as_view(), name="account_signup"),
    path("account/sign-in", SignIn.as_view(), name="account_login"),
    path("account/sign-in/code", AskCode.as_view(), name="account_request_login_code"),
    path("account/sign-in/code/confirmation", SignInCode.as_view(), name="account_confirm_login_code"),
    path("account/sign-out", SignOut.as_view(), name="account_logout"),
    path("account/closed", Closed.as_view(), name="account_inactive"),
    path("account/again", Again.as_view(), name="account_reauthenticate"),
    path("account/address", NewAddress.as_view(), name="account_email"),
    path("account/address/code", AddressCode.as_view(), name="account_email_verification_sent"),
    path("account/password", ChangePassword.as_view(), name="account_change_password"),
    path("account/password/first", FirstPassword.as_view(), name="account_set_password"),
    path("account/password/lost", LostPassword.as_view(), name="account_reset_password"),
    path("account/password/lost/code", PasswordCode.as_view(), name="account_confirm_password_reset_code"),
    path("account/password/lost/new", NextPassword.as_view(), name="account_complete_password_reset"),
    path("account/password/lost/done", PasswordDone.as_view(), name="account_password_reset_completed"),
]
