"""What the worker does for files because time has come."""

from datetime import datetime

from guildhall.files.actions import sweep_store


def sweep(*, at: datetime) -> int:
    """Throw away what uploads have left that were undone or cut off; how many."""
    return sweep_store(at=at)
