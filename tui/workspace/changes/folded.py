"""Changes as a list shows them: the parts of one piece of work, such as the calls of one import,
are one line."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from msgspec.structs import replace

from tui.store.changes import Change, Changes, State, Wanted
from tui.words import counted
from tui.workspace.changes.words import STATES

GRAVEST: tuple[State, ...] = (
    "unknown", "waiting", "sending", "refused", "dropped", "done", "undone",
)  # fmt: skip
"""The state of a line whose parts are in several: the first that one of them is in."""


class Line(NamedTuple):
    """One line."""

    change: Change
    """The part that stands for all of them: one that is in the gravest state."""
    parts: Mapping[State, int]
    """How many there are in each state; empty where it stands for itself."""

    @property
    def title(self) -> str:
        """What was done, with how much of it where that is not the same of all."""
        count = sum(self.parts.values())
        if len(self.parts) < 2:
            return self.change.title
        states = [one for one in reversed(GRAVEST) if one in self.parts]
        told = ", ".join(f"{self.parts[one]:,} {STATES[one]}" for one in states)
        return f"{self.change.title} ({counted(count, 'call')}: {told})"


def lines(changes: Changes, most: int, wanted: Wanted, *, past: int = 0) -> list[Line]:
    """The newest lines first, as `Changes.newest` tells them. Raises OSError."""
    found = changes.newest(most, replace(wanted, folded=True), past=past)
    return [_line(changes, one, wanted) for one in found]


def count(changes: Changes, wanted: Wanted) -> int:
    """How many lines there are. Raises OSError."""
    return changes.count(replace(wanted, folded=True))


def _line(changes: Changes, latest: Change, wanted: Wanted) -> Line:
    parts = changes.parts(latest)
    seen = [one for one in GRAVEST if one in parts and one in (wanted.states or GRAVEST)]
    if len(parts) < 2 or not seen or seen[0] == latest.state:
        return Line(latest, parts)
    first = next((one for one in changes.alike(latest) if one.state == seen[0]), latest)
    return Line(first, parts)
