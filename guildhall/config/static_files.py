"""Our few static files, laid out in the home, each with its compressed twins.

Every version lies in a folder that is named by what is in it: a hall that is open goes on serving the one it
began with, however many others start beside it.
"""

import hashlib
import shutil
import tempfile
from contextlib import suppress
from pathlib import Path

from django.conf import settings

_FINGERPRINT = 16


def folder_of_static_files() -> Path:
    """Where this version's files lie once they are laid out."""
    seen = hashlib.sha256()
    for source in settings.STATICFILES_DIRS:
        for path in sorted(path for path in Path(source).rglob("*") if path.is_file()):
            seen.update(f"{path.relative_to(source)}\0".encode())
            seen.update(hashlib.sha256(path.read_bytes()).digest())
    return Path(settings.STATIC_ROOT) / seen.hexdigest()[:_FINGERPRINT]


def lay_out_static_files() -> Path:
    """Copy and compress what is not laid out yet; it appears at once or not at all."""
    from servestatic.compress import Compressor  # noqa: PLC0415 - the doors serve files and compress none

    target = folder_of_static_files()
    if target.is_dir():
        return target
    target.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(
        dir=target.parent, prefix="unfinished-", ignore_cleanup_errors=True
    ) as made:
        fresh = Path(made) / target.name
        fresh.mkdir()
        for source in settings.STATICFILES_DIRS:
            shutil.copytree(source, fresh, dirs_exist_ok=True)
        compressor = Compressor(quiet=True)
        for path in [path for path in fresh.rglob("*") if path.is_file()]:
            if compressor.should_compress(path.name):
                for _each in compressor.compress(str(path)):
                    pass
        with suppress(OSError):  # somebody else has just laid out the same
            fresh.rename(target)
    return target
