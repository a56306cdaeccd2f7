"""Quotes for an exchange of currencies."""

from typing import Final

from django.db import models
from django.db.models import F, Q

from guildhall.kernel.models import Stateful, states_check
from guildhall.kernel.money import Money
from guildhall.payments.exchange.rules import Rate
from guildhall.people.models import Person

GIVEN: Final = "given"
ACCEPTED: Final = "accepted"

# A quote that nobody accepts in time is over without anybody doing anything: its instant says so.
QUOTE_MOVES: Final[dict[str, set[str]]] = {GIVEN: {ACCEPTED}, ACCEPTED: set()}


class ExchangeQuote(Stateful):
    """What the hall offers one person for a sum: exact, once, and for some minutes."""

    MOVES = QUOTE_MOVES
    NOUN = "quote"

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    amount = models.BigIntegerField()  # minor units that leave the wallet
    currency = models.CharField(max_length=3)
    reached = models.BigIntegerField()  # minor units that come into the wallet of the other currency
    target = models.CharField(max_length=3)
    per = models.BigIntegerField()  # the rate: for so many minor units of the one …
    gives = models.BigIntegerField()  # … so many of the other …
    spread = models.PositiveIntegerField()  # … less so many basis points
    rules_version = models.BigIntegerField()  # under which the rate held
    given_at = models.DateTimeField()
    expires_at = models.DateTimeField()  # from this instant on it cannot be accepted

    class Meta:
        indexes = [models.Index(fields=["person", "-id"], name="quote_of_person")]
        constraints = [
            states_check("quote", QUOTE_MOVES),
            models.CheckConstraint(
                condition=Q(amount__gt=0, reached__gt=0, per__gt=0, gives__gt=0, spread__lt=10_000),
                name="quote_of_something",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex="^[A-Z]{3}$", target__regex="^[A-Z]{3}$")
                & ~Q(currency=F("target")),
                name="quote_currencies",
            ),
            models.CheckConstraint(condition=Q(expires_at__gt=F("given_at")), name="quote_expires"),
        ]

    @property
    def money(self) -> Money:
        """What leaves the wallet."""
        return Money(self.amount, self.currency)

    @property
    def money_reached(self) -> Money:
        """What comes into the wallet of the other currency."""
        return Money(self.reached, self.target)

    @property
    def rate(self) -> Rate:
        """The rate as it was when the quote was given."""
        return Rate(self.currency, self.target, self.per, self.gives, self.spread, self.amount)
