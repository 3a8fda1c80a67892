"""Expenses and mileage as lines of an invoice, typed one a line.

`Train to Kiel: 45.00`, `Drive: 120 km × 0.30`, `Rivets: 3 × 12.50`. A price is without VAT, and
a line has the VAT of the client's work, where it says no other: `Book: 30.00 VAT 7`, or
`Course: 80.00 VAT exempt § 4 Nr. 21 UStG` with the reason that the law wants (`billing_terms`).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal

from msgspec.structs import replace

from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.billing_terms import TermError, read_vat
from tui.workspace.invoices.documents.document import Line, Vat
from tui.workspace.invoices.documents.reckoning import piece_line
from tui.workspace.numbers import NumberTextError, read_decimal

KILOMETRE, PIECE = "KMT", "C62"
"""By UNECE recommendation 20."""
_LINE = re.compile(
    r"(?P<text>.+):\s*(?:(?P<count>[\d.,' ]+?)\s*(?P<km>km)?\s*[x×*]\s*)?(?P<price>[\d.,' ]+)"
    r"(?:\s(?i:VAT)\s+(?P<vat>\S.*))?"
)
_TIMES, _BELOW = re.compile("[x×*]"), re.compile(r"\s*[-−]\s*\d")
EXAMPLE = "Train: 45.00, Drive: 120 km × 0.30 or Book: 30.00 VAT 7, one a line"


class ExtraError(ValueError):
    """A line that cannot be read; says which and why."""


@dataclass(frozen=True)
class Extra:
    """What is billed beside work."""

    text: str
    price: Decimal
    """Of one, without VAT."""
    count: Decimal = Decimal(1)
    unit: str = PIECE
    vat: Vat | None = None
    """Of this line alone; None is as the work."""

    def line(self, currency: str, vat: Vat) -> Line:
        """It as a line of a document, with its working; `vat` is that of the work."""
        own = self.vat or vat
        made = piece_line(self.text, self.count, self.price, currency, vat=own, unit=self.unit)
        unit = " km" if self.unit == KILOMETRE else ""
        price, amount = plain(self.price, currency), plain(made.amount, currency)
        return replace(made, working=f"{self.count:f}{unit} × {price} = {amount}")


def read_extras(typed: str) -> list[Extra]:
    """What is typed. Raises ExtraError."""
    return [_read(line.strip()) for line in typed.splitlines() if line.strip()]


def _read(line: str) -> Extra:
    found = _LINE.fullmatch(line)
    if found is None and _is_below(line):
        raise ExtraError(
            f"{line[:40]!r}: nothing here is below 0. What comes off is a discount: of all the "
            "work, or by line; what recurs has none."
        )
    if found is None:
        raise ExtraError(f"{line[:40]!r}: write it as {EXAMPLE}.")
    try:
        price = read_decimal(found["price"].strip(), exponent=False)
        count = read_decimal((found["count"] or "1").strip(), exponent=False)
        vat = read_vat(found["vat"]) if found["vat"] else None
    except (NumberTextError, TermError) as error:
        raise ExtraError(f"{line[:40]!r}: {error}") from error
    if not count:
        raise ExtraError(f"{line[:40]!r}: there is none of it.")
    return Extra(found["text"].strip(), price, count, KILOMETRE if found["km"] else PIECE, vat)


def _is_below(line: str) -> bool:
    """Whether a price or a count of what cannot be read is below 0."""
    _, colon, amount = line.rpartition(":")
    return bool(colon) and any(map(_BELOW.match, _TIMES.split(amount, maxsplit=1)))
