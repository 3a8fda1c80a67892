"""Rows of a table out of the deck: as a file, or copied in a form."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.screens.asking import Asking, Saying
from tui.screens.books.opened import OpenTable
from tui.screens.saving import ask_path, shown, tell_where
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.as_it_was import AsItWas, age_text, written_news
from tui.workspace.books.brought import all_here
from tui.workspace.books.narrowed import wish_of
from tui.workspace.books.out.export import FORMS, PLAIN, Asked, Form, Written, write
from tui.workspace.books.out.needs import FormMissing, FormTooSmall
from tui.workspace.problems import GivenUp
from tui.workspace.saved_files import proposed_name

if TYPE_CHECKING:
    from tui.workspace.books.cells import Field, TableRow

Which = Literal["shown", "marked", "all"]


class _As(NamedTuple):
    """A form in which something is copied."""

    form: Form
    title: str
    column: bool = False


COPIED: Mapping[str, _As] = {
    "tsv": _As("tsv", "as TSV with a header, to be pasted into a sheet"),
    "json": _As("json", "as JSON"),
    "md": _As("md", "as a Markdown table"),
    "column": _As("tsv", "this column of all rows that are shown", column=True),
}


async def export_table(
    asker: Asking, table: OpenTable, fields: list[Field], marked: list[TableRow]
) -> None:
    """Ask which rows, in which form and where to; then write them, which esc gives up.

    `fields` are the columns that are shown, `marked` the rows that are marked.
    """
    which = await _which(asker, table, fields, marked)
    if which is None:
        return
    nodes = [Node(form, title, detail=what) for form, (title, what) in FORMS.items()]
    form = await asker.ask(Choice("Export as", nodes))
    if form is None:
        return
    proposed = proposed_name(table.place.table.name, ending=form)
    path = await ask_path(asker, "Export the table", proposed)
    if path is None:
        return
    chosen: Form = next(one for one in FORMS if one == form)
    saying = Saying()
    try:
        written, kept = await asker.wait_for(
            "Export the table",
            f"Writing {shown(path)} …",
            _written(asker, table, _asked(table, which, fields, marked), chosen, path, saying),
            GivenUp("The export was given up: nothing was written"),
            saying,
        )
    except (FormMissing, FormTooSmall) as error:
        asker.flash(f"{error}. Nothing was written.", "bad")
        return
    remarks = [*_not_in_it(table), *written.remarks]
    count, age = counted(written.rows, "row"), _age(table)

    def news(where: str) -> str:
        return written_news(count, where, kept, age=age, remarks=remarks)

    tell_where(asker, path, news, "good" if kept is None and not remarks else "warn")


def _age(table: OpenTable) -> str:
    """How old the rows are that were written: they are those that stand here, and the service was
    not asked for them now.
    """
    state = table.kept.state
    if state is None or state.as_of is None:
        return ""
    return age_text(state.as_of, table.zone)


def _not_in_it(table: OpenTable) -> list[str]:
    """What of the table is shown and not in the file: it waits to be sent, or nobody knows yet
    what became of it.
    """
    count = len(table.waiting)
    if not count:
        return []
    verb = "is" if count == 1 else "are"
    return [f"{counted(count, 'change')} that {verb} not settled yet {verb} not in it"]


async def _which(
    asker: Asking, table: OpenTable, fields: list[Field], marked: list[TableRow]
) -> Which | None:
    narrowed = table.needs_all or len(fields) < len(table.fields)
    nodes = [Node("shown", "What is shown", detail="its rows and columns, in this order")]
    if marked:
        nodes.append(Node("marked", "What is marked", detail=counted(len(marked), "row")))
    if narrowed:
        nodes.append(Node("all", "All of it", detail="every row and column"))
    found = "shown" if len(nodes) == 1 else await asker.ask(Choice("Export", nodes))
    known: tuple[Which, ...] = ("shown", "marked", "all")
    return next((one for one in known if one == found), None)


def _asked(table: OpenTable, which: Which, fields: list[Field], marked: list[TableRow]) -> Asked:
    wish = wish_of(table.wanted, table.sorts, table.kept.fields, table.zone)
    return Asked(
        wish=PLAIN if which == "all" else wish,
        row_ids=frozenset(row.id for row in marked) if which == "marked" else None,
        fields=None if which == "all" else [field.id for field in fields],
    )


async def _written(
    asker: Asking, table: OpenTable, asked: Asked, form: Form, path: Path, saying: Saying
) -> tuple[Written, AsItWas | None]:
    """Read what is not here yet, then write; with how old it is, where that is not of now."""
    kept = None
    if asked.row_ids is None:
        kept = await all_here(table.desk, table.kept)
    loop = asyncio.get_running_loop()

    def told(done: int, of: int) -> None:
        text = f"Writing {shown(path)}: {done:,} of {counted(of, 'row')} …"
        loop.call_soon_threadsafe(saying.say, text)

    with asker.workspace.feed.resting():
        return await write(table.kept, asked, form, path, table.zone, told), kept


async def copied_as(
    asker: Asking, table: OpenTable, fields: list[Field], rows: list[TableRow], field: Field
) -> str:
    """Ask what is copied, the rows in a form or the column; its text, "" where it is given up."""
    from tui.workspace.books.out.export import text_of

    what = "The row" if len(rows) == 1 else counted(len(rows), "row")
    nodes = [
        Node(key, f"{field.name} of every row" if one.column else f"{what} {one.title}")
        for key, one in COPIED.items()
    ]
    chosen = await asker.ask(Choice("Copy", nodes))
    if chosen is None:
        return ""
    one = COPIED[chosen]
    wish = wish_of(table.wanted, table.sorts, table.kept.fields, table.zone)
    asked = Asked(
        wish=wish,
        row_ids=None if one.column else frozenset(row.id for row in rows),
        fields=[field.id] if one.column else [one_field.id for one_field in fields],
        ids=False,
    )
    if one.column:
        await all_here(table.desk, table.kept)
    with asker.workspace.feed.resting():
        return await text_of(table.kept, asked, one.form, table.zone)
