"""What a verb says beside its data, and a workspace that says what happens under it."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

from tui.config.load import Loaded
from tui.config.locations import Locations
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.changes.history import History


def narrate(words: str) -> None:
    """One line for the person at the terminal, beside the data."""
    if sys.stderr is not None:  # closed: `print` would take standard output, which is for data
        print(f"tockdeck: {clean(words)}", file=sys.stderr, flush=True)


def narrated(loaded: Loaded, locations: Locations) -> Workspace:
    """A workspace whose embedded services tell what they have to say, as of a damaged file, and
    whose changes tell what a person should know of one that was made.
    """
    made = Workspace(loaded, locations)
    made.connections.embedded.told = narrate
    made.attend = _attend
    return made


def _attend(history: History) -> None:
    history.sender.told = history.changes.database.told = narrate
