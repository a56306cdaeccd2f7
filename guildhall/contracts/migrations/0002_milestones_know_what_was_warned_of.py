from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_contracts_keep_terms_and_milestones'),
    ]

    operations = [
        migrations.AddField(
            model_name='milestone',
            name='warned',
            field=models.PositiveSmallIntegerField(null=True),
        ),
    ]
