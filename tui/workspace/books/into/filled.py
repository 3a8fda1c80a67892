"""Cells that are filled and cannot be emptied again."""

from __future__ import annotations

from collections.abc import Sequence

from tui.services.timetonic import Field
from tui.workspace.books.cells import is_required
from tui.workspace.books.into.plan import Plan


def filled_for_good(plan: Plan, fields: Sequence[Field]) -> list[str]:
    """The names of required fields that are empty and get a value: undo cannot empty them again,
    as the service refuses that."""
    filled = {
        name
        for row_id, values in plan.changed.items()
        for name in values
        if plan.before.get(row_id, {}).get(name) in (None, "", [])
    }
    return [one.name for one in fields if str(one.id) in filled and is_required(one)]
