import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_contracts_keep_terms_and_milestones'),
        ('disputes', '0001_cases_contest_a_sum'),
    ]

    operations = [
        migrations.AddField(
            model_name='case',
            name='refund',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.refund'),
        ),
    ]
