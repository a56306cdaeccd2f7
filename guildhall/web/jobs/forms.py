"""The shape of what people type about jobs and proposals. The rules are the verbs'."""

from dataclasses import dataclass
from typing import Any, Final

from django import forms
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from guildhall.jobs.briefs import JobBrief
from guildhall.jobs.models import Job
from guildhall.jobs.offers import MOST_MILESTONES, MilestoneDraft, ProposalDraft
from guildhall.jobs.rules import CURRENCIES, DECLINE_REASONS
from guildhall.web.fields import CurrencyField, DayField, SkillsField, read_sum_sought
from guildhall.web.forms import HallForm, MoneyField, unchanging


class BriefForm(HallForm):
    """A guided brief: what, what for, what is handed over, which skills, for how much, until when."""

    title = forms.CharField(
        label=gettext_lazy("In one line, what do you need?"),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    brief = forms.CharField(
        label=gettext_lazy("What is it for?"), widget=forms.Textarea(attrs={"rows": 8}), required=False
    )
    deliverables = forms.CharField(
        label=gettext_lazy("What will you receive?"), widget=forms.Textarea(attrs={"rows": 5}), required=False
    )
    skills = SkillsField(label=gettext_lazy("Which skills does it take?"))
    pricing = forms.ChoiceField(
        label=gettext_lazy("Who names the price?"),
        choices=[
            ("budget", gettext_lazy("I have a budget")),
            ("proposed", gettext_lazy("Let workers propose the price")),
        ],
        widget=forms.RadioSelect,
        initial="budget",
    )
    budget = MoneyField(label=gettext_lazy("Your budget"), required=False)
    currency = CurrencyField(initial="USD")
    deadline = DayField(label=gettext_lazy("When do you want it?"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        currency = str(self.data.get("currency", "") or self.initial.get("currency", "USD"))
        budget = self.fields["budget"]
        assert isinstance(budget, MoneyField)
        budget.currency = currency if currency in CURRENCIES else "USD"

    def clean(self) -> dict[str, Any]:
        """A budget is asked for where the client said there is one."""
        said = self.cleaned_data
        if said.get("pricing") == "budget" and not said.get("budget") and "budget" not in self.errors:
            self.add_error("budget", _("Write the budget, or let workers propose the price."))
        return said

    def read(self) -> JobBrief:
        """The brief that was typed."""
        said = self.cleaned_data
        return JobBrief(
            title=said["title"],
            brief=said["brief"],
            deliverables=said["deliverables"].splitlines(),
            skills=[skill.pk for skill in said["skills"]],
            currency=said["currency"],
            budget=said["budget"] if said["pricing"] == "budget" else None,
            deadline=said["deadline"],
        )

    @staticmethod
    def typed(job: Job) -> dict[str, Any]:
        """A stored brief as it would be typed. The job carries its skills and deliverables."""
        return {
            "title": job.title,
            "brief": job.brief,
            "deliverables": "\n".join(one.text for one in job.deliverables.all()),
            "skills": ", ".join(skill["name"] for skill in job.named_skills),
            "pricing": "proposed" if job.money is None else "budget",
            "budget": job.money,
            "currency": job.currency,
            "deadline": job.deadline,
        }


FIRST_ROWS: Final = 3
"""How many milestones a proposal offers room for before somebody asks for more."""


@dataclass(frozen=True, slots=True)
class StepRow:
    """The three fields of one milestone, for a template."""

    number: int
    title: forms.BoundField
    amount: forms.BoundField
    due: forms.BoundField


class OfferForm(HallForm):
    """A sealed proposal. Milestones are numbered fields: a page without scripts asks for more rows."""

    price = MoneyField(label=gettext_lazy("Your price"))
    delivery = DayField(label=gettext_lazy("Everything delivered by"))
    letter = forms.CharField(label=gettext_lazy("Your letter"), widget=forms.Textarea(attrs={"rows": 8}))
    rows = forms.IntegerField(
        widget=forms.HiddenInput, min_value=1, max_value=MOST_MILESTONES, required=False
    )
    milestones = forms.CharField(
        widget=forms.HiddenInput, required=False, label=gettext_lazy("Milestones")
    )  # no input of its own: what is wrong with the rows together is said here

    def __init__(self, *args: Any, currency: str, more: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.currency = currency
        asked = str(self.data.get("rows", "") or self.initial.get("rows", FIRST_ROWS))
        count = int(asked[:4]) if asked.isascii() and asked.isdigit() else FIRST_ROWS
        self.row_count = max(1, min(count + (FIRST_ROWS if more else 0), MOST_MILESTONES))
        for number in range(1, self.row_count + 1):
            self.fields[f"title_{number}"] = forms.CharField(label=gettext_lazy("Step"), required=False)
            self.fields[f"amount_{number}"] = MoneyField(label=gettext_lazy("Amount"), required=False)
            self.fields[f"due_{number}"] = DayField(label=gettext_lazy("Due"), required=False)
        for field in self.fields.values():
            if isinstance(field, MoneyField):
                field.currency = currency

    @property
    def steps(self) -> list[StepRow]:
        """The rows for milestones."""
        return [
            StepRow(number, self[f"title_{number}"], self[f"amount_{number}"], self[f"due_{number}"])
            for number in range(1, self.row_count + 1)
        ]

    @property
    def wants_steps(self) -> bool:
        """Whether any milestone was typed, so that its rows should stand open."""
        return any(row.title.value() or row.amount.value() or row.title.errors for row in self.steps)

    def clean(self) -> dict[str, Any]:
        """A milestone is a title with an amount; an empty row is none."""
        said = self.cleaned_data
        for number in range(1, self.row_count + 1):
            title, amount = said.get(f"title_{number}"), said.get(f"amount_{number}")
            if title and not amount and f"amount_{number}" not in self.errors:
                self.add_error(f"amount_{number}", _("Write what this step costs."))
            if (amount or said.get(f"due_{number}")) and not title:
                self.add_error(f"title_{number}", _("Say what this step is."))
        return said

    def read(self) -> ProposalDraft:
        """The offer that was typed."""
        said = self.cleaned_data
        return ProposalDraft(
            price=said["price"],
            delivery=said["delivery"],
            letter=said["letter"],
            milestones=[
                MilestoneDraft(said[f"title_{number}"], said[f"amount_{number}"], said[f"due_{number}"])
                for number in range(1, self.row_count + 1)
                if said[f"title_{number}"]
            ],
        )

    @staticmethod
    def typed(offer: ProposalDraft) -> dict[str, Any]:
        """A stored offer as it would be typed."""
        typed: dict[str, Any] = {"price": offer.price, "delivery": offer.delivery, "letter": offer.letter}
        typed["rows"] = max(FIRST_ROWS, len(offer.milestones))
        for number, step in enumerate(offer.milestones, 1):
            typed[f"title_{number}"], typed[f"amount_{number}"] = step.title, step.amount
            typed[f"due_{number}"] = step.due
        return typed


class RefusalForm(HallForm):
    """Why a client says no."""

    reason = forms.ChoiceField(
        label=gettext_lazy("Why?"), choices=list(DECLINE_REASONS.items()), widget=forms.RadioSelect
    )
    note = forms.CharField(
        label=gettext_lazy("A sentence to the worker"),
        widget=forms.Textarea(attrs={"rows": 3}),
        required=False,
    )


class AcceptanceForm(HallForm):
    """Yes to exactly the terms that were shown."""

    terms_hash = forms.CharField(widget=forms.HiddenInput, max_length=64)
    fund = forms.ChoiceField(
        label=gettext_lazy("Set aside now"),
        choices=[("first", gettext_lazy("The first milestone")), ("all", gettext_lazy("All milestones"))],
    )  # which button was pressed


class SayForm(HallForm):
    """Something to say."""

    text = forms.CharField(
        label=gettext_lazy("Your message"), widget=forms.Textarea(attrs={"rows": 4}), max_length=5000
    )


class FindForm(HallForm):
    """What somebody looks for. It travels in the address, so that it can be kept and shared."""

    words = forms.CharField(required=False, max_length=200)
    skill = forms.CharField(label=gettext_lazy("Skill"), required=False, max_length=64)
    pays = forms.CharField(label=gettext_lazy("Pays at least"), required=False, max_length=20)
    currency = CurrencyField(required=False)
    price = forms.ChoiceField(
        choices=unchanging(("", gettext_lazy("Any price")), ("open", gettext_lazy("You name the price"))),
        required=False,
    )
    country = forms.CharField(label=gettext_lazy("In"), required=False, max_length=2)
    prompt = forms.BooleanField(label=gettext_lazy("Pays within 3 days"), required=False)
    hired = forms.BooleanField(label=gettext_lazy("Has hired before"), required=False)
    sort = forms.ChoiceField(
        label=gettext_lazy("Order"),
        choices=unchanging(
            ("", gettext_lazy("Newest first")),
            ("budget", gettext_lazy("Highest budget first")),
            ("deadline", gettext_lazy("Soonest deadline first")),
            ("best", gettext_lazy("Best match first")),
        ),
        required=False,
    )

    def clean(self) -> dict[str, Any]:
        """Read the least sum in the currency beside it."""
        said = self.cleaned_data
        said["least"] = read_sum_sought(self, "pays")
        return said
