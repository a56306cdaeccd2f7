"""Lists paged by key: a page costs the same however far one reads."""

import base64
import binascii
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.exceptions import EmptyResultSet, FieldDoesNotExist, ValidationError
from django.db import connection
from django.db.models import Field, Model, Q, QuerySet
from django.utils.translation import gettext as _

from guildhall.kernel.errors import Unfit

PAGE_SIZE = 20


@dataclass(frozen=True, slots=True)
class Page[M]:
    """Some rows and the cursor of the next ones, empty at the end."""

    rows: Sequence[M]
    next: str


def page_by_key[M: Model](
    rows: QuerySet[M], *, by: Sequence[str], after: str = "", size: int = PAGE_SIZE
) -> Page[M]:
    """One page of `rows`, ordered by `by` (Django's order notation; the last field must be unique).

    Args:
        rows: what the asker may see.
        by: for example ``("-opened_at", "-id")``; the fields must not be null.
        after: the `next` of the page before, or empty.
        size: at most 100 rows.

    Raises:
        Unfit: the cursor is not one of ours.
    """
    size = max(1, min(size, 100))
    rows = rows.order_by(*by)
    if after:
        rows = rows.filter(_beyond(by, _read_cursor(rows.model, by, after)))
    found = list(rows[: size + 1])
    if len(found) <= size:
        return Page(found, "")
    last = found[size - 1]
    return Page(found[:size], _write_cursor([_value(last, name.lstrip("-")) for name in by]))


def count_up_to(rows: QuerySet[Any, Any], most: int) -> int:
    """How many rows there are, counted no further than one above `most`: that one stands for many.

    Put together here, because `QuerySet.count` thinks longer about a limit than the database counts.
    """
    try:
        asked, values = rows.order_by().values("pk")[: most + 1].query.sql_with_params()
    except EmptyResultSet:
        return 0
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT count(*) FROM ({asked}) AS few", values)  # noqa: S608 - Django wrote what is inside
        return int(cursor.fetchone()[0])


def _value(row: Model, path: str) -> Any:
    value: Any = row
    for name in path.split("__"):
        value = getattr(value, name)
    return value


def _beyond(by: Sequence[str], values: Sequence[Any]) -> Q:
    """The rows that come strictly after these values in this order."""
    beyond = Q()
    same = Q()
    for name, value in zip(by, values, strict=True):
        field = name.lstrip("-")
        step = "lt" if name.startswith("-") else "gt"
        beyond |= same & Q(**{f"{field}__{step}": value})
        same &= Q(**{field: value})
    return beyond


def _write_cursor(values: Sequence[Any]) -> str:
    # str keeps a time's microseconds, which a JSON encoder would cut off.
    plain = json.dumps([str(value) for value in values], separators=(",", ":"))
    return base64.urlsafe_b64encode(plain.encode()).decode().rstrip("=")


def _read_cursor(model: type[Model], by: Sequence[str], text: str) -> list[Any]:
    names = [name.lstrip("-") for name in by]
    try:
        values = json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4)))
        return [_read_value(_field(model, name), value) for name, value in zip(names, values, strict=True)]
    except (TypeError, ValueError, RecursionError, binascii.Error, ValidationError) as error:
        raise Unfit(
            _("That page of the list does not exist. Start from the first."), field="after"
        ) from error


def _read_value(field: "Field[Any, Any]", value: object) -> Any:
    if not isinstance(value, str):
        raise TypeError(value)
    if "\0" in value:
        raise ValueError("no table holds a NUL")
    value.encode()  # nor half a surrogate pair
    read = field.to_python(value)
    if isinstance(read, datetime) and read.tzinfo is None:
        raise ValueError("ours name their zone")
    return read


def _field(model: type[Model], path: str) -> "Field[Any, Any]":
    """The model field at the end of a path such as ``job__opened_at``."""
    *relations, last = path.split("__")
    for name in relations:
        related = model._meta.get_field(name).related_model
        assert isinstance(related, type), f"{path} does not lead to a row"
        model = related
    try:
        field = model._meta.get_field(last)
    except FieldDoesNotExist as error:
        raise AssertionError(f"lists are paged by columns, and {path} is none") from error
    assert isinstance(field, Field)
    return field
