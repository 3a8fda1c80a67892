"""Import hours: a log of another program, looked at first, then added."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar

from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.hours.import_pane import ImportPane
from tui.workspace.workspace import Workspace


class HoursScreen(DeckScreen):
    """One table of what the file has, and below it what is to be said of it."""

    SCOPE = "hours"
    AUTO_FOCUS = "#hours-grid"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("hours")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.hours = ImportPane(workspace)

    def compose_body(self) -> Iterable[Widget]:
        """The pane."""
        with Horizontal(classes="body"):
            yield self.hours

    def reveal(self, key: str, kind: str = "") -> None:
        """Look at a file by its path."""
        del kind
        self.hours.reveal(key)

    def command_refresh(self) -> None:
        """Read the file and ask the service again."""
        self.begin()

    async def command_back(self) -> None:
        """Stop adding where it goes on, else to the screen before."""
        if not self.hours.stop():
            await self.go_back()
