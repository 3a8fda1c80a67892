"""What a rule of EN 16931 says, in a person's words and by the field where it is put right.

Rules speak of business terms (BT-40) and groups (BG-5), the French ones in French. Those that a
person meets are told anew here; of others the rule's own words stand.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_FIELDS: Mapping[str, str] = {
    "BT-1": "number", "BT-2": "issued", "BT-3": "kind", "BT-5": "currency", "BT-6": "tax_currency",
    "BT-9": "due", "BT-10": "buyer.reference", "BT-11": "project", "BT-12": "buyer.contract",
    "BT-13": "buyer.order", "BT-20": "terms", "BT-21": "notes", "BT-22": "notes",
    "BT-23": "business_process", "BT-25": "preceding", "BT-26": "preceding",
    "BT-27": "seller.name", "BT-28": "seller.trading_name", "BT-29": "seller.registration",
    "BT-30": "seller.registration", "BT-31": "seller.vat_id", "BT-32": "seller.tax_id",
    "BT-33": "seller.legal_text", "BT-34": "seller.electronic_address", "BT-35": "seller.address",
    "BT-37": "seller.city", "BT-38": "seller.post_code", "BT-40": "seller.country",
    "BT-41": "seller.contact", "BT-42": "seller.phone", "BT-43": "seller.email",
    "BT-44": "buyer.name", "BT-47": "buyer.registration", "BT-48": "buyer.vat_id",
    "BT-49": "buyer.electronic_address", "BT-50": "buyer.address", "BT-52": "buyer.city",
    "BT-53": "buyer.post_code", "BT-55": "buyer.country", "BT-72": "delivered",
    "BT-73": "period", "BT-74": "period", "BT-80": "deliver_to.country", "BT-81": "seller.iban",
    "BT-84": "seller.iban", "BT-86": "seller.bic", "BT-111": "tax_total", "BT-113": "payments",
    "BT-114": "rounding", "BT-120": "vat_reason", "BT-121": "vat_reason_code",
    "BG-3": "preceding", "BG-5": "seller.address", "BG-6": "seller.contact",
    "BG-8": "buyer.address", "BG-16": "seller.iban", "BG-17": "seller.iban",
}  # fmt: skip
"""Where a term is set: `seller` is `[seller]` of the configuration, `buyer` the client's table."""

_WORDS: Mapping[str, tuple[str, str]] = {
    "BR-DE-1": ("seller.iban", "XRechnung wants to know how it is paid: an account is missing"),
    "BR-DE-2": ("seller.contact", "XRechnung wants somebody to ask, with phone and e-mail"),
    "BR-DE-3": ("seller.city", "XRechnung wants the seller's town"),
    "BR-DE-4": ("seller.post_code", "XRechnung wants the seller's post code"),
    "BR-DE-5": ("seller.contact", "XRechnung wants the name of somebody to ask"),
    "BR-DE-6": ("seller.phone", "XRechnung wants the telephone of whom to ask"),
    "BR-DE-7": ("seller.email", "XRechnung wants the e-mail address of whom to ask"),
    "BR-DE-8": ("buyer.city", "XRechnung wants the buyer's town"),
    "BR-DE-9": ("buyer.post_code", "XRechnung wants the buyer's post code"),
    "BR-DE-14": ("VAT", "XRechnung wants a rate: what is outside of the scope of VAT has none"),
    "BR-DE-15": ("buyer.reference", "XRechnung wants the Leitweg-ID, or what else the buyer said"),
    "BR-DE-16": ("seller.vat_id", "XRechnung wants the seller's VAT id or tax number"),
    "BR-DE-17": ("kind", "XRechnung does not know this kind of document"),
    "BR-DE-18": ("terms", "a discount for early payment is not written as #SKONTO# wants it"),
    "BR-DE-19": ("seller.iban", "this is no IBAN"),
    "BR-DE-26": ("preceding", "a correction names the invoice that it corrects"),
    "BR-DE-27": ("seller.phone", "this does not look like a telephone number"),
    "BR-DE-28": ("seller.email", "this does not look like an e-mail address"),
    "BR-DE-TMP-32": ("period", "a day or period of the work should stand there"),
    "PEPPOL-EN16931-R010": ("buyer.electronic_address", "the buyer's address for e-invoices"),
    "PEPPOL-EN16931-R020": ("seller.electronic_address", "the seller's address for e-invoices"),
    "BR-FR-01": ("number", "France takes at most 35 characters"),
    "BR-FR-02": ("number", "France takes only letters, digits and + - _ /"),
    "BR-FR-04": ("kind", "France does not know this kind of document"),
    "BR-FR-05": ("notes", "France wants the notes PMT, PMD and AAB"),
    "BR-FR-06": ("notes", "France takes each of the notes PMT, PMD and AAB once"),
    "BR-FR-08": ("business_process", "France wants S1 (services), B1 (goods) or M1 (both)"),
    "BR-FR-09": ("seller.registration", "a SIRET begins with the SIREN"),
    "BR-FR-10": ("seller.registration", "France wants the seller's SIREN, scheme 0002"),
    "BR-FR-11": ("buyer.registration", "France wants the buyer's SIREN, scheme 0002"),
    "BR-FR-12": ("buyer.electronic_address", "France wants the buyer's address for e-invoices"),
    "BR-FR-13": ("seller.electronic_address", "France wants the seller's address for e-invoices"),
    "BR-FR-16": ("vat_rate", "this is no rate of VAT that France has"),
    "BR-FR-21": ("buyer.electronic_address", "an address of scheme 0225 begins with the SIREN"),
    "BR-FR-23": ("electronic_address", "an address of scheme 0225 has letters, digits, + - _ ."),
    "BR-FR-32": ("seller.registration", "a SIREN is nine digits without blanks"),
    "BR-FR-CO-04": ("preceding", "France wants exactly one preceding invoice here"),
    "BR-FR-CO-05": ("preceding", "France wants the preceding invoice with its day"),
    "BR-FR-CO-07": ("due", "it is due before the day of the invoice"),
    "BR-FR-CO-09": ("payments", "what is already paid (S2, B2) is paid in full, with a day"),
    "BR-FR-CO-12": ("tax_total", "France wants the VAT in euros as well: tax_currency EUR"),
    "BR-FR-DEC-02": ("quantity", "France takes four decimals of a quantity"),
    "BR-FR-DEC-03": ("price", "France takes six decimals of a price"),
    "BR-FR-DEC-04": ("vat_rate", "France takes two decimals of a rate"),
    "BR-B-01": ("VAT", "the split payment of Italy is for invoices within Italy"),
    "BR-CO-09": ("vat_id", "a VAT id begins with the letters of its country, as DE or FR"),
    "BR-CO-26": ("seller.vat_id", "a VAT id or a number in a register must tell who sells"),
    "BR-CL-23": ("lines", "this unit is not in the list: HUR is hours, DAY days, C62 pieces"),
    "FX-SCH-A-000613": ("lines", "this unit is not in the list: HUR is hours, C62 pieces"),
    "BR-O-02": ("VAT", "outside of the scope of VAT (O) neither side has a VAT id"),
    "BR-O-11": ("VAT", "what is outside of the scope of VAT needs an invoice of its own"),
    "BR-O-12": ("VAT", "what is outside of the scope of VAT needs an invoice of its own"),
    "BR-AE-02": ("buyer.vat_id", "reverse charge: the buyer's VAT id is missing"),
    "BR-IC-02": ("buyer.vat_id", "goods within the EU: both VAT ids are needed"),
    "BR-IC-12": ("deliver_to.country", "goods within the EU: the country that they went to"),
    "BR-G-02": ("seller.vat_id", "export: the seller's VAT id is missing"),
    "BR-61": ("seller.iban", "a transfer needs an account"),
}  # fmt: skip

_TERM = re.compile(r"\b(B[TG]-\d+)\b")
_HEAD = re.compile(r"^\[[^\]]*\]\s*[-:–]?\s*")
_SUFFIX = re.compile(r"_.*|-[a-z]$")
MOST_WORDS = 300
"""Characters of a rule's own words that are shown; some are pages long."""


def field_of(rule: str, said: str) -> str:
    """Where it is put right; empty where nobody can say."""
    told = _told(rule)
    if told is not None:
        return told[0]
    for term in _TERM.findall(said):
        if term in _FIELDS:
            return _FIELDS[term]
    return ""


def in_words(rule: str, said: str) -> str:
    """What is wrong, in words."""
    told = _told(rule)
    if told is not None:
        return told[1]
    own = _HEAD.sub("", said)
    return own if len(own) <= MOST_WORDS else f"{own[: MOST_WORDS - 1]}…"


def _told(rule: str) -> tuple[str, str] | None:
    """What is told of a rule. French ids have what they are about behind them, and their names
    differ between CII and UBL: `BR-FR-05_BT-22_PMT`, `BR-FR-05_BT-22-1`.
    """
    return _WORDS.get(rule) or _WORDS.get(_SUFFIX.sub("", rule))
