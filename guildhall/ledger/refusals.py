"""Why money does not move."""

from django.utils.translation import gettext as _

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.ledger.rules import name_of_account


class Overdraft(Refusal):
    """An account would fall below zero."""

    code = "overdraft"

    def __init__(self, account: str, missing: Money) -> None:
        super().__init__(
            _("There is not enough money in %(account)s: %(missing)s is missing.")
            % {"account": name_of_account(account), "missing": missing}
        )
        self.account = account
        self.missing = missing


class KeyReused(Refusal):
    """The key of a movement has already moved something else."""

    code = "key_reused"
    status = 422

    def __init__(self) -> None:
        super().__init__(_("This key was already used for another movement of money. Use a new one."))


class BatchRefused(Refusal):
    """A batch that may only move as a whole holds movements that cannot."""

    code = "batch_refused"

    def __init__(self, refused: dict[str, Refusal]) -> None:
        first = next(iter(refused.values()))
        super().__init__(
            _("Nothing was moved: %(count)s movements of this batch cannot be made. The first: %(reason)s")
            % {"count": len(refused), "reason": first.sentence}
        )
        self.refused = refused
