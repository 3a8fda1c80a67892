"""How the feed stands, what is recorded or replayed, and what rings: limits, silent boats."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from math import inf
from time import monotonic
from typing import TYPE_CHECKING

from tui.commands import COMMANDS, Command
from tui.live.derived import FIRST
from tui.screens.live.alarms import Alarm
from tui.screens.live.limits import LimitWatch, excursion_text
from tui.screens.live.numbers import clock_text
from tui.screens.live.picture import LivePane, Picture
from tui.screens.live.silence import SilenceWatch, silence_text, unheard
from tui.screens.live.status import (
    Piece,
    StatusLines,
    health_line,
    recording_piece,
    replay_line,
    state_line,
)
from tui.screens.messages import News
from tui.spoken_keys import key_for
from tui.words import counted
from tui.workspace.text import clean
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.live.replay import Replay
    from tui.live.supervisor import LiveFeed
    from tui.screens.live.watch import Watching

BELL_EVERY = 2.0
LATELY = 2_000
"""Milliseconds of which a derived value is reckoned whose limits are judged, at first."""
STATUS_EVERY = 1.0
MANY = 2000
"""Series for which the health, which looks at all of them, is asked for a second less often."""
SPEEDS = (0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 32.0, 64.0)
REPLAY_ONLY = frozenset({"slower", "faster", "step", "jump", "loop"})
AFTER_WATCH = 4
"""The place in the footer that a replay's own keys have: behind `w`."""


class FeedPane(LivePane):
    """Two lines above the picture; they only show, and never take the focus."""

    ANYWHERE = REPLAY_ONLY | {"health", "retry", "export"}

    DEFAULT_CSS = """
    FeedPane { height: 2; padding: 0; }
    """

    def __init__(self, workspace: Workspace, picture: Picture) -> None:
        self.lines = StatusLines(id="status")
        super().__init__(workspace, picture, self.lines, "Feed", id="feed")
        self._due = 0.0
        self._phase = ""
        self._limits = LimitWatch()
        self._silence = SilenceWatch()
        self._rung = 0.0

    # -- showing --------------------------------------------------------------------------------

    def show(self, held: int | None) -> None:
        """Show the status now; `held` is the end of a picture that stands still, in ms."""
        self._due = 0.0
        self._show_due(monotonic(), held)

    def paint(self, now: float, held: int | None) -> float:
        """Show the status where it is due, and judge what came; in how many s to look again."""
        watching, feed = self.picture.watching, self.picture.feed
        if watching is None or feed is None:
            return inf
        rest = min(self._judge(watching, feed, now), self._listen(watching, feed, now))
        return min(rest, STATUS_EVERY) if self._show_due(now, held) else rest

    def _show_due(self, now: float, held: int | None) -> bool:
        """Show the status if it is due; whether it will be another without any news."""
        watching, feed = self.picture.watching, self.picture.feed
        if watching is None or feed is None:
            return False
        state, replay = feed.state, watching.replay
        if now < self._due and state.phase == self._phase:
            return True
        if state.phase != self._phase and replay is not None:
            self.post_message(self.KeysChanged())
        self._phase = state.phase
        self._due = now + STATUS_EVERY + len(feed.store) / MANY - 0.05
        watching.alarms.stand(self._standing(watching))
        health = feed.health()
        recording = self._recording(watching)
        zone, ascii_only = self.picture.zone, self.picture.ascii_only
        width = self.lines.size.width
        self.lines.show(
            [
                state_line(
                    state,
                    counted(len(watching.serials), "device"),
                    now,
                    zone,
                    ascii_only=ascii_only,
                    replayed=replay is not None,
                    held=self._held_text(held),
                    recording=recording,
                    alarms=[one.text for one in watching.alarms.unread],
                    width=width,
                ),
                health_line(health, watching.names(), width, watching.waiting, watching.unwatched)
                if replay is None
                else replay_line(replay, zone, width, ascii_only=ascii_only),
            ]
        )
        playing = replay is not None and state.phase == "live"
        moving = state.retry_at is not None or health.messages_per_second >= 1
        return moving or bool(recording) or playing

    def _recording(self, watching: Watching) -> list[Piece]:
        recorder = watching.room.recorder
        if recorder is None:
            return []
        seconds, ascii_only = watching.recording_seconds, self.picture.ascii_only
        return [recording_piece(seconds, recorder.bytes, recorder.failure, ascii_only=ascii_only)]

    def _held_text(self, held: int | None) -> str:
        if not self.app.app_focus and not self.picture.arrangement.unfocused:
            return "no focus: picture held"
        return "" if held is None else f"held at {clock_text(held, self.picture.zone)}"

    def _judge(self, watching: Watching, feed: LiveFeed | Replay, now: float) -> float:
        """Say and ring what has gone beyond its limits; in how many seconds to look again."""
        limits, kinds = self.picture.arrangement.limits, self.picture.kinds
        if not limits:
            self._limits.forget()
            return inf
        wait = self._limits.wait(now)
        derived = [number for number in limits if number >= FIRST]
        if derived and not wait:
            # Whatever is on the screen: of rows that nobody sees nothing else is reckoned.
            reckoning, course = self.picture.reckoning, self.picture.course
            keys = reckoning.offered(feed.store, course, watching.serials, derived)
            reckoning.bring(feed.store, course, keys, feed.now - LATELY)
        found = self._limits.judge(feed.store, watching.serials, limits, kinds, feed.now, now)
        if found:
            name, unit = watching.names(), self.picture.arrangement.unit
            told = [excursion_text(one, name, unit) for one in found]
            self._ring(told[0], len(found) - 1, now)
            watching.alarms.rang.extend((feed.now, one) for one in told)
        return wait or inf

    def _listen(self, watching: Watching, feed: LiveFeed | Replay, now: float) -> float:
        """Say and ring which boats have fallen silent; in how many seconds to look again."""
        after = self.picture.arrangement.silent
        if not after:
            self._silence.forget()
            return inf
        course, live = self.picture.course, watching.live if watching.replay is None else None
        apart = frozenset[str]() if course is None else course.not_boats
        boats = [serial for serial in watching.serials if serial not in apart]
        deaf = frozenset[str]() if live is None else unheard(live.states)
        found = self._silence.judge(feed.store, boats, after, feed.now, now, deaf)
        if found:
            name = watching.names()
            told = [silence_text(one, name) for one in found]
            self._ring(told[0], len(found) - 1, now)
            watching.alarms.rang.extend((feed.now, one) for one in told)
        # A replay that plays is looked at all the time, and in one that stands nobody falls silent.
        return inf if live is None else self._silence.wait(now)

    def _standing(self, watching: Watching) -> Iterator[Alarm]:
        """What rang and is as it was then."""
        name, unit, zone = watching.names(), self.picture.arrangement.unit, self.picture.zone
        for one, since in self._limits.standing(self.picture.kinds):
            of = ("limit", one.serial, one.kind.short, str(one.axis))
            yield Alarm(of, excursion_text(one, name, unit), since)
        for serial, heard in self._silence.standing.items():
            said = f"{clean(name(serial))} silent since {clock_text(heard, zone)}"
            yield Alarm(("silence", serial), said, heard)

    def _ring(self, said: str, others: int, now: float) -> None:
        more = f", and {others} more" if others else ""
        self.post_message(News(f"{said}{more}", "bad", unasked=True))
        self._due = 0.0
        if now - self._rung >= BELL_EVERY:
            self._rung = now
            self.app.bell()

    # -- commands -------------------------------------------------------------------------------

    def offer(self, command: Command) -> Command | None:
        """A replay's own keys stand in the footer while there is one."""
        offered = super().offer(command)
        if offered is None or command.name not in REPLAY_ONLY:
            return offered
        replaying = self.picture.stands and self.picture.replay is not None
        return offered._replace(rank=AFTER_WATCH if replaying else 0)

    def allows(self, command: Command) -> str:
        """There is something to export once something is watched."""
        if command.name == "export" and not self.picture.stands:
            return nothing_yet(command)
        return super().allows(command)

    async def command_health(self) -> None:
        """All that the feed knows about itself."""
        from tui.screens.live.health import HealthBox

        watching = self.picture.watching
        if watching is None or watching.feed is None:
            return
        box = HealthBox(watching, self.workspace.zone)
        await self.ask(box)
        watching.alarms.read()
        self.draw()
        if box.wants_units:
            from tui.screens.units import ask_about_units

            if why_not := self.allows(COMMANDS["sessions.units"]):
                self.flash(why_not, "warn")
            else:
                await ask_about_units(self)

    def command_retry(self) -> None:
        """Try to connect again at once."""
        live = None if self.picture.watching is None else self.picture.watching.live
        if live is not None:
            live.retry()
            self.draw()

    async def command_export(self) -> None:
        """Write what is kept or replayed to a file."""
        from tui.screens.live.exporting import export

        await export(self, self.picture)

    async def _replaying(self, work: Callable[[Replay], Awaitable[None] | None]) -> None:
        replay = self.picture.replay
        if replay is None:
            self.flash(f"Only a replay can do this; {key_for('live.watch')} chooses one.", "warn")
            return
        result = work(replay)
        if result is not None:
            await result
        self.draw()

    async def command_slower(self) -> None:
        """Half the speed."""
        await self._replaying(lambda replay: replay.set_speed(_speed(replay, -1)))

    async def command_faster(self) -> None:
        """Double the speed."""
        await self._replaying(lambda replay: replay.set_speed(_speed(replay, 1)))

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


def nothing_yet(command: Command) -> str:
    """Why a command cannot be carried out where nothing could be watched."""
    return f"{command.title}: nothing is watched yet; {key_for('live.watch')} chooses."


def _speed(replay: Replay, by: int) -> float:
    place = min(range(len(SPEEDS)), key=lambda index: abs(SPEEDS[index] - replay.speed))
    return SPEEDS[max(0, min(len(SPEEDS) - 1, place + by))]
