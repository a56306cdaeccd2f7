"""The heads of the hall's books, day by day, for everybody to keep: whoever has one can tell later."""

from datetime import UTC

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from guildhall.edge.request import HallRequest
from guildhall.ledger.queries import daily_heads
from guildhall.web.page import page


@require_safe
def show_books(request: HallRequest) -> HttpResponse:
    """The days that are over and what the books came to at the end of each."""
    heads = daily_heads(today=request.at.astimezone(UTC).date(), after=request.GET.get("after", ""))
    return page(request, "money/books.html", {"heads": heads})
