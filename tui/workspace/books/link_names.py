"""Rows that a link is to point to, by their names, looked for among all rows of the other table."""

from __future__ import annotations

from datetime import tzinfo
from typing import Any

from tui.services.errors import InvalidArgument
from tui.workspace.books.cells import Field, kind_of, sent_value
from tui.workspace.books.into.values import CellError, Links, Reading, read_cell
from tui.workspace.books.rows import Place, TableDesk


async def links_to(desk: TableDesk, place: Place, field: Field) -> Links:
    """All rows that a link may point to, however many they are."""
    choices = await desk.link_choices(place, field, everything=True)
    rows = [(row.row_id, row.text) for row in choices.rows if row.row_id is not None]
    return Links.of(rows, complete=choices.complete)


async def by_names(desk: TableDesk, place: Place, field: Field, value: Any, zone: tzinfo) -> Any:
    """A form's value as it is sent: of a link that was typed the rows of these names, anything
    else as it is. Raises InvalidArgument where a name is that of no row, or of several.
    """
    if kind_of(field) != "link" or not isinstance(value, str) or not value.strip():
        return value
    reading = Reading(zone=zone, links={field.id: await links_to(desk, place, field)})
    try:
        return sent_value(field, read_cell(field, value, reading))
    except CellError as error:
        raise InvalidArgument(f"{field.name}: {error}", service="timetonic") from error
