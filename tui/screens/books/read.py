"""Cells and rows read in full, copied, and looked at through a saved view."""

from __future__ import annotations

from tui.screens.base import DeckScreen
from tui.screens.books.table import TablePane
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.books.cells import (
    Field,
    TableRow,
    cell_text,
    files_of,
    kind_of,
    row_text,
    row_title,
    why_not_writable,
)
from tui.workspace.html_text import plain_text
from tui.workspace.times import moment_text

_PRESENTATIONS = {1: "", 2: "calendar"}


async def show_cell(screen: DeckScreen, pane: TablePane, row: TableRow, field: Field) -> bool:
    """Show what cannot be edited; whether that was the case."""
    place = pane.place
    read_only = screen.workspace.settings.deck.read_only
    if place is None or not (why_not_writable(field) or read_only):
        return False
    from tui.widgets.viewer import Viewer

    zone = screen.workspace.zone
    title = f"{field.name} of {row_title(pane.fields, row, zone)}"
    kind = kind_of(field)
    if kind == "comments":
        found = await pane.desk.comments(place, field, row.id)
        said = [
            f"{_author(one.author)} · "
            f"{moment_text(one.created, zone) if one.created else 'time not told'}\n"
            f"{plain_text(one.text)}"
            for one in found
        ]
        text = "\n\n".join(said) or "No comment."
        await screen.ask(Viewer(title, f"{text}\n\ne on the cell writes one."))
        return True
    cell = row.cells.get(field.id)
    if kind == "files":
        text = "\n".join(
            (file.name or "file")
            + ("" if file.size is None else f" · {counted(file.size, 'byte')}")
            for file in files_of(field, cell)
        )
    elif kind == "activity":
        text = plain_text(cell.text if cell is not None and cell.text else "")
    else:
        text = plain_text(cell_text(field, cell, zone))
    await screen.ask(Viewer(title, text or "Empty."))
    return True


def _author(author: object) -> str:
    if isinstance(author, dict):
        author = author.get("n") or author.get("c")
    return str(author or "somebody")


async def show_row(screen: DeckScreen, pane: TablePane) -> None:
    """The row under the cursor, one field a line."""
    row, zone = pane.row, screen.workspace.zone
    if row is None:
        screen.flash("There is no row under the cursor.", "warn")
        return
    from tui.widgets.viewer import Viewer

    width = min(24, max((len(field.name) for field in pane.fields), default=0))
    lines: list[str] = []
    for field, text in zip(pane.fields, row_text(pane.fields, row, zone), strict=True):
        if kind_of(field) in ("lines", "other"):
            text = plain_text(text)
        first, *rest = text.split("\n")
        lines.append(f"{field.name[:width]:<{width}}  {first or '·'}")
        lines += [" " * (width + 2) + line for line in rest]
    await screen.ask(Viewer(row_title(pane.fields, row, zone), "\n".join(lines)))


async def choose_view(screen: DeckScreen, pane: TablePane) -> None:
    """Choose a saved view of the table, or all rows."""
    place = pane.place
    if place is None:
        screen.flash("Open a table first: enter on its name at the left.", "warn")
        return
    views = place.table.views
    nodes = [Node("all", "All rows", role="strong")]
    nodes += [
        Node(str(view.id), view.name or f"view {view.id}", detail=_what(view.presentation))
        for view in views
    ]
    current = "all" if pane.view is None else str(pane.view.id)
    chosen = await screen.ask(Choice(f"Views of {place.table.name}", nodes, current=current))
    if chosen is None or chosen == current:
        return
    view = next((one for one in views if str(one.id) == chosen), None)
    pane.open(place, view)


def _what(presentation: int | None) -> str:
    if presentation is None or presentation == 1:
        return ""
    return f"{_PRESENTATIONS.get(presentation, 'another form')}, its rows as a table"


def cell_to_copy(pane: TablePane) -> str:
    """The cell under the cursor as text."""
    row, field = pane.row, pane.field
    if row is None or field is None:
        return ""
    return cell_text(field, row.cells.get(field.id), pane.zone)


def rows_to_copy(pane: TablePane) -> str:
    """The marked rows, or the one under the cursor: a line each, cells between tabs."""
    return "\n".join(
        "\t".join(" ".join(text.split()) for text in row_text(pane.fields, row, pane.zone))
        for row in pane.chosen_rows()
    )
