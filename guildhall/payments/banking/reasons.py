"""What a bank's code for a transfer that came back means, in words (ISO 20022, external code sets)."""

import re
from typing import Final

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

_WORDS: Final[dict[str, Promise]] = {
    "AC01": _("The account number is wrong."),
    "AC03": _("The account number is wrong."),
    "AC04": _("The account is closed."),
    "AC06": _("The account is blocked."),
    "AC13": _("The account is of a kind that cannot be paid to."),
    "AG01": _("The account may not be paid to in this way."),
    "AG02": _("The bank does not know this way of paying."),
    "AM02": _("The sum is larger than the bank allows."),
    "AM04": _("The account that pays did not hold enough."),
    "AM05": _("The bank takes it for the same payment twice."),
    "AM09": _("The sum is not the right one."),
    "BE01": _("The name does not belong to the account."),
    "BE04": _("The address of the account’s owner is missing."),
    "BE05": _("The bank does not know who pays."),
    "CNOR": _("The bank on the other side cannot be reached in this way."),
    "CUST": _("Who should have got it asked to send it back."),
    "DUPL": _("The bank takes it for the same payment twice."),
    "ERIN": _("The bank on the other side does not take such payments."),
    "FOCR": _("It was called back."),
    "LEGL": _("The law of the country does not allow it."),
    "MD07": _("The account’s owner has died."),
    "MS02": _("Who should have got it refused it."),
    "MS03": _("The bank gives no reason."),
    "NOAS": _("The bank got no answer from who should have got it."),
    "NOOR": _("The bank does not find the payment that this is about."),
    "RC01": _("The bank’s code is wrong."),
    "RR01": _("A number that the law asks for is missing."),
    "RR02": _("A name or an address that the law asks for is missing."),
    "RR03": _("A name or an address that the law asks for is missing."),
    "RR04": _("The law does not allow it."),
    "SVNR": _("The service was not rendered."),
    "TECH": _("The bank had technical trouble."),
    "TM01": _("The file came after the bank’s closing time."),
    "UPAY": _("It was not due."),
}
_CODE: Final = re.compile(r"\s*([A-Z]{2}[A-Z0-9]{2})\b[\s:;,.-]*", re.ASCII)


def reason_in_words(text: str) -> str:
    """A bank's reason as a sentence, with what else it wrote; its own words where the code is unknown."""
    found = _CODE.match(text)
    if found and found[1] in _WORDS:
        more = text[found.end() :].strip()
        return f"{_WORDS[found[1]]} {more}".strip()[:200]
    return " ".join(text.split())[:200] or str(_WORDS["MS03"])
