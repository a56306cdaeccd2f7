"""Finding out what a file from a bank is, and reading it."""

import io
from collections.abc import Sequence
from typing import Final

from django.utils.translation import gettext as _

from guildhall.payments.banking.camt import read_camt
from guildhall.payments.banking.shapes import LARGEST_FILE, BankWord, NotAStatement
from guildhall.payments.banking.sheets import Layout, read_returned_sheet
from guildhall.payments.banking.status_reports import read_status_report
from guildhall.payments.banking.tables import Columns, read_statement_table
from guildhall.payments.banking.xml import elements_of, namespace_of

_MEGABYTE: Final = 2**20


def refuse_too_large(size: int) -> None:
    """Refuse a file by its size, before anything of it is read.

    Raises:
        NotAStatement: it is larger than any statement that can be read at once.
    """
    if size > LARGEST_FILE:
        raise NotAStatement(
            _("This file has %(size)s MB, and up to %(most)s are read: ask the bank for one of fewer days.")
            % {"size": size // _MEGABYTE, "most": LARGEST_FILE // _MEGABYTE}
        )


def read_bank_file(
    content: bytes, *, columns: Columns | None, layouts: Sequence[Layout], account: str
) -> BankWord:
    """Read a statement, a report about transfers, or a company's sheet that came back.

    Args:
        content: the file.
        columns: what the columns of the bank's table mean, if an operator said so.
        layouts: of the sheets that may come back.
        account: the hall's account at the bank.

    Raises:
        UnknownColumns: a table whose columns nobody has explained.
        NotAStatement: it is none of them, or does not add up.
    """
    refuse_too_large(len(content))
    if _is_xml(content):
        _event, root = next(iter(elements_of(io.BytesIO(content))))
        read = read_status_report if ":pain.002." in namespace_of(root) else read_camt
        return read(io.BytesIO(content))
    for layout in layouts:
        try:
            return read_returned_sheet(layout, content)
        except NotAStatement:
            continue  # another company's, or a statement
    return read_statement_table(content, columns, account=account)


def _is_xml(content: bytes) -> bool:
    head = content[:200]
    if head[:2] in {b"\xff\xfe", b"\xfe\xff"}:
        head = head.decode("utf-16", "replace").encode()
    return head.removeprefix(b"\xef\xbb\xbf").lstrip().startswith(b"<")
