from django.db import migrations

# Where time and not a person made it so, a sentence had a second name with the same words.
RENAME = """
UPDATE notices_notice SET kind = replace(kind, ':both:hall', ':other') WHERE kind IN (
    'contract.ended:both:hall', 'milestone.part_released:both:hall', 'milestone.returned:both:hall',
    'milestone.part_returned:both:hall', 'milestone.settled:both:hall'
)
"""


class Migration(migrations.Migration):
    dependencies = [("notices", "0001_notices_and_letters")]

    operations = [migrations.RunSQL(RENAME, migrations.RunSQL.noop)]
