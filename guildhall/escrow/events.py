"""What holds announce, besides `hold.closed` and `release.matured`.

Every one carries ``hold``, ``purpose``, ``worker``, ``payers`` and ``currency``; amounts are minor units.
"""

from typing import Final

HOLD_PLACED: Final = "hold.placed"  # amount, client_fee
HOLD_RELEASED: Final = "hold.released"  # release, gross, net, returned, matures_at
HOLD_RETURNED: Final = "hold.returned"  # the same
HOLD_SPLIT: Final = "hold.split"  # the same
HOLD_FROZEN: Final = "hold.frozen"  # amount, reason
HOLD_THAWED: Final = "hold.thawed"  # amount
