"""What follows here when money leaves a hold."""

from guildhall.escrow.events import HOLD_RELEASED, HOLD_SPLIT
from guildhall.escrow.models import Release
from guildhall.invoicing.actions import issue_invoices
from guildhall.kernel.events import reacts_to
from guildhall.kernel.models import Event


@reacts_to(HOLD_RELEASED, HOLD_SPLIT)
def make_out_invoices_when_released(event: Event) -> None:
    """Every release has its papers at once, dated on its own day."""
    release = Release.objects.select_related("hold").get(pk=event.facts["release"])
    issue_invoices(release=release, by=None, at=event.at)
