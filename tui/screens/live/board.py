"""What is watched, and as what it is shown: wall or map, up to the present or held."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from functools import partial
from importlib import import_module
from math import inf
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING

from textual import on
from textual.message import Message

from tui.commands import Command
from tui.screens.live.beat import Tick
from tui.screens.live.feed_pane import nothing_yet
from tui.screens.live.learning import CourseLearned, polar_set
from tui.screens.live.offers import nobody, over_nothing, over_picture
from tui.screens.live.picture import LivePane, Picture
from tui.screens.live.stage import Stage
from tui.screens.live.stage_pane import StagePane
from tui.screens.live.wall_pane import WallPane, next_choice
from tui.screens.live.watch import Watching
from tui.widgets.panel import Panel
from tui.widgets.work import begin_work
from tui.words import counted
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.workspace.live.presets import Presets

LIVE = "live"
SESSION = "session"
RECORDING = "file"
FOR_A_PICTURE = frozenset({"pause", "track", "startline", "ladder", "compare", "event"})


class BoardPane(LivePane):
    """Opens what is to be watched, says how that goes, and holds the wall and the map."""

    ANYWHERE = frozenset(
        {
            "pause", "now", "back", "forth", "track", "startline", "ladder", "compare", "event",
            "watch", "devices", "record", "presets", "unit", "unfocused",
        }
    )  # fmt: skip

    class Opened(Message):
        """Something else is watched."""

    def __init__(self, workspace: Workspace, picture: Picture) -> None:
        self.rows = WallPane(workspace, picture)
        self._stage = Stage(self.rows)
        super().__init__(workspace, picture, self._stage, "Live", id="board")
        self._wanted = ""
        self._course = CourseLearned(picture)
        self._one_at_a_time = Lock()

    @property
    def front(self) -> StagePane | None:
        """What stands in the place of the wall: map or start."""
        return self._stage.front

    # -- what is watched ------------------------------------------------------------------------

    def begin(self) -> None:
        """Follow the devices of last time, or what another screen pointed at."""
        self.watch_changes("igtimi")
        self._load_wanted()

    def watch_this(self, wanted: str) -> None:
        """Watch `live`, `session:<id>` or `file:<path>`, at once or when the screen stands."""
        self._wanted = wanted
        if self.is_mounted:
            self._load_wanted()

    def _load_wanted(self) -> None:
        kind = self._wanted.partition(":")[0]
        what = {SESSION: "Fetching the session", RECORDING: "Reading the recording"}
        self.load(what.get(kind, "Connecting to the live feed"), self._open)
        self._stands_or_not()

    def _stands_or_not(self) -> None:
        """The keys are those of the picture, or of what is said in its place."""
        self.picture.stands = self.state == "content"
        self.post_message(self.KeysChanged())

    def load_failed(self, error: BaseException, stands: str) -> None:
        """Say it in place; other keys lead on from there."""
        super().load_failed(error, stands)
        self._stands_or_not()

    @on(Panel.RetryWanted)
    @on(Panel.GiveUpWanted)
    def _asked_from_the_pane(self) -> None:
        self.call_next(self._stands_or_not)

    async def _open(self) -> None:
        # In a thread: the client and its kin must not hold up the keys.
        await asyncio.to_thread(import_module, "tui.workspace.live.live")
        module = await asyncio.to_thread(import_module, "tui.workspace.live.derived")
        picture = self.picture
        picture.kinds = module.ALL_KINDS
        watching = picture.watching
        if watching is None:
            room = self.workspace.live
            kept = await asyncio.to_thread(room.presets.load)
            if kept is not None:
                picture.arrangement = kept
            elif self.workspace.settings.live.derived:
                self.rows.show_derived()
            picture.reckoning.polar = await polar_set(self, module)
            watching = picture.watching = Watching(room)
        kind, _, what = self._wanted.partition(":")
        if kind == SESSION:
            await watching.watch_session(int(what), self._fetched)
        elif kind == RECORDING:
            await watching.play(Path(what))
        elif kind == LIVE or watching.feed is None:
            if watching.replay is not None:
                await watching.leave_replay()
            await watching.follow(picture.arrangement.devices)
        # What failed stays wanted, so that r tries it again.
        self._wanted = ""
        self.show_opened()
        if not watching.serials:
            self.show_empty(*nobody(picture))
            self._stands_or_not()

    def _fetched(self, done: int, total: int) -> None:
        if self.state == "loading":
            self.show_loading(f"Fetching the session, {done} of {counted(total, 'part')}")

    def show_opened(self) -> None:
        """Show what is watched now."""
        self.show_content()
        self._stands_or_not()
        self.post_message(self.Opened())
        self.rearrange()

    def _back_to_what_there_is(self) -> bool:
        """Leave what could not be watched for what was watched before; whether there was any."""
        if self.picture.stands or self.picture.feed is None:
            return False
        self._wanted = ""
        self.show_opened()
        return True

    # -- drawing --------------------------------------------------------------------------------

    def paint(self, now: float, room: int, *, forced: bool) -> Tick:
        """Draw wall, large row or map; what is held only when it is `forced`."""
        watching, feed, wall = self.picture.watching, self.picture.feed, self.rows.wall
        if watching is None or feed is None or (wall.held is not None and not forced):
            return Tick(0, False, inf)
        if self._course.due(watching):
            work = partial(self._find_course, watching)
            begin_work(self, work, group="course", exclusive=True)
        note = self.rows.reorder(now)
        if note:
            self.show_title(watching.title or "Live", note)
        if self.front is None:
            painted = self.rows.paint(feed, now, room, forced=forced)
        else:
            then = feed.now if wall.held is None else wall.held
            painted = self.front.tick(then, now, forced=forced)
        return painted if wall.held is None else painted._replace(rest=inf)

    def resume(self) -> None:
        """Marks may have been laid on another screen."""
        if self.take_changes():
            self._course.again = True
            self.draw()

    async def _find_course(self, watching: Watching) -> None:
        if await self._course.found(watching):
            # Else all rows stand where they are: the wall is not painted a second time for nothing.
            self.rearrange()

    @on(LivePane.Rearranged)
    def _rearranged(self, message: LivePane.Rearranged) -> None:
        message.stop()
        self.rows.forget_rows()
        self.draw()
        watching = self.picture.watching
        if message.keep and watching is not None:
            work = partial(self._keep, watching.room.presets)
            begin_work(self, work, group="arrangement", exclusive=True)

    async def _keep(self, presets: Presets) -> None:
        def save() -> None:
            # A thread whose worker was replaced still writes: whichever is last writes the latest.
            with self._one_at_a_time:
                presets.save(self.picture.arrangement)

        try:
            await asyncio.to_thread(save)
        except OSError as error:
            self.flash_error(error)

    # -- commands -------------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """Where nothing could be watched only what leads on from there."""
        if self.picture.stands:
            return {}
        found = {"watch": ""}
        if self.picture.feed is not None:
            found = {"now": "Back", **found}
        return {"record": "Try again", **found} if self._failed else found

    @property
    def _failed(self) -> bool:
        return self.state in ("error", "empty")

    def offer(self, command: Command) -> Command | None:
        """The command as it is called for what is shown."""
        offered = super().offer(command)
        if offered is None:
            return None
        if not self.picture.stands:
            return over_nothing(offered, self.picture, failed=self._failed)
        in_front = self._stage.shows(command.name)
        return over_picture(offered, self.picture.replay, in_front=in_front, cramped=self.cramped)

    def allows(self, command: Command) -> str:
        """Where nothing could be watched there is nothing to hold or to map."""
        if command.name in FOR_A_PICTURE and not self.picture.stands:
            return nothing_yet(command)
        return super().allows(command)

    async def command_watch(self) -> None:
        """Watch something else."""
        from tui.screens.live.dialogs import choose_watched

        watching = self.picture.watching
        chosen = None if watching is None else await choose_watched(self, watching)
        if chosen is not None:
            self.rows.follow_the_present()
            self.watch_this(chosen)

    async def command_devices(self) -> None:
        """Choose the devices."""
        from tui.screens.live.dialogs import choose_devices

        if await choose_devices(self, self.picture):
            if not self.picture.stands:
                self.show_opened()
            self.rearrange(keep=True)

    async def command_presets(self) -> None:
        """Keep or take an arrangement."""
        from tui.screens.live.dialogs import choose_preset

        if await choose_preset(self, self.picture):
            self.rearrange(keep=True)

    async def command_record(self) -> None:
        """Record, or end the recording."""
        watching = self.picture.watching
        if self._failed:
            # Wherever the focus is: the pane says that r tries again.
            self._load_wanted()
            return
        if watching is None:
            return
        from tui.screens.live.recording import turn_recording

        await turn_recording(self, watching)
        self.draw()

    def command_unit(self) -> None:
        """Another unit for speeds."""
        unit = next_choice(self.picture, "unit")
        self.change(f"Speeds in {unit}.", unit=unit)

    def command_unfocused(self) -> None:
        """Draw on while another pane has the focus, or hold the picture then."""
        on_ = not self.picture.arrangement.unfocused
        what = "goes on" if on_ else "is held"
        self.change(f"Without the focus the picture {what}.", unfocused=on_)

    # -- time -----------------------------------------------------------------------------------

    async def command_pause(self) -> None:
        """Hold the picture, or go on; a replay is paused itself."""
        replay, feed, wall = self.picture.replay, self.picture.feed, self.rows.wall
        if replay is not None:
            if replay.ended and not replay.loop:
                # From the end there is only one way on.
                wall.held = None
                await replay.jump(replay.source.start)
                replay.resume()
            elif replay.paused:
                replay.resume()
            else:
                replay.pause()
        elif feed is not None:
            wall.held = feed.now if wall.held is None else None
            if wall.held is None:
                wall.show_cursor(None)
        self.draw()

    def command_now(self) -> None:
        """Back to the wall, without cursor, following the present."""
        if self._back_to_what_there_is():
            return
        if self.front is not None:
            self._put(None)
        if self.rows.large is not None:
            self.rows.show_large(False)
        self.rows.follow_the_present()
        self.draw()

    def command_back(self) -> None:
        """Scroll back by a quarter of the window."""
        self._scroll(-1)

    def command_forth(self) -> None:
        """Scroll forth by a quarter of the window; at the end the present is followed again."""
        self._scroll(1)

    def _scroll(self, quarters: int) -> None:
        feed, wall = self.picture.feed, self.rows.wall
        if feed is None:
            return
        now, step = feed.now, self.picture.arrangement.window * 250
        held = (now if wall.held is None else wall.held) + quarters * step
        span = feed.store.span()
        if self.rows.reach_back(held):
            self.flash("Fetching what came before …")
        elif span is not None and held < span[0]:
            self.flash("Nothing older is kept.")
            return
        wall.held = None if held >= now - step // 2 else held
        self.draw()

    # -- in the place of the wall -----------------------------------------------------------------

    def command_track(self) -> None:
        """The map in the place of the wall, or back."""
        self._turn(self._stage.map())

    def command_startline(self) -> None:
        """The start in the place of the wall, or back."""
        self._turn(self._stage.start())

    def command_ladder(self) -> None:
        """The ladder with the map, or without it again."""
        track = self._stage.map()
        if self.front is track:
            track.turn_ladder()
        else:
            self._turn(track)
            track.call_after_refresh(track.show_ladder, True)

    async def command_compare(self) -> None:
        """Two to four boats in one chart, or back."""
        pane = self._stage.comparison()
        if self.front is pane or await pane.choose(self.rows.wall.chosen):
            self._turn(pane)

    async def command_event(self) -> None:
        """Mark this moment."""
        from tui.screens.live.marking import mark_moment

        await mark_moment(self, self.picture)
        self.draw()

    def _turn(self, pane: StagePane) -> None:
        self._put(None if self.front is pane else pane)

    def _put(self, pane: StagePane | None) -> None:
        if self.picture.watching is None:
            return
        if pane is not None and self.rows.large is not None:
            self.rows.show_large(False)
        self._stage.show(pane)
        self.call_after_refresh(self._pane_shown)

    def _pane_shown(self) -> None:
        self._stage.takes_focus.focus()
        self.post_message(self.KeysChanged())
        self.draw()
