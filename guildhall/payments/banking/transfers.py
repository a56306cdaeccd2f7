"""Writing pain.001.001.09, the order to a bank to pay many people (ISO 20022), checked by its schema."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from typing import Final

from django.utils.translation import gettext as _
from lxml import etree

from guildhall.kernel.errors import Refusal
from guildhall.kernel.money import Money
from guildhall.payments.banking.letters import bank_letters

VERSION: Final = "pain.001.001.09"
_NAMESPACE: Final = f"urn:iso:std:iso:20022:tech:xsd:{VERSION}"
_LONGEST_NAME, _LONGEST_TEXT = 70, 140


class NotWritable(Refusal):
    """A batch of which no file can be made that a bank would take."""

    code = "not_writable"


@dataclass(frozen=True, slots=True)
class Party:
    """Who pays, or is paid.

    Args:
        name: in any script.
        number: of their account, without spaces.
        is_iban: whether that is an IBAN.
        bic: of their bank; empty if it is not known.
        bank: its name.
    """

    name: str
    number: str
    is_iban: bool
    bic: str = ""
    bank: str = ""


@dataclass(frozen=True, slots=True)
class Transfer:
    """One payment: what we call it, to whom, how much, and what the receiver will read."""

    reference: str
    to: Party
    amount: Money
    text: str


@dataclass(frozen=True, slots=True)
class Order:
    """All that goes into one file: one payer, one currency, one day."""

    name: str
    payer: Party
    transfers: Sequence[Transfer]
    written_at: datetime
    day: date

    @property
    def currency(self) -> str:
        """The currency of every transfer."""
        return self.transfers[0].amount.currency

    @property
    def total(self) -> Money:
        """What all of them are together."""
        return Money(sum(each.amount.minor for each in self.transfers), self.currency)

    @property
    def is_sepa(self) -> bool:
        """Whether it is euros between IBANs."""
        parties = (self.payer, *(each.to for each in self.transfers))
        return self.currency == "EUR" and all(each.is_iban for each in parties)


def order_as_xml(order: Order) -> bytes:
    """The file for the bank. The same order gives the same bytes.

    Raises:
        NotWritable: a name has no letter that banks take, or the schema does not allow what came out.
    """
    assert len({each.amount.currency for each in order.transfers}) == 1, "one currency a file"
    root = etree.Element(f"{{{_NAMESPACE}}}Document", nsmap={None: _NAMESPACE})
    body = _add(root, "CstmrCdtTrfInitn")
    head = _add(body, "GrpHdr")
    _add(head, "MsgId", order.name)
    _add(head, "CreDtTm", order.written_at.strftime("%Y-%m-%dT%H:%M:%SZ"))
    _add(head, "NbOfTxs", str(len(order.transfers)))
    _add(head, "CtrlSum", order.total.amount)
    _add(_add(head, "InitgPty"), "Nm", _name_of(order.payer))
    _add_payment(body, order)
    _refuse_invalid(root)
    return bytes(etree.tostring(root, encoding="UTF-8", xml_declaration=True))


def _add_payment(body: etree._Element, order: Order) -> None:
    payment = _add(body, "PmtInf")
    _add(payment, "PmtInfId", order.name)
    _add(payment, "PmtMtd", "TRF")
    _add(payment, "BtchBookg", "false")  # a line of the statement for each: so each is found again
    _add(payment, "NbOfTxs", str(len(order.transfers)))
    _add(payment, "CtrlSum", order.total.amount)
    if order.is_sepa:
        _add(_add(_add(payment, "PmtTpInf"), "SvcLvl"), "Cd", "SEPA")
    _add(_add(payment, "ReqdExctnDt"), "Dt", order.day.isoformat())
    _add(_add(payment, "Dbtr"), "Nm", _name_of(order.payer))
    _add_account(_add(payment, "DbtrAcct"), order.payer)
    _add_bank(payment, "DbtrAgt", order.payer, needed=True)
    _add(payment, "ChrgBr", "SLEV" if order.is_sepa else "SHAR")
    for transfer in order.transfers:
        _add_transfer(payment, transfer)


def _add_transfer(payment: etree._Element, transfer: Transfer) -> None:
    one = _add(payment, "CdtTrfTxInf")
    named = _add(one, "PmtId")
    _add(named, "InstrId", transfer.reference)
    _add(named, "EndToEndId", transfer.reference)
    amount = _add(_add(one, "Amt"), "InstdAmt", transfer.amount.amount)
    amount.set("Ccy", transfer.amount.currency)
    _add_bank(one, "CdtrAgt", transfer.to, needed=not transfer.to.is_iban)
    _add(_add(one, "Cdtr"), "Nm", _name_of(transfer.to))
    _add_account(_add(one, "CdtrAcct"), transfer.to)
    _add(_add(one, "RmtInf"), "Ustrd", bank_letters(transfer.text, _LONGEST_TEXT))


def _add_account(place: etree._Element, party: Party) -> None:
    number = _add(place, "Id")
    if party.is_iban:
        _add(number, "IBAN", party.number)
    else:
        _add(_add(number, "Othr"), "Id", party.number)


def _add_bank(place: etree._Element, tag: str, party: Party, *, needed: bool) -> None:
    """A bank by its code, or by its name where the account number does not say which one it is."""
    if not (party.bic or needed):
        return
    bank = _add(_add(place, tag), "FinInstnId")
    if party.bic:
        _add(bank, "BICFI", party.bic)
    elif name := bank_letters(party.bank, _LONGEST_TEXT):
        _add(bank, "Nm", name)
    else:
        _add(_add(bank, "Othr"), "Id", "NOTPROVIDED")


def _name_of(party: Party) -> str:
    name = bank_letters(party.name, _LONGEST_NAME)
    if not name:
        raise NotWritable(
            _("Banks take Latin letters only, and none is left of the name “%(name)s”.")
            % {"name": party.name}
        )
    return name


def _add(place: etree._Element, tag: str, text: str | None = None) -> etree._Element:
    element = etree.SubElement(place, f"{{{_NAMESPACE}}}{tag}")
    element.text = text
    return element


def _refuse_invalid(root: etree._Element) -> None:
    schema = _schema()
    if not schema.validate(root):
        error = schema.error_log[0]
        raise NotWritable(
            _("This batch cannot be written as %(version)s: %(error)s")
            % {"version": VERSION, "error": error.message.replace(f"{{{_NAMESPACE}}}", "")}
        )


@cache
def _schema() -> etree.XMLSchema:
    path = files("sepaxml") / "schemas" / f"{VERSION}.xsd"
    return etree.XMLSchema(etree.fromstring(path.read_bytes()))
