"""Books and their tables as an outline."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from tui.widgets.outline_model import Node

if TYPE_CHECKING:
    from tui.workspace.books.books import Book, Place, Shelf

BOOK = "book:"
TABLE = "table:"
NOTE = "note:"
ARCHIVE = "archive"
FAVOURITE = "★"


def shelf_nodes(
    shelf: Shelf, tables: Mapping[str, Sequence[Place] | str], archive_open: bool
) -> list[Node]:
    """Favourites, the others, and what was archived in a fold.

    `tables` has the tables of the books where they are known, or why they are not to be seen.
    """
    from tui.workspace.books.books import book_key

    def node(book: Book) -> Node:
        key = book_key(book)
        mark = FAVOURITE if book.favorite else "@" if book.contact else ""
        return Node(
            BOOK + key,
            shelf.title(book),
            badge=f"{book.unread:,} new" if book.unread else "",
            badge_role="accent",
            mark=mark,
            role="strong" if book.unread else "text",
            children=_table_nodes(key, tables.get(key)),
        )

    nodes = [node(book) for book in shelf.open_books()]
    archived = shelf.archived_books()
    if archived:
        nodes.append(
            Node(
                ARCHIVE,
                "Archived",
                badge=f"{len(archived)}",
                role="muted",
                children=[node(book) for book in archived],
                open=archive_open,
            )
        )
    return nodes


def _table_nodes(key: str, found: Sequence[Place] | str | None) -> list[Node] | None:
    if found is None:
        return None
    if isinstance(found, str):
        return [Node(NOTE + key, found, role="muted")]
    if not found:
        return [Node(NOTE + key, "no tables", role="muted")]
    return [
        Node(
            f"{TABLE}{place.key}@{key}",
            place.table.name or f"table {place.key}",
            badge="" if place.table.row_count is None else f"{place.table.row_count:,}",
            mark="⊘" if place.table.locked or not place.may_change else "",
        )
        for place in found
    ]


def book_of(key: str) -> str:
    """The key of the book that a line belongs to; empty for the fold."""
    if key.startswith(TABLE):
        return key.partition("@")[2]
    for kind in (BOOK, NOTE):
        if key.startswith(kind):
            return key.removeprefix(kind)
    return ""


def table_of(key: str) -> str:
    """The key of the table that a line stands for; empty for other lines."""
    return key.removeprefix(TABLE).partition("@")[0] if key.startswith(TABLE) else ""
