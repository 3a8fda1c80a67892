"""The invoices that are still to be paid, as Today shows them and word is given of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from tui.workspace.today.items import Item

if TYPE_CHECKING:
    from tui.services.timesheets.records import Invoice
    from tui.workspace.invoices.book import Book


def unpaid_of(invoices: Iterable[Invoice], names: Mapping[int, str], book: Book) -> list[Item]:
    """Those of which something is owed, the first due first; `names` are the clients', by id.

    Of one from elsewhere that comes to nothing there is still something to look at.
    """
    unpaid = [
        one
        for one in invoices
        if one.unpaid and (book.owed(one) or (one.id not in book.papers and not one.amount))
    ]
    unpaid.sort(key=lambda one: one.due_date or datetime.max.replace(tzinfo=UTC))
    return [
        Item(
            key=str(one.id),
            title=names.get(one.client_id or 0, "") or f"Invoice {book.number(one)}",
            detail=f"invoice {book.number(one)}" if one.client_id in names else "",
            amount=book.owed(one),
            currency=book.currency(one, ""),
            when=one.due_date,
        )
        for one in unpaid
    ]
