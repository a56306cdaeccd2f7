"""Where the sign-in library meets the hall: letters, passwords and addresses go through our own verbs."""

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.models import EmailAddress
from django.contrib import messages
from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.edge.visitors import visitor_of
from guildhall.kernel.errors import Refusal
from guildhall.notices.actions import write_letter
from guildhall.people.actions import change_email, change_password
from guildhall.people.models import Person
from guildhall.web.people.entrance_letters import letter_for


class HallAdapter(DefaultAccountAdapter):
    """The hall's answers to what the library asks."""

    error_messages = DefaultAccountAdapter.error_messages | {
        "email_password_mismatch": gettext_lazy(
            "This address and this password do not belong together. Try again, or have a code sent to you."
        ),
        "too_many_login_attempts": gettext_lazy(
            "Too many tries. Wait an hour, or come in another way: by a code or by a new password."
        ),
        "incorrect_code": gettext_lazy("This is not the code that we sent. Look at the newest letter."),
        "incorrect_password": gettext_lazy("This is not your password."),
        "enter_current_password": gettext_lazy("This is not your password."),
        "duplicate_email": gettext_lazy("This is your address already."),
        "email_taken": gettext_lazy("That address cannot be used here."),
        "account_inactive": gettext_lazy("This account is closed."),
        "rate_limited": gettext_lazy("A letter has just gone out. Wait a moment before the next."),
    }

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Put the letter in the hall's own box: a slow post cannot slow a page down, nor tell who is here."""
        subject, text = letter_for(template_prefix.rpartition("/")[2], context)
        write_letter(
            address=email,
            subject=subject,
            text=text,
            is_secret="code" in context,
            at=self.request.at,
        )

    def add_message(  # noqa: PLR0917 - the library's own signature
        self,
        request: HttpRequest,
        level: int,
        message_template: str | None = None,
        message_context: dict[str, Any] | None = None,
        extra_tags: str = "",
        message: str | None = None,
    ) -> None:
        """Keep what the next page has to say; the library's small talk after each step is left out."""
        del message_template, message_context
        if message:
            messages.add_message(request, level, message, extra_tags)

    def set_password(self, user: AbstractBaseUser, password: str) -> None:
        """Change it by the hall's verb, which also writes it down."""
        assert isinstance(user, Person)
        change_password(by=user, password=password, at=self.request.at)

    def get_client_ip(self, request: HttpRequest) -> str:
        """By which address the library counts tries: by the same as the hall."""
        return visitor_of(request)

    def login(self, request: HttpRequest, user: AbstractBaseUser) -> None:
        """Open a session, under the password as it is kept now: a proof may just have done away with one."""
        user.refresh_from_db(fields=["password"])
        super().login(request, user)

    def confirm_email(self, request: HttpRequest, email_address: EmailAddress) -> bool:
        """The address is theirs: the first one opens the hall, another one replaces it."""
        person = email_address.user
        assert isinstance(person, Person)
        if person.email == email_address.email:
            return bool(super().confirm_email(request, email_address))
        try:
            before = person.email
            change_email(by=person, email=email_address.email, at=self.request.at)
            subject, text = letter_for("address_left", {})
            write_letter(address=before, subject=subject, text=text, at=self.request.at)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence) from refusal
        messages.success(request, _("Your new address is in force."))
        return True

    def get_email_verification_redirect_url(self, email_address: EmailAddress) -> str:
        """After a new address: back to one's account."""
        del email_address
        return reverse("people:account") if self.request.user.is_authenticated else "/"

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """After a new password: back to one's account, which says that others are signed out."""
        messages.success(request, _("Your password is changed. You are signed out everywhere else."))
        return reverse("people:account")

    def format_email_subject(self, subject: str) -> str:
        """No prefix: the sender's name says who writes."""
        return subject
