"""What undo and redo are for next, where one key takes back changes of services and reminders:
whichever was last. Everything works on the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from tui.store.reminders import Reminders, Step

if TYPE_CHECKING:
    from tui.store.changes import Changes
    from tui.workspace.changes.undoing import Plan

LOOKED_AT = 50
"""So many of the newest changes are looked through for one that is no undo or redo."""


def own_to_undo(reminders: Reminders, plan: Plan | None) -> Step | None:
    """The latest change of a reminder, where it was made after what undo would take back else."""
    try:
        step = reminders.last_step()
    except OSError:
        # Today says why it cannot be read; what else there is can be taken back.
        return None
    return step if step is not None and _is_newer(step, plan) else None


def own_to_redo(reminders: Reminders, changes: Changes, plan: Plan | None) -> Step | None:
    """The change of a reminder that was taken back last, where that was after what redo would make
    again else, and nothing new was done since.
    """
    try:
        undone = reminders.last_undone()
    except OSError:
        return None
    if undone is None or (plan is not None and plan.taken_back > undone.time):
        return None
    newest = (one for one in changes.newest(LOOKED_AT) if not one.undoes and not one.redoes)
    last = next(newest, None)
    return undone.step if last is None or last.time.timestamp() < undone.time else None


def is_overtaken(reminders: Reminders, plan: Plan) -> bool:
    """Whether a reminder was changed since what redo would make again was taken back."""
    try:
        step = reminders.last_step()
    except OSError:
        return False
    return step is not None and step.time > plan.taken_back


def _is_newer(step: Step, plan: Plan | None) -> bool:
    return plan is None or step.time > max(one.time.timestamp() for one in plan.changes)
