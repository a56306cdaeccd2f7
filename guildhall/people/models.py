"""Persons, the tokens with which their programs act, and what two operators decide together."""

from typing import Any, ClassVar

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models.functions import UUID7, Lower

from guildhall.kernel.models import Stateful, states_check
from guildhall.people.states import DECISION_MOVES


class PersonManager(BaseUserManager["Person"]):
    """What Django's and the sign-in library's machinery asks a user model for."""

    def get_by_natural_key(self, username: str | None) -> "Person":
        """Find by e-mail address, whatever its case."""
        return self.get(email__iexact=username)


class Person(AbstractBaseUser):
    """Somebody: one person both hires and works."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    email = models.EmailField(max_length=254, unique=True)  # kept in lower case
    name = models.CharField(max_length=80)  # as the person wants to be called
    country = models.CharField(max_length=2, default="")  # ISO 3166, empty until told
    town = models.CharField(max_length=80, default="")
    language = models.CharField(max_length=8, default="en")  # of pages and letters
    timezone = models.CharField(max_length=48, default="UTC")
    joined_at = models.DateTimeField()
    is_operator = models.BooleanField(default=False)
    is_adjudicator = models.BooleanField(default=False)
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = []
    objects = PersonManager()

    class Meta:
        constraints = [
            models.UniqueConstraint(Lower("email"), name="person_email_once"),
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"), name="person_country"
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def party(self) -> str:
        """This person as the ledger knows them: ``person:<id>``."""
        return f"person:{self.id}"

    @property
    def is_staff(self) -> bool:
        """Django's admin is the operator's."""
        return self.is_operator


class FormerAddress(models.Model):
    """An address that somebody has left: for a while it is still told of what a thief would change next."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    email = models.EmailField(max_length=254)
    left_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["person", "-left_at"], name="former_address_of_person")]


class Token(models.Model):
    """A personal API token: only its hash is kept."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="+")
    name = models.CharField(max_length=60)
    start = models.CharField(max_length=12)  # its first characters, so that its owner knows it again
    digest = models.BinaryField(max_length=32, unique=True)  # SHA-256 of the token
    scopes = ArrayField(models.CharField(max_length=24))
    made_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="token_of_person")]


class SetUpLink(models.Model):
    """A link by which whoever holds it becomes the hall's operator, once. Only its hash is kept."""

    id = models.UUIDField(primary_key=True, db_default=UUID7(), editable=False)
    digest = models.BinaryField(max_length=32, unique=True)  # SHA-256 of the secret in the link
    made_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True)


class Decision(Stateful):
    """What an operator has asked for and a second one has to confirm: nobody makes money or power alone."""

    MOVES = DECISION_MOVES
    NOUN = "decision"

    kind = models.CharField(max_length=24)  # which verb waits: "roles", "payout_return"
    subject_id = models.UUIDField()  # of what
    concerns = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")
    facts: Any = models.JSONField(default=dict)  # with what
    asked_by = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    decided_by = models.ForeignKey(Person, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            states_check("decision", DECISION_MOVES),
            models.UniqueConstraint(
                fields=["kind", "subject_id"], condition=models.Q(state="asked"), name="decision_asked_once"
            ),
            models.CheckConstraint(
                condition=~models.Q(state="confirmed")
                | models.Q(decided_by__isnull=False) & ~models.Q(decided_by=models.F("asked_by")),
                name="decision_takes_two",
            ),
        ]
