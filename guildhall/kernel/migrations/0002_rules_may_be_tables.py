from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('kernel', '0001_events_deliveries_and_rule_changes'),
    ]

    operations = [
        migrations.AddField(
            model_name='rulechange',
            name='rows',
            field=models.JSONField(null=True),
        ),
    ]
