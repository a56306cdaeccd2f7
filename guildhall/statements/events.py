"""What this package announces."""

from typing import Final

STATEMENT_OPENED: Final = "statement.opened"  # the subject is whose it is; by an operator; facts: why
