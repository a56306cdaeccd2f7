import django.contrib.postgres.fields
import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('people', '0001_people_and_their_tokens'),
        ('skills', '0001_skills_have_many_names'),
    ]

    operations = [
        migrations.CreateModel(
            name='Profile',
            fields=[
                ('person', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='+', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('handle', models.CharField(max_length=40, unique=True)),
                ('title', models.CharField(max_length=100)),
                ('overview', models.TextField(default='')),
                ('rate_amount', models.BigIntegerField(null=True)),
                ('rate_currency', models.CharField(default='', max_length=3)),
                ('languages', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=3), default=list)),
                ('availability', models.CharField(default='open', max_length=12)),
                ('shown', models.BooleanField(default=True)),
                ('made_at', models.DateTimeField()),
                ('changed_at', models.DateTimeField()),
            ],
            options={
                'constraints': [models.CheckConstraint(condition=models.Q(('handle__regex', '^[a-z0-9]+(-[a-z0-9]+)*$')), name='profile_handle'), models.CheckConstraint(condition=models.Q(models.Q(('rate_amount__isnull', True), ('rate_currency', '')), models.Q(('rate_amount__gt', 0), ('rate_currency__regex', '^[A-Z]{3}$')), _connector='OR'), name='profile_rate_is_money'), models.CheckConstraint(condition=models.Q(('availability__in', ['open', 'limited', 'away'])), name='profile_availability')],
                'indexes': [models.Index(condition=models.Q(('shown', True)), fields=['-changed_at', '-person'], name='profile_newest')],
            },
        ),
        migrations.CreateModel(
            name='ProfileSkill',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('place', models.PositiveSmallIntegerField()),
                ('profile', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='offered', to='talent.profile')),
                ('skill', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='skills.skill')),
            ],
            options={
                'constraints': [models.UniqueConstraint(fields=('profile', 'skill'), name='profile_skill_once')],
                'indexes': [models.Index(fields=['skill', 'profile'], name='profile_with_skill')],
            },
        ),
        migrations.AddField(
            model_name='profile',
            name='skills',
            field=models.ManyToManyField(related_name='+', through='talent.ProfileSkill', to='skills.skill'),
        ),
    ]
