"""What accounts held at the end of each month is remembered; the function stands in the SQL file of the same name."""

from pathlib import Path

import django.contrib.postgres.indexes
import django.db.models.deletion
from django.db import migrations, models

FORWARD = Path(__file__).with_suffix(".sql").read_text()
BACKWARD = """
DROP TRIGGER ledger_month_is_permanent ON ledger_month;
DROP TRIGGER ledger_closing_is_permanent ON ledger_closing;
DROP FUNCTION ledger_close_month;
"""


class Migration(migrations.Migration):
    """Lets a statement of any month begin where the month before ended."""

    dependencies = [("ledger", "0004_the_books_are_sealed")]
    operations = [
        migrations.CreateModel(
            name="Month",
            fields=[
                ("month", models.DateField(primary_key=True, serialize=False)),
                ("first", models.BigIntegerField(null=True)),
                ("last", models.BigIntegerField(null=True)),
                ("rest", models.BigIntegerField()),
                ("at", models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name="Closing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("month", models.DateField()),
                ("balance", models.BigIntegerField()),
                (
                    "account",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="ledger.account",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("account", "month"), name="closing_once")
                ],
            },
        ),
        migrations.AddIndex(
            model_name="movement",
            index=django.contrib.postgres.indexes.BrinIndex(
                fields=["at"], name="movement_by_time", autosummarize=True, pages_per_range=32
            ),
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
