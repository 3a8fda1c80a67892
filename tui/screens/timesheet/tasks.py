"""Asking which task of the timesheet a tracker is."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from tui.screens.asking import Asking
from tui.widgets.dialogs import Choice
from tui.widgets.outline_model import Node
from tui.words import counted
from tui.workspace.timesheet.targets import NEVER, Target, suggested

if TYPE_CHECKING:
    from tui.workspace.timesheet.sheet import Sheet

MOST_SUGGESTED = 5
LATER = -1
"""In the place of a task: nothing is said of it now."""
ALL_LATER = -2
"""The same of it and of all that would be asked for after it."""


async def ask_task(
    asker: Asking, sheet: Sheet, tracker: int, current: int | None, left: int = 0
) -> int | None:
    """The id of a task, NEVER, LATER, ALL_LATER, or None where a person gives up; `left` is how
    many trackers are asked for after this one.
    """
    path = [*sheet.overview.above(tracker), sheet.overview.name(tracker)]
    first = suggested(path, sheet.targets)[:MOST_SUGGESTED]
    chosen = {one.task_id for one in first}
    rest = [one for one in sheet.targets if one.task_id not in chosen]
    nodes = [
        *_nodes(first, mark="★"),
        Node(str(LATER), "Decide later", detail="its blocks are not entered this time"),
        *([Node(str(ALL_LATER), "Decide all later", detail="enters the others")] if left else []),
        Node(str(NEVER), "Never entered", detail="such as lunch"),
        *_nodes(rest),
    ]
    found = await asker.ask(
        Choice(
            f"Which task is {path[-1]}?",
            nodes,
            current="" if current is None else str(current),
            empty="The timesheet has no tasks: a in Invoices makes one.",
            note=f"{sheet.overview.path(tracker)}, with what stands below it. It is remembered."
            + (f" {counted(left, 'tracker')} more to come." if left else ""),
        )
    )
    return None if found is None else int(found)


def _nodes(targets: Sequence[Target], mark: str = "") -> list[Node]:
    return [
        Node(
            str(one.task_id),
            one.short,
            detail=one.client,
            mark=mark,
            badge="ended" if one.done else "",
        )
        for one in targets
    ]
