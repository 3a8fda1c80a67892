"""Live: a wall of sparklines, one row a series; recordings and past sessions on the same wall."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import events, on
from textual.binding import BindingType
from textual.timer import Timer
from textual.widget import Widget

from tui.commands import Command
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.live.beat import Beat, Link, Tick
from tui.screens.live.board import SESSION, BoardPane
from tui.screens.live.feed_pane import FeedPane, nothing_yet
from tui.screens.live.picture import LivePane, Picture
from tui.spoken_keys import key_for
from tui.widgets.boxes import Box
from tui.widgets.compositor import TightCompositor
from tui.widgets.work import begin_work
from tui.workspace.problems import EXPECTED
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.live.watch import Watching

BOATS_EVERY = 5.0
"""Seconds between two looks for real boats that are heard since."""
FIRST_BOAT_EVERY = 1.0
"""Seconds between two looks for the first one."""


class LiveScreen(DeckScreen):
    """How the feed stands, above what came of it: all painted to one beat."""

    SCOPE = "live"
    AUTO_FOCUS = "#wall"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("live")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._compositor = TightCompositor()
        self.picture = Picture(workspace)
        self.feed = FeedPane(workspace, self.picture)
        self.board = BoardPane(workspace, self.picture)
        self._beat = Beat(self._paint, self._seen, self._link)
        self._next_look: Timer | None = None
        """For the first boat, where nobody is heard yet."""

    def compose_body(self) -> Iterable[Widget]:
        """Status and wall."""
        with Box(classes="body"):
            yield self.feed
            yield self.board

    def on_mount(self) -> None:
        """Look again when the person comes back from another window, and not when they go."""
        self.watch(self.app, "app_focus", self._seen_or_not, init=False)
        self._boats = self.set_interval(BOATS_EVERY, self._look_for_boats)
        if not self.picture.hears_boats:
            self._boats.stop()

    def on_resize(self) -> None:
        """Another footer where there is more room for it, or less."""
        self.refresh_hints()

    def reveal(self, key: str, kind: str = "") -> None:
        """Watch a session, `session:<id>`: live while it runs, else replayed."""
        what, _, wanted = key.partition(":")
        if kind in ("", SESSION) and what == SESSION and wanted.isdecimal():
            self.board.watch_this(key)

    def would_lose(self) -> str:
        """What quitting would end."""
        watching = self.picture.watching
        if watching is not None and watching.recording:
            return "A recording is running; it would end here."
        return ""

    def where(self, command: Command) -> str:
        """What is for the wall says so where the map or nothing stands in its place."""
        if self.board.rows.offer(command) is not None:
            if not self.picture.stands:
                return nothing_yet(command)
            if self.board.front is not None:
                return f"{command.title} is for the wall; {key_for('live.now')} goes back to it."
        return super().where(command)

    def _look_for_boats(self) -> None:
        """Have real boats that are heard since be watched, too."""
        watching = self.picture.watching
        if self._shown and watching is not None:
            begin_work(self, partial(self._follow_boats, watching), group="boats", exclusive=True)

    async def _follow_boats(self, watching: Watching) -> None:
        try:
            others = await watching.look_for_boats()
        except EXPECTED:
            # The line above the wall says how the service stands; the next look may go well.
            return
        if others:
            self.board.show_opened()
        else:
            self._await_first_boat()

    def _await_first_boat(self) -> None:
        """Look again soon where sources listen and nobody is heard yet."""
        if self._next_look is not None:
            # Other looks lead here as well, and each would bring on looks of its own.
            self._next_look.stop()
            self._next_look = None
        watching = self.picture.watching
        if watching is not None and watching.listening and not watching.serials:
            self._next_look = self.set_timer(FIRST_BOAT_EVERY, self._look_for_boats)

    # -- when it draws --------------------------------------------------------------------------

    def _seen(self) -> bool:
        """Whether somebody looks: the screen is shown, and the terminal has the focus."""
        return self._shown and (self.app.app_focus or self.picture.arrangement.unfocused)

    @property
    def _shown(self) -> bool:
        # A screen below a dialog counts as current for Textual. While the deck ends there is none
        # in front, and what was said to this one before is carried out still.
        return self.is_attached and self.app.screen_stack[-1:] == [self]

    def _link(self) -> Link:
        driver = self.app._driver
        return Link(getattr(driver, "is_behind", False), getattr(driver, "written", 0))

    def _paint(self, now: float, room: int, forced: bool) -> Tick:
        """One frame: the picture, then the lines above it."""
        painted = self.board.paint(now, room, forced=forced)
        return painted._replace(rest=min(painted.rest, self.feed.paint(now, self._held)))

    @property
    def _held(self) -> int | None:
        return self.board.rows.wall.held

    @on(LivePane.DrawWanted)
    def _draw(self) -> None:
        if self._shown:
            self.feed.show(self._held)
        self._beat.draw()

    @on(BoardPane.Opened)
    def _listen(self) -> None:
        """Be told of what comes while somebody looks; the feed goes on either way."""
        if self.picture.watching is not None:
            self.picture.watching.listen(self._beat.news if self._seen() else None)

    @on(BoardPane.Opened)
    def _opened(self) -> None:
        self._await_first_boat()

    def _seen_or_not(self) -> None:
        """Draw on, or stop; what stands still says so."""
        self._listen()
        if not self._seen():
            self._beat.rest()
        self._draw()

    def resume(self) -> None:
        """Shown again."""
        super().resume()
        self._boats.resume()
        self._seen_or_not()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Another screen is shown."""
        self._boats.pause()
        self._listen()
        self._beat.rest()

    def on_unmount(self) -> None:
        """The end."""
        self._beat.rest()
        if self.picture.watching is not None:
            self.picture.watching.listen(None)

    @on(LivePane.KeysChanged)
    def _keys_changed(self) -> None:
        self.refresh_hints()
