"""What this package announces. The subject is the person."""

from typing import Final

PROFILE_SAVED: Final = "profile.saved"
"""Somebody wrote or changed what they offer. Facts: ``handle``, ``shown``, ``first``."""
