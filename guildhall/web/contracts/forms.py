"""The shape of what people type in the workroom. The rules are the verbs'."""

from collections.abc import Sequence
from typing import Any, Final

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from guildhall.web.forms import HallForm, MoneyField


class _ManyFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Any number of files at once."""

    widget = _ManyFiles

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """The files, each whole; empty ones are the store's to refuse."""
        given = data if isinstance(data, list | tuple) else [data]
        return [super(FilesField, self).clean(one, initial) for one in given if one]


def _words(label: Any, *, rows: int = 4, required: bool = True) -> forms.CharField:
    return forms.CharField(label=label, required=required, widget=forms.Textarea(attrs={"rows": rows}))


class PlainForm(HallForm):
    """Nothing to fill in: only the button."""


class _WordsOrFiles(forms.CharField):
    """Words that files may stand in for: asked for like any other, missed only by the verb."""

    widget = forms.Textarea

    def validate(self, value: Any) -> None:
        """Let nothing pass as nothing."""


class FilesForm(HallForm):
    """Anything that files can come with. Their field cannot be declared: `files` is Django's own word."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["files"] = FilesField(
            label=_("Files"), required=False, allow_empty_file=True, max_length=1000
        )


class SayForm(FilesForm):
    """Something to say, with files."""

    text = _WordsOrFiles(label=_("Your message"), widget=forms.Textarea(attrs={"rows": 3}))


class DeliveryForm(FilesForm):
    """A version of the work."""

    note = _words(_("What should the client know?"), required=False)
    items = forms.TypedMultipleChoiceField(
        label=_("What does it cover?"), coerce=int, required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, deliverables: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        items = self.fields["items"]
        assert isinstance(items, forms.TypedMultipleChoiceField)
        items.choices = [(number, text) for number, text in enumerate(deliverables, start=1)]


class VersionForm(HallForm):
    """An answer to the version that was looked at; the template names the one that it shows."""

    version = forms.IntegerField(widget=forms.HiddenInput, required=False)


class ChangesForm(VersionForm):
    """What should change, item by item."""

    note = _words(_("Anything else?"), required=False)

    def __init__(self, *args: Any, deliverables: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.numbers = range(1, len(deliverables) + 1)
        for number, text in enumerate(deliverables, start=1):
            self.fields[f"item_{number}"] = _words(f"{number}. {text}", rows=2, required=False)
        self.order_fields([*(f"item_{number}" for number in self.numbers), "note"])

    @property
    def items(self) -> dict[int, str]:
        """What was said, by item."""
        return {number: self.cleaned_data[f"item_{number}"] for number in self.numbers}


class PartForm(HallForm):
    """A part of a milestone's money, and why."""

    amount = MoneyField(label=_("How much?"))
    reason = _words(_("Why?"))

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        amount = self.fields["amount"]
        assert isinstance(amount, MoneyField)
        amount.currency = currency


class CaseForm(HallForm):
    """What is contested, and why."""

    contested = MoneyField(label=_("How much do you disagree about?"))
    reason = _words(_("What went wrong?"), rows=6)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        contested = self.fields["contested"]
        assert isinstance(contested, MoneyField)
        contested.currency = currency


class WideningForm(CaseForm):
    """What is contested besides, and why."""

    contested = MoneyField(label=_("How much more do you disagree about?"))


class DivisionForm(HallForm):
    """The worker's part of what is contested; the rest is the client's. The template names what it shows."""

    to_worker = MoneyField(label=_("To the worker"))
    seen = MoneyField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, currency: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in ("to_worker", "seen"):
            field = self.fields[name]
            assert isinstance(field, MoneyField)
            field.currency = currency


class RulingForm(DivisionForm):
    """A division with its reasons."""

    reasons = _words(_("Your reasons"), rows=8)


class AnswerForm(HallForm):
    """Yes or no to a request for a refund."""

    agree = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("yes", _("Yes, give it back")), ("no", _("No, it stays"))],
        widget=forms.RadioSelect,
    )
    answer = _words(_("A word to the client"), rows=3, required=False)


class EndingForm(HallForm):
    """Why it ends."""

    reason = _words(_("Why do you end it?"))


STARS: Final = [
    (5, _("5 – excellent")),
    (4, _("4 – good")),
    (3, _("3 – in order")),
    (2, _("2 – with trouble")),
    (1, _("1 – bad")),
]


class FeedbackForm(HallForm):
    """Stars and words."""

    stars = forms.TypedChoiceField(
        label=_("How was it?"), choices=STARS, coerce=int, widget=forms.RadioSelect
    )
    text = _words(_("In your own words"), rows=5, required=False)
