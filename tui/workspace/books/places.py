"""A table where it stands: in its own book, or in one that mirrors it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import msgspec

from tui.services.timetonic import Book, Table

__all__ = ["ROWS", "Place", "book_key"]

ROWS = "rows/"
"""How the names begin under which rows are kept; the place's key follows, and the view's id."""


def book_key(book: Book) -> str:
    """What a book is called here: its owner and its code, which together are unique."""
    return f"{book.b_o}/{book.b_c}"


@dataclass(frozen=True)
class Place:
    """A table in its book."""

    book: Book
    table: Table
    may_change: bool = True
    """False where the service tells that the user may not change this book's tables."""
    tab_id: int | None = None
    """Set for a table of another book that this one mirrors: all that is asked of it and written
    to it goes through this tab."""

    @property
    def key(self) -> str:
        """Ids of tables are unique over all books; a mirror is a place of its own."""
        return str(self.table.id) if self.tab_id is None else f"{self.table.id}.{self.tab_id}"

    def with_count(self, rows: int) -> Place:
        """The same with another number of rows."""
        return replace(self, table=msgspec.structs.replace(self.table, row_count=rows))
