"""Reading camt.053, the statement of an account in XML (ISO 20022), in its versions from .02 on."""

import re
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from hashlib import sha256
from typing import BinaryIO, Final

from django.utils.translation import gettext as _
from lxml import etree

from guildhall.kernel.money import LARGEST_MINOR, Money, exponent_of
from guildhall.payments.banking.shapes import MOST_LINES, BankWord, Entry, NotAStatement, Statement
from guildhall.payments.banking.xml import drop, elements_of, find, find_all, namespace_of, tag_of, text_at

_NAMESPACE: Final = re.compile(r"urn:iso:std:iso:20022:tech:xsd:(camt\.053\.001\.(?:0[2-9]|[1-9][0-9]))")
_AMOUNT: Final = re.compile(r"([0-9]{1,18})(?:\.([0-9]{0,5}))?", re.ASCII)
_CURRENCY: Final = re.compile(r"[A-Z]{3}", re.ASCII)
_NONE: Final = {"", "NOTPROVIDED", "NONREF"}


@dataclass(slots=True)
class _Stated:
    """What one statement says besides its lines."""

    account: str = ""
    currency: str = ""
    balances: list[tuple[str, Money]] = field(default_factory=list)
    counts: list[tuple[str, int | None, str]] = field(default_factory=list)
    """Of what, how many, the sum as text."""
    entries: list[Entry] = field(default_factory=list)
    booked: list[Money] = field(default_factory=list)
    """The entries as the bank counts them: one for many that it booked together."""


def read_camt(file: BinaryIO) -> BankWord:
    """Read a statement; its lines add up to its balances and totals, or it is refused.

    Raises:
        NotAStatement: it is none, or does not add up.
    """
    version = ""
    stated = _Stated()
    statements: list[Statement] = []
    for event, element in elements_of(file):
        tag = tag_of(element)
        if not version:
            version = _version_of(element)
        if event == "start":
            if tag == "Stmt":
                stated = _Stated()
            continue
        parent = element.getparent()
        place = tag_of(parent) if parent is not None else ""
        if tag == "Stmt":
            statements.append(_add_up(stated))
            drop(element)
        elif place == "Stmt":
            _take(tag, element, stated)
            drop(element)
    if not statements:
        raise NotAStatement(_("There is no statement of an account in this file."))
    return BankWord(version, statements=_told_apart(statements))


def _version_of(element: etree._Element) -> str:
    found = _NAMESPACE.fullmatch(namespace_of(element))
    if not found:
        raise NotAStatement(
            _("This is XML, but no statement by camt.053: it says %(says)s.")
            % {"says": namespace_of(element)[:80] or tag_of(element)[:80]}
        )
    return found[1]


def _take(tag: str, element: etree._Element, stated: _Stated) -> None:
    if tag == "Acct":
        stated.account = text_at(element, "Id/IBAN", "Id/Othr/Id").replace(" ", "")[:34]
        stated.currency = text_at(element, "Ccy")
    elif tag == "Bal":
        kind = text_at(element, "Tp/CdOrPrtry/Cd")
        stated.balances.append((kind, _signed(element)))
    elif tag == "TxsSummry":
        for name in ("TtlNtries", "TtlCdtNtries", "TtlDbtNtries"):
            total = find(element, name)
            if total is not None:
                count = text_at(total, "NbOfNtries")
                stated.counts.append((name, int(count) if count.isdigit() else None, text_at(total, "Sum")))
    elif tag == "Ntry":
        if text_at(element, "Sts/Cd", "Sts") != "BOOK":
            return  # announced, and not in the balance
        amount = _signed(element)
        stated.booked.append(amount)
        stated.entries += _entries_of(element, amount)
        if len(stated.entries) > MOST_LINES:
            raise NotAStatement(
                _("This file has more than %(most)s lines: ask for one of fewer days.") % {"most": MOST_LINES}
            )


def _signed(element: etree._Element) -> Money:
    money = _money(find(element, "Amt"))
    return -money if text_at(element, "CdtDbtInd") == "DBIT" else money


def _money(element: etree._Element | None) -> Money:
    currency = "" if element is None else element.get("Ccy", "")
    if element is None or not _CURRENCY.fullmatch(currency):
        raise NotAStatement(_("A sum in this file has no currency."))
    return Money(_minor(text_at(element, ".") or (element.text or ""), currency), currency)


def _minor(text: str, currency: str) -> int:
    found = _AMOUNT.fullmatch(text.strip())
    places = exponent_of(currency)
    decimals = (found[2] or "").rstrip("0") if found else ""
    if not found or len(decimals) > places:
        raise NotAStatement(
            _("“%(text)s” in this file is no sum in %(currency)s.")
            % {"text": text[:40], "currency": currency}
        )
    minor: int = int(found[1]) * 10**places + int(decimals.ljust(places, "0") or 0)
    if minor > LARGEST_MINOR:
        raise NotAStatement(_("A sum in this file is larger than a hall can hold."))
    return minor


def _day(element: etree._Element) -> date:
    text = text_at(element, "BookgDt/Dt", "BookgDt/DtTm", "ValDt/Dt", "ValDt/DtTm")
    try:
        return datetime.fromisoformat(text).date()
    except ValueError as error:
        raise NotAStatement(_("A line of this file has no day on which it was booked.")) from error


def _entries_of(element: etree._Element, amount: Money) -> list[Entry]:
    """The lines of one entry: one, or as many as the bank booked together, if it says how much each is."""
    whole = Entry(
        reference=text_at(element, "AcctSvcrRef")[:80],
        amount=amount,
        day=_day(element),
        text=text_at(element, "AddtlNtryInf")[:500],
        batch=_named(text_at(element, "NtryDtls/Btch/PmtInfId", "NtryDtls/Btch/MsgId")),
        returned=text_at(element, "RvslInd") in {"true", "1"} or _is_return(element),
    )
    details = find_all(element, "NtryDtls/TxDtls")
    if not details:
        return [whole]
    if len(details) == 1:
        return [_detailed(whole, details[0], whole.reference, amount)]
    amounts = [_amount_of_part(each, amount) for each in details]
    if None in amounts:
        return [whole]
    parts = [each for each in amounts if each is not None]
    if sum(each.minor for each in parts) != amount.minor:
        raise NotAStatement(
            _("Line %(reference)s says %(sum)s, but its parts are another sum together.")
            % {"reference": whole.reference or text_at(element, "NtryRef") or "?", "sum": amount}
        )
    return [
        _detailed(whole, each, _reference_of_part(each, whole, number), part)
        for number, (each, part) in enumerate(zip(details, parts, strict=True), 1)
    ]


def _reference_of_part(element: etree._Element, whole: Entry, number: int) -> str:
    own = text_at(element, "Refs/AcctSvcrRef")
    if own and own != whole.reference:
        return own
    return f"{whole.reference[:70]}/{number}" if whole.reference else ""


def _amount_of_part(element: etree._Element, whole: Money) -> Money | None:
    """How much one of several is, in the account's currency; none if the bank does not say."""
    found = find(element, "Amt")
    if found is None:
        found = find(element, "AmtDtls/TxAmt/Amt")
    if found is None or found.get("Ccy") != whole.currency:
        return None
    sign = text_at(element, "CdtDbtInd")
    money = _money(found)
    goes = sign == "DBIT" if sign else whole.minor < 0
    return -money if goes else money


def _is_return(element: etree._Element) -> bool:
    """Whether the bank's code for the kind of line says that it is one that came back."""
    return text_at(element, "BkTxCd/Domn/Fmly/SubFmlyCd") in {"RRTN", "RPCR", "RRCT", "RIMB"}


def _detailed(whole: Entry, element: etree._Element, reference: str, amount: Money) -> Entry:
    side = "Dbtr" if amount.minor > 0 else "Cdtr"
    returned = find(element, "RtrInf") is not None
    if returned:
        side = "Cdtr"  # who was to have it
    return replace(
        whole,
        reference=reference[:80],
        amount=amount,
        text=(
            text_at(element, "RmtInf/Strd/CdtrRefInf/Ref") + " " + text_at(element, "RmtInf/Ustrd")
        ).strip()[:500]
        or text_at(element, "AddtlTxInf")[:500]
        or whole.text,
        end_to_end=_named(text_at(element, "Refs/EndToEndId")),
        batch=_named(text_at(element, "Refs/PmtInfId", "Refs/MsgId")) or whole.batch,
        party=text_at(element, f"RltdPties/{side}/Pty/Nm", f"RltdPties/{side}/Nm")[:140],
        account=text_at(element, f"RltdPties/{side}Acct/Id/IBAN", f"RltdPties/{side}Acct/Id/Othr/Id").replace(
            " ", ""
        )[:34],
        returned=whole.returned or returned,
        reason=text_at(element, "RtrInf/Rsn/Cd", "RtrInf/Rsn/Prtry", "RtrInf/AddtlInf")[:200],
    )


def _named(text: str) -> str:
    return "" if text in _NONE else text[:80]


_OPENING: Final = ("OPBD", "PRCD", "ITBD")
_CLOSING: Final = ("CLBD", "ITBD")


def _add_up(stated: _Stated) -> Statement:
    """One statement whose balances, counts and sums are those of its lines."""
    opening = _balance(stated, _OPENING)
    closing = _balance(stated, tuple(_CLOSING), last=True)
    if opening is None or closing is None:
        raise NotAStatement(_("This statement does not say what the account held before and after."))
    currency = closing.currency
    strange = [each for each in (opening, *stated.booked) if each.currency != currency]
    if strange or stated.currency not in {"", currency}:
        raise NotAStatement(_("This statement mixes currencies in one account."))
    total = sum(each.minor for each in stated.booked)
    if opening.minor + total != closing.minor:
        raise NotAStatement(
            _(
                "This statement does not add up: it opens with %(opening)s, its lines come to %(total)s, "
                "and it closes with %(closing)s."
            )
            % {"opening": opening, "total": Money(total, currency), "closing": closing}
        )
    for name, count, text in stated.counts:
        _refuse_wrong_total(name, count, text, stated.booked, currency)
    return Statement(stated.account, currency, opening.minor, closing.minor, stated.entries)


def _balance(stated: _Stated, kinds: tuple[str, ...], *, last: bool = False) -> Money | None:
    for kind in kinds:
        found = [money for each, money in stated.balances if each == kind]
        if found:
            return found[-1 if last else 0]
    return None


def _refuse_wrong_total(name: str, count: int | None, text: str, booked: list[Money], currency: str) -> None:
    counted = {
        "TtlNtries": booked,
        "TtlCdtNtries": [each for each in booked if each.minor > 0],
        "TtlDbtNtries": [each for each in booked if each.minor < 0],
    }[name]
    total = sum(abs(each.minor) for each in counted)
    if count not in {None, len(counted)} or (text and _minor(text, currency) != total):
        raise NotAStatement(
            _("This statement counts %(count)s lines over %(sum)s, and has %(found)s over %(total)s.")
            % {
                "count": "?" if count is None else count,
                "sum": text or "?",
                "found": len(counted),
                "total": Money(total, currency),
            }
        )


def _told_apart(statements: list[Statement]) -> list[Statement]:
    """The same statements, each line with a reference that no other line has."""
    for statement in statements:
        statement.entries = entries_told_apart(statement.account, statement.entries)
    return statements


def entries_told_apart(account: str, entries: list[Entry]) -> list[Entry]:
    """Lines to which the bank gave no reference get one made of what they say and how often it was said."""
    given = [entry.reference for entry in entries if entry.reference]
    if len(given) == len(set(given)) == len(entries):
        return entries
    seen: dict[str, int] = {}
    twice = _repeated(given)
    told: list[Entry] = []
    for entry in entries:
        if entry.reference and entry.reference not in twice:
            told.append(entry)
            continue
        said = "\n".join(
            (
                account,
                entry.day.isoformat(),
                str(entry.amount),
                entry.reference,
                entry.end_to_end,
                entry.party,
                entry.account,
                entry.text,
            )
        )
        name = f"~{sha256(said.encode()).hexdigest()[:40]}"
        seen[name] = seen.get(name, 0) + 1
        told.append(replace(entry, reference=f"{name}-{seen[name]}"))
    return told


def _repeated(given: list[str]) -> set[str]:
    once: set[str] = set()
    twice: set[str] = set()
    for each in given:
        (twice if each in once else once).add(each)
    return twice
