"""Rows of smart tables: read page by page or whole, written cell by cell, with undo."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import UTC, tzinfo
from functools import partial
from typing import Any

import msgspec

from tui.services.left_out import received
from tui.services.timetonic import (
    Comment,
    Field,
    ReferenceValue,
    Table,
    TableRow,
    TableValues,
    View,
)
from tui.store.changes import FIELD_NAMES, Change, Wanted
from tui.store.mirror.mirror import Mirror
from tui.words import counted
from tui.workspace.books.asked_rows import AskedRows
from tui.workspace.books.cells import row_title, sent_value, typed, values_of
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.looks import Look, Looks
from tui.workspace.books.own_views import OwnView, OwnViews
from tui.workspace.books.places import Place
from tui.workspace.books.waiting import RowChange, rows_waiting
from tui.workspace.changes.history import History
from tui.workspace.connections.connections import Connections

__all__ = [
    "Comment", "Field", "LinkChoices", "Place", "RowChange", "Table", "TableDesk", "TableRow",
    "TableValues", "View",
]  # fmt: skip

LARGE_PAGE = 500
"""Rows of a request where all of them are wanted."""
MOST_AT_ONCE = 200
"""Rows that one request deletes."""
MOST_NAMED = 3
"""Fields that a change is called by."""
MOST_CHOICES = 2_000
"""Rows of another table among which a link is chosen."""


class LinkChoices(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that a link field may point to."""

    rows: list[ReferenceValue]
    complete: bool


def written_through(place: Place) -> dict[str, Any]:
    """How every row of a place is written: by its book and its tab, its automations run."""
    # Automations run as they would for a change in the browser.
    return {"b_o": place.book.b_o, "tab_id": place.tab_id, "bypass_url_trigger": False}


def _names_of(fields: Iterable[Field]) -> dict[str, dict[str, str]]:
    """What is kept of a change's fields besides their ids: what the columns are called."""
    return {FIELD_NAMES: {str(field.id): field.name for field in fields if field.name}}


def _by_row(fields: Sequence[Field], rows: Iterable[TableRow]) -> dict[str, Any]:
    """What several rows hold, each value by its row and field."""
    return {
        f"{row.id}/{name}": value for row in rows for name, value in values_of(fields, row).items()
    }


class TableDesk(AskedRows):
    """The use cases around one table's rows."""

    def __init__(
        self,
        connections: Connections,
        mirror: Mirror,
        looks: Looks,
        own_views: OwnViews,
        history: History,
        rows_changed: Callable[[str], object],
    ) -> None:
        """`rows_changed` hears the key of kept rows that became others."""
        super().__init__(connections)
        self._mirror = mirror
        self._looks = looks
        self._own_views = own_views
        self._history = history
        self._rows_changed = rows_changed

    # -- reading ------------------------------------------------------------------------------

    def mirrored(self, place: Place, view_id: int | None, zone: tzinfo) -> KeptRows:
        """The rows of a place, or of one of its views, as they are kept here."""
        return KeptRows(self, self._mirror, self._owner, place, view_id, zone, self._rows_changed)

    async def look(self, kept: KeptRows) -> Look:
        """How the person left a table."""
        return await to_thread(self._looks.of, kept.key)

    def keep_look(self, kept: KeptRows, look: Look) -> bool:
        """Remember how the person leaves a table; whether that is to be written."""
        return self._looks.keep(kept.key, look)

    def write_looks(self) -> None:
        """Write how the person left tables; it works on the disk."""
        self._looks.write()

    async def own_views(self, place: Place) -> list[OwnView]:
        """The views of a table that the person has named. Raises OSError."""
        return await to_thread(self._own_views.of, self._name_of(place))

    async def keep_own_view(self, place: Place, view: OwnView) -> OwnView | None:
        """Keep one; the one that it took the place of. Raises OSError."""
        return await to_thread(self._own_views.keep, self._name_of(place), view)

    async def forget_own_view(self, place: Place, name: str) -> None:
        """Keep one no longer. Raises OSError."""
        await to_thread(self._own_views.forget, self._name_of(place), name)

    def _name_of(self, place: Place) -> str:
        return f"{self._owner}/{place.key}"

    def troubles(self) -> list[tuple[str, bool]]:
        """What happened to the file that rows are kept in, in words, each told once, and whether
        that is good.
        """
        return [(one.text, one.kind == "kept again") for one in self._mirror.troubles()]

    async def link_choices(
        self, place: Place, field: Field, *, everything: bool = False
    ) -> LinkChoices:
        """The rows that a link may point to: as many as are listed at once, or all of them."""
        client = await self._connections.timetonic()
        found: list[ReferenceValue] = []
        known = set[int | None]()
        came = 0
        while everything or len(found) < MOST_CHOICES:
            page = await client.get_reference_field_values(
                field.id, b_o=place.book.b_o, offset=came, max_rows=LARGE_PAGE
            )
            found += page.values
            came += received(page.values)
            if received(page.values) < LARGE_PAGE:
                return LinkChoices(rows=found, complete=True)
            ids = {one.row_id for one in page.values}
            if ids <= known:
                # A service that passes over the offset tells the same ones for ever.
                break
            known |= ids
        return LinkChoices(rows=found, complete=False)

    async def comments(self, place: Place, field: Field, row_id: int) -> list[Comment]:
        """What was said in a cell."""
        client = await self._connections.timetonic()
        found = await client.get_table_value_comments(row_id, field.id, b_o=place.book.b_o)
        return found.comments

    async def changes_of(self, row_id: int, most: int) -> list[Change]:
        """What was changed of a row from here, the newest first. Raises OSError."""
        wanted = Wanted(owner=self._owner, record=f"timetonic/row/{row_id}")
        return await to_thread(self._history.changes.newest, most, wanted)

    # -- writing ------------------------------------------------------------------------------

    async def write_cell(
        self, place: Place, fields: list[Field], row: TableRow, field: Field, value: Any
    ) -> None:
        """Write one cell; undo writes the old value. `row` is as the person saw it."""
        await self.write_cells(place, fields, row, {field.id: sent_value(field, value)})

    async def write_cells(
        self, place: Place, fields: list[Field], row: TableRow, values: Mapping[int, Any]
    ) -> None:
        """Write cells of one row, by their fields and as the service takes them, as one step of
        undo. `row` is as the person saw it.
        """
        client = await self._connections.timetonic()
        written = [field for field in fields if field.id in values]
        names = ", ".join(field.name for field in written[:MOST_NAMED])
        more = f" and {len(written) - MOST_NAMED} more" if len(written) > MOST_NAMED else ""
        await self._history.write(
            f"Change {names}{more} of {row_title(fields, row, UTC)}",
            partial(
                client.create_or_update_table_row,
                row.id,
                {str(field.id): values[field.id] for field in written},
                cat_id=place.table.id,
                **written_through(place),
            ),
            seen={
                str(field.id): sent_value(field, typed(field, row.cells.get(field.id)))
                for field in written
            },
            about=_names_of(written),
        )

    async def add(
        self, place: Place, values: Mapping[int, Any], fields: Iterable[Field] = ()
    ) -> int | None:
        """Add a row with values by field id; its real id, by which undo deletes it again. The
        change is kept with what those of the `fields` are called.

        None where the service made the row and did not tell its id: then there is no undo.
        """
        client = await self._connections.timetonic()
        written = await self._history.write(
            f"Add a row to {place.table.name}",
            partial(
                client.create_or_update_table_row,
                field_values={str(field_id): value for field_id, value in values.items()},
                cat_id=place.table.id,
                **written_through(place),
            ),
            about=_names_of(field for field in fields if field.id in values),
        )
        return written.id

    async def delete(self, place: Place, fields: list[Field], *rows: TableRow) -> None:
        """Delete rows, as one step of undo, which brings each back as it was, or else makes a new
        one of its values. The rows are as the person saw them. Several go by one request, up to
        MOST_AT_ONCE, and what they hold is read again by one.
        """
        client = await self._connections.timetonic()
        name = row_title(fields, rows[0], UTC)
        what = name if len(rows) == 1 else counted(len(rows), "row")
        delete = partial(client.delete_table_row, b_o=place.book.b_o, tab_id=place.tab_id)
        if len(rows) == 1:
            calls, seen = [partial(delete, rows[0].id)], [values_of(fields, rows[0])]
        else:
            parts = [rows[n : n + MOST_AT_ONCE] for n in range(0, len(rows), MOST_AT_ONCE)]
            calls = [partial(delete, row_ids=[row.id for row in part]) for part in parts]
            seen = [_by_row(fields, part) for part in parts]
        await self._history.write_all(
            f"Delete {what} from {place.table.name}",
            calls,
            alike=True,
            seen=seen,
            about={"cat_id": place.table.id, **_names_of(fields)},
        )

    async def roll_back(self, place: Place, fields: list[Field], row: TableRow) -> None:
        """Have the service put a row back to what it was before its last change, whoever made it;
        undo puts that on again. `row` is as the person saw it.
        """
        client = await self._connections.timetonic()
        await self._history.write(
            f"Roll back {row_title(fields, row, UTC)} in {place.table.name}",
            partial(
                client.roll_back_before_change,
                row.id,
                b_o=place.book.b_o,
                cat_id=place.table.id,
            ),
            seen=values_of(fields, row),
            about=_names_of(fields),
        )

    async def comment(self, place: Place, field: Field, row_id: int, text: str) -> None:
        """Say something in a cell; undo deletes what was said."""
        client = await self._connections.timetonic()
        await self._history.write(
            f"Comment in {field.name}",
            partial(client.edit_table_value_comments, row_id, field.id, text, b_o=place.book.b_o),
        )

    async def is_own_comment(self, comment: Comment) -> bool:
        """Whether the user wrote it, as far as its author is told."""
        client = await self._connections.timetonic()
        author = comment.author
        code = author.get("c") or author.get("u_c") if isinstance(author, dict) else author
        return bool(code) and code == client.u_c

    async def change_comment(
        self, place: Place, field: Field, row_id: int, comment: Comment, text: str
    ) -> None:
        """Give a comment another text; undo gives it the old one. `comment` is as it was seen."""
        client = await self._connections.timetonic()
        await self._history.write(
            f"Change a comment in {field.name}",
            partial(
                client.edit_table_value_comments, row_id, field.id, text,
                comment_id=comment.id, b_o=place.book.b_o,
            ),
            seen={"comment": comment.text},
        )  # fmt: skip

    async def delete_comment(
        self, place: Place, field: Field, row_id: int, comment: Comment
    ) -> None:
        """Delete a comment; undo writes its text again, as a new one. Raises ValueError without
        its id."""
        if comment.id is None:
            raise ValueError("the service did not tell which comment this is")
        client = await self._connections.timetonic()
        await self._history.write(
            f"Delete a comment in {field.name}",
            partial(
                client.delete_table_value_comments, row_id, field.id, comment.id,
                b_o=place.book.b_o,
            ),
            seen={"comment": comment.text},
        )  # fmt: skip

    async def waiting(self, place: Place, fields: list[Field]) -> list[RowChange]:
        """What is not settled of this table's rows, in the order in which it was begun."""
        outbox = self._history.outbox
        # What is on its way in great number is not shown row by row: it comes.
        waits = [one for one in await outbox.still_open() if not outbox.is_leaving(one)]
        return rows_waiting(waits, self._owner, place, fields)

    @property
    def _owner(self) -> str:
        return self._connections.account("timetonic")
