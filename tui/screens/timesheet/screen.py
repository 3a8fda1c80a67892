"""Timesheet: what of a period's hours is entered, and entering the rest."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.timesheet.sheet_pane import SheetPane
from tui.workspace.workspace import Workspace


class TimesheetScreen(DeckScreen):
    """One table of blocks, and below it all of the one under the cursor."""

    SCOPE = "timesheet"
    AUTO_FOCUS = "#sheet-grid"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("timesheet")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.sheet = SheetPane(workspace)

    def compose_body(self) -> Iterable[Widget]:
        """The pane."""
        with Horizontal(classes="body"):
            yield self.sheet

    def reveal(self, key: str, kind: str = "") -> None:
        """Show a period, `first/last/marked/cursor`: days, ids of blocks with commas, and one."""
        del kind
        self.sheet.reveal(key)

    @on(SheetPane.KeysChanged)
    def _keys_changed(self) -> None:
        self.refresh_hints()

    def command_refresh(self) -> None:
        """Ask both services again."""
        self.begin()

    async def command_back(self) -> None:
        """To the screen that it was opened from."""
        await self.go_back()
