"""The start: a countdown to a gun that one sets, the line, and how each boat stands to it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta, tzinfo
from math import inf
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.binding import BindingType

from tui.live.starts import MINUTE, Strike, countdown_text, synced
from tui.live.units import SpeedUnit, from_kmh
from tui.screens.bindings import bindings_of
from tui.screens.live.beat import Tick
from tui.screens.live.numbers import clock_text
from tui.screens.live.picture import Picture
from tui.screens.live.row import AGES_EVERY
from tui.screens.live.sheet import Sheet
from tui.screens.live.stage_pane import StagePane
from tui.screens.live.start_lines import Manner, rows_that_fit, start_lines
from tui.spoken_keys import key_for
from tui.widgets.dialogs import TextPrompt
from tui.workspace.times import Stretch, TimeTextError, read_nearest
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.live.watch import Watching
    from tui.workspace.live.course import FleetReader
    from tui.workspace.live.start import Start

EVERY = 0.5
"""Seconds between two pictures while no second of the countdown begins."""
COUNTED = 3_600_000
"""Milliseconds after the gun for which its time is counted on."""


class StartPane(StagePane):
    """Draws the start when it is told to by `tick`; its keys set the gun."""

    SCOPE = "startline"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("startline")

    DEFAULT_CSS = """
    StartPane { padding: 0; }
    """

    def __init__(self, workspace: Workspace, picture: Picture) -> None:
        self.sheet = Sheet(id="start-sheet")
        super().__init__(workspace, picture, self.sheet, "Start", id="start")
        self.start: Start | None = None
        self.top = 0
        self._reader: FleetReader | None = None
        self._due = 0.0
        self._now = 0
        self._strike = Strike()

    @property
    def takes_focus(self) -> Sheet:
        """The lines."""
        return self.sheet

    # -- drawing ----------------------------------------------------------------------------------

    def tick(self, now: int, clock: float, *, forced: bool = False) -> Tick:
        """Draw the start as it is at `now`."""
        watching = self.picture.watching
        store = None if watching is None else watching.store
        if watching is None or store is None or not self.is_mounted:
            return Tick(0, False, inf)
        if clock < self._due and not forced:
            return Tick(0, False, self._due - clock)
        from tui.workspace.live.course import FleetReader

        if self._reader is None or self._reader.store is not store:
            self._reader = FleetReader(store, self.picture.reckoning)
        self._now = now
        if self._strike.now(now, self.picture.gun):
            self.app.bell()
        cells, rest = self._draw(watching, self._reader), self._rest()
        self._due = clock + min(EVERY, rest)
        return Tick(cells, False, rest)

    def _rest(self) -> float:
        """For how many seconds all stays as it is without any news."""
        gun, start = self.picture.gun, self.start
        if gun is not None and self._now - gun < COUNTED:
            # Up to the next whole second of the countdown.
            return ((gun - self._now - 1) % 1000 + 1) / 1000
        return AGES_EVERY if start is not None and start.starters else inf

    def redraw(self) -> None:
        """Draw the same moment again."""
        if self._reader is not None and self.picture.watching is not None:
            self._draw(self.picture.watching, self._reader)

    def _draw(self, watching: Watching, reader: FleetReader) -> int:
        from tui.workspace.live.course import Course
        from tui.workspace.live.start import start_of

        serials = watching.serials or reader.serials()
        course = self.picture.course or Course()
        self.start = start_of(reader, course, serials, self._now, self.picture.gun)
        width, height = self.sheet.content_size
        unit = self.picture.arrangement.unit
        manner = Manner(
            watching.names(),
            lambda kmh: f"{from_kmh(kmh, SpeedUnit(unit)):.1f} {unit}",
            self.picture.zone,
            self.picture.ascii_only,
        )
        boats = len(self.start.starters) + len(self.start.lost)
        room = rows_that_fit(self.start, height, manner)
        # One line says which are shown, where not all are.
        self.top = max(0, min(self.top, boats - room + 1)) if boats > room else 0
        heard = bool(reader.serials())
        return self.sheet.show(
            start_lines(self.start, width, height, self.top, manner, boats=heard)
        )

    @on(Sheet.Resized)
    def _resized(self) -> None:
        self.redraw()

    # -- commands ---------------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """Without a gun only what sets one."""
        if self.picture.gun is None:
            return {"gun": ""}
        return {"gun": "", "sync": "", "earlier": "", "later": ""}

    def _set(self, gun: int | None, said: str) -> None:
        self.picture.gun = gun
        self._due = 0.0
        self.flash(said)
        self.post_message(self.KeysChanged())
        self.draw()

    @property
    def _present(self) -> int:
        feed = self.picture.feed
        return self._now if feed is None else feed.now

    async def command_gun(self) -> None:
        """Ask when the gun goes."""
        zone = self.picture.zone

        def check(text: str) -> str | None:
            try:
                read_gun(text, self._present, zone)
            except TimeTextError as error:
                return str(error)
            return None

        def understood(text: str) -> str:
            gun = read_gun(text, self._present, zone)
            return "no gun" if gun is None else self._said(gun)

        typed = await self.ask(
            TextPrompt(
                "Gun",
                label="In how many minutes, such as 5 or +1:30, or the time: 14:05. Empty: none.",
                placeholder="5",
                check=check,
                understood=understood,
                enter="sets it",
            )
        )
        if typed is None:
            return
        gun = read_gun(typed, self._present, zone)
        self._set(gun, "No gun is set." if gun is None else f"The gun is {self._said(gun)}.")

    def _said(self, gun: int) -> str:
        return f"at {clock_text(gun, self.picture.zone)}, {countdown_text(gun, self._present)}"

    def _move(self, gun: int | None) -> None:
        if gun is None:
            self.flash(f"No gun is set: {key_for('startline.gun')} sets it.", "warn")
        else:
            self._set(gun, f"The gun is {self._said(gun)}.")

    def command_sync(self) -> None:
        """Let whole minutes be left, the nearest."""
        gun = self.picture.gun
        self._move(None if gun is None else synced(gun, self._present))

    def command_earlier(self) -> None:
        """A minute less is left."""
        gun = self.picture.gun
        self._move(None if gun is None else gun - MINUTE)

    def command_later(self) -> None:
        """A minute more is left."""
        gun = self.picture.gun
        self._move(None if gun is None else gun + MINUTE)

    def command_up(self) -> None:
        """Show the boats above."""
        self.top -= 1
        self.redraw()

    def command_down(self) -> None:
        """Show the boats below."""
        self.top += 1
        self.redraw()


_LEFT = re.compile(
    r"\s*(?:\+\s*(\d{1,3}):([0-5]\d)|\+?\s*(\d{1,3})\s*(?:m|min)?)\s*", re.IGNORECASE
)


def read_gun(text: str, now: int, zone: tzinfo) -> int | None:
    """When a gun goes that was typed, in ms; None where nothing was. `now` is in ms. A time of day
    is the one nearest to now: before midnight 00:05 is of the day that comes.

    Raises TimeTextError where it cannot be understood.
    """
    if not text.strip():
        return None
    left = _LEFT.fullmatch(text)
    if left is not None:
        minutes, seconds, alone = left.groups()
        return now + (int(minutes or alone) * 60 + int(seconds or 0)) * 1000
    present = datetime.fromtimestamp(now / 1000, UTC)
    gun = read_nearest(text, zone, present)
    if isinstance(gun, Stretch):
        raise TimeTextError("This is from one time to another: write only one.")
    if abs(gun - present) > timedelta(days=2):
        raise TimeTextError("A gun goes within two days: write 5, +1:30 or 14:05.")
    return round(gun.timestamp() * 1000)
