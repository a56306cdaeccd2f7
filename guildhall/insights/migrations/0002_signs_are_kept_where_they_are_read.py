from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("config", "0001_signs_of_life"),
        ("insights", "0001_figures_that_may_be_shown"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunSQL(
                    "ALTER TABLE config_sign RENAME TO insights_sign",
                    "ALTER TABLE insights_sign RENAME TO config_sign",
                ),
            ],
            state_operations=[
                migrations.CreateModel(
                    name="Sign",
                    fields=[
                        ("name", models.CharField(max_length=80, primary_key=True, serialize=False)),
                        ("at", models.DateTimeField()),
                        ("note", models.TextField(default="")),
                    ],
                ),
            ],
        ),
    ]
