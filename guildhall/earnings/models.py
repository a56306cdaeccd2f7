"""Certificates of income, how often each was checked, and the keys that they are signed with."""

from django.db import models
from django.db.models import Q

from guildhall.earnings.states import CERTIFICATE_MOVES
from guildhall.kernel.models import Identified, Stateful, states_check
from guildhall.people.models import Person


class SigningKey(Identified):
    """A key pair of the hall by its public half; the other is derived when it is needed and never kept."""

    name = models.CharField(max_length=16, unique=True)  # what certificates call it: of its digest
    public = models.CharField(max_length=64)  # Ed25519, 32 bytes in hexadecimal digits
    begun_at = models.DateTimeField()
    ended_at = models.DateTimeField(null=True)  # signs nothing new since; what it signed still holds

    class Meta:
        constraints = [
            models.UniqueConstraint(
                models.Value(1), condition=Q(ended_at__isnull=True), name="signing_key_one_in_force"
            )
        ]

    def __str__(self) -> str:
        return self.name


class Certificate(Stateful):
    """One certificate, as it was signed."""

    MOVES = CERTIFICATE_MOVES
    NOUN = "certificate"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    code = models.CharField(max_length=26, unique=True)  # in its address; not to be guessed
    body = models.TextField()  # canonical JSON: the very text that was signed
    signature = models.CharField(max_length=128)  # Ed25519, 64 bytes in hexadecimal digits
    key = models.ForeignKey(SigningKey, on_delete=models.PROTECT, related_name="+")
    language = models.CharField(max_length=8)  # beside English
    has_amounts = models.BooleanField()  # its holder wants them said
    issued_at = models.DateTimeField()
    expires_on = models.DateField()  # the last day, in UTC, on which it holds

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="certificate_of_person")]
        constraints = [
            states_check("certificate", CERTIFICATE_MOVES),
            models.CheckConstraint(condition=Q(code__regex="^[0-9a-z]{26}$"), name="certificate_code"),
        ]

    def __str__(self) -> str:
        return self.code


class Checks(models.Model):
    """How often a certificate was looked up on a day, by anybody but its holder. Nothing of whom is kept."""

    certificate = models.ForeignKey(Certificate, on_delete=models.CASCADE, related_name="checks")
    day = models.DateField()  # in UTC
    count = models.PositiveIntegerField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["certificate", "day"], name="checks_once_a_day")]
