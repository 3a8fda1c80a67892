"""What is found of TimeTonic: books, tables, rows, messages, events and files."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

import msgspec

from tui.services.timetonic.records import moment_of
from tui.store.mirror.shape import Row
from tui.workspace.books.books import BookTables, Shelf, book_key
from tui.workspace.books.cells import Field, cell_text, changed_at, kind_of, row_title
from tui.workspace.books.mirrored import Described, Translation
from tui.workspace.books.places import ROWS
from tui.workspace.books.talk import Events, Talk, opening
from tui.workspace.html_text import plain_text
from tui.workspace.search.listed import (
    FIRM,
    HEAVY,
    LIGHT,
    MIDDLE,
    Document,
    Known,
    Listed,
    Listing,
)

UNSEEN_TYPES = ("password", "crypt")
"""Parts of the names of field types whose values are secrets: nothing of them is kept here."""
_TITLE = 80
"""Letters of a message that stand for it."""


def describe(name: str, value: Any, known: Known) -> Listed | None:
    """The documents of one kept answer."""
    rest = name.partition("/")[2]
    match value:
        case Shelf():
            return Listed(list(_books(value)))
        case BookTables():
            return Listed(list(_tables(rest, value, known)))
        case Talk():
            book = _titles(known).get(rest, rest)
            return Listed([*_messages(rest, book, value)], whole=not value.more)
        case Events():
            book = _titles(known).get(rest, rest)
            return Listed(list(_events(rest, book, value)))
    return None


def _titles(known: Known) -> dict[str, str]:
    return known.titles("shelf", "book")


def _books(shelf: Shelf) -> Iterator[Document]:
    for book in [*shelf.open_books(), *shelf.archived_books()]:
        yield Document(
            "book",
            book_key(book),
            shelf.title(book),
            "Archive" if book.archived else "",
            plain_text(book.description or ""),
            _moment(book.sstamp),
            HEAVY,
        )


def _moment(stamp: int | None) -> datetime | None:
    with suppress(ValueError, OverflowError, OSError):
        return moment_of(stamp) if stamp else None
    return None


def _tables(book: str, tables: BookTables, known: Known) -> Iterator[Document]:
    where = _titles(known).get(book, tables.name or book)
    own = [(str(table.id), table) for table in tables.in_tab_order()]
    others = {table.id: table for table in tables.mirrored}
    own += [
        (f"{tab.table_id}.{tab.id}", others[tab.table_id])
        for tab in tables.mirrors()
        if tab.table_id in others
    ]
    for key, table in own:
        yield Document(
            "table", f"{book}#{key}", table.name, where, table.description or "", weight=FIRM
        )


@dataclass(frozen=True)
class _Rows:
    """Describes the rows of a table."""

    table: str
    """Its key."""
    where: str
    fields: list[Field]
    zone: tzinfo
    changes: list[Field]
    """Those that tell when a row was changed."""

    def __call__(self, rows: Iterable[Row]) -> list[Document]:
        """Their documents."""
        return [self._document(row) for row in rows]

    def _document(self, kept: Row) -> Document:
        row = Translation.row(kept)
        texts = (cell_text(field, row.cells.get(field.id), self.zone) for field in self.fields[1:])
        return Document(
            "row",
            f"{self.table}#{row.id}",
            row_title(self.fields, row, self.zone),
            self.where,
            " · ".join(filter(None, texts)),
            changed_at(self.changes, row),
            LIGHT,
        )


def rows_listed(name: str, info: bytes, known: Known) -> _Rows | None:
    """How the rows of a table, or of a view of it, are described: known by the table, which
    stands in its book.
    """
    if not name.startswith(ROWS):
        return None
    place = name.removeprefix(ROWS).partition("/")[0]
    table = next((one for one in known.listed("tables/") if one.key.endswith(f"#{place}")), None)
    if table is None:
        # Nobody can be sent to a table of which it is not known in which book it is.
        return None
    try:
        described = msgspec.json.decode(info, type=Described).table
    except (msgspec.DecodeError, RecursionError):
        # Of another version of the program: it is read anew.
        return None
    fields = [field for field in described.columns if not _is_secret(field)]
    changes = [field for field in described.fields if kind_of(field) == "activity"]
    return _Rows(table.key, f"{table.where} › {table.title}", fields, known.zone, changes)


def _is_secret(field: Field) -> bool:
    return any(part in field.type.lower() for part in UNSEEN_TYPES)


def _messages(key: str, book: str, talk: Talk) -> Iterator[Document]:
    for message in reversed(talk.messages):
        text = plain_text(f"{message.text}\n{message.body}")
        yield Document(
            "message", f"{key}#{message.smid}", opening(message, _TITLE) or "(no text)", book,
            text, message.created, MIDDLE,
        )  # fmt: skip
    for message, file in talk.files:
        yield Document(
            "file", f"{key}#{message.smid}:{file.id}:{file.uuid}", file.name or "file",
            f"{book} › {opening(message)}", "", message.created, MIDDLE,
        )  # fmt: skip


def _events(key: str, book: str, events: Events) -> Iterator[Document]:
    for event in events.events:
        text = plain_text(event.text)
        first = text.strip().partition("\n")[0][:_TITLE]
        yield Document(
            "event", f"{key}#{event.id}", first or "(no text)", book, text, event.start, MIDDLE
        )


LISTING = Listing(
    "timetonic",
    {"shelf": Shelf, "tables": BookTables, "talk": Talk, "events": Events},
    describe,
    rows_listed,
)  # fmt: skip
