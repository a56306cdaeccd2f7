from django.db import migrations


class Migration(migrations.Migration):
    """The table has moved to `insights`, rows and all: whoever shows the hall's troubles reads it there."""

    dependencies = [
        ("config", "0001_signs_of_life"),
        ("insights", "0002_signs_are_kept_where_they_are_read"),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(state_operations=[migrations.DeleteModel("Sign")]),
    ]
