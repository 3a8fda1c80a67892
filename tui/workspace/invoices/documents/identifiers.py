"""The check digits of bank accounts and VAT ids, which no rule of EN 16931 looks at.

python-stdnum knows them by country; factur-x brings it.
"""

from __future__ import annotations

from tui.workspace.invoices.documents.outcome import MissingExtra

_ELSEWHERE = {"EL": "gr", "XI": "gb", "CH": "ch"}
"""Prefixes of VAT ids that are no country's code."""


def iban_trouble(iban: str) -> str:
    """What is wrong with an IBAN; empty for nothing. Raises MissingExtra."""
    try:
        from stdnum import iban as numbers
        from stdnum.exceptions import ValidationError
    except ImportError:
        raise MissingExtra("python-stdnum, which knows check digits,", "invoice") from None
    try:
        # By country it would know banks as well, and not the newest.
        numbers.validate(iban, check_country=False)
    except ValidationError as error:
        return f"{iban} is no IBAN: {_words(error)}"
    return ""


def bic_trouble(bic: str) -> str:
    """What is wrong with a BIC; empty for nothing. Raises MissingExtra."""
    try:
        from stdnum import bic as numbers
    except ImportError:
        raise MissingExtra("python-stdnum, which knows check digits,", "invoice") from None
    return "" if numbers.is_valid(bic) else f"{bic} is no BIC"


def vat_id_trouble(vat_id: str) -> str:
    """What is wrong with a VAT id; empty for nothing, or for a country whose ids nobody knows.

    Raises MissingExtra.
    """
    try:
        from stdnum import get_cc_module
        from stdnum.exceptions import ValidationError
    except ImportError:
        raise MissingExtra("python-stdnum, which knows check digits,", "invoice") from None
    if vat_id != "".join(vat_id.split()).upper():
        return f"{vat_id} has blanks or small letters: the rules let it pass, tax offices do not"
    prefix = vat_id[:2]
    if not (prefix.isalpha() and prefix.isascii()):
        return f"{vat_id} begins with no country, as DE or FR"
    if prefix == "GR":
        return f"{vat_id}: VAT ids of Greece begin with EL"
    module = get_cc_module(_ELSEWHERE.get(prefix, prefix.lower()), "vat")
    if module is None:
        return ""
    try:
        module.validate(vat_id if prefix != "XI" else vat_id[2:])
    except ValidationError as error:
        return f"{vat_id} is no VAT id: {_words(error)}"
    return ""


def _words(error: Exception) -> str:
    said = str(error).rstrip(".")
    return f"{said[:1].lower()}{said[1:]}"
