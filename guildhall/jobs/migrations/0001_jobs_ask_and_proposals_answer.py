import django.db.models.deletion
import django.db.models.functions.uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '__first__'),
        ('skills', '0002_skills_of_the_list_are_loaded'),
    ]

    operations = [
        migrations.CreateModel(
            name='Job',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('title', models.CharField(max_length=120)),
                ('brief', models.TextField()),
                ('country', models.CharField(default='', max_length=2)),
                ('currency', models.CharField(max_length=3)),
                ('budget', models.BigIntegerField(null=True)),
                ('deadline', models.DateField(null=True)),
                ('version', models.PositiveIntegerField(default=1)),
                ('made_at', models.DateTimeField()),
                ('opened_at', models.DateTimeField(null=True)),
                ('source_link', models.CharField(max_length=500, null=True)),
                ('content_hash', models.CharField(default='', max_length=64)),
                ('draft_reason', models.CharField(default='', max_length=200)),
                ('client', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['closed', 'draft', 'expired', 'filled', 'open'])), name='job_state_is_known'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='job_currency'), models.CheckConstraint(condition=models.Q(('country__regex', '^([A-Z]{2})?$')), name='job_country'), models.CheckConstraint(condition=models.Q(('budget__isnull', True), ('budget__gt', 0), _connector='OR'), name='job_budget_positive'), models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'closed']), ('opened_at__isnull', False), _connector='OR'), name='job_opened_before'), models.UniqueConstraint(fields=('client', 'source_link'), name='job_source_once')],
                'indexes': [models.Index(condition=models.Q(('state', 'open')), fields=['-opened_at', '-id'], name='job_open_newest'), models.Index(condition=models.Q(('state', 'open')), fields=['currency', '-budget', '-id'], name='job_open_budget'), models.Index(condition=models.Q(('state', 'open')), fields=['deadline', 'id'], name='job_open_deadline'), models.Index(fields=['client', '-id'], name='job_of_client')],
            },
        ),
        migrations.CreateModel(
            name='JobSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='asked', to='jobs.job')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='skills.skill')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('job', 'skill'), name='job_skill_once')],
                'indexes': [models.Index(fields=['skill', 'job'], name='job_skill_jobs')],
            },
        ),
        migrations.CreateModel(
            name='Proposal',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('state', models.CharField(max_length=24)),
                ('moved_at', models.DateTimeField()),
                ('price', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('delivery', models.DateField()),
                ('letter', models.TextField()),
                ('version', models.PositiveIntegerField(default=1)),
                ('job_version', models.PositiveIntegerField()),
                ('sent_at', models.DateTimeField()),
                ('shortlisted_at', models.DateTimeField(null=True)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='proposals', to='jobs.job')),
                ('worker', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('state__in', ['accepted', 'declined', 'sent', 'withdrawn'])), name='proposal_state_is_known'), models.CheckConstraint(condition=models.Q(('price__gt', 0)), name='proposal_price_positive'), models.CheckConstraint(condition=models.Q(('currency__regex', '^[A-Z]{3}$')), name='proposal_currency'), models.UniqueConstraint(condition=models.Q(('state__in', ['sent', 'accepted'])), fields=('job', 'worker'), name='proposal_live_once'), models.UniqueConstraint(condition=models.Q(('state', 'accepted')), fields=('job',), name='proposal_accepted_once')],
                'indexes': [models.Index(fields=['job', '-sent_at', '-id'], name='proposal_of_job'), models.Index(fields=['worker', '-sent_at', '-id'], name='proposal_of_worker')],
            },
        ),
        migrations.CreateModel(
            name='Decline',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('reason', models.CharField(max_length=24)),
                ('note', models.TextField(default='')),
                ('at', models.DateTimeField()),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='decline', to='jobs.proposal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='Acceptance',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('terms_hash', models.CharField(max_length=64)),
                ('contract', models.UUIDField(unique=True)),
                ('funded', models.CharField(max_length=5)),
                ('at', models.DateTimeField()),
                ('proposal', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='acceptance', to='jobs.proposal')),
            ],
            options={
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='ProposalMilestone',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('title', models.CharField(max_length=120)),
                ('amount', models.BigIntegerField()),
                ('due', models.DateField(null=True)),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='milestones', to='jobs.proposal')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('proposal', 'number'), name='proposal_milestone_number_once'), models.CheckConstraint(condition=models.Q(('amount__gt', 0)), name='proposal_milestone_positive')],
            },
        ),
        migrations.CreateModel(
            name='ProposalVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField()),
                ('job_version', models.PositiveIntegerField()),
                ('price', models.BigIntegerField()),
                ('currency', models.CharField(max_length=3)),
                ('delivery', models.DateField()),
                ('letter', models.TextField()),
                ('milestones', models.JSONField()),
                ('until', models.DateTimeField()),
                ('proposal', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='jobs.proposal')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('proposal', 'version'), name='proposal_version_once')],
            },
        ),
        migrations.CreateModel(
            name='Deliverable',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveSmallIntegerField()),
                ('text', models.CharField(max_length=300)),
                ('job', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='deliverables', to='jobs.job')),
            ],
            options={
                'ordering': ['number'],
                'constraints': [models.UniqueConstraint(fields=('job', 'number'), name='deliverable_number_once')],
            },
        ),
        migrations.AddField(
            model_name='job',
            name='skills',
            field=models.ManyToManyField(related_name='+', through='jobs.JobSkill', to='skills.skill'),
        ),
    ]
