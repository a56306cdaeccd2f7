import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('escrow', '0001_lay_holds_and_releases'),
        ('people', '__first__'),
    ]

    operations = [
        migrations.CreateModel(
            name='Contract',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('origin', models.CharField(max_length=120, unique=True)),
                ('title', models.CharField(max_length=200)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('silence_days', models.PositiveIntegerField()),
                ('terms_number', models.PositiveIntegerField(default=1)),
                ('opened_at', models.DateTimeField()),
                ('ended_at', models.DateTimeField(null=True)),
                ('end_reason', models.TextField(default='')),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ended_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['active', 'ended', 'ending'])), name='contract_state_is_known'), models.CheckConstraint(condition=models.Q(('client', models.F('worker')), _negated=True), name='contract_between_two'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='contract_amount_positive'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='contract_currency'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'ended'), _negated=True), ('ended_at__isnull', False), _connector='OR'), name='contract_ended_at')],
                'indexes': [models.Index(fields=['client', '-opened_at', '-id'], name='contract_of_client'), models.Index(fields=['worker', '-opened_at', '-id'], name='contract_of_worker')],
            },
        ),
        migrations.CreateModel(
            name='Milestone',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('number', models.PositiveIntegerField()),
                ('title', models.CharField(max_length=200)),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('due', models.DateField(null=True)),
                ('delivered_at', models.DateTimeField(null=True)),
                ('release_at', models.DateTimeField(null=True)),
                ('released', models.BigIntegerField(default=0)),
                ('returned', models.BigIntegerField(default=0)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.contract')),
                ('hold', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='escrow.hold')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['changes_asked', 'delivered', 'dropped', 'funded', 'planned', 'released', 'returned', 'settled'])), name='milestone_state_is_known'), models.UniqueConstraint(fields=('contract', 'number'), name='milestone_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='milestone_amount_positive'), models.CheckConstraint(condition=models.Q(('amount__gte', django.db.models.expressions.CombinedExpression(models.F('released'), '+', models.F('returned'))), ('released__gte', 0), ('returned__gte', 0)), name='milestone_within_amount'), models.CheckConstraint(condition=models.Q(('state__in', ['planned', 'dropped']), ('hold__isnull', False), _connector='OR'), name='milestone_money_before_work'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'delivered'), _negated=True), models.Q(('delivered_at__isnull', False), ('release_at__isnull', False)), _connector='OR'), name='milestone_delivered_has_instant'), models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['released', 'returned', 'settled']), _negated=True), ('amount', django.db.models.expressions.CombinedExpression(models.F('released'), '+', models.F('returned'))), _connector='OR'), name='milestone_finished_is_empty'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'released'), _negated=True), ('returned', 0), _connector='OR'), name='milestone_released_is_all'), models.CheckConstraint(condition=models.Q(models.Q(('state', 'returned'), _negated=True), ('released', 0), _connector='OR'), name='milestone_returned_is_all')],
                'indexes': [models.Index(condition=models.Q(('state', 'delivered')), fields=['release_at'], name='milestone_to_release')],
            },
        ),
        migrations.CreateModel(
            name='Refund',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('amount', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('reason', models.TextField()),
                ('asked_at', models.DateTimeField()),
                ('answer_by', models.DateTimeField()),
                ('answer', models.TextField(default='')),
                ('by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('milestone', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.milestone')),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['agreed', 'asked', 'declined', 'disputed', 'withdrawn'])), name='refund_state_is_known'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='refund_amount_positive'), models.UniqueConstraint(condition=models.Q(('state', 'asked')), fields=('milestone',), name='refund_one_asked')],
                'indexes': [models.Index(condition=models.Q(('state', 'asked')), fields=['answer_by'], name='refund_unanswered')],
            },
        ),
        migrations.CreateModel(
            name='Terms',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('number', models.PositiveIntegerField()),
                ('body', models.TextField()),
                ('hash', models.CharField(max_length=64)),
                ('contract', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.contract')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('contract', 'number'), name='terms_number_once'), models.CheckConstraint(condition=models.Q(('hash', models.Func(models.Func(models.Func(models.F('body'), models.Value('UTF8'), function='convert_to'), function='sha256'), models.Value('hex'), function='encode', output_field=models.CharField()))), name='terms_hash_is_of_body')],
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('hash', models.CharField(max_length=64)),
                ('at', models.DateTimeField()),
                ('person', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('terms', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.terms')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('terms', 'person'), name='acceptance_once')],
            },
        ),
    ]
