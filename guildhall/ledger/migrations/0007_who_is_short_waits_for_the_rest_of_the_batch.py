"""What one movement of a batch brings another may spend, also where some cannot move; its text is in the SQL file."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    """Replaces the function that moves many at once; the older one served as well, but for the order."""

    dependencies = [("ledger", "0006_a_difference_is_a_case")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
