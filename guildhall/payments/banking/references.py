"""The code that stands on a transfer and says which deposit or payout it is about.

It is a creditor reference by ISO 11649: ``RF``, two digits that check the rest, and eight characters of ours,
of which the first says what it is about. Letters that are taken for digits are left out.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal
from uuid import UUID

from stdnum.iso7064 import mod_97_10

type Noun = Literal["deposit", "payout", "refund"]

_LETTERS: Final = "23456789ACEFGHJKMNPQRTUVWXY"
_FIRST: Final[dict[Noun, str]] = {"deposit": "D", "payout": "P", "refund": "B"}
_LENGTH: Final = 7
_ODD: Final = 0x9E3779B97F4A7C15  # spreads the tries over all that can be written
_MARKS: Final = re.compile(r"[^A-Z0-9]", re.ASCII)
_SHAPE: Final = re.compile(rf"(?=(RF[0-9]{{2}}[DPB][{_LETTERS}]{{{_LENGTH}}}))", re.ASCII)


def reference_for(noun: Noun, subject: UUID, attempt: int = 0) -> str:
    """The code for a thing: the same thing and attempt give the same code, another attempt another.

    Args:
        noun: what it is about.
        subject: the thing's id.
        attempt: counts up while the code is somebody else's.
    """
    left = (subject.int + attempt * _ODD) % len(_LETTERS) ** _LENGTH
    ours = _FIRST[noun]
    for _each in range(_LENGTH):
        left, digit = divmod(left, len(_LETTERS))
        ours += _LETTERS[digit]
    return f"RF{mod_97_10.calc_check_digits(f'{ours}RF')}{ours}"


def shown_reference(code: str) -> str:
    """A code as people read and type it: ``RF47 DAB3 KM7P``."""
    return " ".join(code[start : start + 4] for start in range(0, len(code), 4))


def references_in(*texts: str) -> list[str]:
    """The codes in what somebody wrote on a transfer, whatever stands between or around their characters.

    Only those whose check digits are right.
    """
    found = dict.fromkeys(code for text in texts for code in _codes_in(text))
    return list(found)


def _codes_in(text: str) -> Iterator[str]:
    for match in _SHAPE.finditer(_MARKS.sub("", text.upper())):
        code = match[1]
        if mod_97_10.is_valid(code[4:] + code[:4]):
            yield code
