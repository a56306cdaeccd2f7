"""Reading pain.002, in which a bank says what became of the transfers that it was given (ISO 20022)."""

import re
from typing import BinaryIO, Final, Literal

from django.utils.translation import gettext as _
from lxml import etree

from guildhall.payments.banking.shapes import MOST_LINES, Answer, BankWord, NotAStatement
from guildhall.payments.banking.xml import drop, elements_of, find_all, namespace_of, tag_of, text_at

_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(pain\.002\.001\.(?:0[2-9]|[1-9][0-9]))")
_OUTCOMES: Final[dict[str, Literal["paid", "refused"]]] = {
    "ACSC": "paid",  # settled on our account
    "ACCC": "paid",  # and on the other side's
    "RJCT": "refused",
    "CANC": "refused",
    "BLCK": "refused",
}
"""What has an end. Everything else is under way."""


def read_status_report(file: BinaryIO) -> BankWord:
    """Read what a bank says of transfers, one answer for each, or for all of a file.

    Raises:
        NotAStatement: it is no such report.
    """
    version = ""
    batch = ""
    answers: list[Answer] = []
    for event, element in elements_of(file):
        version = version or _version_of(element)
        if event == "start":
            continue
        tag = tag_of(element)
        if tag == "OrgnlGrpInfAndSts":
            batch = text_at(element, "OrgnlMsgId")
        answers += _answers_of(tag, batch, element)
        if tag == "OrgnlPmtInfAndSts":
            drop(element)
        if len(answers) > MOST_LINES:
            raise NotAStatement(_("This file has more answers than a bank was ever asked for."))
    if not batch:
        raise NotAStatement(_("This report does not say which file it answers."))
    return BankWord(version, answers=_each_once(answers))


def _version_of(element: etree._Element) -> str:
    found = _NAMESPACE.fullmatch(namespace_of(element))
    if not found:
        raise NotAStatement(_("This is XML, but no report by pain.002."))
    return found[1]


def _answers_of(tag: str, batch: str, element: etree._Element) -> list[Answer]:
    """What an element says, of one transfer or of all in a file."""
    if tag == "TxInfAndSts":
        reference = text_at(element, "OrgnlEndToEndId")
        return [_answer(reference, batch, text_at(element, "TxSts"), element)]
    status = {"OrgnlGrpInfAndSts": "GrpSts", "OrgnlPmtInfAndSts": "PmtInfSts"}.get(tag)
    said = text_at(element, status) if status else ""
    return [_answer("", batch, said, element)] if said and not find_all(element, "TxInfAndSts") else []


def _answer(reference: str, batch: str, status: str, element: etree._Element) -> Answer:
    reasons = (
        text_at(each, "Rsn/Cd", "Rsn/Prtry") + " " + text_at(each, "AddtlInf")
        for each in find_all(element, "StsRsnInf")
    )
    reason = "; ".join(filter(None, (each.strip() for each in reasons)))
    return Answer(reference, batch, _OUTCOMES.get(status, "under_way"), reason[:200])


def _each_once(answers: list[Answer]) -> list[Answer]:
    """What is said of one transfer goes before what is said of them all; some of them says nothing."""
    single = [each for each in answers if each.reference]
    whole = [each for each in answers if not each.reference and each.outcome != "under_way"]
    return single + whole
