"""Changes as a list shows them: the parts of one piece of work, such as the calls of one import,
are one line."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from msgspec.structs import replace

from tui.store.changes import Change, Changes, State, Wanted
from tui.words import counted
from tui.workspace.changes.words import STATES, state_text

GRAVEST: tuple[State, ...] = (
    "unknown", "waiting", "sending", "refused", "dropped", "done", "undone",
)  # fmt: skip
"""The state of a line whose parts are in several: the first that one of them is in."""


SETTLED: frozenset[State] = frozenset(("done", "refused", "dropped"))
PARTLY = "partly done"


class Line(NamedTuple):
    """One line."""

    change: Change
    """The part that stands for all of them: one that is in the gravest state."""
    parts: Mapping[State, int]
    """How many there are in each state; empty where it stands for itself."""
    made: int = 0
    """How many rows of a table were written, where all is settled and not all of them were."""
    rows: int = 0
    """Of how many; 0 where it is about no rows, or the states alone say it."""

    @property
    def is_partly_done(self) -> bool:
        """Whether some of it was made, and what stands for all of it was not and never will be."""
        return "done" in self.parts and self.change.state in ("refused", "dropped")

    @property
    def state(self) -> str:
        """The state in a word or two."""
        return PARTLY if self.is_partly_done else state_text(self.change)

    @property
    def title(self) -> str:
        """What was done, with how much of it where that is not the same of all."""
        count = sum(self.parts.values())
        if len(self.parts) < 2:
            return self.change.title
        if self.rows:
            return f"{self.change.title} ({self.made:,} of {counted(self.rows, 'row')})"
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
    if len(parts) < 2 or not seen:
        return Line(latest, parts)
    settled = "done" in parts and parts.keys() <= SETTLED
    if seen[0] == latest.state and not settled:
        return Line(latest, parts)
    alike = changes.alike(latest)
    first = next((one for one in alike if one.state == seen[0]), latest)
    return Line(first, parts, *(_rows(alike) if settled else ()))


def _rows(parts: Iterable[Change]) -> tuple[int, int]:
    """How many rows were written, and of how many. One that was refused is sent again in smaller
    calls: it counts once, by its name.
    """
    named: set[str] = set()
    made: set[str] = set()
    for one in parts:
        rows = one.arguments.get("rows") or ()
        named.update(rows)
        if one.state == "done":
            made.update(rows)
    return len(made), len(named)
