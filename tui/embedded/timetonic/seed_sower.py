"""Puts the sample workspace into the tables, many rows at a time.

Ids begin high, as on the real service, so that nothing depends on their being small.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import random
import re
import sqlite3
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from datetime import timedelta

from tui.embedded.context import Context
from tui.embedded.timetonic.envelope import JsonObject, from_paris, paris, unix
from tui.embedded.timetonic.seed_shapes import Column, Said, Sown

SEED = 649
DAY = 86_400


class Sower:
    """One sowing: its clock, its dice and its counters."""

    def __init__(self, context: Context, connection: sqlite3.Connection) -> None:
        self.now = unix(context.now())
        self.dice = random.Random(SEED)
        self.person = context.credentials.timetonic_login
        self._secret = context.credentials.timetonic_sesskey
        self._connection = connection
        self._rows = itertools.count(19_975_001)
        self._fields = itertools.count(1_367_490)
        self._tables = itertools.count(126_185)
        self._views = itertools.count(264_448)
        self._tabs = itertools.count(310_201)
        self._books = itertools.count(78_492)
        self._messages = itertools.count(110_681_336)

    def token(self, name: str) -> str:
        """A token that nobody can guess, and that is the same after every reset."""
        return hashlib.sha256(f"{self._secret}:{name}".encode()).hexdigest()[:32]

    def day(self, days: float) -> str:
        """A day from now as a date cell has it."""
        return paris(self.now + int(days * DAY)).date().isoformat()

    def moment(self, days: float, hour: int, minute: int = 0) -> str:
        """A time of a day from now as a date-and-time cell has it."""
        begun = paris(self.now + int(days * DAY)).replace(hour=0, minute=0, second=0)
        return (begun + timedelta(hours=hour, minutes=minute)).strftime("%Y-%m-%d %H:%M:%S")

    def start(self, days: float, hour: float | None) -> int:
        """When an event begins, in unix seconds and on the quarter of an hour, as people plan."""
        if hour is None:
            return (self.now + int(days * DAY)) // 900 * 900
        return from_paris(self.moment(days, 0, int(hour * 60)))

    def book(
        self,
        code: str,
        title: str,
        owner: str,
        members: Mapping[str, int],
        *,
        position: int,
        description: str = "",
        color: str = "orange",
        cover: str | None = None,
        age: int = 400,
        archived: bool = False,
        favorite: bool = False,
        api_right: int = 1,
    ) -> int:
        """A book; `members` are levels by user."""
        book_id = next(self._books)
        created = self.now - age * DAY
        self._connection.execute(
            "INSERT INTO timetonic_book (id, b_c, b_o, title, description, color, cover, created,"
            " sstamp, form_id, form_modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                book_id,
                code,
                owner,
                title,
                description,
                color,
                cover,
                created,
                self.now * 10000 - 1000 + position,
                76_294 + position,
                self.now - position * 3600,
            ),
        )
        self._connection.executemany(
            "INSERT INTO timetonic_member"
            " (book_id, user, level, api_right, archived, favorite, position)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (book_id, user, level, api_right, archived, favorite, position)
                for user, level in members.items()
            ],
        )
        return book_id

    def table(
        self,
        book_id: int,
        name: str,
        columns: Sequence[Column],
        *,
        code: str | None = None,
        description: str = "",
        forbid_add: bool = False,
        forbid_delete: bool = False,
        pivot: JsonObject | None = None,
        hidden: bool = False,
    ) -> Sown:
        """A table with its default view and its tab."""
        table_id = next(self._tables)
        modified = self.now - self.dice.randrange(DAY)
        self._connection.execute(
            "INSERT INTO timetonic_table (id, book_id, name, code, description, forbid_add,"
            " forbid_delete, pivot, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                table_id,
                book_id,
                name,
                code,
                description,
                forbid_add,
                forbid_delete,
                None if pivot is None else json.dumps(pivot),
                modified,
            ),
        )
        ids = {column.name: next(self._fields) for column in columns}
        self._connection.executemany(
            "INSERT INTO timetonic_field (id, table_id, position, name, code, fixed_code, type,"
            " options, read_only, modified) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    ids[column.name],
                    table_id,
                    position,
                    column.name,
                    column.code,
                    slug(column.name),
                    column.type,
                    json.dumps(column.options, ensure_ascii=False),
                    column.read_only,
                    modified,
                )
                for position, column in enumerate(columns, 1)
            ],
        )
        sown = Sown(table_id, book_id, ids)
        self.view(sown, "Default view")
        self.tab(book_id, sown, hidden=hidden)
        return sown

    def tab(
        self, book_id: int, table: Sown, view_id: int | None = None, *, hidden: bool = False
    ) -> None:
        """A tab; in another book than the table's own it is a mirror."""
        tab_id = next(self._tabs)
        self._connection.execute(
            "INSERT INTO timetonic_tab (id, book_id, table_id, view_id, position, hidden)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (tab_id, book_id, table.id, view_id, tab_id - 310_200, hidden),
        )

    def view(
        self,
        table: Sown,
        name: str,
        *tests: tuple[str, str, object],
        operator: str = "and",
        presentation: int = 1,
        calendar: tuple[str, str] | None = None,
        token: str | None = None,
    ) -> int:
        """A saved view; `tests` are (field name, predicate, operand)."""
        view_id = next(self._views)
        filters = [
            {
                "id": f"f{index}",
                "field_id": table.fields[column],
                "filter_type": "text",
                "json": {"predicate": predicate, "operand": operand},
            }
            for index, (column, predicate, operand) in enumerate(tests)
        ]
        group = {"operator": operator, "filters": filters} if filters else None
        start, end = calendar or (None, None)
        self._connection.execute(
            "INSERT INTO timetonic_view (id, table_id, name, presentation, filter_group,"
            " calendar_start, calendar_end, token) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                view_id,
                table.id,
                name,
                presentation,
                None if group is None else json.dumps(group),
                None if start is None else table.fields[start],
                None if end is None else table.fields[end],
                token,
            ),
        )
        return view_id

    def rows(
        self, table: Sown, rows: Iterable[Mapping[str, object]], *, shared: int = -1
    ) -> list[int]:
        """Rows from cells by field name. `shared` is the index of a row that gets a token."""
        keys = {name: str(found) for name, found in table.fields.items()}
        ids: list[int] = []
        values: list[tuple[object, ...]] = []
        for index, row in enumerate(rows):
            cells = {keys[name]: value for name, value in row.items() if value is not None}
            modified = self.now - self.dice.randrange(90 * DAY)
            row_id = next(self._rows)
            ids.append(row_id)
            values.append(
                (
                    row_id,
                    table.id,
                    index + 1,
                    json.dumps(cells, ensure_ascii=False),
                    modified - 30 * DAY,
                    modified,
                    modified * 10000 + index % 10000,
                    self.token(f"row {row_id}") if index == shared else None,
                )
            )
        self._connection.executemany(
            "INSERT INTO timetonic_row (id, table_id, position, cells, created, modified, sstamp,"
            " token) VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            values,
        )
        return ids

    def last_increment(self, table: Sown, name: str, number: int) -> None:
        """The last number that an auto number field has given."""
        self._connection.execute(
            "UPDATE timetonic_field SET last_increment = ? WHERE id = ?",
            (number, table.fields[name]),
        )

    def changes(self, lines: Iterable[tuple[int, str, int, str, str, float]]) -> None:
        """History: (row, user, field, old text, new text, days ago) of text fields."""
        self._connection.executemany(
            "INSERT INTO timetonic_history (row_id, batch, user, action, field_id, old, new,"
            " old_text, new_text, created, sstamp)"
            " VALUES (?, ?, ?, 'changeValue', ?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row_id,
                    self._past(days) * 10000,
                    user,
                    field_id,
                    json.dumps(old),
                    json.dumps(new),
                    old,
                    new,
                    self._past(days),
                    self._past(days) * 10000,
                )
                for row_id, user, field_id, old, new, days in lines
            ],
        )

    def comments(self, lines: Iterable[tuple[int, int, str, str, float]]) -> None:
        """Comments: (row, field, user, text, days ago)."""
        self._connection.executemany(
            "INSERT INTO timetonic_comment"
            " (row_id, field_id, user, text, created, modified, sstamp)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            [
                (
                    row_id,
                    field_id,
                    user,
                    text,
                    self._past(days),
                    self._past(days),
                    self._past(days) * 10000,
                )
                for row_id, field_id, user, text, days in lines
            ],
        )

    def _past(self, days: float) -> int:
        return self.now - int(days * DAY)

    def messages(self, said: Sequence[Said], unread: Mapping[int, int]) -> None:
        """Messages in the order of their times; `unread` counts those at the end of a book that
        the person has not read."""
        ordered = sorted(said, key=lambda message: -message.days)
        last: dict[int, list[int]] = {}
        for message in ordered:
            smid = next(self._messages)
            last.setdefault(message.book_id, []).append(smid)
            self._message(smid, message)
            if message.file is not None:
                name, content = message.file
                self.file(name, content, book_id=message.book_id, user=message.user, smid=smid)
        self._connection.executemany(
            "UPDATE timetonic_member SET last_read = ? WHERE book_id = ?",
            [(smids[-1 - unread.get(book, 0)], book) for book, smids in last.items()],
        )

    def _message(self, smid: int, said: Said) -> None:
        created = self._past(said.days)
        start = end = None
        if said.event is not None:
            start, hours = said.event
            end = start + int(hours * 3600)
        self._connection.execute(
            "INSERT INTO timetonic_message (smid, book_id, uuid, user, msg, method, created,"
            " modified, sstamp, event_start, event_end, event_timezone, participants)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                smid,
                said.book_id,
                f"msg-{created}-{smid:x}",
                said.user,
                said.text,
                "_welcome" if said.text == "Book creation" else "web",
                created,
                created,
                created * 10000 + smid % 10000,
                start,
                end,
                None if start is None else "Europe/Paris",
                said.participants,
            ),
        )

    def file(
        self,
        name: str,
        content: bytes,
        *,
        book_id: int | None,
        user: str,
        uuid: str = "",
        row_id: int | None = None,
        field_id: int | None = None,
        smid: int | None = None,
        public: bool = False,
    ) -> str:
        """A stored file; answers its uuid."""
        uuid = uuid or f"FU-{self.now}-{self.token(name + str(row_id) + str(smid))[:14]}"
        ext = name.rpartition(".")[2]
        self._connection.execute(
            "INSERT INTO timetonic_file (uuid, book_id, row_id, field_id, smid, user, name, ext,"
            " kind, size, access_key, public, created, sstamp, content)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            (
                uuid,
                book_id,
                row_id,
                field_id,
                smid,
                user,
                name,
                ext,
                "media" if ext == "png" else "doc",
                len(content),
                self.token(f"file {uuid}"),
                public,
                self.now,
                self.now * 10000,
                content,
            ),
        )
        return uuid


def slug(name: str) -> str:
    """A field's fixed code: its first name without accents, in small letters."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "field"
