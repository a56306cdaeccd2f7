import django.db.models.deletion
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Hold',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('purpose', models.CharField(max_length=120, unique=True)),
                ('worker', models.CharField(max_length=80)),
                ('currency', models.CharField(max_length=3)),
                ('placed', models.BigIntegerField()),
                ('left', models.BigIntegerField()),
                ('frozen', models.BigIntegerField(default=0)),
                ('client_fee', models.BigIntegerField(default=0)),
                ('client_fee_left', models.BigIntegerField(default=0)),
                ('deductions', models.JSONField(default=list)),
                ('clearing_days', models.PositiveSmallIntegerField()),
                ('placed_at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['worker', '-id'], name='hold_of_worker')],
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['closed', 'open'])), name='hold_state_is_known'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='hold_currency'), models.CheckConstraint(condition=models.Q(('frozen__gte', 0), ('left__gte', models.F('frozen')), ('left__lte', models.F('placed')), ('placed__gt', 0)), name='hold_adds_up'), models.CheckConstraint(condition=models.Q(('client_fee_left__gte', 0), ('client_fee_left__lte', models.F('client_fee'))), name='hold_fee_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'closed'), _negated=True), models.Q(('client_fee_left', 0), ('left', 0)), _connector='OR'), name='hold_closes_empty')],
            },
        ),
        migrations.CreateModel(
            name='Release',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('kind', models.CharField(choices=[('release', 'Release'), ('return', 'Return'), ('split', 'Split')], max_length=8)),
                ('worker', models.CharField(max_length=80)),
                ('currency', models.CharField(max_length=3)),
                ('gross', models.BigIntegerField()),
                ('net', models.BigIntegerField()),
                ('returned', models.BigIntegerField()),
                ('fee_kept', models.BigIntegerField()),
                ('fee_returned', models.BigIntegerField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('matures_at', models.DateTimeField(null=True)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='releases', to='escrow.hold')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['clearing', 'matured', 'returned'])), name='release_state_is_known'), models.CheckConstraint(condition=models.Q(('fee_kept__gte', 0), ('fee_returned__gte', 0), ('gross__gte', 0), ('net__gte', 0), ('returned__gte', 0), ('net__lte', models.F('gross'))), name='release_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'clearing'), _negated=True), ('matures_at__isnull', False), _connector='OR'), name='release_clears_until')],
                'indexes': [models.Index(condition=models.Q(('state', 'clearing')), fields=['matures_at'], name='release_due'), models.Index(fields=['worker', '-id'], name='release_of_worker')],
            },
        ),
        migrations.CreateModel(
            name='ReleaseLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('account', models.CharField(max_length=120)),
                ('amount', models.BigIntegerField()),
                ('name', models.CharField(max_length=40)),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='escrow.release')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('release', 'number'), name='release_line_once'), models.CheckConstraint(condition=models.Q(('amount__gte', 0)), name='release_line_amount')],
            },
        ),
        migrations.CreateModel(
            name='Freeze',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField()),
                ('reason', models.CharField(max_length=120)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='freezes', to='escrow.hold')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount', 0), _negated=True), name='freeze_of_something')],
            },
        ),
        migrations.CreateModel(
            name='HoldPart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('party', models.CharField(max_length=80)),
                ('account', models.CharField(max_length=120)),
                ('amount', models.BigIntegerField()),
                ('returned', models.BigIntegerField(default=0)),
                ('hold', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='escrow.hold')),
            ],
            options={
                'indexes': [models.Index(fields=['party', '-hold'], name='hold_part_of_party')],
                'constraints': [models.UniqueConstraint(fields=('hold', 'number'), name='hold_part_once'), models.UniqueConstraint(fields=('hold', 'account'), name='hold_payer_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0), ('returned__gte', 0), ('returned__lte', models.F('amount'))), name='hold_part_adds_up')],
            },
        ),
    ]
