"""What this package announces."""

from typing import Final

FILE_STORED: Final = "file.stored"
FILE_SHARED: Final = "file.shared"  # somebody was let in
FILE_UNSHARED: Final = "file.unshared"  # and is no longer
