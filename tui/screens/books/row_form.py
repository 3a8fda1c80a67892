"""A row as a form: every field a line, those that take a value to be changed, and the rows before
and behind it by a key.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import replace
from typing import Any, ClassVar

from textual.binding import BindingType
from textual.widget import Widget

from tui.screens.asking import Asking
from tui.screens.books.adding import add_field, written_value
from tui.screens.books.edit import UNCHANGED
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for
from tui.widget_keys import ROW
from tui.widgets.bindings import bindings_from
from tui.widgets.form import Form
from tui.widgets.form_fields import FormScroll
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FormField
from tui.widgets.lines import Lines, Paragraph
from tui.words import counted, were
from tui.workspace.books.cells import (
    Field,
    LinkedRow,
    TableRow,
    cell_text,
    kind_of,
    row_title,
    sent_value,
    typed,
    why_not_writable,
)
from tui.workspace.books.rows import LinkChoices
from tui.workspace.changes.errors import Conflict
from tui.workspace.html_text import plain_text

LONGEST = 2_000
"""Characters of a field that is only read."""
NAME_WIDTH = 18
Write = Callable[[Mapping[int, Any]], Awaitable[str]]
"""Sends what of the row was changed, by the ids of its fields; returns the news."""


class RowForm(Form):
    """A form that says which row is wanted next: `step` is 1 or -1, 0 for none."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_from(ROW, priority=True)

    DEFAULT_CSS = """
    RowForm #read-only { margin-top: 1; }
    """

    def __init__(self, *words: Any, read_only: list[Paragraph], **more: Any) -> None:
        super().__init__(*words, **more)
        keys = f"{key_for('form.save')} saves · " if self._fields else ""
        self._dialog_keys = (
            f"{keys}{key_for('row.next')} and {key_for('row.before')}: next row, row before · "
            f"{key_for('dialog.cancel')} closes"
        )
        self._read_only = read_only
        self.step = 0

    def body(self) -> list[Widget]:
        """The fields, and below them those that are only read."""
        widgets = super().body()
        if self._read_only:
            place = next(n for n, one in enumerate(widgets) if isinstance(one, FormScroll))
            widgets[place] = FormScroll(*self._rows, Lines(self._read_only, id="read-only"))
        return widgets

    def action_go(self, step: int) -> None:
        """To another row; what was changed in this one is saved before."""
        self.step = step
        if all(row.untouched for row in self._rows):
            self.dismiss(None)
        else:
            self.action_save()

    def action_save(self) -> None:
        """Save; without a field that takes a value there is nothing to be saved."""
        if self._fields:
            super().action_save()
        else:
            self.dismiss(None)

    def on_edited(self, event: Any) -> None:
        """Where something was refused, another row is only wanted by another key press."""
        self.step = 0
        super().on_edited(event)


def fields_to_change(asker: Asking, table: OpenTable) -> list[Field]:
    """The fields of a row that a person may change here."""
    place = table.place
    if asker.workspace.settings.deck.read_only or place.table.locked or not place.may_change:
        return []
    return [field for field in table.fields if not why_not_writable(field)]


async def show_row(
    asker: Asking,
    table: OpenTable,
    row: TableRow,
    where: str,
    links: dict[int, LinkChoices],
    write: Write,
) -> int:
    """Show a row, and `write` what is changed; which row is wanted next (see `RowForm`).

    `where` says which row it is, `links` what is known of the rows that links may point to.
    """
    fields = fields_to_change(asker, table)
    for field in fields:
        if kind_of(field) == "link" and field.id not in links:
            links[field.id] = await table.desk.link_choices(table.place, field)
    made: list[RowForm] = []
    read_only = [one for field in table.fields if field not in fields
                 for one in _lines(table, row, field)]  # fmt: skip

    def kind(*words: Any, **more: Any) -> Form:
        made.append(RowForm(*words, read_only=read_only, **more))
        return made[-1]

    async def submit(values: Filled) -> str:
        changed = {
            field.id: sent_value(
                field, await written_value(table, field, values[str(field.id)], links.get(field.id))
            )
            for field in fields
            if str(field.id) in values.changed
        }
        return await write(changed) if changed else UNCHANGED

    title = row_title(table.fields, row, table.zone)
    done = await asker.ask_form(
        f"books.row.{table.place.key}.{row.id}",
        f"{title[:60]} · {where}",
        [row_field(field, row, links.get(field.id)) for field in fields],
        submit,
        about=title,
        kind=kind,
    )
    step = made[-1].step
    return step if done or not made[-1].to_keep else 0


def fields_changed_meanwhile(table: OpenTable, conflict: Conflict) -> Conflict:
    """What a person is told who is about to write over what somebody else has written."""
    names = [field.name for field in table.fields if str(field.id) in conflict.theirs]
    which = ", ".join(names) or "The row"
    return conflict.in_a_form(f"{which} {were(len(names) or 1)} changed elsewhere meanwhile")


def row_field(field: Field, row: TableRow, links: LinkChoices | None) -> FormField:
    """The line of a form for a field of a row, with what the row has there."""
    made = add_field(field, links)
    old = typed(field, row.cells.get(field.id))
    if kind_of(field) != "link":
        same = made.kind != "text" or not isinstance(old, str) or "\n" not in old
        # A choice that is not offered any more, and lines, are not lost by being shown.
        offered = made.kind != "choice" or old in dict(made.choices) or old is None
        if same and offered:
            return replace(made, default=old)
        return replace(made, default=old, kind="lines" if not same else "text", choices=())
    linked: list[LinkedRow] = old if isinstance(old, list) else []
    if made.kind == "text" or any(str(one.row_id) not in dict(made.choices) for one in linked):
        names = ", ".join(one.value or f"row {one.row_id}" for one in linked)
        return replace(made, kind="text", choices=(), default=names)
    keys = [str(one.row_id) for one in linked]
    return replace(made, default=keys if made.kind == "choices" else next(iter(keys), None))


def _lines(table: OpenTable, row: TableRow, field: Field) -> list[Paragraph]:
    """A field that is only read: its name, and what stands in it."""
    text = cell_text(field, row.cells.get(field.id), table.zone)
    if kind_of(field) in ("lines", "other", "activity"):
        text = plain_text(text)
    if len(text) > LONGEST:
        text = f"{text[:LONGEST]} … {counted(len(text) - LONGEST, 'more character')}"
    first, *rest = text.split("\n")
    name = f"{field.name[:NAME_WIDTH]:<{NAME_WIDTH}}"
    return [
        Paragraph(f"{name}  {first or '·'}", "muted"),
        *(Paragraph(line, "muted", NAME_WIDTH + 2) for line in rest),
    ]
