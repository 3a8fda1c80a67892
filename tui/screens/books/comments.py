"""What was said in a cell: read, answered; one's own changed and deleted."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm
from tui.widgets.form_values import FormField
from tui.widgets.outline_model import Node
from tui.workspace.books.cells import Field, TableRow, row_title
from tui.workspace.books.row_history import author_of
from tui.workspace.books.rows import Comment
from tui.workspace.html_text import plain_text
from tui.workspace.times import moment_text

OPENING = 60
"""Characters of a comment in the list of them."""
_NEW, _CHANGE, _DELETE = "new", "change", "delete"


async def show_comments(asker: Asking, table: OpenTable, row: TableRow, field: Field) -> bool:
    """The comments of a cell: one is read, changed or deleted, or another one written; whether
    something was written. Where there is none, one may be written at once.
    """
    found = await table.desk.comments(table.place, field, row.id)
    why_not = why_not_said(asker, field)
    if not found:
        if why_not:
            asker.flash(f"There is no comment in it. {why_not}", "warn")
            return False
        return await write_comment(asker, table, row, field)
    nodes = [
        Node(f"{place}", _opening(one), detail=_by(one, table)) for place, one in enumerate(found)
    ]
    if not why_not:
        nodes.append(Node(_NEW, "Write another …"))
    title = f"{field.name} of {row_title(table.fields, row, table.zone)[:40]}"
    chosen = await asker.ask(Choice(title, nodes, note=why_not))
    if chosen == _NEW:
        return await write_comment(asker, table, row, field)
    if chosen is None:
        return False
    one = found[int(chosen)]
    if why_not or one.id is None or not await table.desk.is_own_comment(one):
        await asker.read(title, f"{_by(one, table)}\n\n{plain_text(one.text)}")
        return False
    ways = [Node(_CHANGE, "Change it …"), Node(_DELETE, "Delete it")]
    way = await asker.ask(Choice(_opening(one), ways))
    if way == _CHANGE:
        return await _change(asker, table, row, field, one)
    return way == _DELETE and await _delete(asker, table, row, field, one)


def why_not_said(asker: Asking, field: Field) -> str:
    """Why nothing can be said in the cells of a field; empty where it can."""
    if asker.workspace.settings.deck.read_only:
        return "The deck is read-only."
    return f"{field.name} is read-only." if field.read_only else ""


async def write_comment(asker: Asking, table: OpenTable, row: TableRow, field: Field) -> bool:
    """Say something in a cell; whether that was done."""

    async def say(values: Mapping[str, Any]) -> str:
        await table.desk.comment(table.place, field, row.id, values["text"].strip("\n"))
        return f"Commented. {key_for('deck.undo')} takes it back."

    return await asker.ask_form(
        f"books.comment.{table.place.key}.{row.id}.{field.id}",
        f"{field.name} of {row_title(table.fields, row, table.zone)[:40]}",
        [FormField("text", "Comment", "lines", required=True)],
        say,
        save="Send",
    )


async def _change(
    asker: Asking, table: OpenTable, row: TableRow, field: Field, one: Comment
) -> bool:
    async def change(values: Mapping[str, Any]) -> str:
        text = values["text"].strip("\n")
        if text == one.text:
            return "Nothing was changed."
        await table.desk.change_comment(table.place, field, row.id, one, text)
        return f"Changed the comment. {key_for('deck.undo')} gives it its old text."

    return await asker.ask_form(
        f"books.comment.{table.place.key}.{row.id}.{field.id}.{one.id}",
        f"Change the comment “{_opening(one)}”",
        [FormField("text", "Comment", "lines", required=True, default=one.text)],
        change,
    )


async def _delete(
    asker: Asking, table: OpenTable, row: TableRow, field: Field, one: Comment
) -> bool:
    again = f"{key_for('deck.undo')} writes its text again, as a new comment."
    question = Confirm("Delete", f"Delete “{_opening(one)}”?", loses=again, yes="delete")
    if not await asker.ask(question):
        return False
    await table.desk.delete_comment(table.place, field, row.id, one)
    asker.flash(f"Deleted the comment. {again}", "good")
    return True


def _opening(one: Comment) -> str:
    text = " ".join(plain_text(one.text).split())
    return text if len(text) <= OPENING else f"{text[: OPENING - 1]}…"


def _by(one: Comment, table: OpenTable) -> str:
    when = moment_text(one.created, table.zone) if one.created else "time not told"
    return f"{author_of(one.author)} · {when}"
