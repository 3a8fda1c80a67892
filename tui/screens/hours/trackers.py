"""Asking which tracker a name of another program is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.hours.names import ALL, likely

if TYPE_CHECKING:
    from tui.workspace.hours.hours import Preview
    from tui.workspace.timers.timers import Overview


LEAVE = 0
"""In the place of a tracker: the name is left out this time."""


async def ask_tracker(asker: Asking, preview: Preview, name: str, left: int = 0) -> int | None:
    """The id of a tracker, LEAVE, or None where a person asks to be asked no more."""
    overview = preview.overview
    first = likely(name, overview) if name != ALL else []
    chosen = {one.id for one in first}
    nodes = [_node(overview, one.id, mark="★") for one in first]
    nodes.append(Node(str(LEAVE), "Leave it out", detail="nothing of it is added"))
    nodes += [_node(overview, one.id) for one in overview.trackers if one.id not in chosen]
    count = sum(1 for step in preview.steps if step.entry.name == name)
    called = "Every other name" if name == ALL else repr(name) if name else "What has no name"
    note = f"{called}, {counted(count, 'entry')}" if name != ALL else called
    more = f" {counted(left, 'name')} more to come." if left else ""
    found = await asker.ask(
        Choice("Which tracker?", nodes, note=f"{note}: what is chosen is remembered.{more}")
    )
    return None if found is None else int(found)


def _node(overview: Overview, tracker: int, mark: str = "") -> Node:
    # The nearest first: the outermost is most often the same for all.
    above = " ‹ ".join(reversed(overview.above(tracker)))
    return Node(str(tracker), overview.name(tracker), detail=above, mark=mark)
