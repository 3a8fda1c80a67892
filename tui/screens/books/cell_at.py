"""The cell that is being edited, what was written last, and a day for it from a calendar."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tui.screens.asking import Asking
    from tui.screens.books.opened import OpenTable
    from tui.widgets.cell_editor import CellEditor
    from tui.widgets.form_values import FormField
    from tui.workspace.books.cells import Field, TableRow


@dataclass(frozen=True)
class At:
    """The cell that is being edited, as it was when that began."""

    opened: OpenTable
    row: TableRow
    field: Field
    form_field: FormField
    start: str
    """How its value is typed."""
    writes: int
    """How often the person has written it since the table was opened."""
    editor: CellEditor


@dataclass(frozen=True)
class Written:
    """What a person wrote into a cell last."""

    table: str
    """The key of the table's place."""
    field: Field
    value: Any
    text: str
    """How it was typed, or how the choice reads."""


async def choose_day(asker: Asking, at: At) -> None:
    """Put a day from a calendar into the line of the cell; a time that stands there stays."""
    from tui.widgets.form_values import day_of_text, with_day
    from tui.widgets.month import DayPrompt

    now, zone, line = datetime.now(UTC), asker.workspace.zone, at.editor.line
    day = day_of_text(at.form_field, line.value, now, zone)
    chosen = await asker.ask(DayPrompt(at.form_field.label, day, now.astimezone(zone).date()))
    if chosen is not None and line.is_attached:
        line.value = with_day(at.form_field, line.value, chosen, now, zone)
        line.cursor_position = len(line.value)
