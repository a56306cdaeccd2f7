"""What must always hold of files."""

from guildhall.kernel.registry import register_check

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
