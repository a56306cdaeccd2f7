"""The functions and triggers through which money moves; their text stands in the SQL file of the same name."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text()
BACKWARD = """
DROP TRIGGER ledger_movement_is_permanent ON ledger_movement;
DROP TRIGGER ledger_posting_is_permanent ON ledger_posting;
DROP TRIGGER ledger_snapshot_is_permanent ON ledger_snapshot;
DROP TRIGGER ledger_account_stays ON ledger_account;
DROP TRIGGER ledger_account_keeps_its_name ON ledger_account;
DROP TRIGGER ledger_account_has_a_name ON ledger_account;
DROP FUNCTION ledger_take_snapshots, ledger_last_settled_number, ledger_move_batch, ledger_move,
    ledger_move_one, ledger_open_accounts, ledger_refuse_name, ledger_refuse_change;
"""


class Migration(migrations.Migration):
    """Gives the ledger its only writers."""

    dependencies = [("ledger", "0001_lay_accounts_movements_and_postings")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
