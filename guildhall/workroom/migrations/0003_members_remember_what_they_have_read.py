from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workroom', '0002_members_may_leave'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='read_at',
            field=models.DateTimeField(null=True),
        ),
        # What was said before anybody remembered is not news to anybody.
        migrations.RunSQL(
            sql='UPDATE workroom_member SET read_at = now()',
            reverse_sql=migrations.RunSQL.noop,
        ),
    ]
