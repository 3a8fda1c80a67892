"""Books: their tables with rows and cells, and their messages; a cell is changed, one is sent."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial

from tui.cli.plain.page import Line, Page, Verb, joined
from tui.cli.plain.seat import Seat
from tui.services.timetonic import Book, Field, Message, TableRow
from tui.words import counted
from tui.workspace.books.asked_rows import PAGE
from tui.workspace.books.books import Shelf, table_places
from tui.workspace.books.cells import cell_text, decimal_comma, kind_of, row_title, why_not_writable
from tui.workspace.books.into.values import Reading, read_cell
from tui.workspace.books.link_names import links_to
from tui.workspace.books.places import Place
from tui.workspace.html_text import plain_text
from tui.workspace.times import moment_text

MOST_CELLS = 4
"""Cells of a row that its line says beside its name; all of them stand behind its number."""
EMPTIES = "-"
"""What is typed to empty a cell."""


class ShelfPage(Page):
    """The books."""

    title = "Books"
    service = "timetonic"
    empty = "There is no book."

    async def read(self) -> Sequence[Line]:
        """One line a book, as they are ordered on the shelf."""
        desk = self.workspace.books
        shelf = await self.answer(desk.shelf(), desk.kept_shelf)
        return [
            Line(
                joined(
                    shelf.title(book),
                    counted(book.unread, "unread message") if book.unread else "",
                    "archived" if book.archived else "",
                ),
                partial(BookPage, self.seat, shelf, book),
            )
            for book in [*shelf.open_books(), *shelf.archived_books()]
        ]


class BookPage(Page):
    """One book: its messages and its tables."""

    def __init__(self, seat: Seat, shelf: Shelf, book: Book) -> None:
        super().__init__(seat)
        self.title = f"Book {shelf.title(book)}"
        self._shelf, self._book = shelf, book

    async def read(self) -> Sequence[Line]:
        """The messages, then one line a table."""
        desk, book = self.workspace.books, self._book
        messages = Line("Messages", partial(TalkPage, self.seat, self._shelf, book))
        if not self._shelf.may_use_tables(book):
            self.head.append("Your membership does not open its tables to programs.")
            return [messages]
        tables = await self.answer(desk.tables(book), partial(desk.kept_tables, book))
        return [
            messages,
            *(
                Line(f"Table {place.table.name}", partial(TablePage, self.seat, place))
                for place in table_places(book, tables)
            ),
        ]


class TalkPage(Page):
    """The messages of a book."""

    empty = "Nothing was said here yet."

    def __init__(self, seat: Seat, shelf: Shelf, book: Book) -> None:
        super().__init__(seat)
        self.title = f"Messages of {shelf.title(book)}"
        self._shelf, self._book, self._pages = shelf, book, 1

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Sending, and reading on."""
        return {
            "m": Verb("sends a message: m and its text", self._send),
            "o": Verb("reads older messages, too", self._older, reads=True),
        }

    async def read(self) -> Sequence[Line]:
        """One line a message, the newest first."""
        talk, book = self.workspace.books.talk, self._book
        found = await self.answer(talk.talk(book, pages=self._pages), partial(talk.kept_talk, book))
        if found.more:
            self.head.append(f"The newest {len(found.messages):,}; o reads older ones, too.")
        return [Line(self._text(one), thing=one) for one in reversed(found.messages)]

    def _text(self, message: Message) -> str:
        when = moment_text(message.created, self.workspace.zone) if message.created else ""
        files = [one.name for one in (*message.docs, *message.medias) if not one.deleted]
        text = plain_text(message.text or message.body).strip()
        return f"{joined(self._shelf.name(message.author), when)}: {joined(text, *files)}"

    def _older(self, _typed: str) -> bool:
        self._pages += 1
        return True

    def _send(self, typed: str) -> bool:
        text = typed or self.seat.ask("What is to be sent? Enter alone sends nothing.")
        if not text:
            self.seat.say("Nothing was sent.")
            return False

        async def work() -> str:
            await self.workspace.books.talk.send(self._book, text)
            return f"Sent: {text}. u deletes it again."

        return self.seat.do(work())


class TablePage(Page):
    """The rows of a table, a page of the service at a time."""

    empty = "There is no row here."

    def __init__(self, seat: Seat, place: Place) -> None:
        super().__init__(seat)
        self.title = f"Table {place.table.name}"
        self._place, self._first = place, 0

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Reading on, and back."""
        return {
            "n": Verb(
                f"reads the next {counted(PAGE, 'row')}", lambda _: self._move(PAGE), reads=True
            ),
            "p": Verb(
                f"reads the {counted(PAGE, 'row')} before", lambda _: self._move(-PAGE), reads=True
            ),
        }

    def _move(self, by: int) -> bool:
        if self._first + by < 0 or (by > 0 and len(self.lines) < PAGE):
            self.seat.say("There are no more rows in that direction.")
            return False
        self._first += by
        return True

    async def read(self) -> Sequence[Line]:
        """One line a row: its name, then what stands in its first columns."""
        found = (await self.workspace.books.rows.page(self._place, self._first)).value
        fields, total = found.table.fields, found.table.row_count
        if found.rows:
            last = self._first + len(found.rows)
            of_all = f" of {total:,}" if total is not None else ""
            more = "; n reads the next ones" if total is None or last < total else ""
            self.head.append(f"Rows {self._first + 1:,} to {last:,}{of_all}{more}.")
        return [
            Line(self._text(fields, row), partial(RowPage, self.seat, self._place, fields, row))
            for row in found.rows
        ]

    def _text(self, fields: list[Field], row: TableRow) -> str:
        where = self.workspace.zone
        cells = [
            f"{field.name} {text}"
            for field in fields[1:]
            if (text := cell_text(field, row.cells.get(field.id), where))
        ]
        more = len(cells) - MOST_CELLS
        left = f"and {counted(more, 'more cell')}" if more > 0 else ""
        return joined(row_title(fields, row, where), *cells[:MOST_CELLS], left)


class RowPage(Page):
    """One row: a line a cell."""

    empty = "The row is not there any more."

    def __init__(self, seat: Seat, place: Place, fields: list[Field], row: TableRow) -> None:
        super().__init__(seat)
        self.title = f"Row {row_title(fields, row, self.workspace.zone)}"
        self._place, self._fields, self._id = place, fields, row.id
        self._row: TableRow | None = None

    @property
    def verbs(self) -> Mapping[str, Verb]:
        """Changing a cell."""
        return {"e": Verb("changes a cell: e, its number, and the new value", self._edit)}

    async def read(self) -> Sequence[Line]:
        """The cells as they are now."""
        self._row = None
        row = await self.workspace.books.rows.row(self._place, self._id)
        self._row = row
        if row is None:
            return []
        where = self.workspace.zone
        return [
            Line(
                f"{field.name}: {cell_text(field, row.cells.get(field.id), where) or '(empty)'}",
                thing=field,
            )
            for field in self._fields
        ]

    def _edit(self, typed: str) -> bool:
        number, _, value = typed.partition(" ")
        line = self.chosen(number, "Which cell, by its number?")
        row = self._row
        if line is None or row is None:
            return False
        field: Field = line.thing
        why = why_not_writable(field)
        if not self._place.may_change:
            why = "This book lets you only read its tables."
        if why:
            self.seat.say(f"{why} Nothing was done.")
            return False
        value = value.strip() or self.seat.ask(
            f"{line.text}. What is it to be? Enter leaves it; to empty it, type {EMPTIES}"
        )
        if not value:
            self.seat.say("It stays as it is.")
            return False

        async def work() -> str:
            await self._write(row, field, "" if value == EMPTIES else value)
            now = "empty" if value == EMPTIES else value
            return f"{field.name} of {self.title.removeprefix('Row ')} is {now}. u takes it back."

        return self.seat.do(work())

    async def _write(self, row: TableRow, field: Field, typed: str) -> None:
        """Read what was typed by the kind of its column, and write it. Raises CellError."""
        rows, links = self.workspace.books.rows, {}
        if kind_of(field) == "link" and typed:
            links = {field.id: await links_to(rows, self._place, field)}
        reading = Reading(
            zone=self.workspace.zone,
            decimal="comma" if decimal_comma(field) else "point",
            links=links,
        )
        value = read_cell(field, typed, reading)
        await rows.write_cell(self._place, self._fields, row, field, value)
