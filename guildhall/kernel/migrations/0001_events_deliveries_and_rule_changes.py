import django.db.models.deletion
import django.db.models.functions.uuid
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.UUIDField(db_default=django.db.models.functions.uuid.UUID7(), editable=False, primary_key=True, serialize=False)),
                ('name', models.CharField(max_length=64)),
                ('subject_id', models.UUIDField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('facts', models.JSONField(default=dict)),
            ],
            options={
                'indexes': [models.Index(fields=['subject_id', 'id'], name='event_of_subject'), models.Index(fields=['name', 'id'], name='event_by_name'), models.Index(fields=['by', 'id'], name='event_by_person')],
            },
        ),
        migrations.CreateModel(
            name='RuleChange',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=48)),
                ('value', models.BigIntegerField()),
                ('by', models.UUIDField(null=True)),
                ('at', models.DateTimeField()),
                ('reason', models.TextField()),
            ],
            options={
                'indexes': [models.Index(fields=['name', '-id'], name='rule_change_last')],
            },
        ),
        migrations.CreateModel(
            name='Delivery',
            fields=[
                ('event', models.OneToOneField(db_constraint=False, on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to='kernel.event')),
                ('heard_by', models.JSONField(default=list)),
                ('tries', models.PositiveIntegerField(default=0)),
                ('next_try_at', models.DateTimeField()),
                ('trouble', models.TextField(default='')),
            ],
            options={
                'indexes': [models.Index(fields=['next_try_at'], name='delivery_next_try')],
            },
        ),
    ]
