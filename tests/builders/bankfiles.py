"""Files as banks write them, made here: statements by camt.053, reports by pain.002, tables."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from guildhall.people.models import Person

HALL_IBAN = "DE89370400440532013000"


@dataclass(frozen=True, slots=True)
class Said:
    """A line of a statement: how much came, or below zero went, as text such as ``-120.00``."""

    amount: str
    text: str = ""
    reference: str = ""
    end_to_end: str = ""
    party: str = "Amara Oduya"
    account: str = "GB29NWBK60161331926819"
    day: str = "2026-12-01"
    reason: str = ""
    batch: str = ""
    parts: tuple["Said", ...] = ()
    status: str = "BOOK"


def camt(
    *lines: Said,
    opening: str = "0.00",
    closing: str = "",
    currency: str = "EUR",
    version: str = "08",
    account: str = HALL_IBAN,
    count: int | None = None,
    total: str = "",
) -> bytes:
    """A statement whose balances add up, unless another closing balance is said."""
    booked = [line for line in lines if line.status == "BOOK"]
    closing = closing or str(Decimal(opening) + sum((Decimal(line.amount) for line in booked), Decimal(0)))
    summary = ""
    if count is not None or total:
        number = f"<NbOfNtries>{len(booked) if count is None else count}</NbOfNtries>"
        summary = (
            f"<TxsSummry><TtlNtries>{number}{f'<Sum>{total}</Sum>' if total else ''}</TtlNtries></TxsSummry>"
        )
    body = "".join(_entry(line, number, currency, version) for number, line in enumerate(lines, 1))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.{version}"><BkToCstmrStmt>
<GrpHdr><MsgId>M1</MsgId><CreDtTm>2026-12-01T20:00:00Z</CreDtTm></GrpHdr>
<Stmt><Id>S1</Id><CreDtTm>2026-12-01T20:00:00Z</CreDtTm>
<Acct><Id><IBAN>{account}</IBAN></Id><Ccy>{currency}</Ccy></Acct>
{_balance("OPBD", opening, currency)}{_balance("CLBD", closing, currency)}{summary}{body}
</Stmt></BkToCstmrStmt></Document>""".encode()


def _balance(kind: str, amount: str, currency: str) -> str:
    return (
        f"<Bal><Tp><CdOrPrtry><Cd>{kind}</Cd></CdOrPrtry></Tp>{_amount(amount, currency)}"
        "<Dt><Dt>2026-12-01</Dt></Dt></Bal>"
    )


def _amount(amount: str, currency: str) -> str:
    sign = "DBIT" if amount.startswith("-") else "CRDT"
    return f'<Amt Ccy="{currency}">{amount.lstrip("-")}</Amt><CdtDbtInd>{sign}</CdtDbtInd>'


def _entry(line: Said, number: int, currency: str, version: str) -> str:
    details = "".join(_details(each, currency, version) for each in line.parts or (line,))
    status = line.status if version == "02" else f"<Cd>{line.status}</Cd>"
    reference = line.reference or f"BANK{number}"
    return (
        f"<Ntry><NtryRef>{number}</NtryRef>{_amount(line.amount, currency)}<Sts>{status}</Sts>"
        f"<BookgDt><Dt>{line.day}</Dt></BookgDt><ValDt><Dt>{line.day}</Dt></ValDt>"
        f"<AcctSvcrRef>{escape(reference)}</AcctSvcrRef>"
        f"<BkTxCd><Prtry><Cd>TRF</Cd></Prtry></BkTxCd><NtryDtls>{details}</NtryDtls></Ntry>"
    )


def _details(line: Said, currency: str, version: str) -> str:
    came = not line.amount.startswith("-")
    side = "Dbtr" if came and not line.reason else "Cdtr"
    name = f"<Nm>{escape(line.party)}</Nm>"
    party = name if version == "02" else f"<Pty>{name}</Pty>"
    amount = f'<Amt Ccy="{currency}">{line.amount.lstrip("-")}</Amt>'
    if version == "02":
        amount = f"<AmtDtls><TxAmt>{amount}</TxAmt></AmtDtls>"
    returned = f"<RtrInf><Rsn><Cd>{line.reason}</Cd></Rsn></RtrInf>" if line.reason else ""
    return (
        f"<TxDtls><Refs><PmtInfId>{line.batch or 'NOTPROVIDED'}</PmtInfId>"
        f"<EndToEndId>{escape(line.end_to_end) or 'NOTPROVIDED'}</EndToEndId></Refs>{amount}"
        f"<RltdPties><{side}>{party}</{side}>"
        f"<{side}Acct><Id><IBAN>{line.account}</IBAN></Id></{side}Acct></RltdPties>"
        f"<RmtInf><Ustrd>{escape(line.text)}</Ustrd></RmtInf>{returned}</TxDtls>"
    )


def pain_002(batch: str, *answers: tuple[str, str, str], whole: str = "") -> bytes:
    """What a bank says of transfers: for each what we called it, the status and the reason's code."""
    said = "".join(
        f"<TxInfAndSts><OrgnlEndToEndId>{reference}</OrgnlEndToEndId><TxSts>{status}</TxSts>"
        + (f"<StsRsnInf><Rsn><Cd>{reason}</Cd></Rsn></StsRsnInf>" if reason else "")
        + "</TxInfAndSts>"
        for reference, status, reason in answers
    )
    group = f"<GrpSts>{whole}</GrpSts>" if whole else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:pain.002.001.10"><CstmrPmtStsRpt>
<GrpHdr><MsgId>R1</MsgId><CreDtTm>2026-12-01T20:00:00Z</CreDtTm></GrpHdr>
<OrgnlGrpInfAndSts><OrgnlMsgId>{batch}</OrgnlMsgId><OrgnlMsgNmId>pain.001.001.09</OrgnlMsgNmId>{group}</OrgnlGrpInfAndSts>
<OrgnlPmtInfAndSts><OrgnlPmtInfId>{batch}</OrgnlPmtInfId>{said}</OrgnlPmtInfAndSts>
</CstmrPmtStsRpt></Document>""".encode()


def hear_from_the_bank(payer: "Person", *, at: datetime) -> None:
    """Somebody asks to pay in by transfer, and a statement brings something that fits nothing."""
    from django.test import override_settings  # noqa: PLC0415 - builders are read before Django is ready

    from guildhall.config.rails import BankAccount, Rails  # noqa: PLC0415
    from guildhall.kernel.money import Money  # noqa: PLC0415
    from guildhall.payments.actions import import_bank_file, start_deposit  # noqa: PLC0415

    with override_settings(GUILDHALL_RAILS=Rails(bank=BankAccount("The hall", HALL_IBAN, is_iban=True))):
        start_deposit(by=payer, amount=Money(1_000, "EUR"), rail="bank", at=at)
        import_bank_file(content=camt(Said("5.00", "who?")), name="statement.xml", by=None, at=at)
