import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contracts', '0001_contracts_keep_terms_and_milestones'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('contested', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.TextField()),
                ('opened_at', models.DateTimeField()),
                ('rule_by', models.DateTimeField()),
                ('to_worker', models.BigIntegerField(null=True)),
                ('adjudicator', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.milestone')),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['agreed', 'open', 'ruled', 'withdrawn'])), name='case_state_is_known'), models.CheckConstraint(condition=models.Q(('contested__gt', 0)), name='case_contests_something'), models.CheckConstraint(condition=models.Q(('to_worker__isnull', True), models.Q(('to_worker__gte', 0), ('to_worker__lte', models.F('contested'))), _connector='OR'), name='case_split_within'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['agreed', 'ruled']), _negated=True), ('to_worker__isnull', False), _connector='OR'), name='case_ended_with_split'), models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('milestone',), name='case_one_open')],
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['rule_by', 'id'], name='case_waiting')],
            },
        ),
        migrations.CreateModel(
            name='Offer',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('to_worker', models.BigIntegerField()),
                ('to_client', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disputes.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'lapsed', 'made', 'replaced'])), name='offer_state_is_known'), models.CheckConstraint(condition=models.Q(('to_client__gte', 0), ('to_worker__gte', 0)), name='offer_parts'), models.UniqueConstraint(condition=models.Q(('state', 'made')), fields=('case', 'by'), name='offer_one_made')],
            },
        ),
        migrations.CreateModel(
            name='Ruling',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('to_worker', models.BigIntegerField()),
                ('to_client', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reasons', models.TextField()),
                ('at', models.DateTimeField()),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('case', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='disputes.case')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('to_client__gte', 0), ('to_worker__gte', 0)), name='ruling_parts')],
            },
        ),
    ]
