"""The lines of a document as a table for a bookkeeper: numbers as numbers are typed, ISO days."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from tui.workspace.invoices.amounts import plain
from tui.workspace.invoices.documents.document import NOTHING, Adjustment, Document
from tui.workspace.invoices.documents.reckoning import adjusted_by

NAMES = (
    "invoice", "kind", "issued", "client", "line", "text", "note", "start", "end", "quantity",
    "unit", "price", "price_base", "adjustments", "amount", "currency", "vat_category", "vat_rate",
    "reason", "working", "adjusted_for",
)  # fmt: skip


def rows(document: Document) -> Iterator[Mapping[str, object]]:
    """One a line, then one for each discount or charge on the whole."""
    currency = document.currency
    common = {
        "invoice": document.number,
        "kind": document.kind.value,
        "issued": document.issued.isoformat(),
        "client": document.buyer.name,
        "currency": currency,
    }
    for at, line in enumerate(document.lines, 1):
        off = adjusted_by(line.adjustments)
        yield common | {
            "line": line.id or str(at),
            "text": line.text,
            "note": line.note,
            "start": line.start or "",
            "end": line.end or "",
            "quantity": f"{line.quantity:f}",
            "unit": line.unit,
            "price": plain(line.price, currency),
            "price_base": f"{line.price_base:f}",
            "adjustments": plain(off, currency) if off != NOTHING else "",
            "amount": plain(line.amount, currency),
            "vat_category": line.vat.category.value,
            "vat_rate": f"{line.vat.rate:f}",
            "reason": line.vat.reason,
            "working": line.working,
            "adjusted_for": "; ".join(map(_why, line.adjustments)),
        }
    for one in document.adjustments:
        yield common | {
            "text": one.reason or ("charge" if one.charge else "discount"),
            "amount": plain(adjusted_by((one,)), currency),
            "vat_category": one.vat.category.value,
            "vat_rate": f"{one.vat.rate:f}",
            "reason": one.vat.reason,
            "adjusted_for": _why(one),
        }


def _why(one: Adjustment) -> str:
    """How much a discount or charge was said to be, and its reason."""
    percent = "" if one.percent is None else f"{one.percent.normalize():f} %"
    return " ".join(filter(None, (percent, one.reason)))
