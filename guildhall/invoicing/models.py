"""Who is who on paper, the series of numbers, and the papers themselves."""

from typing import Any

from django.db import models
from django.db.models import F, Q

from guildhall.contracts.models import Contract
from guildhall.escrow.models import Release
from guildhall.invoicing.rules import Category, Kind
from guildhall.kernel.models import Identified
from guildhall.kernel.money import Money

HALL = "hall"
"""The hall itself as a party: the issuer of what its fees are for."""


class BillingProfile(Identified):
    """Who a party is on paper; where there is none, a person's name and country stand in."""

    party = models.CharField(max_length=80, unique=True)  # person:<id>, or hall
    legal_name = models.CharField(max_length=120)
    street = models.CharField(max_length=120, default="")
    postcode = models.CharField(max_length=20, default="")
    city = models.CharField(max_length=80, default="")
    country = models.CharField(max_length=2, default="")
    tax_id = models.CharField(max_length=32, default="")  # as its country writes it, its code in front
    is_business = models.BooleanField(default=False)
    purchase_order = models.CharField(max_length=60, default="")  # on what a contract has none of its own for
    cost_centre = models.CharField(max_length=60, default="")  # the same
    said_at = models.DateTimeField()

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(legal_name=""), name="billing_has_a_name"),
            models.CheckConstraint(
                condition=Q(tax_id="") | Q(is_business=True), name="billing_tax_id_is_a_business_s"
            ),
        ]

    def __str__(self) -> str:
        return self.legal_name


class BillingReference(Identified):
    """What a client wants to read on every invoice of a contract."""

    contract = models.OneToOneField(Contract, on_delete=models.PROTECT, related_name="+")
    purchase_order = models.CharField(max_length=60, default="")
    cost_centre = models.CharField(max_length=60, default="")
    set_at = models.DateTimeField()


class VatRate(Identified):
    """What an operator said a country's rate is, and since when it is reckoned with. The last one holds."""

    country = models.CharField(max_length=2)
    basis_points = models.PositiveIntegerField()
    reason = models.TextField()
    by = models.UUIDField(null=True)
    at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["country", "-id"], name="vat_rate_last")]
        constraints = [
            models.CheckConstraint(condition=Q(basis_points__lte=5_000), name="vat_rate_within_half")
        ]


class Series(models.Model):
    """The last number of one issuer's papers in one year. Whoever draws the next one keeps others waiting."""

    issuer = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField()
    last_on = models.DateField()  # papers of a series follow each other in time

    class Meta:
        constraints = [models.UniqueConstraint(fields=["issuer", "year"], name="series_once")]

    def __str__(self) -> str:
        return f"{self.issuer} {self.year}"


class Invoice(Identified):
    """One paper: an invoice, or a credit note that names the invoice it takes back. Written once."""

    issuer = models.CharField(max_length=80)  # in whose name: person:<id>, or hall
    recipient = models.CharField(max_length=80)
    year = models.PositiveSmallIntegerField()
    serial = models.PositiveIntegerField()
    number = models.CharField(max_length=40)
    kind = models.CharField(max_length=12, choices=[(each.value, each.value) for each in Kind])
    release = models.ForeignKey(Release, on_delete=models.PROTECT, related_name="+")
    contract = models.ForeignKey(Contract, null=True, on_delete=models.PROTECT, related_name="+")
    credits = models.ForeignKey("self", null=True, on_delete=models.PROTECT, related_name="credit_notes")
    replaces = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaced_by")
    cause = models.CharField(max_length=120, default="")  # why a credit note: replacement, correction:<key>
    reason = models.TextField(default="")  # the same for people
    issued_on = models.DateField()
    supplied_on = models.DateField()  # when the work or the service was accepted and paid
    at = models.DateTimeField()
    currency = models.CharField(max_length=3)
    net = models.BigIntegerField()
    tax = models.BigIntegerField()
    gross = models.BigIntegerField()  # what was paid: the tax is within it
    category = models.CharField(max_length=2, choices=[(each.value, each.value) for each in Category])
    rate = models.PositiveIntegerField()  # basis points
    seller: Any = models.JSONField()  # as they were on that day: see `rules.Identity`
    buyer: Any = models.JSONField()
    title = models.CharField(max_length=200)  # of the contract
    item = models.CharField(max_length=200)  # of the milestone
    purchase_order = models.CharField(max_length=60, default="")
    cost_centre = models.CharField(max_length=60, default="")
    language = models.CharField(max_length=8)  # of its recipient

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["issuer", "year", "serial"], name="invoice_number_once"),
            models.UniqueConstraint(
                fields=["release", "kind"],
                condition=Q(credits__isnull=True, replaces__isnull=True),
                name="invoice_once_for_each_release",
            ),
            models.UniqueConstraint(fields=["credits", "cause"], name="credit_note_once_for_each_cause"),
            models.CheckConstraint(
                condition=Q(net__gte=0, tax__gte=0, gross__gt=0, gross=F("net") + F("tax")),
                name="invoice_adds_up",
            ),
            models.CheckConstraint(
                condition=Q(credits__isnull=True, cause="") | Q(credits__isnull=False) & ~Q(cause=""),
                name="credit_note_has_a_cause",
            ),
            models.CheckConstraint(
                condition=Q(category=Category.STANDARD.value) | Q(tax=0, rate=0),
                name="invoice_taxed_by_category",
            ),
        ]
        indexes = [
            models.Index(fields=["issuer", "-issued_on", "-id"], name="invoice_of_issuer"),
            models.Index(fields=["recipient", "-issued_on", "-id"], name="invoice_of_recipient"),
            models.Index(fields=["-issued_on", "-id"], name="invoice_by_day"),
            models.Index(fields=["release"], name="invoice_of_release"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_credit_note(self) -> bool:
        """Whether it takes back what another one asked for."""
        return self.credits_id is not None

    @property
    def total(self) -> Money:
        """What was paid by it, or comes back by it."""
        return Money(self.gross, self.currency)

    @property
    def signed(self) -> Money:
        """The total as it counts in a sum: a credit note less than zero."""
        return Money(self.signed_part(self.gross), self.currency)

    def signed_part(self, minor: int) -> int:
        """A part of it as it counts in a sum."""
        return -minor if self.is_credit_note else minor


class CatchingUp(models.Model):
    """That releases from before there were invoices still wait for theirs. No row: nothing waits."""

    since = models.DateTimeField()
