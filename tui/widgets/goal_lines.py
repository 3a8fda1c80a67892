"""How the goals stand: one line each, in words with a bar; none where there is no goal."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from rich.segment import Segment
from textual.geometry import Size
from textual.strip import Strip
from textual.timer import Timer
from textual.widget import Widget

from tui.spoken_keys import key_for
from tui.widgets.cells import fit
from tui.widgets.lines import lay_out_anew
from tui.widgets.palette import palette_of
from tui.workspace.timers.goals import Progress
from tui.workspace.timers.running import Running

LEFT = 4
"""Cells before it: as much as before the line of the clock."""
BAR, SHORT_BAR = 20, 10
MOST = 3
"""Goals that are shown; what is more is said."""
MINUTE = 60.0


class GoalLines(Widget):
    """Moves once a minute while a block runs that counts, and somebody sees it."""

    ALLOW_SELECT = False

    DEFAULT_CSS = """
    GoalLines { height: auto; width: 1fr; background: $background; }
    """

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._progress: Sequence[Progress] = ()
        self._told: Running | None = None
        self._ticker: Timer | None = None

    def on_mount(self) -> None:
        """Stand still while the person looks at another window."""
        self.watch(self.app, "app_focus", self.wake, init=False)

    def show(self, progress: Sequence[Progress]) -> None:
        """How they stand."""
        as_high = len(progress) == len(self._progress)
        self._progress = progress
        if as_high:
            self.refresh()
        else:
            lay_out_anew(self)
        self.wake()

    def runs(self, running: Running) -> None:
        """What runs now."""
        self._told = running
        self.refresh()
        self.wake()

    def wake(self) -> None:
        """Move where something grows that somebody sees, else stand still."""
        if not self.is_attached:
            # It was reckoned while the screen was closed.
            return
        runs = self._told is not None and self._told.runs
        seen = self.app.app_focus and self.screen in self.app.screen_stack
        wanted = bool(self._progress) and runs and seen
        if wanted and self._ticker is None:
            self.refresh()
            self._ticker = self.set_interval(MINUTE, self._tick)
        elif not wanted and self._ticker is not None:
            self._ticker.stop()
            self._ticker = None

    def _tick(self) -> None:
        self.wake()
        self.refresh()

    def get_content_height(self, container: Size, viewport: Size, width: int) -> int:
        """One line for each goal, up to a few."""
        del container, viewport, width
        return min(len(self._progress), MOST)

    def render_line(self, y: int) -> Strip:
        """One goal: its bar, then its words."""
        width = self.content_size.width
        plain = palette_of(self.app).plain
        if y >= min(len(self._progress), MOST):
            return Strip([Segment(" " * width, plain["text"])], width)
        one, now = self._progress[y], datetime.now(UTC)
        share = one.share(now, self._told)
        cells = BAR if width >= 100 else SHORT_BAR
        full = int(min(1.0, max(0.0, share)) * cells)
        words = one.words(now, self._told)
        more = len(self._progress) - MOST
        if y == MOST - 1 and more > 0:
            words += f" · and {more} more, {key_for('timers.goals')} shows them"
        reached = share >= 1
        return Strip(
            [
                Segment(" " * LEFT, plain["text"]),
                Segment("━" * full, plain["good" if reached else "primary"]),
                Segment("─" * (cells - full), plain["line"]),
                Segment(fit(f"  {words}", max(0, width - LEFT - cells)),
                        plain["good" if reached else "muted"]),
            ]
        ).adjust_cell_length(width, plain["text"])  # fmt: skip
