"""The track: the fleet on a map in the place of the wall, with what is chosen in two lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import inf
from typing import TYPE_CHECKING, ClassVar

from textual import on
from textual.app import ComposeResult
from textual.binding import BindingType
from textual.widget import Widget

from tui.live.course import Point, direction, distance
from tui.live.units import SpeedUnit, from_kmh
from tui.screens.bindings import bindings_of
from tui.screens.live.beat import Tick
from tui.screens.live.ladder_lines import WIDTH, Called, ladder_lines
from tui.screens.live.picture import Picture
from tui.screens.live.row import AGES_EVERY
from tui.screens.live.sheet import Sheet
from tui.screens.live.stage_pane import StagePane
from tui.screens.live.status import Line, Piece, StatusLines
from tui.screens.live.track_words import Inks, ago_text, approach_pieces, line_pieces, wind_text
from tui.screens.live.window import window_text
from tui.spoken_keys import key_for
from tui.widgets.boxes import Row
from tui.widgets.track import Track
from tui.widgets.track_camera import metres_text
from tui.widgets.track_cells import Boat, Mark, Scene, Way
from tui.words import counted
from tui.workspace.text import clean, in_order
from tui.workspace.workspace import Workspace

if TYPE_CHECKING:
    from tui.screens.live.watch import Watching
    from tui.workspace.live.course import Fleet, FleetReader, Sailor
    from tui.workspace.live.laylines import Approach

EVERY = 0.5
"""Seconds between two pictures: boats move by less than a cell in between."""
TRAILS = (0, 60, 300, 900, 3600)
"""Lengths of trails to choose from, in seconds."""
BOTH_FROM = 160
"""Columns of the screen from which on the ladder stands beside the map."""
POINTS = 90
"""Places in a trail: as many as an eye can follow."""


class TrackPane(StagePane):
    """Draws where everybody is, when it is told to by `tick`; its keys are the map's own."""

    SCOPE = "track"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("track")

    DEFAULT_CSS = """
    TrackPane { padding: 0; }
    TrackPane #ladder { display: none; }
    """

    def __init__(self, workspace: Workspace, picture: Picture) -> None:
        self.track = Track(glyphs=picture.glyphs, id="map")
        self.ladder = Sheet(id="ladder")
        self._lines = StatusLines(id="track-lines")
        super().__init__(workspace, picture, Row(self.track, self.ladder), "Map", id="track")
        self._wanted: bool | None = None
        """Whether the ladder is; None: where there is room for both."""
        self.chosen = ""
        self.other = ""
        self.trail = 300
        self.fleet: Fleet | None = None
        self.approach: Approach | None = None
        """The laylines of the mark that is sailed to, where there is all for them."""
        self._ink = Inks()
        self._called: Callable[[str], str] = str
        self._reader: FleetReader | None = None
        self._next = 0.0
        self._now = 0

    @property
    def takes_focus(self) -> Widget:
        """The map, or the ladder in its place."""
        return self.track if self.track.display else self.ladder

    # -- the ladder -------------------------------------------------------------------------------

    def show_ladder(self, wanted: bool | None) -> None:
        """Show the ladder or not; None: where there is room for both."""
        self._wanted = wanted
        self._arrange()

    def turn_ladder(self) -> None:
        """Show the ladder, or no longer."""
        self.show_ladder(not self.ladder.display)

    def _arrange(self) -> None:
        roomy = self.app.size.width >= BOTH_FROM
        shown = roomy if self._wanted is None else self._wanted
        focused = self.has_focus_within
        self.ladder.display, self.track.display = shown, roomy or not shown
        self.ladder.styles.width = WIDTH if roomy else "1fr"
        if focused:
            self.takes_focus.focus()
        self.call_after_refresh(self.redraw)

    def on_resize(self) -> None:
        """More room, or less."""
        self._arrange()

    @on(Sheet.Resized)
    def _ladder_resized(self) -> None:
        self.redraw()

    def compose(self) -> ComposeResult:
        """The map over its two lines."""
        yield from super().compose()
        yield self._lines

    # -- what is on the water ---------------------------------------------------------------------

    def tick(self, now: int, clock: float, *, forced: bool = False) -> Tick:
        """Draw where everybody is at `now`."""
        watching = self.picture.watching
        store = None if watching is None else watching.store
        idle = not self.is_mounted or (clock < self._next and not forced)
        if watching is None or store is None or idle:
            return Tick(0, False, self._rest)
        from tui.workspace.live.course import FleetReader

        if self._reader is None or self._reader.store is not store:
            self._reader = FleetReader(store, self.picture.reckoning)
        self._next, self._now = clock + EVERY, now
        return Tick(self._draw(watching, self._reader), False, self._rest)

    @property
    def _rest(self) -> float:
        fleet = self.fleet
        sailing = fleet is not None and any(not one.lost(fleet.now) for one in fleet.sailors)
        return AGES_EVERY if sailing else inf

    def redraw(self) -> None:
        """Draw the same moment again, after something else was chosen."""
        if self._reader is not None and self.picture.watching is not None:
            self._draw(self.picture.watching, self._reader)

    def _draw(self, watching: Watching, reader: FleetReader) -> int:
        from tui.workspace.live.course import Course
        from tui.workspace.live.derived import angles_of
        from tui.workspace.live.ladder import ladder_of
        from tui.workspace.live.laylines import approach, mark_sailed_to

        serials, course = watching.serials or reader.serials(), self.picture.course or Course()
        self._called = watching.names()
        self.fleet = reader.read(
            course,
            serials,
            self._now,
            trail=self.trail * 1000,
            points=POINTS,
        )
        settings = self.workspace.settings.live
        polar = self.picture.reckoning.polar
        chosen = next((one for one in self.fleet.sailors if one.serial == self.chosen), None)
        mark = mark_sailed_to(course, settings.mark)
        self.approach = approach(
            self.fleet, mark, lambda wind: angles_of(settings, polar, wind), chosen
        )
        cells = self.track.show(self._scene(self.fleet))
        if self.ladder.display:
            called = Called(self._called, self._speed_text, self._ink)
            width, height = self.ladder.content_size
            cells += self.ladder.show(
                ladder_lines(
                    ladder_of(self.fleet),
                    self.fleet,
                    width,
                    height,
                    self.chosen,
                    called,
                    plain=self.picture.glyphs == "ascii",
                )
            )
        self._lines.show(self._texts(self.fleet))
        return cells

    def _scene(self, fleet: Fleet) -> Scene:
        boats = [
            Boat(
                one.serial, self._called(one.serial), one.place, one.heading, one.trail,
                one.lost(fleet.now), self._ink(one.serial),
            )
            for one in self._by_name(fleet)
        ]  # fmt: skip
        wind = fleet.wind
        return Scene(
            boats,
            [Mark(f"mark {mark.name}", mark.name, place, mark.kind) for mark, place in fleet.marks],
            None if fleet.line is None else (fleet.line.pin, fleet.line.committee),
            None if wind is None else wind.comes_from,
            wind_text(fleet, self._speed_text),
            self.chosen,
            self.other,
            []
            if self.approach is None
            else [
                Way(one.start, one.end, "good" if one.starboard else "bad")
                for one in self.approach.lines
            ],
            [place for one in fleet.sailors for place in one.suspects],
        )

    # -- the two lines ----------------------------------------------------------------------------

    def _speed_text(self, kmh: float) -> str:
        unit = self.picture.arrangement.unit
        return f"{from_kmh(kmh, SpeedUnit(unit)):.1f} {unit}"

    def _texts(self, fleet: Fleet) -> list[Line]:
        by_serial = {one.serial: one for one in fleet.sailors}
        chosen = by_serial.get(self.chosen)
        trail = f"trail {window_text(self.trail)}" if self.trail else "no trail"
        apart = self.track.apart
        far = f"{counted(apart, 'boat')} far off, {key_for('track.next')} chooses"
        everybody = far if apart else "all in view"
        aim = {"all": everybody, "follow": "following", "free": "free"}[self.track.aim]
        right = [Piece(f" {aim} ", "muted"), Piece(f"· {trail} ", "muted")]
        if chosen is None:
            count = len(fleet.sailors)
            course = self.picture.course
            title = f" · {clean(course.title)}" if course and course.title else ""
            first = [Piece(f" {count} {'boat' if count == 1 else 'boats'}{title}", "text")]
            if not count:
                first = [Piece(" No positions yet.", "muted")]
            return [Line(first), Line([], right, yields=True)]
        first = [Piece(f" [{clean(self._called(chosen.serial))}] ", "key"), *self._going(chosen)]
        if fleet.line is not None:
            view = fleet.line.view(chosen.place, chosen.course, chosen.speed)
            first += line_pieces(view, ago_text(fleet.now, chosen.since, fleet.line_time))
        return [Line(first), Line(self._measured(fleet, chosen), right, yields=True)]

    def _going(self, one: Sailor) -> list[Piece]:
        parts = []
        if one.speed is not None:
            parts.append(self._speed_text(one.speed))
        if one.course is not None:
            parts.append(f"{round(one.course) % 360:03d}°")
        if self.fleet is not None and one.lost(self.fleet.now):
            age = (self.fleet.now - one.time) // 1000
            return [Piece(f"last seen {window_text(age)} ago", "warn")]
        aged = "" if self.fleet is None else ago_text(self.fleet.now, one.since)
        said = [Piece(" ".join(parts), "text"), Piece(aged if parts else "", "warn")]
        if one.suspects:
            said.append(Piece(f" · {len(one.suspects)} left out (?)", "warn"))
        return said

    def _measured(self, fleet: Fleet, chosen: Sailor) -> list[Piece]:
        place = self._places(fleet).get(self.other)
        if place is None:
            aged = ago_text(fleet.now, chosen.since, fleet.wind_time)
            return [] if self.approach is None else approach_pieces(self.approach, aged)
        name = self.other.removeprefix("mark ") if self.other.startswith("mark ") else None
        shown = clean(name if name is not None else self._called(self.other))
        way, towards = distance(chosen.place, place), direction(chosen.place, place)
        other = next((one.time for one in fleet.sailors if one.serial == self.other), None)
        return [
            Piece(f" <{shown}> ", "accent"),
            Piece(f"{metres_text(way)} away, bearing {round(towards) % 360:03d}°", "text"),
            Piece(ago_text(fleet.now, chosen.time, other), "warn"),
        ]

    def _places(self, fleet: Fleet) -> dict[str, Point]:
        """What can be measured to, by key: the other boats, then the marks."""
        boats = {one.serial: one.place for one in self._by_name(fleet)}
        boats.pop(self.chosen, None)
        return boats | {f"mark {mark.name}": place for mark, place in fleet.marks}

    def _by_name(self, fleet: Fleet) -> list[Sailor]:
        return sorted(fleet.sailors, key=lambda one: in_order(self._called(one.serial)))

    # -- commands ---------------------------------------------------------------------------------

    def keys(self) -> Mapping[str, str]:
        """Fewer where others want their place in the footer."""
        return {"follow": "", "next": "", "measure": "", "fit": ""} if self.cramped else {}

    def command_next(self) -> None:
        """Choose the next boat by name."""
        self._choose(1)

    def command_previous(self) -> None:
        """Choose the boat before."""
        self._choose(-1)

    def _choose(self, by: int) -> None:
        if self.fleet is None:
            return
        keys = [one.serial for one in self._by_name(self.fleet)]
        self.chosen = _after(keys, self.chosen, by)
        if self.other == self.chosen:
            self.other = ""
        if not self.chosen and self.track.aim == "follow":
            self.track.aim_at("all")
        self.redraw()

    def command_follow(self) -> None:
        """Keep the chosen boat in the middle; again lets it go."""
        if self.track.aim == "follow":
            self.track.aim_at("free")
        else:
            if not self.chosen:
                self._choose(1)
            if self.chosen:
                self.track.aim_at("follow")
        self.redraw()

    def command_fit(self) -> None:
        """Show everybody."""
        self.track.aim_at("all")
        self.redraw()

    def command_zoom_in(self) -> None:
        """Come closer."""
        self.track.zoom(2)
        self.redraw()

    def command_zoom_out(self) -> None:
        """Go further away."""
        self.track.zoom(-2)
        self.redraw()

    def command_measure(self) -> None:
        """Measure to the next boat or mark; after the last one to none."""
        self._measure(1)

    def command_measure_back(self) -> None:
        """Measure to the one before."""
        self._measure(-1)

    def _measure(self, by: int) -> None:
        if not self.chosen:
            self._choose(1)
        if self.fleet is not None and self.chosen:
            self.other = _after(list(self._places(self.fleet)), self.other, by)
            self.redraw()

    def command_trail(self) -> None:
        """Longer trails, then none."""
        place = TRAILS.index(self.trail) if self.trail in TRAILS else 0
        self.trail = TRAILS[(place + 1) % len(TRAILS)]
        self.redraw()

    def command_west(self) -> None:
        """Move the map west."""
        self.track.pan(-1, 0)

    def command_east(self) -> None:
        """Move the map east."""
        self.track.pan(1, 0)

    def command_north(self) -> None:
        """Move the map north."""
        self.track.pan(0, -1)

    def command_south(self) -> None:
        """Move the map south."""
        self.track.pan(0, 1)

    def on_track_picked(self, message: Track.Picked) -> None:
        """A click chooses a boat; one on the chosen boat follows it, or lets it go."""
        if message.key == self.chosen:
            self.command_follow()
            return
        self.chosen = message.key
        if self.other == self.chosen:
            self.other = ""
        self.redraw()

    def on_track_steered(self) -> None:
        """The map was moved by hand: say that it stays there."""
        self.redraw()


def _after(keys: list[str], key: str, by: int) -> str:
    """The next key in a ring in which none, the empty one, stands between last and first."""
    ring = ["", *keys]
    place = ring.index(key) if key in ring else 0
    return ring[(place + by) % len(ring)]
