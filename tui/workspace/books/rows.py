"""Rows of smart tables: read page by page or whole, written cell by cell, with undo."""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Mapping
from contextlib import suppress
from datetime import UTC, tzinfo
from typing import Any

import msgspec

from tui.services.errors import Refused, ServiceError
from tui.services.left_out import received
from tui.services.timetonic import (
    Cell,
    Comment,
    Field,
    ReferenceValue,
    TableRow,
    TableValues,
    View,
)
from tui.store.mirror.mirror import Mirror
from tui.workspace.books.asked_rows import AskedRows, Place
from tui.workspace.books.cells import row_title, sent_value, typed, why_not_writable
from tui.workspace.books.kept_rows import KeptRows
from tui.workspace.books.looks import Look, Looks
from tui.workspace.connections.connections import Connections
from tui.workspace.history import History, Undo

__all__ = [
    "ChangedMeanwhile", "Comment", "Field", "LinkChoices", "Place", "TableDesk", "TableRow",
    "TableValues", "View",
]  # fmt: skip

LARGE_PAGE = 500
"""Rows of a request where all of them are wanted."""
MOST_CHOICES = 2_000
"""Rows of another table among which a link is chosen."""


class ChangedMeanwhile(ServiceError):
    """Somebody else changed what a person is about to write over; nothing was sent."""

    kind = "changed meanwhile"
    nothing_done = True
    default_advice = "Save again to write yours in its place."


class LinkChoices(msgspec.Struct, frozen=True, kw_only=True):
    """The rows that a link field may point to."""

    rows: list[ReferenceValue]
    complete: bool


def written_through(place: Place) -> dict[str, Any]:
    """How every row of a place is written: by its book and its tab, its automations run."""
    # Automations run as they would for a change in the browser.
    return {"b_o": place.book.b_o, "tab_id": place.tab_id, "bypass_url_trigger": False}


class TableDesk(AskedRows):
    """The use cases around one table's rows."""

    def __init__(
        self, connections: Connections, mirror: Mirror, looks: Looks, history: History
    ) -> None:
        super().__init__(connections)
        self._mirror = mirror
        self._looks = looks
        self._history = history
        self.news = ""
        """What the latest undo had to say beyond that it was done; whoever shows it empties it."""

    # -- reading ------------------------------------------------------------------------------

    def mirrored(self, place: Place, view_id: int | None, zone: tzinfo) -> KeptRows:
        """The rows of a place, or of one of its views, as they are kept here."""
        owner = self._connections.account("timetonic")
        return KeptRows(self, self._mirror, owner, place, view_id, zone)

    async def look(self, kept: KeptRows) -> Look:
        """How the person left a table."""
        return await to_thread(self._looks.of, kept.key)

    def keep_look(self, kept: KeptRows, look: Look) -> None:
        """Remember how the person leaves a table; it works on the disk."""
        self._looks.keep(kept.key, look)

    def troubles(self) -> list[str]:
        """What happened to the file that rows are kept in, in words, each told once."""
        return [trouble.text for trouble in self._mirror.troubles()]

    async def link_choices(self, place: Place, field: Field) -> LinkChoices:
        """The rows that a link may point to."""
        client = await self._connections.timetonic()
        found: list[ReferenceValue] = []
        came = 0
        while len(found) < MOST_CHOICES:
            page = await client.get_reference_field_values(
                field.id, b_o=place.book.b_o, offset=came, max_rows=LARGE_PAGE
            )
            found += page.values
            came += received(page.values)
            if received(page.values) < LARGE_PAGE:
                return LinkChoices(rows=found, complete=True)
        return LinkChoices(rows=found, complete=False)

    async def comments(self, place: Place, field: Field, row_id: int) -> list[Comment]:
        """What was said in a cell."""
        client = await self._connections.timetonic()
        found = await client.get_table_value_comments(row_id, field.id, b_o=place.book.b_o)
        return found.comments

    # -- writing ------------------------------------------------------------------------------

    async def write_cell(
        self, place: Place, fields: list[Field], row: TableRow, field: Field, value: Any
    ) -> None:
        """Write one cell; undo writes the old value, after a warning where it changed since."""
        client = await self._connections.timetonic()
        title = f"{field.name} of {row_title(fields, row, UTC)}"
        before = row.cells.get(field.id)
        old = typed(field, before)
        sent = {str(field.id): sent_value(field, value)}
        written: list[Cell | None] = []

        def undo(_done: object) -> Undo:
            warned: list[bool] = []

            async def put_back() -> None:
                now = await self.row(place, row.id)
                if now is None:
                    self.news = f"The row of {title} is gone; nothing was put back."
                    return
                there = now.cells.get(field.id)
                if written and not warned and typed(field, there) != typed(field, written[0]):
                    warned.append(True)
                    raise Refused(
                        f"{title} was changed since, by somebody else",
                        service="timetonic",
                        advice="u again puts the old value back all the same.",
                    )
                await client.create_or_update_table_row(
                    row.id,
                    {str(field.id): sent_value(field, old)},
                    cat_id=place.table.id,
                    **written_through(place),
                )

            return Undo(title, put_back)

        await self._history.write(
            f"Change {title}",
            "timetonic.createOrUpdateTableRow",
            {"row_id": row.id, "field_values": sent},
            lambda: client.create_or_update_table_row(
                row.id,
                sent,
                cat_id=place.table.id,
                **written_through(place),
            ),
            undo=undo,
        )
        # Made, whatever becomes of looking at it: then undo does not know what stood there.
        with suppress(ServiceError):
            after = await self.row(place, row.id)
            if after is not None:
                written.append(after.cells.get(field.id))

    async def add(self, place: Place, values: Mapping[int, Any]) -> int | None:
        """Add a row with values by field id; its real id, by which undo deletes it again.

        None where the service made the row and did not tell its id: then there is no undo.
        """
        client = await self._connections.timetonic()
        sent = {str(field_id): value for field_id, value in values.items()}

        async def create() -> int | None:
            written = await client.create_or_update_table_row(
                field_values=sent,
                cat_id=place.table.id,
                **written_through(place),
            )
            return written.id

        def undo(row_id: int | None) -> Undo | None:
            if row_id is None:
                return None
            return Undo(
                f"new row in {place.table.name}",
                lambda: client.delete_table_row(row_id, b_o=place.book.b_o, tab_id=place.tab_id),
            )

        return await self._history.write(
            f"Add a row to {place.table.name}",
            "timetonic.createOrUpdateTableRow",
            {"cat_id": place.table.id, "field_values": sent},
            create,
            undo=undo,
        )

    async def delete(self, place: Place, fields: list[Field], row: TableRow) -> None:
        """Delete a row. Undo brings it back as it was, or else makes a new one of its values."""
        client = await self._connections.timetonic()
        name = row_title(fields, row, UTC)
        values = {
            str(field.id): sent_value(field, typed(field, row.cells.get(field.id)))
            for field in fields
            if not why_not_writable(field) and typed(field, row.cells.get(field.id)) is not None
        }

        async def bring_back() -> None:
            # The service can take back a row's last change; whether that includes its deletion
            # is not documented. So it is tried, and looked at.
            try:
                await client.roll_back_before_change(
                    row.id, b_o=place.book.b_o, cat_id=place.table.id
                )
                if await self.row(place, row.id) is not None:
                    self.news = f"“{name}” is back as it was."
                    return
            except ServiceError as error:
                if not error.nothing_done:
                    raise
                # Refused: then its values make a new row.
            made = await client.create_or_update_table_row(
                field_values=values,
                cat_id=place.table.id,
                **written_through(place),
            )
            self.news = (
                f"“{name}” is back as a new row with the id {made.id};"
                " its files, comments and links to it are not."
            )

        await self._history.write(
            f"Delete {name} from {place.table.name}",
            "timetonic.deleteTableRow",
            {"row_id": row.id, "b_o": place.book.b_o},
            lambda: client.delete_table_row(row.id, b_o=place.book.b_o, tab_id=place.tab_id),
            undo=lambda _done: Undo(f"deletion of {name}", bring_back),
        )

    async def comment(self, place: Place, field: Field, row_id: int, text: str) -> None:
        """Say something in a cell; undo deletes what was said."""
        client = await self._connections.timetonic()
        known = {one.id for one in await self.comments(place, field, row_id)}

        async def unsay() -> None:
            # The service does not tell the id of a new comment: it is the new one of this text.
            for one in reversed(await self.comments(place, field, row_id)):
                if one.id is not None and one.id not in known and one.text == text:
                    await client.delete_table_value_comments(
                        row_id, field.id, one.id, b_o=place.book.b_o
                    )
                    return
            self.news = "The comment was not there any more."

        await self._history.write(
            f"Comment in {field.name}",
            "timetonic.editTableValueComments",
            {"row_id": row_id, "field_id": field.id, "comment": text},
            lambda: client.edit_table_value_comments(row_id, field.id, text, b_o=place.book.b_o),
            undo=lambda _done: Undo(f"comment in {field.name}", unsay),
        )
