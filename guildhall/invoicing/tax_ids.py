"""Numbers for VAT, as each country writes them; a library of standard numbers knows the check digits."""

import re
from typing import Final

from django.utils.translation import gettext as _
from stdnum import get_cc_module
from stdnum.eu import vat as eu_vat
from stdnum.exceptions import ValidationError

from guildhall.invoicing.rules import EU
from guildhall.kernel.errors import Unfit

_SIGNS: Final = re.compile(r"[^0-9A-Za-z]")
_PLAIN: Final = re.compile(r"[0-9A-Z]{4,28}", re.ASCII)
_PREFIXES: Final = {"GR": "EL"}  # Greece signs its numbers with the name it has for itself


def read_tax_id(text: str, *, country: str, name_of_country: str) -> str:
    """A number for VAT in its country's own form, the country in front; empty if none was given.

    Args:
        text: as typed, with spaces, points or without the country.
        country: whose number it has to be (ISO 3166).
        name_of_country: as a refusal names it.

    Raises:
        Unfit: no country was chosen, or the number is none of that country.
    """
    compact = _SIGNS.sub("", text).upper()
    if not compact:
        return ""
    if not country:
        raise Unfit(_("Choose your country first: a VAT number is checked by its rules."), field="tax_id")
    prefix = _PREFIXES.get(country, country)
    try:
        found = _validated(compact, country, prefix)
    except ValidationError as wrong:
        raise Unfit(
            _(
                "%(number)s is not a VAT number of %(country)s: its length, its letters or its check digit"
                " differ."
            )
            % {"number": text.strip()[:40], "country": name_of_country},
            field="tax_id",
        ) from wrong
    return found if found.startswith(prefix) else f"{prefix}{found}"


def _validated(compact: str, country: str, prefix: str) -> str:
    if country in EU:
        return str(eu_vat.validate(compact if compact.startswith(prefix) else f"{prefix}{compact}"))
    library = get_cc_module(country.lower(), "vat")
    if library is not None:
        return str(library.validate(compact))
    if not _PLAIN.fullmatch(compact):
        raise ValidationError
    return compact
