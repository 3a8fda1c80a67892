"""What is kept here alone and the deck's undo takes back: reminders of one's own, what recurs."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from tui.workspace.changes.standing import OwnStep
from tui.workspace.workspace import Workspace


class Kept(Protocol):
    """One kind of it. Calls work on the disk and raise OSError."""

    def last_step(self) -> OwnStep | None:
        """What undo would take back."""

    def undo(self) -> object:
        """Take it back."""


@dataclass(frozen=True)
class Own:
    """One kind of it, for a person."""

    kept: Callable[[Workspace], Kept]
    shown_on: str
    """The screen on which a person thinks of it."""
    words: str


OWN = (
    Own(lambda one: one.reminders, "today", "It is one of your reminders."),
    Own(lambda one: one.recurring, "office", "It is one of your recurring invoices."),
)


def newest(workspace: Workspace) -> tuple[Own, OwnStep] | None:
    """The latest change of all of it. The first call imports: make it in a thread."""
    found: list[tuple[Own, OwnStep]] = []
    for own in OWN:
        try:
            step = own.kept(workspace).last_step()
        except OSError:
            # Its screen says why it cannot be read; what else there is can be taken back.
            continue
        if step is not None:
            found.append((own, step))
    return max(found, key=lambda one: one[1].time, default=None)


def newest_step(workspace: Workspace) -> OwnStep | None:
    """The step alone."""
    found = newest(workspace)
    return found[1] if found is not None else None
