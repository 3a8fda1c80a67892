"""Cells and rows changed by a person: the right editor for each kind, and nothing typed is lost."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from tui.screens.base import DeckScreen
from tui.screens.books.table import TablePane
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_filled import Filled
from tui.widgets.form_values import FieldKind, FormField
from tui.widgets.outline_model import Node
from tui.words import counted, were
from tui.workspace.books.cells import (
    Field,
    Kind,
    TableRow,
    cell_text,
    decimal_comma,
    kind_of,
    row_title,
    sent_value,
    takes_several,
    typed,
    why_not_writable,
)
from tui.workspace.books.rows import LinkChoices
from tui.workspace.problems import EXPECTED, one_line

MOST_LISTED = 300
"""Rows of another table that a form lists; of more the name is typed."""

_FORM_KINDS: dict[Kind, FieldKind] = {
    "text": "text",
    "lines": "lines",
    "integer": "number",
    "number": "number",
    "boolean": "boolean",
    "date": "date",
    "moment": "datetime",
    "select": "text",
}
UNCHANGED = "Nothing was changed: the cell holds that already."
_NONE = "none"
_OTHER = "other"
_VALUE = "value:"


def _whole_number(value: object) -> str | None:
    return None if isinstance(value, int) else "This field holds whole numbers."


def _form_field(field: Field, *, default: object = None, name: str = "value") -> FormField:
    """A text field for a value of that kind."""
    kind = kind_of(field)
    form_kind = _FORM_KINDS[kind]
    if form_kind == "text" and isinstance(default, str) and "\n" in default:
        # One line would lose where the others began.
        form_kind = "lines"
    return FormField(
        name,
        field.name or f"field {field.id}",
        form_kind,
        required=field.required,
        default=default,
        help=field.description or "",
        check=_whole_number if kind == "integer" else None,
        comma=decimal_comma(field),
    )


# -- one cell -------------------------------------------------------------------------------------


async def edit_cell(screen: DeckScreen, pane: TablePane) -> None:
    """Change the cell under the cursor."""
    place, row, field = pane.place, pane.row, pane.field
    if place is None or row is None or field is None:
        screen.flash("There is no cell under the cursor.", "warn")
        return
    if kind_of(field) == "comments":
        await _comment(screen, pane, row, field)
        return
    why_not = why_not_writable(field)
    if not why_not and (place.table.locked or not place.may_change):
        why_not = f"{place.table.name} is locked: its cells cannot be changed."
    if why_not:
        screen.flash(why_not, "warn")
        return
    kind = kind_of(field)
    if kind == "link":
        await _edit_link(screen, pane, row, field)
    elif kind == "boolean":
        await _choose(screen, pane, row, field, [("yes", "Yes"), ("no", "No")])
    elif kind == "select":
        await _edit_select(screen, pane, row, field)
    else:
        await _type(screen, pane, row, field)


async def _write(
    screen: DeckScreen, pane: TablePane, row: TableRow, field: Field, value: Any, text: str
) -> str:
    """Write a cell while it shows what is being written; the news."""
    place = pane.place
    if place is None:
        return ""
    if typed(field, row.cells.get(field.id)) == value:
        return UNCHANGED
    pane.show_pending(row, field, " ".join(text.split())[:40])
    try:
        await pane.desk.write_cell(place, pane.fields, row, field, value)
    finally:
        pane.show_pending(row, field, None)
    trouble = ""
    if pane.place is place:
        try:
            await pane.reread(row.id)
        except EXPECTED as error:
            # It is written all the same, and nobody should write it once more.
            trouble = f" It could not be read anew: {one_line(error)}"
    title = row_title(pane.fields, row, screen.workspace.zone)
    written = " ".join(text.split())[:40] or "empty"
    return f"{field.name} of {title[:40]}: {written}. u takes it back.{trouble}"


async def _type(
    screen: DeckScreen, pane: TablePane, row: TableRow, field: Field, *, start: object = None
) -> None:
    """A form of one field; what is refused comes back with what was typed."""
    old = typed(field, row.cells.get(field.id)) if start is None else start

    async def submit(values: Filled) -> str:
        value = values["value"]
        if start is None and not values.changed:
            return UNCHANGED
        text = cell_text(field, _cell_of(value), screen.workspace.zone) if value is not None else ""
        return await _write(screen, pane, row, field, value, text)

    await screen.ask_form(
        f"books.cell.{pane.place.key if pane.place else ''}.{row.id}.{field.id}",
        f"{field.name} of {row_title(pane.fields, row, screen.workspace.zone)}",
        [_form_field(field, default=old)],
        submit,
    )


def _cell_of(value: object) -> Any:
    from tui.workspace.books.cells import Cell

    return Cell(value=value.isoformat() if isinstance(value, (date, datetime)) else value)


async def _choose(
    screen: DeckScreen,
    pane: TablePane,
    row: TableRow,
    field: Field,
    choices: list[tuple[str, str]],
) -> None:
    """Yes or no."""
    old = typed(field, row.cells.get(field.id))
    nodes = [Node(key, title) for key, title in choices]
    if not field.required:
        nodes.append(Node(_NONE, "empty", role="muted"))
    current = _NONE if old is None else "yes" if old else "no"
    chosen = await screen.ask(Choice(_question(screen, pane, row, field), nodes, current=current))
    if chosen is not None:
        value = None if chosen == _NONE else chosen == "yes"
        await _write_chosen(screen, pane, row, field, value, "" if value is None else chosen)


async def _edit_select(screen: DeckScreen, pane: TablePane, row: TableRow, field: Field) -> None:
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
    chosen = await screen.ask(Choice(_question(screen, pane, row, field), nodes, current=current))
    if chosen == _OTHER:
        await _type(screen, pane, row, field)
    elif chosen == _NONE:
        await _write_chosen(screen, pane, row, field, None, "")
    elif chosen is not None:
        value = chosen.removeprefix(_VALUE)
        await _write_chosen(screen, pane, row, field, value, value)


async def _edit_link(screen: DeckScreen, pane: TablePane, row: TableRow, field: Field) -> None:
    """A row of the other table, or several where the field takes several."""
    place = pane.place
    if place is None:
        return
    target = field.link.category.name if field.link and field.link.category else "the other table"
    screen.flash(f"Loading the rows of {target} …")
    found = await pane.desk.link_choices(place, field)
    names = {str(one.row_id): one.text or f"row {one.row_id}" for one in found.rows if one.row_id}
    old = [str(one.row_id) for one in typed(field, row.cells.get(field.id)) or []]
    title = _question(screen, pane, row, field)
    if not found.complete:
        title += f" (the first {counted(len(names), 'row')} of {target})"
    picked: list[str] | None
    if takes_several(field):
        from tui.widgets.choices import Choices

        picked = await screen.ask(Choices(title, list(names.items()), old))
    else:
        nodes = [Node(key, name) for key, name in names.items()]
        if not field.required:
            nodes.insert(0, Node(_NONE, "empty", role="muted"))
        current = old[0] if old else _NONE
        chosen = await screen.ask(
            Choice(title, nodes, current=current, empty=f"{target} holds no rows.")
        )
        picked = None if chosen is None else [] if chosen == _NONE else [chosen]
    if picked is None or sorted(picked) == sorted(old):
        return
    value = [{"row_id": int(key), "value": names[key]} for key in picked if key in names]
    await _write_chosen(
        screen, pane, row, field, value or None, ", ".join(names[key] for key in picked)
    )


async def _write_chosen(
    screen: DeckScreen, pane: TablePane, row: TableRow, field: Field, value: Any, text: str
) -> None:
    try:
        news = await _write(screen, pane, row, field, value, text)
    except EXPECTED as error:
        # Nothing was typed that could be lost: the choice is said, to be made again.
        screen.flash(f"{one_line(error)} “{text or 'empty'}” was not written.", "bad")
        return
    screen.flash(news, "good")


def _question(screen: DeckScreen, pane: TablePane, row: TableRow, field: Field) -> str:
    return f"{field.name} of {row_title(pane.fields, row, screen.workspace.zone)[:40]}"


async def _comment(screen: DeckScreen, pane: TablePane, row: TableRow, field: Field) -> None:
    """Say something in a cell."""
    place = pane.place
    if place is None:
        return

    async def say(values: Mapping[str, Any]) -> str:
        await pane.desk.comment(place, field, row.id, values["text"].strip("\n"))
        await pane.reread(row.id)
        return "Commented. u takes it back."

    await screen.ask_form(
        f"books.comment.{place.key}.{row.id}.{field.id}",
        _question(screen, pane, row, field),
        [FormField("text", "Comment", "lines", required=True)],
        say,
        save="Send",
    )


# -- rows -----------------------------------------------------------------------------------------


async def add_row(screen: DeckScreen, pane: TablePane) -> None:
    """Add a row through a form of the fields that can be written."""
    place = pane.place
    if place is None or not pane.fields:
        screen.flash("Open a table first: enter on its name at the left.", "warn")
        return
    if place.table.forbid_add or place.table.locked:
        screen.flash(f"Rows cannot be added to {place.table.name}: its owner does not allow it.",
                     "warn")  # fmt: skip
        return
    fields = [field for field in pane.fields if not why_not_writable(field)]
    links: dict[int, LinkChoices] = {}
    for field in fields:
        if kind_of(field) == "link":
            links[field.id] = await pane.desk.link_choices(place, field)
    shown = [_add_field(field, links.get(field.id)) for field in fields]

    async def submit(values: Mapping[str, Any]) -> str:
        sent = {
            field.id: sent_value(field, value)
            for field in fields
            if (value := _added(field, values[str(field.id)], links.get(field.id)))
            not in (None, [])
        }
        row_id = await pane.desk.add(place, sent)
        if row_id is None:
            pane.refresh()
            return f"Added a row to {place.table.name}; the service does not tell which it is."
        await pane.show_new(row_id)
        hidden = " The filter hides it." if pane.wanted else ""
        return f"Added a row to {place.table.name}. u deletes it again.{hidden}"

    await screen.ask_form(
        f"books.add.{place.key}", f"New row in {place.table.name}", shown, submit, save="Add"
    )


def _add_field(field: Field, links: LinkChoices | None) -> FormField:
    kind = kind_of(field)
    name, label = str(field.id), field.name or f"field {field.id}"
    if kind == "select" and field.choices is not None:
        values = list(dict.fromkeys(one.value for one in field.choices.values))
        if field.choices.strict:
            choices = [(value, value) for value in values]
            return FormField(name, label, "choice", required=field.required, choices=choices)
        help_text = f"{', '.join(values[:8])}, or anything else"
        return FormField(name, label, "text", required=field.required, help=help_text)
    if kind == "link":
        rows = [] if links is None else links.rows
        if links is not None and links.complete and len(rows) <= MOST_LISTED:
            return FormField(
                name,
                label,
                "choices" if takes_several(field) else "choice",
                required=field.required,
                choices=[(str(one.row_id), one.text) for one in rows if one.row_id is not None],
            )
        target = field.link.category.name if field.link and field.link.category else "its table"
        return FormField(
            name, label, "text", required=field.required, help=f"the name of a row of {target}"
        )
    return _form_field(field, name=name)


def _added(field: Field, value: Any, links: LinkChoices | None) -> Any:
    """A form's value as the service takes it; an untouched yes-or-no is left empty."""
    kind = kind_of(field)
    if kind == "boolean":
        return value or None
    if kind == "link" and value and links is not None:
        keys = value if isinstance(value, list) else [value]
        names = {str(one.row_id): one.text for one in links.rows}
        if all(key in names for key in keys):
            return [{"row_id": int(key), "value": names[key]} for key in keys]
    return value


async def delete_rows(screen: DeckScreen, pane: TablePane) -> None:
    """Delete the marked rows, or the one under the cursor."""
    place, rows = pane.place, pane.chosen_rows()
    if place is None or not rows:
        screen.flash("There is no row under the cursor.", "warn")
        return
    if place.table.forbid_delete or place.table.locked:
        screen.flash(
            f"Rows of {place.table.name} cannot be deleted: its owner does not allow it.", "warn"
        )
        return
    zone = screen.workspace.zone
    names = [row_title(pane.fields, row, zone)[:60] for row in rows]
    what = f"the row “{names[0]}”" if len(rows) == 1 else counted(len(rows), "row")
    listed = "" if len(rows) == 1 else "\n" + "\n".join(f"  {name}" for name in names[:8])
    more = f"\n  and {len(rows) - 8:,} more" if len(rows) > 8 else ""
    sure = await screen.ask(
        Confirm(
            "Delete",
            f"Delete {what} from {place.table.name}?{listed}{more}",
            loses="Its files and comments may go for good. u brings the values back."
            if len(rows) == 1
            else "Their files and comments may go for good. u brings them back, one at a time.",
            yes="delete",
        )
    )
    if not sure:
        return
    done = 0
    try:
        for row in rows:
            await pane.desk.delete(place, pane.fields, row)
            done += 1
    except EXPECTED as error:
        kept = f" {done:,} of {len(rows):,} {were(done)} deleted." if len(rows) > 1 else ""
        screen.flash(f"{one_line(error)}{kept}", "bad")
    else:
        screen.flash(f"Deleted {what}. u brings {'it' if done == 1 else 'them'} back.", "good")
    if done:
        pane.grid.set_marked(frozenset())
        pane.refresh()
