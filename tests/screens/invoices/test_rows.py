"""The rows of the lists: which columns they have in how much room."""

from __future__ import annotations

from datetime import UTC

from tests.workspace.invoices.test_owed import bill
from tui.screens.invoices.rows import invoice_rows
from tui.services.timesheets.records import Client
from tui.widgets.grid_layout import room_of
from tui.workspace.invoices.book import Book
from tui.workspace.invoices.invoices import Clients


def test_names_are_cut_before_amounts_are() -> None:
    """At 80 columns `BHD 3,251.638` beside euros of other clients was `BHD 3,251.6…`."""
    clients = Clients(clients=[Client(id=1, name="Harbour Trust of Kiel")], projects={})
    book = Book({}, {}, frozenset(), {}, billed_in={1: "BHD"}, usual="EUR")
    found = [bill(100000000, "3251.638")]

    def widths(room: int) -> dict[str, int]:
        columns, source = invoice_rows(
            found, clients, book, UTC, "EUR", narrow=True, whose=True, room=room
        )
        assert room_of(columns, source) <= room
        return {one.key: one.maximum or 0 for one in columns}

    columns, source = invoice_rows(
        found, clients, book, UTC, "EUR", narrow=True, whose=True, room=200
    )
    whole = room_of(columns, source)
    assert widths(whole)["client"] == 12
    assert widths(whole - 1)["client"] == 8
