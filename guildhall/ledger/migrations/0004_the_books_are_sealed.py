"""Movements are chained once they have settled; the functions stand in the SQL file of the same name."""

from pathlib import Path

from django.db import migrations, models

FORWARD = Path(__file__).with_suffix(".sql").read_text()
BACKWARD = """
DROP TRIGGER ledger_seal_is_permanent ON ledger_seal;
DROP FUNCTION ledger_seal_through, ledger_head_of, ledger_digest_of;
"""


class Migration(migrations.Migration):
    """Gives the books a chain that shows whether history was written anew."""

    dependencies = [("ledger", "0003_numbers_are_drawn_behind_the_lock")]
    operations = [
        migrations.CreateModel(
            name="Seal",
            fields=[
                ("through", models.BigIntegerField(primary_key=True, serialize=False)),
                ("movements", models.BigIntegerField()),
                ("digest", models.BinaryField()),
                ("head", models.BinaryField()),
                ("at", models.DateTimeField()),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(movements__gt=0), name="seal_of_something")
                ],
                "indexes": [models.Index(fields=["at"], name="seal_by_time")],
            },
        ),
        migrations.RunSQL(FORWARD, BACKWARD),
    ]
