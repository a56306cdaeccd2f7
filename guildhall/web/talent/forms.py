"""The shape of what people type about what they offer. The rules are the verb's."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.jobs.rules import CURRENCIES
from guildhall.talent.models import Profile
from guildhall.talent.rules import ProfileDraft
from guildhall.web.fields import CurrencyField, SkillsField, read_sum_sought
from guildhall.web.forms import HallForm, MoneyField, unchanging
from guildhall.web.talent.languages import as_typed, codes_of

AVAILABILITY = (
    ("open", gettext_lazy("I take new work")),
    ("limited", gettext_lazy("I have little time")),
    ("away", gettext_lazy("Not at present")),
)


class ProfileForm(HallForm):
    """What somebody offers: in one line, in their own words, with which skills, for how much."""

    title = forms.CharField(label=gettext_lazy("In one line, what do you do?"))
    overview = forms.CharField(
        label=gettext_lazy("What should a client know?"),
        widget=forms.Textarea(attrs={"rows": 10}),
        required=False,
        strip=False,
    )
    skills = SkillsField(label=gettext_lazy("Your skills, the best first"))
    languages = forms.CharField(label=gettext_lazy("Languages you work in"), required=False, max_length=1_000)
    rate = MoneyField(label=gettext_lazy("Your price for an hour"), required=False)
    currency = CurrencyField(initial="USD")
    availability = forms.ChoiceField(
        label=gettext_lazy("New work"), choices=AVAILABILITY, widget=forms.RadioSelect, initial="open"
    )
    handle = forms.CharField(label=gettext_lazy("Your name in the address of your page"), required=False)
    shown = forms.BooleanField(
        label=gettext_lazy("Show my profile to everybody"), required=False, initial=True
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = str(self.data.get("currency", "") or self.initial.get("currency", "USD"))
        rate = self.fields["rate"]
        assert isinstance(rate, MoneyField)
        rate.currency = currency if currency in CURRENCIES else "USD"

    def clean_languages(self) -> list[str]:
        """Find the languages by their names or codes."""
        known, unknown = codes_of(self.cleaned_data["languages"])
        if unknown:
            raise ValidationError(
                _("No language of that name is known: %(names)s.") % {"names": ", ".join(unknown)}
            )
        return known

    def read(self) -> ProfileDraft:
        """The offer that was typed."""
        said = self.cleaned_data
        return ProfileDraft(
            title=said["title"],
            handle=said["handle"],
            overview=said["overview"],
            rate=said["rate"],
            languages=said["languages"],
            skills=[skill.pk for skill in said["skills"]],
            availability=said["availability"],
            shown=said["shown"],
        )

    @staticmethod
    def typed(profile: Profile) -> dict[str, Any]:
        """A stored profile as it would be typed."""
        return {
            "title": profile.title,
            "overview": profile.overview,
            "skills": ", ".join(each.skill.name for each in profile.offered.all()),
            "languages": as_typed(profile.languages),
            "rate": profile.rate,
            "currency": profile.rate_currency or "USD",
            "availability": profile.availability,
            "handle": profile.handle,
            "shown": profile.shown,
        }


class FindForm(HallForm):
    """What somebody looks for among the people of the hall; all of it stands in the address."""

    words = forms.CharField(required=False, max_length=200)
    skill = forms.CharField(label=gettext_lazy("Skill"), required=False, max_length=80)
    language = forms.CharField(label=gettext_lazy("Who works in"), required=False, max_length=3)
    country = forms.CharField(label=gettext_lazy("In"), required=False, max_length=2)
    rate = forms.CharField(label=gettext_lazy("At most, for an hour"), required=False, max_length=24)
    currency = CurrencyField(required=False)
    free = forms.BooleanField(label=gettext_lazy("Takes new work now"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=unchanging(
            ("", gettext_lazy("Best match first")),
            ("newest", gettext_lazy("Newest first")),
            ("rate", gettext_lazy("Lowest price first")),
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read the highest price in the currency beside it."""
        said = self.cleaned_data
        said["most"] = read_sum_sought(self, "rate")
        return said
