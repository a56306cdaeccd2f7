"""The API's description as a page: drawn on the server, without scripts."""

from dataclasses import dataclass, field
from functools import cache
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template import loader
from django.views.decorators.http import require_safe

from guildhall.api.root import api
from guildhall.documents.markdown import html_from_markdown

_METHODS = ("get", "post", "put", "patch", "delete")


@dataclass(frozen=True, slots=True)
class Field:
    """One field of what is asked."""

    name: str
    kind: str
    needed: bool


@dataclass(frozen=True, slots=True)
class Operation:
    """One thing that a program can do."""

    method: str
    path: str
    summary: str
    description: str
    scopes: list[str]
    open_to_all: bool
    asked: list[Field] = field(default_factory=list)


@require_safe
def show_docs(request: HttpRequest) -> HttpResponse:
    """Every operation, area by area, with what it asks and which scope a token needs."""
    context = {"areas": operations_by_area(), "about": html_from_markdown(api.description)}
    return HttpResponse(loader.render_to_string("api/docs.html", context, request))


@cache
def operations_by_area() -> dict[str, list[Operation]]:
    """The operations of the OpenAPI document, by their first tag."""
    described = api.get_openapi_schema()
    areas: dict[str, list[Operation]] = {}
    for path, operations in described["paths"].items():
        for method in _METHODS:
            if method in operations:
                found = operations[method]
                area = (found.get("tags") or ["hall"])[0]
                areas.setdefault(area, []).append(_operation(method, path, found, described))
    return areas


def _operation(method: str, path: str, found: dict[str, Any], described: dict[str, Any]) -> Operation:
    return Operation(
        method=method.upper(),
        path=path,
        summary=found.get("summary", ""),
        description=found.get("description", ""),
        scopes=found.get("x-scope", "").split(),
        open_to_all="security" not in found,
        asked=[*_parameters(found), *_body(found, described)],
    )


def _parameters(found: dict[str, Any]) -> list[Field]:
    return [
        Field(one["name"], _kind(one.get("schema", {})), bool(one.get("required")))
        for one in found.get("parameters", [])
    ]


def _body(found: dict[str, Any], described: dict[str, Any]) -> list[Field]:
    contents = found.get("requestBody", {}).get("content", {})
    shape: dict[str, Any] = next((one.get("schema", {}) for one in contents.values()), {})
    if "$ref" in shape:
        shape = described["components"]["schemas"][_last(shape["$ref"])]
    needed = shape.get("required", [])
    return [Field(name, _kind(kind), name in needed) for name, kind in shape.get("properties", {}).items()]


def _kind(shape: dict[str, Any]) -> str:
    """What a value is, in a word or two: ``uuid``, ``list of Sum``, ``string or null``."""
    if "$ref" in shape:
        return _last(shape["$ref"])
    if "anyOf" in shape:
        return " or ".join(_kind(one) for one in shape["anyOf"])
    if shape.get("type") == "array":
        return f"list of {_kind(shape.get('items', {}))}"
    return str(shape.get("format") or shape.get("type") or "value")


def _last(reference: str) -> str:
    return reference.rpartition("/")[2]
