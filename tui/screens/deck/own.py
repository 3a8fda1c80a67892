"""What the deck's undo and redo are for beside the journal of changes: reminders of one's own, and
which units were accepted.
"""

from __future__ import annotations

from asyncio import to_thread
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, NamedTuple

from textual.message import Message

from tui.screens.messages import RemindersChanged, UnitsChanged
from tui.workspace.own_steps import Kept, is_overtaken, own_to_redo, own_to_undo
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.plans import Plan
    from tui.workspace.changes.standing import OwnStep


class Own(NamedTuple):
    """One kind of it, for a person."""

    kept: Callable[[Workspace], Kept[OwnStep] | None]
    """Where its steps are; None where there cannot be any."""
    undo: Callable[[Workspace], Awaitable[object]]
    """Take the latest back."""
    redo: Callable[[Workspace], Awaitable[object]]
    """Make the latest again that was taken back."""
    shown_on: tuple[str, ...]
    """The screens on which a person thinks of it."""
    words: str
    changed: type[Message]
    """The message by which a screen is told that it is otherwise now."""


def _units(workspace: Workspace) -> Kept[OwnStep] | None:
    # What was not made yet has done nothing, and making it would cost the first frame.
    return workspace.live.units if workspace.has_made("live") else None


OWN = (
    Own(
        lambda one: one.reminders,
        lambda one: to_thread(one.reminders.undo),
        lambda one: to_thread(one.reminders.redo),
        ("today",),
        "It is one of your reminders.",
        RemindersChanged,
    ),
    Own(
        _units,
        lambda one: one.live.units.undo(),
        lambda one: one.live.units.redo(),
        ("sessions", "live"),
        "It is about which units' data are taken.",
        UnitsChanged,
    ),
)


def _kinds(workspace: Workspace) -> list[tuple[Own, Kept[OwnStep]]]:
    return [(own, kept) for own in OWN if (kept := own.kept(workspace)) is not None]


def to_undo(workspace: Workspace, plan: Plan | None) -> tuple[Own, OwnStep] | None:
    """The latest step of all kinds, where it was made after what undo would take back else. It
    works on the disk.
    """
    steps = [(own, own_to_undo(kept, plan)) for own, kept in _kinds(workspace)]
    found = [(own, step) for own, step in steps if step is not None]
    return max(found, key=lambda one: one[1].time, default=None)


def step_to_undo(workspace: Workspace, plan: Plan | None) -> OwnStep | None:
    """The step alone."""
    found = to_undo(workspace, plan)
    return None if found is None else found[1]


def to_redo(workspace: Workspace, plan: Plan | None) -> tuple[Own, OwnStep] | None:
    """The step that was taken back last, where that was after what redo would make again else, and
    nothing new was done since. It works on the disk.
    """
    kinds, changes = _kinds(workspace), workspace.history.changes
    found = [
        (undone.time, own, undone.step)
        for own, kept in kinds
        if (undone := own_to_redo(kept, changes, plan)) is not None
        and not any(is_overtaken(other, undone.time) for _, other in kinds)
    ]
    last = max(found, key=lambda one: one[0], default=None)
    return None if last is None else last[1:]


def anything_since(workspace: Workspace, plan: Plan) -> bool:
    """Whether a step was made since what redo would make again was taken back. It works on the
    disk.
    """
    return any(is_overtaken(kept, plan.taken_back) for _, kept in _kinds(workspace))
