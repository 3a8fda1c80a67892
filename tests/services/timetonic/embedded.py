"""A client of the embedded TimeTonic, and what its sample workspace has to work on."""

from __future__ import annotations

from typing import Any

from tests.harness import EmbeddedServer
from tui.services.timetonic import (
    Book,
    Table,
    TimeTonic,
)
from tui.services.transport import Transport


def connect(server: EmbeddedServer, **options: Any) -> TimeTonic:
    known = server.credentials
    options = {"password": known.timetonic_password, **options}
    return TimeTonic(
        Transport("timetonic", server.url("/timetonic")), known.timetonic_login, **options
    )


async def book_with_tables(service: TimeTonic) -> tuple[Book, list[Table]]:
    """The user's own book with the most tables, and those."""
    best: tuple[Book, list[Table]] | None = None
    for book in (await service.get_all_books()).books:
        if book.b_o != service.o_u or book.deleted or book.contact:
            continue
        found = await service.get_book_tables(book.b_c, b_o=book.b_o, include_fields=True)
        if best is None or len(found.in_tab_order()) > len(best[1]):
            best = book, found.in_tab_order()
    assert best is not None
    return best
