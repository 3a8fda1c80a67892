"""Cells and rows read in full, copied, and looked at through a saved view."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for, with_keys
from tui.widgets.dialogs import Confirm
from tui.workspace.books.cells import (
    Field,
    TableRow,
    cell_text,
    count_of,
    kind_of,
    row_text,
    row_title,
    why_not_writable,
)
from tui.workspace.books.row_history import (
    MOST_CHANGES,
    history_text,
    kept_by_service,
    moments_of,
    why_not_rolled_back,
)
from tui.workspace.html_text import plain_text
from tui.workspace.problems import EXPECTED, one_line

if TYPE_CHECKING:
    from tui.workspace.books.rows import Comment


async def show_cell(asker: Asking, table: OpenTable, row: TableRow, field: Field) -> bool:
    """Show what cannot be edited; whether that was the case."""
    if not (why_not_writable(field) or asker.workspace.settings.deck.read_only):
        return False
    from tui.widgets.viewer import Viewer

    zone = table.zone
    title = f"{field.name} of {row_title(table.fields, row, zone)}"
    kind = kind_of(field)
    cell = row.cells.get(field.id)
    if kind == "activity":
        text = plain_text(cell.text if cell is not None and cell.text else "")
    else:
        text = plain_text(cell_text(field, cell, zone))
    await asker.ask(Viewer(title, text or "Empty."))
    return True


UNSURE = (
    "Which change the service takes for the last one is not documented: it may be somebody else's,"
    " and of several fields. <deck.undo> puts on again what this takes off."
)


async def show_history(asker: Asking, table: OpenTable, row: TableRow) -> bool:
    """Show how a row came to be as it is, as far as that is known; whether the service was asked
    to put it back to what it was before its last change.
    """
    from tui.widgets.viewer import Viewer

    changes = await table.desk.changes_of(row.id, MOST_CHANGES)
    comments: dict[int, list[Comment]] = {}
    kept = kept_by_service(row, table.fields, table.zone)
    for field in table.fields:
        if kind_of(field) == "comments" and count_of(row.cells.get(field.id)):
            try:
                comments[field.id] = await table.desk.comments(table.place, field, row.id)
            except EXPECTED as error:
                kept.append(f"The comments in {field.name} could not be read: {one_line(error)}")
    moments = moments_of(row, table.fields, changes, comments, table.zone)
    text = history_text(moments, kept, table.zone, MOST_CHANGES)
    name, place = row_title(table.fields, row, table.zone), table.place
    may = not (
        asker.workspace.settings.deck.read_only or place.table.locked or not place.may_change
    )
    why_not = why_not_rolled_back(changes) if may else ""
    if may:
        way = f"{key_for('viewer.go_on')} has the service take the last change of the row back."
        text += f"\n\n{why_not or way}"
    goes_on = "rolls the row back" if may and not why_not else ""
    if not await asker.ask(Viewer(f"History of {name}", text, goes_on)):
        return False
    question = f"Put {name} back to what it was before its last change?"
    if not await asker.ask(
        Confirm("Roll back", question, loses=with_keys(UNSURE), yes="roll back")
    ):
        return False
    await table.desk.roll_back(table.place, table.fields, row)
    return True


def cell_to_copy(row: TableRow | None, field: Field | None, zone: tzinfo) -> str:
    """A cell as text."""
    if row is None or field is None:
        return ""
    return cell_text(field, row.cells.get(field.id), zone)


def rows_to_copy(fields: Sequence[Field], rows: Sequence[TableRow], zone: tzinfo) -> str:
    """Rows as text: a line each, cells between tabs."""
    return "\n".join(
        "\t".join(" ".join(text.split()) for text in row_text(fields, row, zone)) for row in rows
    )
