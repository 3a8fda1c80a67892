"""Where wall, map and start stand in one another's place."""

from __future__ import annotations

from textual.widget import Widget

from tui.screens.live.beat import Tick
from tui.screens.live.picture import LivePane
from tui.screens.live.wall_pane import WallPane
from tui.widgets.boxes import Box


class StagePane(LivePane):
    """A pane that can stand in the place of the wall."""

    @property
    def takes_focus(self) -> Widget:
        """What has its keys."""
        raise NotImplementedError

    def tick(self, now: int, clock: float, *, forced: bool = False) -> Tick:
        """Draw what is at `now`, in ms; `forced` does so before it is due, too.

        `clock` is in seconds on any steady clock: it paces the pictures.
        """
        raise NotImplementedError


class Stage(Box):
    """Shows one of its panes; a pane is mounted when it is first shown."""

    def __init__(self, rows: WallPane) -> None:
        super().__init__(rows, id="stage")
        self._rows = rows
        self.front: StagePane | None = None
        """What stands in the place of the wall."""

    def show(self, pane: StagePane | None) -> None:
        """Show a pane in the place of the wall, or the wall again."""
        if pane is not None and not pane.is_attached:
            self.mount(pane)
        if self.front is not None:
            self.front.display = False
        self.front = pane
        if pane is not None:
            pane.display = True
        self._rows.display = pane is None

    @property
    def takes_focus(self) -> Widget:
        """What has the keys of what is shown."""
        return self._rows.wall if self.front is None else self.front.takes_focus
