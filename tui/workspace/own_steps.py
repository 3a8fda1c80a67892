"""What undo and redo are for next, where one key takes back changes of services, reminders, and
which units were accepted: whichever was last. Everything works on the disk.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from tui.store.changes import Changes
    from tui.workspace.changes.plans import Plan
    from tui.workspace.changes.standing import OwnStep

LOOKED_AT = 50
"""So many of the newest changes are looked through for one that is no undo or redo."""

StepT = TypeVar("StepT", bound="OwnStep", covariant=True)


class Undone(Protocol[StepT]):
    """A step that was taken back."""

    @property
    def time(self) -> float:
        """When, in seconds since the epoch."""

    @property
    def step(self) -> StepT:
        """Which."""


class Kept(Protocol[StepT]):
    """What keeps its own steps. It raises OSError where it cannot be read."""

    def last_step(self) -> StepT | None:
        """What undo would take back."""

    def last_undone(self) -> Undone[StepT] | None:
        """What redo would make again."""


def own_to_undo(kept: Kept[StepT], plan: Plan | None) -> StepT | None:
    """The latest step, where it was made after what undo would take back else."""
    try:
        step = kept.last_step()
    except OSError:
        # Its screen says why it cannot be read; what else there is can be taken back.
        return None
    return step if step is not None and _is_newer(step, plan) else None


def own_to_redo(kept: Kept[StepT], changes: Changes, plan: Plan | None) -> Undone[StepT] | None:
    """The step that was taken back last, where that was after what redo would make again else, and
    nothing new was done since.
    """
    try:
        undone = kept.last_undone()
    except OSError:
        return None
    if undone is None or (plan is not None and plan.taken_back > undone.time):
        return None
    newest = (one for one in changes.newest(LOOKED_AT) if not one.undoes and not one.redoes)
    last = next(newest, None)
    return undone if last is None or last.time.timestamp() < undone.time else None


def is_overtaken(kept: Kept[OwnStep], since: float) -> bool:
    """Whether a step was made since a time."""
    try:
        step = kept.last_step()
    except OSError:
        return False
    return step is not None and step.time > since


def _is_newer(step: OwnStep, plan: Plan | None) -> bool:
    return plan is None or step.time > max(one.time.timestamp() for one in plan.changes)
