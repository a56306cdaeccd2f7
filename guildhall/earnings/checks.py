"""What must always hold of certificates."""

from collections.abc import Iterator

from guildhall.earnings.models import Certificate
from guildhall.earnings.rules import Said
from guildhall.earnings.signing import is_signed, name_of_key
from guildhall.kernel.registry import register_check


def _badly_signed() -> Iterator[tuple[str, str]]:
    for certificate in Certificate.objects.select_related("key").iterator():
        key = certificate.key
        if name_of_key(key.public) != key.name:
            yield certificate.code, f"its key {key.name} is another now"
        elif not is_signed(certificate.body, bytes.fromhex(certificate.signature), key.public):
            yield certificate.code, "its signature does not fit what it says"
        elif (
            (said := Said.read(certificate.body)).code != certificate.code
            or said.key != key.name
            or said.expires_on != certificate.expires_on.isoformat()
            or said.amounts_shown != certificate.has_amounts
        ):
            yield certificate.code, "what it says is not what the hall knows of it"


register_check(
    "earnings.certificates",
    formula="each certificate is signed by its key, and says its own code, day and consent",
    count="SELECT count(*) FROM earnings_certificate",
    broken="""
        SELECT code, 'was issued while its key was not in force'
        FROM earnings_certificate certificate JOIN earnings_signingkey key ON key.id = certificate.key_id
        WHERE issued_at < key.begun_at OR issued_at > key.ended_at
    """,
    also=_badly_signed,
)
