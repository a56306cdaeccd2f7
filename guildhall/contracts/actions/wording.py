"""Words that one side writes beside the money and the other one reads."""

from typing import Final

from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit
from guildhall.screening.actions import screen

LONGEST_WORDS: Final = 2_000


class UnfitWords(Unfit):
    """More of them than anybody reads."""

    code = "unfit_words"


def fit_words(text: str, *, field: str) -> str:
    """A reason or an answer as it is kept; it may be empty.

    Raises:
        UnfitWords: it is too long.
        NotFit: it is not fit to be seen.
    """
    words = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "").strip()
    if len(words) > LONGEST_WORDS:
        raise UnfitWords(
            _("That is %(length)s characters; up to %(most)s fit. Say the rest in the conversation.")
            % {"length": len(words), "most": LONGEST_WORDS},
            field=field,
        )
    if words:
        screen(text=words, kind="workroom", field=field)
    return words
