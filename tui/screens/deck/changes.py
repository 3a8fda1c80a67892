"""What was changed, in this session and before, and what became of it."""

from __future__ import annotations

import asyncio

from tui.screens.base import DeckScreen
from tui.widgets.dialogs import MessageBox
from tui.workspace.changes.history import Change
from tui.workspace.times import moment_text

SIGNS = {
    "done": "✓", "refused": "✗", "unknown": "?", "waiting": "…", "sending": "…",
    "undone": "↶", "dropped": "-",
}  # fmt: skip
SHOWN = 60


async def show_changes(screen: DeckScreen) -> None:
    """The newest changes first; those whose outcome is unknown are explained."""
    history = screen.workspace.history
    entries = await asyncio.to_thread(history.changes.newest, SHOWN)
    if not entries:
        screen.flash("Nothing was changed yet.")
        return
    zone = screen.workspace.zone

    def line(entry: Change) -> str:
        words = history.outbox.look_at(entry) if entry.state == "unknown" else entry.reason
        reason = f"  {words}" if words else ""
        return f"{SIGNS[entry.state]} {moment_text(entry.time, zone)}  {entry.title}{reason}"

    lines = [line(entry) for entry in entries]
    total = await asyncio.to_thread(history.changes.count)
    head = f"{len(lines)} of {total:,}; ✓ done, ✗ refused or not sent, ? not known."
    await screen.ask(MessageBox("Changes", "\n".join([head, "", *lines])))
