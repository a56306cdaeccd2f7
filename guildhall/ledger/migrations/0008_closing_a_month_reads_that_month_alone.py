"""A month is closed from where the one before ended; its text stands in the SQL file of the same name."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text()


class Migration(migrations.Migration):
    """Replaces the function that closes a month; the older one served as well, but read the whole past."""

    dependencies = [("ledger", "0007_who_is_short_waits_for_the_rest_of_the_batch")]
    operations = [migrations.RunSQL(FORWARD, migrations.RunSQL.noop)]
