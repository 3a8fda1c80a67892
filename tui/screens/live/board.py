"""The live screen's frame: what it shows, when it draws, and when it stands still.

Pictures are drawn when the feed has news, ten times a second at most. Beside that there is at
most one timer: for rows that a thin link has left over, and once a second while ages grow.
When all series are late but for a last look at them, or nobody looks, nothing runs and nothing
is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from math import inf
from time import monotonic
from typing import TYPE_CHECKING, Any

from textual import events
from textual.containers import Vertical
from textual.widget import Widget

from tui.screens.live.limits import LimitWatch, excursion_text
from tui.screens.live.numbers import clock_text
from tui.screens.live.pace import FRAME, Pacer, Tempo
from tui.screens.live.row import AGES_EVERY
from tui.screens.live.rows import row_specs
from tui.screens.live.source import LiveSource
from tui.screens.live.status import (
    StatusLines,
    health_line,
    recording_piece,
    replay_line,
    state_line,
)
from tui.screens.live.wall import Wall
from tui.widgets.compositor import TightCompositor
from tui.widgets.panel import Panel
from tui.words import counted
from tui.workspace.live.presets import Arrangement
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.live.replay import Replay
    from tui.live.supervisor import LiveFeed
    from tui.screens.live.large import Large
    from tui.screens.live.track import LiveTrack
    from tui.screens.live.watch import Watching

BELL_EVERY = 2.0
STATUS_EVERY = 1.0
ORDER_EVERY = 2.0
NEW_ROWS_EVERY = 0.5
CELL_BYTES = 12
"""What a changed cell costs on the wire, about: colours, and where it stands."""
MANY = 2000
"""Series for which the health, which looks at all of them, is asked for a second less often."""


class LiveBoard(LiveSource):
    """Status above, the wall below; a large row in its place when one is opened."""

    AUTO_FOCUS = "#wall"

    DEFAULT_CSS = """
    LiveBoard #stage { height: 1fr; }
    """

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self._compositor = TightCompositor()
        self._zone = workspace.zone
        self._glyphs = workspace.settings.deck.graphs
        self._map: LiveTrack | None = None
        self._large: Large | None = None
        self._pacer = Pacer()
        self._due: asyncio.TimerHandle | None = None
        self._tempo = Tempo()
        self._forced = False
        self._status_at = 0.0
        self._order_at = 0.0
        self._layout_seen: tuple[int, int] | None = None
        self._phase = ""
        self._limits = LimitWatch()
        self._rung = 0.0

    @property
    def wall(self) -> Wall:
        """The wall."""
        return self.query_one("#wall", Wall)

    @property
    def large(self) -> Large | None:
        """The large row, where it stands in the place of the wall."""
        return self._large if self._large is not None and self._large.display else None

    @property
    def track(self) -> LiveTrack | None:
        """The map, where it stands in the place of the wall."""
        return self._map if self._map is not None and self._map.display else None

    @property
    def ascii_only(self) -> bool:
        """Whether only ASCII may be drawn."""
        return self._glyphs == "ascii"

    def compose_body(self) -> Iterable[Widget]:
        """Status and wall."""
        with Vertical(classes="body"):
            yield StatusLines(id="status")
            yield Panel(
                Vertical(Wall(self._glyphs, self._zone, id="wall"), id="stage"),
                "Live",
                id="board",
            )

    def on_mount(self) -> None:
        """Look again when the person comes back from another window."""
        self.watch(self.app, "app_focus", self._seen_or_not, init=False)

    def opened(self) -> None:
        """Something else is watched."""
        self.refresh_hints()
        self._listen()
        self.rearrange()

    # -- when it draws ----------------------------------------------------------------------------

    @property
    def seen(self) -> bool:
        """Whether somebody looks: the screen is shown, and the terminal has the focus."""
        # A screen below a dialog counts as current for Textual.
        shown = self.is_attached and self.app.screen is self
        return shown and (self.app.app_focus or self.arrangement.unfocused)

    def _listen(self) -> None:
        if self.watching is None:
            return
        self.watching.listen(self._news if self.seen else None)

    def _seen_or_not(self) -> None:
        """Draw on, or stop; what stands still says so, and the feed goes on."""
        self._listen()
        if self.seen:
            self.draw()
        else:
            self._rest()
            if self.is_attached and self.app.screen is self:
                self.show_status()

    def resume(self) -> None:
        """Shown again."""
        self._seen_or_not()

    def on_screen_suspend(self, _event: events.ScreenSuspend) -> None:
        """Another screen is shown."""
        self._listen()
        self._rest()

    def on_unmount(self) -> None:
        """The end."""
        self._rest()
        if self.watching is not None:
            self.watching.listen(None)

    def _rest(self) -> None:
        if self._due is not None:
            self._due.cancel()
            self._due = None

    def _later(self, delay: float) -> None:
        self._rest()
        self._due = asyncio.get_running_loop().call_later(delay, self._draw)

    def _news(self) -> None:
        wait = self._tempo.wait(monotonic())
        if wait > 0:
            self._later(wait)
        else:
            self._draw()

    def _backlog(self) -> bool:
        thread = getattr(self.app._driver, "_writer_thread", None)
        return thread is not None and not thread._queue.empty()

    def _draw(self) -> None:
        """Draw what is new, as far as the link goes, and decide when to look again."""
        self._rest()
        if not self.seen or not self.is_attached:
            return
        now = monotonic()
        written = getattr(self.app._driver, "written", 0)
        room = self._pacer.room(now, backlog=self._backlog(), written=written)
        if room <= 0:
            self._later(FRAME)
            return
        self._tempo.drawn(now, written)
        forced, self._forced = self._forced, False
        again = self._draw_all(now, room, forced=forced)
        if again is not None:
            self._later(again)

    def draw(self) -> None:
        """Draw also what stands still: the status at once, the rest as far as the link goes."""
        if not self.seen or self.watching is None:
            return
        self._forced = True
        self.show_status()
        self._draw()

    def _draw_all(self, now: float, room: int, *, forced: bool = False) -> float | None:
        """Draw wall or large row, and the status; in how many seconds to draw again, if at all."""
        watching = self.watching
        feed = None if watching is None else watching.feed
        if watching is None or feed is None:
            return None
        left_over, rest = False, self._judge(watching, feed, now)
        wall = self.wall
        if forced or wall.held is None:
            self._reorder(now)
            track, large = self.track, self.large
            if track is not None:
                then = feed.now if wall.held is None else wall.held
                _, left_over, still = track.tick(then, now, forced=forced)
            elif large is not None:
                large.tick(
                    feed.store, self.arrangement, feed.now, now, held=wall.held, cursor=wall.cursor
                )
                still = AGES_EVERY if large.alive else inf
            else:
                _, left_over, still = wall.tick(feed.now, now, max(1, room // CELL_BYTES))
            rest = min(rest, still if wall.held is None else inf)
        moving = self._draw_status(now)
        if left_over:
            self._forced = forced
            return self._tempo.frame
        if moving:
            rest = min(rest, STATUS_EVERY)
        return rest if rest < inf else None

    def _judge(self, watching: Watching, feed: LiveFeed | Replay, now: float) -> float:
        """Say and ring what has gone beyond its limits; in how many seconds to look again."""
        limits = self.arrangement.limits
        if not limits:
            return inf
        wait = self._limits.wait(now)
        found = self._limits.judge(feed.store, watching.serials, limits, self.kinds, feed.now, now)
        if found:
            more = f", and {len(found) - 1} more" if len(found) > 1 else ""
            said = excursion_text(found[0], watching.room.name, self.arrangement.unit)
            self.flash(f"{said}{more}", "bad")
            if now - self._rung >= BELL_EVERY:
                self._rung = now
                self.app.bell()
        return wait or inf

    def _reorder(self, now: float) -> None:
        """Other rows where the store has other series, or where their order has changed."""
        watching = self.watching
        if watching is None or watching.feed is None or watching.store is None:
            return
        seen = (id(watching.store), watching.store.layout)
        sorting = self.arrangement.order != "name" and self.wall.held is None
        anew = self._layout_seen is None or watching.store is not self.wall.store
        same = seen == self._layout_seen
        if (same and not sorting) or (not anew and now < self._order_at):
            return
        self._order_at = now + (ORDER_EVERY if same else NEW_ROWS_EVERY)
        # A series that is not shown changes nothing: on a thin link a whole picture is a second.
        self._layout_seen = seen
        specs = row_specs(
            watching.store,
            watching.serials,
            watching.room.name,
            self.kinds,
            self.arrangement,
            watching.feed.now,
        )
        if anew or specs != self.wall.specs:
            self.wall.show(specs, watching.store, self.arrangement)
            if self.large is not None:
                self.large.show(self.wall.chosen)
        series, total = sum(spec.key is not None for spec in specs), len(watching.store)
        note = counted(series, "series", "series") + (f" of {total}" if total > series else "")
        self.board.show_title(watching.title or "Live", note)

    def rearrange(self, *, keep: bool = False) -> None:
        """Show the wall after something of the arrangement has changed; `keep` it for next time."""
        self._layout_seen = None
        self.draw()
        if keep and self.watching is not None:
            presets, arrangement = self.watching.room.presets, self.arrangement
            self.run_worker(
                self._keep(presets.save, arrangement), group="arrangement", exclusive=True
            )

    async def _keep(self, save: Any, arrangement: Arrangement) -> None:
        try:
            await asyncio.to_thread(save, arrangement)
        except OSError as error:
            self.flash_error(error)

    # -- the status -------------------------------------------------------------------------------

    def show_status(self) -> None:
        """Show the status now."""
        self._status_at = 0.0
        self._draw_status(monotonic())

    def _held_text(self) -> str:
        if not self.app.app_focus and not self.arrangement.unfocused:
            return "no focus: picture held"
        held = self.wall.held
        if held is None:
            return ""
        return f"held at {clock_text(held, self._zone)}"

    def _draw_status(self, now: float) -> bool:
        """Show the status if it is due; whether it will be another without any news."""
        watching = self.watching
        feed = None if watching is None else watching.feed
        if watching is None or feed is None:
            return False
        state = feed.state
        if now < self._status_at and state.phase == self._phase:
            return True
        if state.phase != self._phase and watching.replay is not None:
            self.refresh_hints()
        self._phase = state.phase
        store = feed.store
        self._status_at = now + STATUS_EVERY + len(store) / MANY - 0.05
        recorder = watching.room.recorder
        recording = []
        if recorder is not None:
            recording = [
                recording_piece(
                    watching.recording_seconds,
                    recorder.bytes,
                    recorder.failure,
                    ascii_only=self.ascii_only,
                )
            ]
        health = feed.health()
        status = self.query_one("#status", StatusLines)
        width = status.size.width
        second = (
            health_line(health, watching.room.name, width)
            if watching.replay is None
            else replay_line(watching.replay, self._zone, width, ascii_only=self.ascii_only)
        )
        status.show(
            [
                state_line(
                    state,
                    counted(len(watching.serials), "device"),
                    now,
                    self._zone,
                    ascii_only=self.ascii_only,
                    replayed=watching.replay is not None,
                    held=self._held_text(),
                    recording=recording,
                ),
                second,
            ]
        )
        playing = watching.replay is not None and state.phase == "live"
        return (
            state.retry_at is not None
            or health.messages_per_second >= 1
            or bool(recording)
            or playing
        )
