"""The views of a table: those that the service keeps for everybody, and those of one's own."""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

from tui.screens.asking import Asking
from tui.screens.books.opened import OpenTable
from tui.spoken_keys import key_for
from tui.widgets.dialogs import Choice, Confirm, TextPrompt
from tui.widgets.outline_model import Node
from tui.words import counted, in_brief
from tui.workspace.books.looks import Look
from tui.workspace.books.own_views import LONGEST_NAME, OwnView
from tui.workspace.books.rows import Place, Table, View
from tui.workspace.books.service_pivots import summaries, summary_text

_PRESENTATIONS = {1: "", 2: "calendar"}
_ALL, _SAVE, _FORGET, _OWN, _SUM = "all", "save", "forget", "own:", "sum:"
MINE = "★"


class Seen(NamedTuple):
    """What a table is to be seen through: a view of the service, None for all rows; and one of
    the person's own, None for as it was left.
    """

    view: View | None
    own: OwnView | None = None


async def choose_view(asker: Asking, table: OpenTable, look: Look) -> Seen | None:
    """Choose a view, or keep how the table is looked at now, or forget a view of one's own; None
    where it is looked at as before.
    """
    desk, place = table.desk, table.place
    own = await desk.own_views(place)
    views = place.table.views
    nodes = [Node(_ALL, "All rows", role="strong")]
    nodes += [
        Node(str(view.id), view.name or f"view {view.id}", detail=_what(view.presentation))
        for view in views
    ]
    nodes += [
        Node(f"{_OWN}{one.name}", f"{MINE} {one.name}", detail=one.look.filter[:40]) for one in own
    ]
    sums = await summaries(asker.workspace.books, place)
    nodes += [Node(f"{_SUM}{one.id}", one.name, detail="a summary by the service") for one in sums]
    nodes.append(Node(_SAVE, "Keep what is shown as a view of mine …", role="muted"))
    if own:
        nodes.append(Node(_FORGET, "Forget one of mine …", role="muted"))
    current = _ALL if table.view is None else str(table.view.id)
    if table.own is not None:
        current = f"{_OWN}{table.own.name}"
    title = f"Views of {in_brief(place.table.name)}"
    chosen = await asker.ask(Choice(title, nodes, current=current))
    if chosen is None:
        return None
    summed = next((one for one in sums if chosen == f"{_SUM}{one.id}"), None)
    if summed is not None:
        await _show_summary(asker, place, summed)
        return None
    if chosen == _SAVE:
        await _save(asker, table, look, [one.name for one in own])
        return None
    if chosen == _FORGET:
        await _forget(asker, table, own)
        return None
    mine = next((one for one in own if chosen == f"{_OWN}{one.name}"), None)
    if mine is not None:
        return Seen(next((one for one in views if one.id == mine.view), None), mine)
    if chosen == current:
        return None
    return Seen(next((one for one in views if str(one.id) == chosen), None))


async def _show_summary(asker: Asking, place: Place, table: Table) -> None:
    from tui.widgets.viewer import Viewer

    values = await asker.workspace.books.summary(place.book, table)
    await asker.ask(Viewer(f"{table.name}, as the service has it", summary_text(values) or values))


async def _save(asker: Asking, table: OpenTable, look: Look, names: list[str]) -> None:
    def wrong(name: str) -> str | None:
        if not name.strip():
            return "A view needs a name."
        return (
            f"At most {counted(LONGEST_NAME, 'character')}." if len(name) > LONGEST_NAME else None
        )

    asked = await asker.ask(
        TextPrompt(
            "Keep a view of mine",
            value="" if table.own is None else table.own.name,
            label="Filter, order and columns as they are now, under the name",
            check=wrong,
        )
    )
    if asked is None:
        return
    name = " ".join(asked.split())
    if name in names and (table.own is None or table.own.name != name):
        sure: Literal[True] | bool | None = await asker.ask(
            Confirm("Keep a view", f"Put this in the place of “{name}”?",
                    loses="The view of that name as it was.", yes="replace")
        )  # fmt: skip
        if not sure:
            return
    bare = msgspec.structs.replace(look, row="", column="")
    view = OwnView(name=name, look=bare, view=None if table.view is None else table.view.id)
    await table.desk.keep_own_view(table.place, view)
    table.own = view
    asker.flash(f"Kept as {MINE} {name}: {key_for('books.view')} shows it again.", "good")


async def _forget(asker: Asking, table: OpenTable, own: list[OwnView]) -> None:
    nodes = [Node(one.name, f"{MINE} {one.name}", detail=one.look.filter[:40]) for one in own]
    name = await asker.ask(Choice("Forget a view of mine", nodes))
    if name is None:
        return
    sure = await asker.ask(
        Confirm("Forget a view", f"Forget “{name}”?",
                loses="Its filter and order; no row is touched.", yes="forget")
    )  # fmt: skip
    if sure:
        await table.desk.forget_own_view(table.place, name)
        if table.own is not None and table.own.name == name:
            table.own = None
        asker.flash(f"Forgot {MINE} {name}.")


def _what(presentation: int | None) -> str:
    if presentation is None or presentation == 1:
        return ""
    return f"{_PRESENTATIONS.get(presentation, 'another form')}, its rows as a table"
