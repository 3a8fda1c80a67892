"""Live: a wall of sparklines, one row a series; recordings and past sessions on the same wall."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, ClassVar

from textual import on
from textual.binding import BindingType

from tui.commands import Command
from tui.screens.bindings import bindings_of
from tui.screens.live.board import LiveBoard
from tui.screens.live.keys import Showing, commands_now, why_not
from tui.screens.live.wall import Wall
from tui.screens.live.window import longer, window_text
from tui.words import counted
from tui.workspace.live.presets import CHOICES

if TYPE_CHECKING:
    from tui.live.replay import Replay

SCALES = {
    "shared": "One scale for each type.",
    "auto": "Every row has its own scale.",
    "fixed": "Fixed scales; x sets them.",
}
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)


class LiveScreen(LiveBoard):
    """What a person can do with the wall."""

    BINDINGS: ClassVar[list[BindingType]] = bindings_of("live")

    # -- time -------------------------------------------------------------------------------------

    async def command_pause(self) -> None:
        """Hold the picture, or go on; a replay is paused itself."""
        replay = self._replay
        if replay is not None:
            if replay.ended and not replay.loop:
                # From the end there is only one way on.
                self.wall.held = None
                await replay.jump(replay.source.start)
                replay.resume()
            elif replay.paused:
                replay.resume()
            else:
                replay.pause()
            self.show_status()
            return
        feed = None if self.watching is None else self.watching.feed
        if feed is None:
            return
        wall = self.wall
        wall.held = feed.now if wall.held is None else None
        if wall.held is None:
            wall.show_cursor(None)
        self.draw()

    def command_now(self) -> None:
        """Back to the wall, without cursor, following the present."""
        if self.back_to_what_there_is():
            return
        if self.track is not None:
            self._show_track(False)
        if self.large is not None:
            self._show_large(False)
        wall = self.wall
        wall.held = None
        wall.show_cursor(None)
        self.draw()

    def command_left(self) -> None:
        """Read all rows at an earlier time."""
        self._move_cursor(-1)

    def command_right(self) -> None:
        """Read all rows at a later time; beyond the newest column the cursor goes."""
        self._move_cursor(1)

    def _move_cursor(self, cells: int) -> None:
        feed = None if self.watching is None else self.watching.feed
        if feed is None:
            return
        wall = self.wall
        time = wall.beside_cursor(cells, feed.now)
        wall.show_cursor(None if cells > 0 and time == wall.cursor else time)
        self.draw()

    def command_back(self) -> None:
        """Scroll back by a quarter of the window."""
        self._scroll(-1)

    def command_forth(self) -> None:
        """Scroll forth by a quarter of the window; at the end the present is followed again."""
        self._scroll(1)

    def _scroll(self, quarters: int) -> None:
        feed = None if self.watching is None else self.watching.feed
        if feed is None:
            return
        wall, now = self.wall, feed.now
        step = self.arrangement.window * 250
        held = (now if wall.held is None else wall.held) + quarters * step
        span = feed.store.span()
        if span is not None and held < span[0]:
            self.flash("Nothing older is kept.")
            return
        wall.held = None if held >= now - step // 2 else held
        self.draw()

    def command_zoom_in(self) -> None:
        """Show a shorter time."""
        self._zoom(-1)

    def command_zoom_out(self) -> None:
        """Show a longer time."""
        self._zoom(1)

    def _zoom(self, by: int) -> None:
        window = longer(self.arrangement.window, by)
        if window == self.arrangement.window:
            self.flash(f"The window is {window_text(window)}, which is all that there is.")
            return
        self._arrange(f"Window {window_text(window)}.", window=window)

    # -- arrangement ------------------------------------------------------------------------------

    def _arrange(self, news: str, **changes: Any) -> None:
        """Change the arrangement, and keep it for the next time."""
        self.arrangement = self.arrangement.changed(**changes)
        self.rearrange(keep=True)
        if news:
            self.flash(news)

    def _next_of(self, name: str) -> str:
        choices = CHOICES[name]
        now = getattr(self.arrangement, name)
        return choices[(choices.index(now) + 1) % len(choices)]

    def command_scale(self) -> None:
        """The next kind of scale."""
        scale = self._next_of("scale")
        self._arrange(SCALES[scale], scale=scale)

    def command_group(self) -> None:
        """By device, or by type."""
        group = self._next_of("group")
        self._arrange(f"Grouped by {group}.", group=group)

    def command_order(self) -> None:
        """By name, value or age."""
        order = self._next_of("order")
        self._arrange(f"Ordered by {order}.", order=order)

    def command_unit(self) -> None:
        """Another unit for speeds."""
        unit = self._next_of("unit")
        if self.track is not None:
            self.track.unit = unit
        self._arrange(f"Speeds in {unit}.", unit=unit)

    def command_smooth(self) -> None:
        """Smooth the graphs, or no longer."""
        smooth = not self.arrangement.smooth
        self._arrange("Smoothed." if smooth else "As measured.", smooth=smooth)

    def command_unfocused(self) -> None:
        """Draw on while another pane has the focus, or hold the picture then."""
        on_ = not self.arrangement.unfocused
        what = "goes on" if on_ else "is held"
        self._arrange(f"Without the focus the picture {what}.", unfocused=on_)

    async def command_devices(self) -> None:
        """Choose the devices."""
        from tui.screens.live.dialogs import choose_devices

        await choose_devices(self)

    async def command_types(self) -> None:
        """Choose the types."""
        from tui.screens.live.dialogs import choose_types

        await choose_types(self)

    async def command_limits(self) -> None:
        """What of the type under the cursor rings, and its fixed scale."""
        from tui.screens.live.dialogs import set_limits

        await set_limits(self)

    async def command_presets(self) -> None:
        """Keep or take an arrangement."""
        from tui.screens.live.dialogs import choose_preset

        await choose_preset(self)

    async def command_watch(self) -> None:
        """Watch something else."""
        from tui.screens.live.dialogs import choose_watched

        await choose_watched(self)

    async def command_health(self) -> None:
        """All that the feed knows about itself."""
        from tui.screens.live.dialogs import show_health

        await show_health(self)

    # -- one row large ------------------------------------------------------------------------

    def command_open(self) -> None:
        """The row under the cursor large, or back to the wall."""
        self._show_large(self.large is None)

    @on(Wall.Opened)
    def _clicked_twice(self) -> None:
        self.command_open()

    def _show_large(self, wanted: bool) -> None:
        from tui.screens.live.large import Large

        wall = self.wall
        if wanted and wall.chosen is None:
            return
        if self._large is None:
            self._large = Large(self._glyphs, self._zone, id="large")
            self.query_one("#stage").mount(self._large)
        self._large.display = wanted
        self._large.show(wall.chosen)
        # Hidden, not gone: the wall keeps the keys that move its cursor.
        wall.styles.height = 0 if wanted else "1fr"
        self.refresh_hints()
        self.call_after_refresh(self.draw)

    # -- the map ------------------------------------------------------------------------------

    @property
    def _showing(self) -> Showing:
        if not self.is_mounted:
            return Showing()
        replay = self._replay
        return Showing(
            picture=self.board.state == "content",
            failed=self.board.state in ("error", "empty"),
            mapped=self.track is not None,
            large=self.large is not None,
            replaying=replay is not None,
            standing=replay is not None and replay.state.phase != "live",
            before=self.watching is not None and self.watching.feed is not None,
        )

    def commands(self) -> list[Command]:
        """Those of the map first, while it is shown; named after what they do now."""
        return commands_now(super().commands(), self._showing)

    def allows(self, command: Command) -> str:
        """What is for the wall alone changes nothing behind the map."""
        return why_not(command, self._showing) or super().allows(command)

    async def action_command(self, id: str) -> None:
        """Carry out a command; the map's own are its own business."""
        track = self.track
        if track is not None and id.startswith("track."):
            track.action_command(id)
            return
        await super().action_command(id)

    def command_track(self) -> None:
        """The map in the place of the wall, or back."""
        self._show_track(self.track is None)

    def _show_track(self, wanted: bool) -> None:
        from tui.screens.live.track import LiveTrack

        if self.watching is None:
            return
        if wanted and self.large is not None:
            self._show_large(False)
        if self._map is None:
            self._map = LiveTrack(self.watching, glyphs=self._glyphs, id="track")
            self.query_one("#stage").mount(self._map)
        self._map.display = wanted
        self._map.unit = self.arrangement.unit
        self.wall.display = not wanted
        self.call_after_refresh(self._track_shown)

    def _track_shown(self) -> None:
        track = self.track
        (self.wall if track is None else track.map).focus()
        self.refresh_hints()
        self.draw()

    @on(Wall.Moved)
    def _row_moved(self) -> None:
        large = self.large
        if large is not None:
            large.show(self.wall.chosen)
            self.draw()

    # -- recording and replay -----------------------------------------------------------------

    async def command_record(self) -> None:
        """Record, or end the recording."""
        watching = self.watching
        if self._showing.failed:
            # Wherever the focus is: the panel says that r tries again.
            self._load_wanted()
            return
        if watching is None:
            return
        if watching.recording:
            recorder = await watching.room.stop_recording()
            if recorder is not None:
                from tui.screens.saving import shown

                path = shown(recorder.path)
                self.flash(f"Recorded {counted(recorder.frames, 'message')} in {path}.", "good")
        elif watching.replay is not None:
            self.flash("A replay is recorded already; w goes back to what is live.", "warn")
        else:
            self.flash(f"Recording to {await watching.start_recording()}; r ends it.", "good")
        self.show_status()

    async def command_export(self) -> None:
        """Write what is kept or replayed to a file."""
        from tui.screens.live.exporting import export

        await export(self)

    @property
    def _replay(self) -> Replay | None:
        return None if self.watching is None else self.watching.replay

    async def _replaying(self, work: Callable[[Replay], Awaitable[None] | None]) -> None:
        replay = self._replay
        if replay is None:
            self.flash("Only a replay can do this; w chooses one.", "warn")
            return
        result = work(replay)
        if result is not None:
            await result
        self.draw()

    async def command_slower(self) -> None:
        """Half the speed."""
        await self._replaying(lambda replay: replay.set_speed(self._speed(replay, -1)))

    async def command_faster(self) -> None:
        """Double the speed."""
        await self._replaying(lambda replay: replay.set_speed(self._speed(replay, 1)))

    @staticmethod
    def _speed(replay: Replay, by: int) -> float:
        place = min(range(len(SPEEDS)), key=lambda index: abs(SPEEDS[index] - replay.speed))
        return SPEEDS[max(0, min(len(SPEEDS) - 1, place + by))]

    async def command_step(self) -> None:
        """Up to the next thing that happened."""
        await self._replaying(lambda replay: replay.step())

    async def command_loop(self) -> None:
        """From the start again at the end, or no longer."""

        def turn(replay: Replay) -> None:
            replay.loop = not replay.loop
            replay.set_speed(replay.speed)

        await self._replaying(turn)

    async def command_jump(self) -> None:
        """To a time."""
        from tui.screens.live.dialogs import jump

        await self._replaying(lambda replay: jump(self, replay))

    def command_retry(self) -> None:
        """Try to connect again at once."""
        live = None if self.watching is None else self.watching.live
        if live is not None:
            live.retry()
            self.show_status()
