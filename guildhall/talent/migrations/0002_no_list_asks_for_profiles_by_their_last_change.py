"""The search orders people; the tables are asked for those it named."""

from django.db import migrations


class Migration(migrations.Migration):
    """An index that cost every saved profile a write goes."""

    dependencies = [("talent", "0001_people_offer_their_skills")]

    operations = [migrations.RemoveIndex("profile", "profile_newest")]
