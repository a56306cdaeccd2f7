"""Questions about what banks wrote, for operators."""

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, QuerySet

from guildhall.kernel.money import Money
from guildhall.payments.comparison import Compared, compared_rails
from guildhall.payments.models import (
    BankFile,
    BankLine,
    Deposit,
    DepositRefund,
    SenderRefund,
    SheetLayout,
    StatementColumns,
    TransferReference,
)
from guildhall.payments.states import SENT
from guildhall.people.models import Person


def bank_files_seen_by(operator: Person) -> QuerySet[BankFile]:
    """The files that were brought, each with how many lines it has; for operators."""
    files = BankFile.objects.select_related("brought_by").annotate(count=Count("lines"))
    return files if operator.is_operator else files.none()


def lines_of_file(file: BankFile) -> QuerySet[BankLine]:
    """The lines of a file that the asker has loaded, in its order."""
    return BankLine.objects.filter(file=file).select_related("payout__person", "notice__deposit__person")


def comparison_seen_by(operator: Person) -> list[Compared]:
    """What banks say beside what the books say, for operators."""
    return list(compared_rails()) if operator.is_operator else []


def columns_kept_seen_by(operator: Person) -> QuerySet[StatementColumns]:
    """What the columns of tables mean, now and before, for operators."""
    kept = StatementColumns.objects.select_related("kept_by")
    return kept if operator.is_operator else kept.none()


def sheets_seen_by(operator: Person) -> QuerySet[SheetLayout]:
    """Every version of every company's sheet, for operators."""
    sheets = SheetLayout.objects.select_related("kept_by")
    return sheets if operator.is_operator else sheets.none()


def sheets_in_force_seen_by(operator: Person) -> QuerySet[SheetLayout]:
    """The sheets that a batch can be written as, for operators."""
    return sheets_seen_by(operator).filter(ended_at=None)


def transfer_asked_of(person: Person, code: str) -> Deposit | None:
    """The deposit that a transfer's code is about, if it is this person's."""
    named = TransferReference.objects.filter(code=code, noun="deposit").first()
    return Deposit.objects.filter(person=person, pk=named.subject).first() if named else None


def code_of_deposit(deposit: UUID) -> str:
    """What stands on a deposit's transfer; empty where it is no transfer."""
    named = TransferReference.objects.filter(noun="deposit", subject=deposit).first()
    return named.code if named else ""


def bank_lines_seen_by(operator: Person) -> QuerySet[BankLine]:
    """Every line from a bank, for operators."""
    lines = BankLine.objects.select_related("file")
    return lines if operator.is_operator else lines.none()


def codes_of_refunds(line: BankLine) -> list[tuple[SenderRefund, str]]:
    """What was sent back to the sender of a line that the asker has loaded, each with its code."""
    refunds = list(SenderRefund.objects.filter(line=line).order_by("id"))
    named = TransferReference.objects.filter(noun="refund", subject__in=[each.pk for each in refunds])
    codes = dict(named.values_list("subject", "code"))
    return [(each, codes[each.pk]) for each in refunds]


@dataclass(frozen=True, slots=True)
class TransferToOrder:
    """A transfer that an operator orders at the bank: back where money came from."""

    name: str
    account: str
    amount: Money
    code: str


def transfers_to_order(operator: Person) -> list[TransferToOrder]:
    """What goes back and no statement has said to have gone, the oldest first; for operators."""
    if not operator.is_operator:
        return []
    home = DepositRefund.objects.filter(deposit__rail="bank", state=SENT).select_related("deposit__person")
    back = SenderRefund.objects.filter(state=SENT).select_related("line")
    subjects = [each.pk for each in (*home, *back)]
    named = TransferReference.objects.filter(noun="refund", subject__in=subjects)
    codes = dict(named.values_list("subject", "code"))
    lines = BankLine.objects.filter(notice__deposit__in=[each.deposit_id for each in home], amount__gt=0)
    senders = {line.notice.deposit_id: line for line in lines.select_related("notice") if line.notice}
    found = []
    for refund in home.order_by("id"):
        line = senders.get(refund.deposit_id)
        name = (line.party if line else "") or refund.deposit.person.name
        code = codes.get(refund.pk, "")
        found.append(TransferToOrder(name, line.account if line else "", refund.money, code))
    return found + [
        TransferToOrder(each.line.party, each.line.account, each.money, codes[each.pk])
        for each in back.order_by("id")
    ]
