"""What must always hold of files."""

from collections.abc import Iterator

from django.db import connection

from guildhall.files.store import is_whole, path_of
from guildhall.kernel.registry import register_check

_SAMPLE = 50  # files whose every byte is read at each run


def files_whose_bytes_are_gone() -> Iterator[tuple[str, str]]:
    """Every stored file without its bytes or with more or fewer, and of a few those with other ones."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT id::text, digest, size FROM files_storedfile")
        for name, digest, size in cursor.fetchall():
            place = path_of(digest)
            found = place.stat().st_size if place.is_file() else None
            if found != size:
                yield name, f"{size} bytes were stored, {found or 'none'} are there"
        cursor.execute("SELECT id::text, digest FROM files_storedfile ORDER BY random() LIMIT %s", [_SAMPLE])
        for name, digest in cursor.fetchall():
            if path_of(digest).is_file() and not is_whole(digest):
                yield name, "its bytes are others than those that were stored"


register_check(
    "files.access",
    formula="nobody is let in to a file before it was stored, nor shut out before being let in",
    count="SELECT count(*) FROM files_access",
    broken="""
        SELECT access.id::text, 'let in at ' || access.at || ', file stored at ' || file.stored_at
          FROM files_access access JOIN files_storedfile file ON file.id = access.file_id
         WHERE access.at < file.stored_at OR access.ended_at < access.at
    """,
)
register_check(
    "T5",
    formula="the bytes of every stored file are there, as many as were stored; of a sample the very same",
    count="SELECT count(*) FROM files_storedfile",
    broken="SELECT id::text, 'has no digest' FROM files_storedfile WHERE digest !~ '^[0-9a-f]{64}$'",
    also=files_whose_bytes_are_gone,
)
