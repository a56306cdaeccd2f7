from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("config", "0002_signs_are_read_by_operators")]

    operations = [
        migrations.CreateModel(
            name="Kind",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("kind", models.CharField(max_length=8)),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="kind_of_hall_once"),
                    models.CheckConstraint(
                        condition=models.Q(("kind__in", ["demo", "own"])), name="kind_of_hall_is_known"
                    ),
                ],
            },
        ),
    ]
