"""Where wall, map, start and comparison stand in one another's place."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.widget import Widget

from tui.screens.live.stage_pane import StagePane
from tui.screens.live.wall_pane import WallPane
from tui.widgets.boxes import Box

if TYPE_CHECKING:
    from tui.screens.live.compare import ComparePane
    from tui.screens.live.start import StartPane
    from tui.screens.live.track import TrackPane


class Stage(Box):
    """Shows one of its panes; each is made and mounted when it is first wanted."""

    def __init__(self, rows: WallPane) -> None:
        super().__init__(rows, id="stage")
        self._rows = rows
        self._of = (rows.workspace, rows.picture)
        self._map: TrackPane | None = None
        self._start: StartPane | None = None
        self._comparison: ComparePane | None = None
        self.front: StagePane | None = None
        """What stands in the place of the wall."""

    def map(self) -> TrackPane:
        """The map."""
        from tui.screens.live.track import TrackPane

        if self._map is None:
            self._map = TrackPane(*self._of)
        return self._map

    def start(self) -> StartPane:
        """The start."""
        from tui.screens.live.start import StartPane

        if self._start is None:
            self._start = StartPane(*self._of)
        return self._start

    def comparison(self) -> ComparePane:
        """The comparison of some boats."""
        from tui.screens.live.compare import ComparePane

        if self._comparison is None:
            self._comparison = ComparePane(*self._of, self._rows.bring)
        return self._comparison

    def shows(self, name: str) -> bool:
        """Whether the pane that a command of this name brings is in front."""
        panes = {"track": self._map, "startline": self._start, "compare": self._comparison}
        return self.front is not None and self.front is panes.get(name)

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
