from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('workroom', '0001_people_talk_and_deliver'),
    ]

    operations = [
        migrations.AddField(
            model_name='member',
            name='left_at',
            field=models.DateTimeField(null=True),
        ),
    ]
