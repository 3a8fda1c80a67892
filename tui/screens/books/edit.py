"""Cells and rows changed by a person: the right editor for each kind, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Any

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.screens.books.typed_cells import form_field_of
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.outline_model import Node
from tui.words import counted, in_brief
from tui.workspace.books.cells import (
    Field,
    TableRow,
    cell_text,
    kind_of,
    row_title,
    takes_several,
    typed,
    why_not_writable,
)
from tui.workspace.changes.errors import Conflict
from tui.workspace.problems import EXPECTED, ServiceError, is_news, one_line

if TYPE_CHECKING:
    from tui.widgets.form import Form

UNCHANGED = "Nothing was changed: the cell holds that already."
Write = Callable[[Any, str], Awaitable[str]]
"""Sends a cell's value, which reads as the text; returns the news."""
_NONE = "none"
_OTHER = "other"
_VALUE = "value:"


# -- one cell -------------------------------------------------------------------------------------


def why_not_edited(table: OpenTable, field: Field) -> str:
    """Why a person cannot write into the cells of a field; empty where one can."""
    locked = table.place.table.locked or not table.place.may_change
    return why_not_writable(field) or (
        f"{in_brief(table.place.table.name)} is locked: its cells cannot be changed."
        if locked
        else ""
    )


async def edit_cell(
    asker: Asking, table: OpenTable, row: TableRow, field: Field, write: Write,
    text: str | None = None, *, typing: bool = False, title: str = "", outside: bool = False,
) -> None:  # fmt: skip
    """Ask for another value of a cell, in the way that fits its kind; `write` sends it. `text`
    was typed already, and is gone on with in an editor of several lines, or `outside` in the
    person's own; with `typing` letters narrow a list at once. `title` says what is asked for,
    where it is not this cell: `row` has the id 0 then, and stands for rows that may hold anything.
    """
    why_not = why_not_edited(table, field)
    if why_not:
        asker.flash(why_not, "warn")
        return
    kind = kind_of(field)
    title = title or _question(table, row, field)
    if kind == "link":
        await _edit_link(asker, table, row, field, write, title, typing=typing)
    elif kind == "boolean":
        await _choose(asker, row, field, write, title)
    elif kind == "select":
        await _edit_select(asker, table, row, field, write, title, typing=typing)
    else:
        await _type(asker, table, row, field, write, title, text, outside=outside)


def holds(row: TableRow, field: Field, value: Any) -> bool:
    """Whether a cell has that value already."""
    return bool(typed(field, row.cells.get(field.id)) == value)


def changed_meanwhile(
    table: OpenTable, row: TableRow, field: Field, conflict: Conflict
) -> Conflict:
    """What a person is told who is about to write over what somebody else has written."""
    now = said(cell_text(field, row.cells.get(field.id), table.zone)) or "empty"
    return conflict.in_a_form(f"{field.name} was changed elsewhere meanwhile, to “{now}”")


def said(text: str) -> str:
    """A value in one short line."""
    return " ".join(text.split())[:40]


def news_of(table: OpenTable, row: TableRow, field: Field, text: str) -> str:
    """That a cell of a row, as it was before, was written, and how it reads now."""
    title = row_title(table.fields, row, table.zone)
    return (
        f"{field.name} of {title[:40]}: {said(text) or 'empty'}. {key_for('deck.undo')} "
        "takes it back."
    )


async def _type(
    asker: Asking, table: OpenTable, row: TableRow, field: Field, write: Write, title: str,
    text: str | None = None, *, outside: bool = False,
) -> None:  # fmt: skip
    """A form of one field; what is refused comes back with what was typed."""
    old = typed(field, row.cells.get(field.id))
    form_id = f"books.cell.{table.place.key}.{row.id}.{field.id}"
    shown = form_field_of(field, default=old)
    if text is not None:
        if shown.kind == "text":
            shown = replace(shown, kind="lines")
        await asker.workspace.forms.begin(form_id)
        await asker.workspace.forms.keep(form_id, {"value": text})

    async def submit(values: Filled) -> str:
        value = values["value"]
        if row.id and not values.changed:
            return UNCHANGED
        text = cell_text(field, _cell_of(value), table.zone) if value is not None else ""
        return await write(value, text)

    await asker.ask_form(
        form_id,
        title,
        [shown],
        submit,
        kind=partial(_form, outside=outside and shown.kind == "lines"),
    )


def _form(*words: Any, **more: Any) -> Form:
    from tui.widgets.form import Form

    return Form(*words, **more)


def _cell_of(value: object) -> Any:
    from tui.workspace.books.cells import Cell

    return Cell(value=value.isoformat() if isinstance(value, (date, datetime)) else value)


async def _choose(asker: Asking, row: TableRow, field: Field, write: Write, title: str) -> None:
    """Yes or no."""
    old = typed(field, row.cells.get(field.id))
    nodes = [Node("yes", "Yes"), Node("no", "No")]
    if not field.required:
        nodes.append(Node(_NONE, "empty", role="muted"))
    current = _NONE if old is None else "yes" if old else "no"
    chosen = await asker.ask(Choice(title, nodes, current=current))
    if chosen is not None:
        value = None if chosen == _NONE else chosen == "yes"
        await _write_chosen(asker, write, value, "" if value is None else chosen)


async def _edit_select(
    asker: Asking,
    table: OpenTable,
    row: TableRow,
    field: Field,
    write: Write,
    title: str,
    *,
    typing: bool,
) -> None:
    """One of the field's values; any other one too where the field is not strict."""
    old = typed(field, row.cells.get(field.id))
    values = [one.value for one in field.choices.values] if field.choices is not None else []
    nodes = [Node(_VALUE + value, value) for value in dict.fromkeys(values)]
    if not field.required:
        nodes.append(Node(_NONE, "empty", role="muted"))
    strict = field.choices is not None and field.choices.strict
    if not strict:
        nodes.append(Node(_OTHER, "another value…", role="muted"))
    current = _NONE if old is None else _VALUE + str(old) if old in values else _OTHER
    chosen = await asker.ask(Choice(title, nodes, current=current, typed=typing))
    if chosen == _OTHER:
        await _type(asker, table, row, field, write, title)
    elif chosen == _NONE:
        await _write_chosen(asker, write, None, "")
    elif chosen is not None:
        value = chosen.removeprefix(_VALUE)
        await _write_chosen(asker, write, value, value)


async def _edit_link(
    asker: Asking,
    table: OpenTable,
    row: TableRow,
    field: Field,
    write: Write,
    title: str,
    *,
    typing: bool,
) -> None:
    """A row of the other table, or several where the field takes several."""
    target = field.link.category.name if field.link and field.link.category else "the other table"
    asker.flash(f"Loading the rows of {target} …")
    found = await table.desk.link_choices(table.place, field)
    names = {str(one.row_id): one.text or f"row {one.row_id}" for one in found.rows if one.row_id}
    old = [str(one.row_id) for one in typed(field, row.cells.get(field.id)) or []]
    picked: list[str] | None
    if not found.complete:
        from tui.screens.books.linking import choose_of_many

        picked = await choose_of_many(asker, table, row, field, title, names, typed=typing)
    elif takes_several(field):
        from tui.widgets.choices import Choices

        picked = await asker.ask(Choices(title, list(names.items()), old, typed=typing))
    else:
        nodes = [Node(key, name) for key, name in names.items()]
        if not field.required:
            nodes.insert(0, Node(_NONE, "empty", role="muted"))
        current = old[0] if old else _NONE
        chosen = await asker.ask(
            Choice(title, nodes, current=current, empty=f"{target} holds no rows.", typed=typing)
        )
        picked = None if chosen is None else [] if chosen == _NONE else [chosen]
    if picked is None or (row.id and sorted(picked) == sorted(old)):
        return
    value = [{"row_id": int(key), "value": names[key]} for key in picked if key in names]
    await _write_chosen(asker, write, value or None, ", ".join(names[key] for key in picked))


async def _write_chosen(asker: Asking, write: Write, value: Any, text: str) -> None:
    try:
        news = await write(value, text)
    except EXPECTED as error:
        if is_news(error):
            raise
        # Nothing was typed that could be lost: the choice is said, to be made again.
        asker.flash(f"{one_line(error)} “{text or 'empty'}” was not written.", "bad")
        return
    asker.flash(news, "good")


def _question(table: OpenTable, row: TableRow, field: Field) -> str:
    return f"{field.name} of {row_title(table.fields, row, table.zone)[:40]}"


# -- rows -----------------------------------------------------------------------------------------


async def delete_rows(
    asker: Asking,
    table: OpenTable,
    rows: Sequence[TableRow],
    delete: Callable[[], Awaitable[None]],
) -> bool:
    """Ask, then `delete` them; whether there is nothing more to do about them."""
    place = table.place
    if place.table.forbid_delete or place.table.locked:
        asker.flash(
            f"Rows of {in_brief(place.table.name)} cannot be deleted: its owner does not allow it.",
            "warn",
        )
        return False
    names = [row_title(table.fields, row, table.zone)[:60] for row in rows]
    what = f"the row “{names[0]}”" if len(rows) == 1 else counted(len(rows), "row")
    listed = "" if len(rows) == 1 else "\n" + "\n".join(f"  {name}" for name in names[:8])
    more = f"\n  and {len(rows) - 8:,} more" if len(rows) > 8 else ""
    sure = await asker.ask(
        Confirm(
            "Delete",
            f"Delete {what} from {in_brief(place.table.name)}?{listed}{more}",
            loses=(
                f"Its files and comments may go for good. {key_for('deck.undo')} brings "
                "the values back."
            )
            if len(rows) == 1
            else (
                f"Their files and comments may go for good. {key_for('deck.undo')} "
                "brings the values back."
            ),
            yes="delete",
        )
    )
    if not sure:
        return False
    try:
        await delete()
    except EXPECTED as error:
        asker.flash_error(error, error.progress if isinstance(error, ServiceError) else "")
        return is_news(error)
    asker.flash(
        f"Deleted {what}. {key_for('deck.undo')} brings {'it' if len(rows) == 1 else 'them'} back.",
        "good",
    )
    return True
