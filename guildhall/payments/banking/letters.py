"""Letters that every bank takes: Latin ones, digits and a few marks."""

import re
from typing import Final

from text_unidecode import unidecode  # type: ignore[import-untyped]

_OTHERS: Final = re.compile(r"[^A-Za-z0-9/\-?:().,'+ ]", re.ASCII)


def bank_letters(text: str, most: int) -> str:
    """A text in the letters of the SEPA rule book, as near as can be; empty where nothing is left of it.

    Args:
        text: in any script.
        most: how long it may be.
    """
    plain = _OTHERS.sub(" ", unidecode(text.replace("&", "+").replace("_", "-").replace("@", "(at)")))
    plain = re.sub(r"/{2,}", "/", " ".join(plain.split()))
    return plain.lstrip("/- ")[:most].rstrip("/ ")
