from django.db import migrations, models

_REOPEN = """
UPDATE reputation_feedback SET reveal_at = NULL
 WHERE revealed_at IS NULL
   AND contract_id IN (SELECT id FROM contracts_contract WHERE state <> 'ended')
"""


class Migration(migrations.Migration):

    dependencies = [
        ('contracts', '0001_contracts_keep_terms_and_milestones'),
        ('reputation', '0001_feedback_and_facts'),
    ]

    operations = [
        migrations.AlterField(
            model_name='feedback',
            name='reveal_at',
            field=models.DateTimeField(null=True),
        ),
        migrations.RunSQL(_REOPEN, migrations.RunSQL.noop),
    ]
