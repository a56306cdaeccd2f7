"""The life of a certificate. That its time is over is read from its day, not moved."""

from typing import Final

ISSUED: Final = "issued"
WITHDRAWN: Final = "withdrawn"

CERTIFICATE_MOVES: Final[dict[str, set[str]]] = {ISSUED: {WITHDRAWN}, WITHDRAWN: set()}
