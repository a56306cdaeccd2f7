"""The source of this very hall, for everybody who uses it: the licence promises it, and here it is."""

import gzip
import io
import tarfile
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Final

from django.http import HttpResponse
from django.views.decorators.http import require_safe

import guildhall
from guildhall.edge.request import HallRequest
from guildhall.web.page import page

_PACKAGE: Final = Path(guildhall.__file__).resolve().parent
_BESIDE: Final = (
    ".ci", ".python-version", "ARCHITECTURE.md", "CHANGELOG.md", "CONTRIBUTING.md", "LICENSE", "LICENSES",
    "Makefile", "README.md", "SECURITY.md", "STYLE.md", "docs", "pyproject.toml", "requirements", "run.py",
    "tests",
)  # fmt: skip
"""What a clone holds beside the package. Nothing else is ever sent: a home may lie there too."""


@require_safe
def show_source(request: HallRequest) -> HttpResponse:
    """Under which licence the hall runs, and where its source is."""
    return page(request, "source.html")


@require_safe
def send_source(request: HallRequest) -> HttpResponse:
    """The files that this hall runs from, as one archive."""
    del request
    headers = {"Content-Disposition": 'attachment; filename="guildhall-source.tar.gz"'}
    return HttpResponse(archive(), content_type="application/gzip", headers=headers)


@cache
def archive() -> bytes:
    """The source as it was when it was first asked for, packed; the same files give the same bytes."""
    packed = io.BytesIO()
    with (
        gzip.GzipFile(fileobj=packed, mode="wb", mtime=0) as squeezed,
        tarfile.open(fileobj=squeezed, mode="w", format=tarfile.PAX_FORMAT) as tar,
    ):
        for path in sorted(_files()):
            entry = tarfile.TarInfo(f"guildhall-source/{path.relative_to(_PACKAGE.parent)}")
            content = path.read_bytes()
            entry.size = len(content)
            tar.addfile(entry, io.BytesIO(content))
    return packed.getvalue()


def _files() -> Iterator[Path]:
    root = _PACKAGE.parent
    beside = [root / name for name in _BESIDE] if (root / "pyproject.toml").is_file() else []
    for place in (_PACKAGE, *beside):
        for path in [place, *place.rglob("*")]:
            made = "__pycache__" in path.parts
            if path.is_file() and not path.is_symlink() and not made:
                yield path
