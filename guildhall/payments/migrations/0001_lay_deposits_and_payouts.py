import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='PracticeIntent',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('reference', models.CharField(max_length=48, unique=True)),
                ('deposit', models.CharField(max_length=48)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('back_to', models.CharField(max_length=300)),
                ('choice', models.CharField(default='', max_length=12)),
                ('started_at', models.DateTimeField()),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Deposit',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('rail', models.CharField(max_length=24)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('pay_url', models.CharField(default='', max_length=300)),
                ('started_at', models.DateTimeField()),
                ('serial', models.PositiveIntegerField(default=0)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['failed', 'settled', 'started'])), name='deposit_state_is_known'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='deposit_amount'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='deposit_currency')],
                'indexes': [models.Index(fields=['person', '-id'], name='deposit_of_person')],
            },
        ),
        migrations.CreateModel(
            name='GatewayNotice',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('rail', models.CharField(max_length=24)),
                ('reference', models.CharField(max_length=80)),
                ('facts', models.JSONField()),
                ('outcome', models.CharField(choices=[('followed', 'Followed'), ('older', 'Older'), ('unmatched', 'Unmatched')], max_length=12)),
                ('at', models.DateTimeField()),
                ('deposit', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='payments.deposit')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rail', 'reference'), name='gateway_notice_once')],
            },
        ),
        migrations.CreateModel(
            name='PayoutAccount',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('holder', models.CharField(max_length=70)),
                ('bank', models.CharField(max_length=70)),
                ('number', models.CharField(max_length=34)),
                ('set_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('rests_until', models.DateTimeField(null=True)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True)), fields=('person',), name='payout_account_one_in_force')],
            },
        ),
        migrations.CreateModel(
            name='PayoutBatch',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField()),
                ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('sent_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['opened', 'sent'])), name='payout_batch_state_is_known')],
            },
        ),
        migrations.CreateModel(
            name='Payout',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('requested_at', models.DateTimeField()),
                ('reason', models.CharField(default='', max_length=200)),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='payments.payoutaccount')),
                ('batch', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='payouts', to='payments.payoutbatch')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['requested', 'returned', 'sent', 'settled'])), name='payout_state_is_known'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='payout_amount'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='payout_currency'), models.CheckConstraint(condition=models.Q(('state', 'requested'), ('batch__isnull', False), _connector='OR'), name='payout_leaves_in_a_batch')],
                'indexes': [models.Index(fields=['person', '-id'], name='payout_of_person'), models.Index(fields=['state', 'id'], name='payout_by_state')],
            },
        ),
        migrations.CreateModel(
            name='PracticeNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('reference', models.CharField(max_length=48)),
                ('serial', models.PositiveIntegerField()),
                ('outcome', models.CharField(max_length=12)),
                ('due_at', models.DateTimeField()),
                ('sent_at', models.DateTimeField(null=True)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('trouble', models.CharField(default='', max_length=200)),
                ('intent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='notices', to='payments.practiceintent')),
            ],
            options={
                'indexes': [models.Index(condition=models.Q(('sent_at__isnull', True)), fields=['due_at'], name='practice_notice_due')],
            },
        ),
        migrations.CreateModel(
            name='RefusedNotices',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('rail', models.CharField(max_length=24)),
                ('day', models.DateField()),
                ('count', models.PositiveIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('rail', 'day'), name='refused_notices_once')],
            },
        ),
    ]
