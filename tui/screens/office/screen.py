"""Office: invoices that recur, and the people, groups, schedules, rates and links behind them."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.office.office_pane import OfficePane
from tui.screens.office.rows import KINDS
from tui.workspace.workspace import Workspace


class OfficeScreen(DeckScreen):
    """One list, in six views."""

    SCOPE = "office"
    AUTO_FOCUS = "#office-grid"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("office")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.office = OfficePane(workspace)

    def compose_body(self) -> Iterable[Widget]:
        """The pane."""
        with Horizontal(classes="body"):
            yield self.office

    def reveal(self, key: str, kind: str = "") -> None:
        """Show one kind (`recurring`, `user`, `group`, ...), and put the cursor on one of it; with
        the kind itself in place of a key its list.
        """
        if kind in KINDS:
            self.office.reveal(KINDS[kind], "" if key == kind else key)

    @on(OfficePane.ViewChanged)
    def _view_changed(self) -> None:
        self.refresh_hints()

    def command_refresh(self) -> None:
        """Ask the service again."""
        self.begin()

    async def command_back(self) -> None:
        """Take the filter away, or go to the screen that it was opened from."""
        if not self.office.take_back_filter():
            await self.go_back()
