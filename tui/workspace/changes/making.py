"""How changes, their undo and what sends them are made, each when it is first asked for."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Protocol

from tui.workspace.invoices.making import keepings

if TYPE_CHECKING:
    from tui.config.locations import Locations
    from tui.config.settings import Settings
    from tui.store.papers import Papers
    from tui.workspace.changes.history import History
    from tui.workspace.changes.pump import Pump
    from tui.workspace.changes.standing import Stand
    from tui.workspace.connections.connections import Connections
    from tui.workspace.hooks import Hooks
    from tui.workspace.invoices.paper_desk import PaperDesk
    from tui.workspace.reads import Reads


class Parts(Protocol):
    """What they are made of: the workspace has it."""

    settings: Settings
    locations: Locations
    connections: Connections
    reads: Reads
    history: History
    hooks: Hooks
    papers: PaperDesk
    paper_file: Papers
    attend: Callable[[History], object]

    def changed(self, operation: str) -> None:
        """Tell whoever listens that a change of an operation is in another state."""


def history(parts: Parts) -> History:
    """Writes and their undo."""
    from tui.store.changes import Changes
    from tui.workspace.changes.history import History

    locations = parts.locations
    made = History(
        Changes(locations.data / "changes.db", locations.state / "journal.jsonl"),
        parts.connections,
        read_only=parts.settings.deck.read_only,
    )
    if parts.hooks.wanted:
        made.sender.settled = parts.hooks.settled
    made.on_change(parts.changed)
    parts.attend(made)
    made.sender.guards |= {
        "timesheets.invoice.delete": lambda named: parts.papers.standing(named),
        "timesheets.invoice.update": lambda named: parts.papers.standing(named, changing=True),
    }
    made.sender.keepings = lambda: keepings(parts.paper_file)
    return made


def hooks(parts: Parts) -> Hooks:
    """The person's commands for what has happened."""
    from tui.workspace.hooks import Hooks

    def tell(text: str) -> None:
        # Asked for late: which face shows it is known only once there is one.
        if (told := parts.connections.embedded.told) is not None:
            told(text)

    return Hooks(parts.settings.hooks, tell)


def stand(parts: Parts) -> Stand:
    """How the changes stand, for what is shown of them on every screen."""
    from tui.workspace.changes.standing import Stand

    return Stand(parts.history)


def pump(parts: Parts) -> Pump:
    """What sends by itself what waits, once it is started."""
    from tui.workspace.changes.pump import Pump

    made = Pump(parts.history)
    parts.reads.answered = made.answered
    return made
