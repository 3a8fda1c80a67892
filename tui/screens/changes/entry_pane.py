"""The change under the cursor in full, beside the list."""

from __future__ import annotations

import asyncio

from textual.message import Message

from tui.screens.changes.texts import entry_paragraphs
from tui.screens.changes.writes import ChangeCommands, Shown, plan_of
from tui.widgets.lines import ScrollingLines
from tui.workspace.workspace import Workspace


class EntryPane(ChangeCommands):
    """All that is known of it, and what undo would do."""

    DEFAULT_CSS = """
    EntryPane { width: 2fr; margin-left: 1; }
    """

    class Known(Message):
        """What the change under the cursor is, and so what can be done with it."""

    def __init__(self, workspace: Workspace, shown: Shown) -> None:
        self.lines = ScrollingLines(id="change-lines", empty="")
        super().__init__(workspace, shown, self.lines, "Change", id="change")
        self._of = ""

    def follow(self) -> None:
        """Show what the cursor of the list is on now."""
        self.load_beside("Reading the change", self._read, has_content=self._stands)

    def _stands(self) -> str:
        return "what was read before" if self._of == self.shown.id else ""

    async def _read(self) -> None:
        shown, history = self.shown, self.workspace.history
        wanted = shown.id
        change = await asyncio.to_thread(history.changes.get, wanted) if wanted else None
        plan = None if change is None else await plan_of(self.workspace, change)
        if shown.id != wanted:
            return
        other = self._of != wanted or shown.change != change or shown.plan != plan
        shown.change, shown.plan, self._of = change, plan, wanted
        if change is None:
            self.lines.show(())
        elif other:
            advice = history.outbox.look_at(change) if change.state == "unknown" else ""
            self.lines.show(entry_paragraphs(change, plan, advice, self.workspace.zone))
        self.post_message(self.Known())
