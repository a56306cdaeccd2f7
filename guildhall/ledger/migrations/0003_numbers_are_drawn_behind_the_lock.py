"""A batch draws its numbers where `ledger_last_settled_number` waits for it; its text stands in the SQL file."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    """Replaces the function that moves many at once; the older one served as well, but for that moment."""

    dependencies = [("ledger", "0002_the_database_moves_the_money")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
