import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('contracts', '0002_milestones_know_what_was_warned_of'),
        ('escrow', '0001_lay_holds_and_releases'),
    ]

    operations = [
        migrations.CreateModel(
            name='CatchingUp',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('since', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='BillingProfile',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('party', models.CharField(max_length=80, unique=True)),
                ('legal_name', models.CharField(max_length=120)),
                ('street', models.CharField(default='', max_length=120)),
                ('postcode', models.CharField(default='', max_length=20)),
                ('city', models.CharField(default='', max_length=80)),
                ('country', models.CharField(default='', max_length=2)),
                ('tax_id', models.CharField(default='', max_length=32)),
                ('is_business', models.BooleanField(default=False)),
                ('purchase_order', models.CharField(default='', max_length=60)),
                ('cost_centre', models.CharField(default='', max_length=60)),
                ('said_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('legal_name', ''), _negated=True), name='billing_has_a_name'), models.CheckConstraint(condition=models.Q(('tax_id', ''), ('is_business', True), _connector='OR'), name='billing_tax_id_is_a_business_s')],
            },
        ),
        migrations.CreateModel(
            name='BillingReference',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('purchase_order', models.CharField(default='', max_length=60)),
                ('cost_centre', models.CharField(default='', max_length=60)),
                ('set_at', models.DateTimeField()),
                ('contract', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.contract')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Series',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('issuer', models.CharField(max_length=80)),
                ('year', models.PositiveSmallIntegerField()),
                ('last', models.PositiveIntegerField()),
                ('last_on', models.DateField()),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('issuer', 'year'), name='series_once')],
            },
        ),
        migrations.CreateModel(
            name='VatRate',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('country', models.CharField(max_length=2)),
                ('basis_points', models.PositiveIntegerField()),
                ('reason', models.TextField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
            ],
            options={
                'indexes': [models.Index(fields=['country', '-id'], name='vat_rate_last')],
                'constraints': [models.CheckConstraint(condition=models.Q(('basis_points__lte', 5000)), name='vat_rate_within_half')],
            },
        ),
        migrations.CreateModel(
            name='Invoice',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('issuer', models.CharField(max_length=80)),
                ('recipient', models.CharField(max_length=80)),
                ('year', models.PositiveSmallIntegerField()),
                ('serial', models.PositiveIntegerField()),
                ('number', models.CharField(max_length=40)),
                ('kind', models.CharField(choices=[('work', 'work'), ('worker_fee', 'worker_fee'), ('client_fee', 'client_fee')], max_length=12)),
                ('cause', models.CharField(default='', max_length=120)),
                ('reason', models.TextField(default='')),
                ('issued_on', models.DateField()),
                ('supplied_on', models.DateField()),
                ('at', models.DateTimeField()),
                ('currency', models.CharField(max_length=3)),
                ('net', models.BigIntegerField()),
                ('tax', models.BigIntegerField()),
                ('gross', models.BigIntegerField()),
                ('category', models.CharField(choices=[('S', 'S'), ('AE', 'AE'), ('O', 'O'), ('E', 'E')], max_length=2)),
                ('rate', models.PositiveIntegerField()),
                ('seller', models.JSONField()),
                ('buyer', models.JSONField()),
                ('title', models.CharField(max_length=200)),
                ('item', models.CharField(max_length=200)),
                ('purchase_order', models.CharField(default='', max_length=60)),
                ('cost_centre', models.CharField(default='', max_length=60)),
                ('language', models.CharField(max_length=8)),
                ('contract', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='contracts.contract')),
                ('credits', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='credit_notes', to='invoicing.invoice')),
                ('release', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='escrow.release')),
                ('replaces', models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='replaced_by', to='invoicing.invoice')),
            ],
            options={
                'indexes': [models.Index(fields=['issuer', '-issued_on', '-id'], name='invoice_of_issuer'), models.Index(fields=['recipient', '-issued_on', '-id'], name='invoice_of_recipient'), models.Index(fields=['-issued_on', '-id'], name='invoice_by_day'), models.Index(fields=['release'], name='invoice_of_release')],
                'constraints': [models.UniqueConstraint(fields=('issuer', 'year', 'serial'), name='invoice_number_once'), models.UniqueConstraint(condition=models.Q(('credits__isnull', True), ('replaces__isnull', True)), fields=('release', 'kind'), name='invoice_once_for_each_release'), models.UniqueConstraint(fields=('credits', 'cause'), name='credit_note_once_for_each_cause'), models.CheckConstraint(condition=models.Q(('gross', django.db.models.expressions.CombinedExpression(models.F('net'), '+', models.F('tax'))), ('gross__gt', 0), ('net__gte', 0), ('tax__gte', 0)), name='invoice_adds_up'), models.CheckConstraint(condition=models.Q(models.Q(('cause', ''), ('credits__isnull', True)), models.Q(('credits__isnull', False), models.Q(('cause', ''), _negated=True)), _connector='OR'), name='credit_note_has_a_cause'), models.CheckConstraint(condition=models.Q(('category', 'S'), models.Q(('rate', 0), ('tax', 0)), _connector='OR'), name='invoice_taxed_by_category')],
            },
        ),
    ]
