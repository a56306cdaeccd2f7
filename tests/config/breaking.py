"""Ways to break a row, in SQL that answers with the name that the row goes by."""


def one(table: str, change: str, where: str = "true", name: str = "t.id::text") -> str:
    """Change one row of a table; the answer is what `check` must call it."""
    return (
        f"UPDATE {table} t SET {change} "  # noqa: S608 - written below
        f"WHERE t.ctid = (SELECT ctid FROM {table} t WHERE {where} LIMIT 1) RETURNING {name}"
    )


def gone(table: str, where: str, name: str = "t.id::text") -> str:
    """Take one row away."""
    return (
        f"DELETE FROM {table} t "  # noqa: S608 - written below
        f"WHERE t.ctid = (SELECT ctid FROM {table} t WHERE {where} LIMIT 1) RETURNING {name}"
    )


def posting(change: str, kind: str, name: str) -> str:
    """Change one posting of a kind of movement."""
    return (
        f"UPDATE ledger_posting t SET {change} FROM ledger_movement m "  # noqa: S608 - written below
        "WHERE m.id = t.movement_id "
        f"AND (t.movement_id, t.step) = (SELECT p.movement_id, p.step FROM ledger_posting p "
        f"JOIN ledger_movement m ON m.id = p.movement_id WHERE m.kind = '{kind}' LIMIT 1) RETURNING {name}"
    )


def movement(kind: str, key: str) -> str:
    """A movement that nothing caused."""
    return (
        f"WITH m AS (INSERT INTO ledger_movement (kind, key, at, facts) "  # noqa: S608
        f"VALUES ('{kind}', '{key}', now(), '{{}}') RETURNING id, key) "
        "INSERT INTO ledger_posting (movement_id, step, source_id, target_id, amount) "
        "SELECT m.id, 1, (SELECT min(id) FROM ledger_account), (SELECT max(id) FROM ledger_account), 1 "
        f"FROM m RETURNING '{key}'"
    )


ACCOUNT = "t.code || ' ' || t.currency"
KEY = "m.key"
CAUSE = "split_part(m.key, ':', 2)"
GOAL = "(SELECT goal_id::text FROM escrow_saving WHERE 'saving:' || id = m.key)"
PLACE = "t.movement_id || '/' || t.step"
OF_HOLD = "(SELECT id::text FROM contracts_milestone WHERE hold_id = t.id)"
NAME_OF = "(SELECT code || ' ' || currency FROM ledger_account WHERE id = {})"
CLIENT_OF_CASE = """(
    SELECT c.client_id FROM disputes_case d JOIN contracts_milestone m ON m.id = d.milestone_id
    JOIN contracts_contract c ON c.id = m.contract_id WHERE d.id = t.case_id)"""
BY_NOTE_ALONE = """items <> '{}' AND NOT EXISTS (
    SELECT FROM workroom_attachment a JOIN workroom_message m ON m.id = a.message_id
    WHERE m.delivery_id = t.id)"""
SOMEBODY = "(SELECT id FROM people_person WHERE email = 'eve@example.org')"

A_CENT_FROM_NET_TO_FEE = """
    WITH chosen AS (
        SELECT r.id, m.id AS movement FROM escrow_release r
        JOIN ledger_movement m ON m.key = 'release:' || r.id
        WHERE r.kind = 'release' AND r.state = 'clearing' LIMIT 1
    ), net AS (
        UPDATE escrow_releaseline line SET amount = amount - 1 FROM chosen
        WHERE line.release_id = chosen.id AND line.name = 'net'
    ), fee AS (
        UPDATE escrow_releaseline line SET amount = amount + 1 FROM chosen
        WHERE line.release_id = chosen.id AND line.name = 'fee'
    ), moved AS (
        UPDATE ledger_posting p SET amount = amount + CASE step WHEN 1 THEN -1 ELSE 1 END FROM chosen
        WHERE p.movement_id = chosen.movement AND p.step <= 2
    )
    UPDATE escrow_release r SET net = net - 1 FROM chosen WHERE r.id = chosen.id RETURNING r.id::text
"""

NO_PAPERS = """
    WITH gone AS (
        DELETE FROM invoicing_invoice WHERE release_id = (
            SELECT release_id FROM invoicing_invoice WHERE credits_id IS NULL LIMIT 1) RETURNING release_id
    ) SELECT DISTINCT release_id::text FROM gone
"""
