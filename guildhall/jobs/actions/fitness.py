"""Asking `screening` before anybody else sees a text."""

from collections.abc import Mapping

from guildhall.kernel.errors import Unfit
from guildhall.screening.actions import screen


def screen_texts(texts: Mapping[str, str], *, kind: str) -> None:
    """Ask about each text, named by its field.

    Raises:
        Unfit: the first that is not fit to be seen, with its field.
    """
    for field, text in texts.items():
        try:
            screen(text=text, kind=f"{kind}.{field}")
        except Unfit as unfit:
            unfit.field = unfit.field or field
            raise
