"""Papers never change and series never skip; the text stands in the SQL file of the same name."""

from pathlib import Path

from django.db import migrations

FORWARD = Path(__file__).with_suffix(".sql").read_text()
BACKWARD = """
DROP TRIGGER invoicing_invoice_is_permanent ON invoicing_invoice;
DROP TRIGGER invoicing_vatrate_is_permanent ON invoicing_vatrate;
DROP TRIGGER invoicing_series_stays ON invoicing_series;
DROP TRIGGER invoicing_series_goes_on_by_one ON invoicing_series;
DROP FUNCTION invoicing_refuse_change, invoicing_refuse_gap;
"""


class Migration(migrations.Migration):
    """Makes papers permanent, and notes whether older releases wait for theirs."""

    dependencies = [("invoicing", "0001_papers_in_their_series")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
