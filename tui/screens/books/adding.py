"""Rows that are added through a form, and the fields of a row as lines of one."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.screens.books.typed_cells import form_field_of
from tui.spoken_keys import key_for
from tui.widgets.form_values import FormField
from tui.words import in_brief
from tui.workspace.books.cells import Field, kind_of, sent_value, takes_several, why_not_writable
from tui.workspace.books.link_names import by_names
from tui.workspace.books.rows import LinkChoices

MOST_LISTED = 300
"""Rows that a form lists for a link; of more the names are typed."""


async def add_row(
    asker: Asking, table: OpenTable, added: Callable[[int | None], Awaitable[None]]
) -> None:
    """Add a row through a form of the fields that can be written.

    `added` is awaited with its id, None where the service does not tell it.
    """
    place, called = table.place, in_brief(table.place.table.name)
    if place.table.forbid_add or place.table.locked:
        asker.flash(f"Rows cannot be added to {called}: its owner does not allow it.", "warn")
        return
    fields = [field for field in table.fields if not why_not_writable(field)]
    links: dict[int, LinkChoices] = {}
    for field in fields:
        if kind_of(field) == "link":
            links[field.id] = await table.desk.link_choices(place, field)
    shown = [add_field(field, links.get(field.id)) for field in fields]

    async def submit(values: Mapping[str, Any]) -> str:
        sent = {
            field.id: sent_value(field, value)
            for field in fields
            if (value := await _added(table, field, values[str(field.id)], links.get(field.id)))
            not in (None, [])
        }
        row_id = await table.desk.add(place, sent, table.fields)
        await added(row_id)
        if row_id is None:
            return f"Added a row to {called}; the service does not tell which it is."
        hidden = " The filter hides it." if table.wanted else ""
        return f"Added a row to {called}. {key_for('deck.undo')} deletes it again.{hidden}"

    await asker.ask_form(
        f"books.add.{place.key}",
        f"New row in {called}",
        shown,
        submit,
        save="Add",
    )


def add_field(field: Field, links: LinkChoices | None) -> FormField:
    """The line of a form for a field of a row, with nothing in it."""
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
        if links is not None and listed(links):
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
    return form_field_of(field, name=name)


async def _added(table: OpenTable, field: Field, value: Any, links: LinkChoices | None) -> Any:
    """The same for a new row, in which an untouched yes-or-no is left empty."""
    if kind_of(field) == "boolean":
        return value or None
    return await written_value(table, field, value, links)


async def written_value(
    table: OpenTable, field: Field, value: Any, links: LinkChoices | None
) -> Any:
    """A form's value as the service takes it. Raises InvalidArgument for a name of no row."""
    kind = kind_of(field)
    if kind == "link" and value and links is not None and listed(links):
        keys = value if isinstance(value, list) else [value]
        names = {str(one.row_id): one.text for one in links.rows}
        if all(key in names for key in keys):
            return [{"row_id": int(key), "value": names[key]} for key in keys]
    return await by_names(table.desk, table.place, field, value, table.zone)


def listed(links: LinkChoices) -> bool:
    """Whether a form lists the rows that a link may point to; else their names are typed."""
    return links.complete and len(links.rows) <= MOST_LISTED
