import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('ledger', '0005_months_are_closed'),
    ]

    operations = [
        migrations.CreateModel(
            name='Difference',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('source', models.CharField(max_length=24)),
                ('name', models.CharField(max_length=40)),
                ('subject', models.CharField(max_length=200)),
                ('account', models.CharField(max_length=120)),
                ('currency', models.CharField(max_length=3)),
                ('facts', models.JSONField(default=dict)),
                ('opened_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('closed_by', models.UUIDField(null=True)),
                ('answer', models.TextField(default='')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('state', 'opened')), fields=['account'], name='difference_open_on'), models.Index(fields=['state', '-id'], name='difference_by_state'), models.Index(fields=['source', 'name', 'subject'], name='difference_about')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['closed', 'opened'])), name='difference_state_is_known'), models.UniqueConstraint(condition=models.Q(('state', 'opened')), fields=('source', 'name', 'subject', 'account', 'currency'), name='difference_open_once'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('closed_by__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='difference_closed_with_an_answer')],
            },
        ),
    ]
