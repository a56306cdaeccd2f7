"""What the standings of certificates are called."""

from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from guildhall.earnings.rules import Standing

_STANDINGS: Final[dict[Standing, tuple[Promise, str]]] = {
    Standing.VALID: (_("Valid"), "good"),
    Standing.EXPIRED: (_("Expired"), "wait"),
    Standing.WITHDRAWN: (_("Withdrawn"), "bad"),
    Standing.UNKNOWN: (_("Never issued here"), "bad"),
    Standing.CHANGED: (_("Changed, or not from here"), "bad"),
}
_SENTENCES: Final[dict[Standing, Promise]] = {
    Standing.VALID: _(
        "This hall issued it. It says what stands below and nothing else: compare it with the paper line by"
        " line."
    ),
    Standing.EXPIRED: _("This hall issued it, and its time is over. Ask its holder for a new one."),
    Standing.WITHDRAWN: _("This hall issued it, and its holder has withdrawn it. Do not rely on it."),
    Standing.UNKNOWN: _(
        "This hall never issued such a certificate. Look at the code again, letter by letter."
    ),
    Standing.CHANGED: _(
        "The signature does not fit: the text was changed, is not whole, or comes from another hall. Do not"
        " rely on it."
    ),
}


def word_for_standing(standing: Standing) -> tuple[str, str]:
    """A standing as a word and its tone."""
    word, tone = _STANDINGS[standing]
    return str(word), tone


def sentence_on_standing(standing: Standing) -> str:
    """What it means for whoever holds the paper."""
    return str(_SENTENCES[standing])
