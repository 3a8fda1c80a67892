"""Amounts of money as a person reads them."""

from __future__ import annotations

from decimal import Decimal


def money(amount: Decimal | None, sign: str = "") -> str:
    """An amount with two decimals after the sign that the person set; empty for None."""
    if amount is None:
        return ""
    return f"{sign}{' ' if sign else ''}{amount:,.2f}"
