"""Forms of the hall: the shape of what is typed, never the rules."""

from collections.abc import Callable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.renderers import Jinja2
from django.utils.functional import Promise

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money

type Choice = tuple[str, str | Promise]


def unchanging(*choices: Choice) -> Callable[[], Sequence[Choice]]:
    """Choices that are the same for everybody, as a function: lists a form would copy each time."""
    return lambda: choices


class HallForm(forms.Form):
    """A form that can be refused: the sentence lands beside its field, or above the form.

    Whatever was typed stays typed. Required and length marks are the server's to judge, so that a person
    reads our sentence rather than the browser's.
    """

    default_renderer = Jinja2()  # one for all: it keeps its compiled templates
    use_required_attribute = False
    refusal_status = 200
    """What to answer with when the form is shown again; `page.attempt` sets it."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("label_suffix", "")
        super().__init__(*args, **kwargs)
        self.broken_rule = ""
        """The published rule by which the form was refused, for the page to link to."""

    def refuse(self, refusal: Refusal) -> None:
        """Put a refusal's sentence where its reader looks for it."""
        field = refusal.field if refusal.field in self.fields else None
        if not hasattr(self, "cleaned_data"):
            self.full_clean()
        self.add_error(field, refusal.sentence)
        self.refusal_status = refusal.status
        self.broken_rule = refusal.rule


class MoneyField(forms.Field):
    """An amount of money in one currency, typed as plain digits: ``110.00``.

    The currency is the thing's, never the typist's: set ``form.fields["price"].currency`` in the view or
    the form's ``__init__``.
    """

    def __init__(self, *, currency: str = "USD", **kwargs: Any) -> None:
        kwargs.setdefault("widget", forms.TextInput(attrs={"inputmode": "decimal", "autocomplete": "off"}))
        super().__init__(**kwargs)
        self.currency = currency

    def to_python(self, value: Any) -> Money | None:
        """Read the digits."""
        if value in self.empty_values:
            return None
        try:
            return Money.parse(str(value), self.currency)
        except Refusal as refusal:
            raise ValidationError(refusal.sentence, code=refusal.code) from refusal

    def prepare_value(self, value: Any) -> Any:
        """Show a stored amount as it would be typed, and what was typed as it was."""
        return value.amount if isinstance(value, Money) else value
