"""The amounts of an e-invoice as its XML has them, read without the code that wrote it."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.etree import ElementTree

RAM = "{urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100}"
CBC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonBasicComponents-2}"
CAC = "{urn:oasis:names:specification:ubl:schema:xsd:CommonAggregateComponents-2}"
Groups = dict[tuple[str, Decimal], tuple[Decimal, Decimal]]


def amounts(xml: bytes, *, is_cii: bool) -> tuple[list[Decimal], Groups, Decimal, Decimal]:
    """Lines, VAT groups, the total with VAT and what is due."""
    root = ElementTree.fromstring(xml)
    return _cii(root) if is_cii else _ubl(root)


def _number(element: Any, path: str, usual: str = "") -> Decimal:
    return Decimal(element.findtext(path) or usual)


def _cii(root: Any) -> tuple[list[Decimal], Groups, Decimal, Decimal]:
    settled = next(root.iter(f"{RAM}ApplicableHeaderTradeSettlement"))
    total = settled.find(f"{RAM}SpecifiedTradeSettlementHeaderMonetarySummation")
    lines = [
        _number(one, f".//{RAM}LineTotalAmount")
        for one in root.iter(f"{RAM}IncludedSupplyChainTradeLineItem")
    ]
    groups = {
        (one.findtext(f"{RAM}CategoryCode"), _number(one, f"{RAM}RateApplicablePercent", "0")): (
            _number(one, f"{RAM}BasisAmount"),
            _number(one, f"{RAM}CalculatedAmount"),
        )
        for one in settled.findall(f"{RAM}ApplicableTradeTax")
    }
    return (
        lines,
        groups,
        _number(total, f"{RAM}GrandTotalAmount"),
        _number(total, f"{RAM}DuePayableAmount"),
    )


def _ubl(root: Any) -> tuple[list[Decimal], Groups, Decimal, Decimal]:
    total = root.find(f"{CAC}LegalMonetaryTotal")
    lines = [
        _number(one, f"{CBC}LineExtensionAmount")
        for name in ("InvoiceLine", "CreditNoteLine")
        for one in root.findall(f"{CAC}{name}")
    ]
    groups = {}
    for one in root.findall(f"{CAC}TaxTotal/{CAC}TaxSubtotal"):
        category = one.find(f"{CAC}TaxCategory")
        key = (category.findtext(f"{CBC}ID"), _number(category, f"{CBC}Percent", "0"))
        groups[key] = (_number(one, f"{CBC}TaxableAmount"), _number(one, f"{CBC}TaxAmount"))
    return (
        lines,
        groups,
        _number(total, f"{CBC}TaxInclusiveAmount"),
        _number(total, f"{CBC}PayableAmount"),
    )
