"""What was changed, or waits to be: typed, on disk before it is sent, undone from there."""

from tui.store.changes.behind import BEHIND, as_dropped
from tui.store.changes.change import FIELD_NAMES, OPEN, Change, Renewal, State, Step
from tui.store.changes.changes import AlreadyTaken, Changes
from tui.store.changes.held import FROM, Held
from tui.store.changes.wanted import ALL, Wanted

__all__ = [
    "ALL", "BEHIND", "FIELD_NAMES", "FROM", "OPEN", "AlreadyTaken", "Change", "Changes", "Held",
    "Renewal", "State", "Step", "Wanted", "as_dropped",
]  # fmt: skip
