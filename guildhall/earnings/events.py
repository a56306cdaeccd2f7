"""What this package announces besides its state changes."""

from typing import Final

CERTIFICATE_ISSUED: Final = "certificate.issued"  # person, expires_on
SIGNING_KEY_BEGUN: Final = "signing_key.begun"  # key: the id that certificates name from now on
