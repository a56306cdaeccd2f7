import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Account',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=120)),
                ('currency', models.CharField(max_length=3)),
                ('derived', models.BooleanField()),
                ('balance', models.BigIntegerField(default=0)),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('code', 'currency'), name='account_once'), models.CheckConstraint(condition=models.Q(('balance__gte', 0)), name='account_keeps_its_floor'), models.CheckConstraint(condition=models.Q(('derived', False), ('balance', 0), _connector='OR'), name='account_derived_keeps_none')],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(max_length=32)),
                ('key', models.CharField(max_length=120)),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
                ('reverses', models.ForeignKey(db_constraint=False, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.movement')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('key',), name='movement_once'), models.UniqueConstraint(condition=models.Q(('reverses__isnull', False)), fields=('reverses',), name='movement_reversed_once'), models.CheckConstraint(condition=models.Q(('key', ''), _negated=True), name='movement_has_a_key'), models.CheckConstraint(condition=models.Q(('kind__contains', '.')), name='movement_has_a_kind')],
            },
        ),
        migrations.CreateModel(
            name='Posting',
            fields=[
                ('pk', models.CompositePrimaryKey('movement_id', 'step', blank=True, editable=False, primary_key=True, serialize=False)),
                ('amount', models.BigIntegerField()),
                ('step', models.SmallIntegerField()),
                ('movement', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='postings', to='ledger.movement')),
                ('source', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
                ('target', models.ForeignKey(db_constraint=False, db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='posting_moves_something'), models.CheckConstraint(condition=models.Q(('source', models.F('target')), _negated=True), name='posting_goes_elsewhere')],
                'indexes': [models.Index(fields=['source', 'movement'], name='posting_by_source'), models.Index(fields=['target', 'movement'], name='posting_by_target')],
            },
        ),
        migrations.CreateModel(
            name='Snapshot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('through', models.BigIntegerField()),
                ('balance', models.BigIntegerField()),
                ('at', models.DateTimeField()),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='ledger.account')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('account', 'through'), name='snapshot_once')],
            },
        ),
    ]
