"""Changes: what was changed, what waits to be sent, and what nobody knows the outcome of."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import ClassVar

from msgspec.structs import replace
from textual import on
from textual.binding import BindingType
from textual.containers import Horizontal
from textual.widget import Widget

from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.changes.entry_pane import EntryPane
from tui.screens.changes.list_pane import OPEN_ONES, ListPane
from tui.screens.changes.writes import Shown
from tui.widgets.lines import Lines, Paragraph
from tui.workspace.changes.history import Wanted
from tui.workspace.workspace import Workspace

OPEN = "open"
"""What `reveal` is asked for to show only what is open; else it is asked for a record."""


class ChangesScreen(DeckScreen):
    """The list at the left, newest first; the one under the cursor at the right."""

    SCOPE = "changes"
    AUTO_FOCUS = "#change-grid"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("changes")
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (100, "-wide")]

    DEFAULT_CSS = """
    ChangesScreen.-narrow EntryPane { display: none; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        shown = Shown()
        self.list = ListPane(workspace, shown)
        self.entry = EntryPane(workspace, shown)
        self.aside = Lines(id="aside")
        self.aside.display = False
        self._stop_looking: Callable[[], None] | None = None

    def compose_body(self) -> Iterable[Widget]:
        """Two panes; where it is narrow the list alone."""
        yield self.aside
        with Horizontal(classes="body"):
            yield self.list
            yield self.entry

    def begin(self) -> None:
        """Read, and look again whenever something changes while it is seen."""
        super().begin()
        if self._stop_looking is None:
            self._stop_looking = self.workspace.stand.watch(self._look_again)

    def _look_again(self) -> None:
        if self.is_current:
            self.list.reread()

    def on_unmount(self) -> None:
        """Nobody is to be told any more."""
        super().on_unmount()
        if self._stop_looking is not None:
            self._stop_looking()

    def reveal(self, key: str) -> None:
        """Only what is open, or only the changes of one record."""
        if key == OPEN:
            self.list.narrow(Wanted(states=OPEN_ONES))
        else:
            self.list.narrow(replace(Wanted(), record=key))

    @on(ListPane.Moved)
    def _moved(self) -> None:
        self.entry.follow()
        said = self.workspace.stand.set_aside
        if said and not self.aside.display:
            self.aside.show([Paragraph(f"! {said}", "warn")])
            self.aside.display = True

    @on(EntryPane.Known)
    def _known(self) -> None:
        self.refresh_hints()

    def command_refresh(self) -> None:
        """Read them anew."""
        self.list.reread()

    async def command_back(self) -> None:
        """Take the filters away, then go back to where one came from."""
        if not self.list.take_filters_back():
            await self.go_back()
