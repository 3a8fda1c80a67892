"""Who is where on the water: boats, the session's marks, its start line and its wind."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple, Protocol

from tui.live.course import STILL, Point, StartLine, Wind, laid_then, line_between
from tui.live.day import ENDS, DayEvent, mark_number
from tui.live.series import SeriesKey
from tui.live.store import FeedStore
from tui.live.suspects import POSITION, a_place
from tui.live.tracks import GAP
from tui.live.units import bearing
from tui.workspace.sessions.notes import read_note

if TYPE_CHECKING:
    from tui.services.igtimi.session_state import SessionObject
    from tui.workspace.live.live import LiveRoom, LiveSession

COG, HEADING, SOG = 6, 8, 9
"""Igtimi's data types that a map is made of (reference, Igtimi, section 2)."""
FRESH = 10_000
"""Milliseconds that a course or heading may be older than the position."""
WIND_AGE = 600_000
LOOKED_AT = 6
"""Sessions whose log is read to find the one that is sailed now."""


AID = "aid"
"""What a mark is that no session's log names: AIS hears it."""


@dataclass(frozen=True)
class CourseMark:
    """A mark of the course: tracked by a device, or laid at a place, or both."""

    name: str
    kind: str
    """As the session's log says: windward, leeward, pin, committee, gate..."""
    serials: tuple[str, ...] = ()
    laid: Point | None = None
    """Where it lies now."""
    before: tuple[tuple[int, Point], ...] = ()
    """Where it lay before, in order, each place with the time up to which it lay there, in ms."""
    since: int | None = None
    """When the log first named it, in ms; None where it tells no time."""

    def laid_at(self, time: int) -> Point | None:
        """Where it was laid at a time, in ms; before it was laid at all, where it was first."""
        return laid_then(self.before, time, self.laid)


@dataclass(frozen=True)
class Course:
    """What a session's log says of the water: its marks, who measures the wind."""

    title: str = ""
    marks: tuple[CourseMark, ...] = ()
    wind_serials: tuple[str, ...] = ()
    wind: Wind | None = None
    """As somebody entered it."""
    ashore: tuple[str, ...] = ()
    """Devices on land: AIS hears its base stations as well."""
    events: tuple[DayEvent, ...] = ()
    """Moments that were marked while it was sailed, as far as the log has them."""

    @property
    def not_boats(self) -> frozenset[str]:
        """Devices that are no boats."""
        others = (*self.wind_serials, *self.ashore)
        return frozenset(others).union(*(mark.serials for mark in self.marks))


def course_of(session: LiveSession) -> Course:
    """The course of a session."""
    state = session.state
    marks = tuple(_mark(one, state.end) for one in state.marks)
    winds = (one.devices for one in state.objects.values() if one.kind == "wind")
    entered = state.manual_wind
    return Course(
        session.name,
        marks,
        tuple(serial for devices in winds for serial in devices),
        None if entered is None else Wind(bearing(entered.direction), entered.strength),
        events=tuple(_marked(state.notes)),
    )


def _mark(one: SessionObject, end: datetime | None) -> CourseMark:
    """A mark as the log has it. What was entered after the session's end mends a place, and moves
    nothing.
    """
    last = one.positions[-1] if one.positions else None
    before: list[tuple[int, Point]] = []
    for lay, moved in pairwise(one.laid):
        if moved.time is None or (end is not None and moved.time > end):
            continue
        if lay.place != moved.place:
            place = Point(lay.place.longitude, lay.place.latitude)
            before.append((_ms(moved.time), place))
    return CourseMark(
        one.name or one.buoy_type or "mark",
        one.buoy_type.lower(),
        one.devices,
        None if last is None else Point(last.longitude, last.latitude),
        tuple(before),
        None if one.since is None or (end is not None and one.since > end) else _ms(one.since),
    )


def _ms(time: datetime) -> int:
    return round(time.timestamp() * 1000)


def _lying(marks: Sequence[CourseMark], now: int) -> list[CourseMark]:
    """The marks that lay at `now`: an end of the line that took another one's place counts from
    when it did.
    """
    later = [
        one
        for kind in ENDS
        for one in [one for one in marks if one.kind == kind][1:]
        if one.since is not None and one.since > now
    ]
    return [one for one in marks if one not in later]


def _marked(notes: Iterable[str]) -> Iterator[DayEvent]:
    """Of a log's notes those that one key made, by their words."""
    for note in notes:
        moment, text = read_note(note)
        if moment is not None and mark_number(text):
            yield DayEvent(round(moment.timestamp() * 1000), text)


def heard_beside(course: Course, room: LiveRoom, serials: Collection[str]) -> Course:
    """A course with those of the devices that AIS says are no boats: aids to navigation are marks,
    stations on land are apart.
    """
    known = course.not_boats
    others = [one for one in serials if one not in known]
    aids = [CourseMark(room.name(one), AID, (one,)) for one in others if one in room.aids]
    ashore = [one for one in others if one in room.ashore]
    return replace(course, marks=(*course.marks, *aids), ashore=(*course.ashore, *ashore))


async def course_sailed_now(room: LiveRoom, serials: Collection[str]) -> Course:
    """The course of the session that these devices sail just now; an empty one if there is none.

    Raises ServiceError.
    """
    session = await session_sailed_now(room, serials)
    return Course() if session is None else course_of(session)


async def session_sailed_now(room: LiveRoom, serials: Collection[str]) -> LiveSession | None:
    """The session that these devices sail just now, if there is one; of several the one with
    most of the devices. Raises ServiceError.
    """
    now = datetime.now(UTC)
    under_way = [
        one
        for one in await room.sessions()
        if one.start_time is not None
        and one.start_time <= now
        and (one.end_time is None or now < one.end_time)
    ]
    best, most = None, 0
    for one in under_way[:LOOKED_AT]:
        found = await room.session(one.id, naming=False)
        common = len(set(serials).intersection(found.serials))
        if common > most:
            best, most = found, common
    return best


@dataclass(frozen=True, slots=True)
class Sailor:
    """A boat at one moment. Degrees true, km/h; `time` is that of its position, in ms."""

    serial: str
    time: int
    place: Point
    heading: float | None
    course: float | None
    speed: float | None
    trail: Sequence[Point | None]
    since: int = 0
    """The oldest of the times of all that is said here."""
    suspects: Sequence[Point] = ()
    """Places within the trail's time where no boat can have been; 0/0 is none."""

    def lost(self, now: int) -> bool:
        """Whether the position is too old to say where the boat is."""
        return now - self.time > GAP


@dataclass(frozen=True, slots=True)
class Fleet:
    """Everything on the water at one moment."""

    now: int
    sailors: Sequence[Sailor] = ()
    marks: Sequence[tuple[CourseMark, Point]] = ()
    line: StartLine | None = None
    wind: Wind | None = None
    line_time: int | None = None
    """When the older end of the line was measured; None for one that was laid by hand."""
    wind_time: int | None = None
    """When the oldest part of the wind was measured; None for one that was entered by hand."""
    wind_boats: int = 0
    """Boats whose apparent wind it was reckoned from; 0 where it was measured or entered."""


class WindThen(NamedTuple):
    """The wind of a moment. `time` is when the oldest part of it was known, in ms; None for one
    that was entered. `boats`: of how many boats' apparent winds it is; 0 where it was measured.
    """

    wind: Wind
    time: int | None = None
    boats: int = 0


class Winds(Protocol):
    """Where a fleet's wind is from."""

    def wind(self, store: FeedStore, course: Course | None, now: int) -> WindThen | None:
        """The wind at `now`, in ms; None where nobody tells any."""
        ...


class FleetReader:
    """Reads fleets out of a store; it remembers under which sources devices send what."""

    def __init__(self, store: FeedStore, winds: Winds) -> None:
        self.store = store
        self._winds = winds
        self._layout = -1
        self._keys: dict[tuple[str, int], SeriesKey] = {}

    def serials(self) -> list[str]:
        """The devices that have a position."""
        self._learn()
        return [serial for serial, type_ in self._keys if type_ == POSITION]

    def read(
        self, course: Course, serials: Iterable[str], now: int, *, trail: int, points: int
    ) -> Fleet:
        """The fleet at `now`, in ms, with trails of `trail` ms and at most `points` places."""
        self._learn()
        apart = course.not_boats
        sailors = [
            sailor
            for serial in serials
            if serial not in apart
            and (sailor := self._sailor(serial, now, trail, points)) is not None
        ]
        laid = [
            (mark, *found)
            for mark in _lying(course.marks, now)
            if (found := self._mark_place(mark, now)) is not None
        ]
        marks = [(mark, place) for mark, _, place in laid]
        ends = [time for mark, time, _ in laid if mark.kind in ENDS and time]
        then = self._winds.wind(self.store, course, now)
        wind = (None, None, 0) if then is None else then
        return Fleet(now, sailors, marks, _line(marks), wind[0], min(ends, default=None), *wind[1:])

    def line_at(self, course: Course, now: int) -> StartLine | None:
        """Where the start line lay at `now`, in ms."""
        self._learn()
        laid = ((mark, self._mark_place(mark, now)) for mark in _lying(course.marks, now))
        return _line([(mark, found[1]) for mark, found in laid if found is not None])

    def _learn(self) -> None:
        if self._layout == self.store.layout:
            return
        self._layout = self.store.layout
        self._keys = {}
        for key in self.store.sorted_keys():
            # In order of sources: the first is source 0 where there is one.
            self._keys.setdefault((key.serial, key.type), key)

    def _value(self, serial: str, type_: int, now: int, age: int) -> tuple[int, float] | None:
        key = self._keys.get((serial, type_))
        found = None if key is None else self.store.value_at(key, now)
        if found is None or now - found[0] > age:
            return None
        return found[0], found[1][0]

    def place(self, serial: str, now: int) -> tuple[int, Point] | None:
        """Where a device was last at `now`, and when: no later than that arrived."""
        key = self._keys.get((serial, POSITION))
        series = None if key is None else self.store.series(key)
        found = None if series is None else series.before(now)
        if series is None or found is None:
            return None
        return series.known_at(found[0]), Point(*found[1][:2])

    def around(
        self, serial: str, time: int
    ) -> tuple[tuple[int, Point] | None, tuple[int, Point] | None]:
        """The fixes of a device around a time: the last at or before it, the first after it."""
        self._learn()
        key = self._keys.get((serial, POSITION))
        if key is None:
            return None, None
        before, next_time = self.store.value_at(key, time), self.store.next_time(key, time)
        after = None if next_time is None else self.store.value_at(key, next_time)
        one, other = (
            None if found is None else (found[0], Point(*found[1][:2])) for found in (before, after)
        )
        return one, other

    def places(self, serial: str, start: int, end: int) -> Iterator[Point]:
        """Where a device was in [start, end), as it said."""
        self._learn()
        key = self._keys.get((serial, POSITION))
        _, axes = ([], ()) if key is None else self.store.samples(key, start, end)
        return (Point(*place) for place in zip(*axes[:2], strict=True)) if axes else iter(())

    def speed(self, serial: str, time: int) -> float | None:
        """A device's speed over ground at a time, in km/h; None where none is as fresh."""
        self._learn()
        found = self._value(serial, SOG, time, FRESH)
        return None if found is None else found[1]

    def _sailor(self, serial: str, now: int, trail: int, points: int) -> Sailor | None:
        found = self.place(serial, now)
        if found is None:
            return None
        time, place = found
        about = min(now, time + FRESH)
        speed = self._value(serial, SOG, about, 2 * FRESH)
        course = self._value(serial, COG, about, 2 * FRESH)
        heading = self._value(serial, HEADING, about, 2 * FRESH)
        moves = course is not None and (speed is None or speed[1] > STILL)
        return Sailor(
            serial,
            time,
            place,
            heading[1] if heading else course[1] if course and moves else None,
            course[1] if course and moves else None,
            speed[1] if speed else None,
            self._trail(serial, now, trail, points) if trail else (),
            min([time, *(one[0] for one in (speed, course, heading) if one)]),
            self._suspects(serial, now - trail, now) if trail else (),
        )

    def _suspects(self, serial: str, start: int, now: int) -> list[Point]:
        series = self.store.series(self._keys[serial, POSITION])
        apart = [] if series is None else series.suspects(start, now + 1)
        return [Point(*values[:2]) for _, values in apart if a_place(values)]

    def _trail(self, serial: str, now: int, trail: int, points: int) -> list[Point | None]:
        # Aligned, so that it is the same view of the series each time and costs what is new.
        width = max(-(-trail // max(points, 1)), 1)
        end = (now // width + 1) * width
        source = self._keys[serial, POSITION].source
        places: list[Point | None] = []
        before: int | None = None
        for fix in self.store.trail(serial, end - points * width, end, points, source):
            if fix.time > now:
                continue
            if before is not None and fix.time - before > max(GAP, 2 * width):
                places.append(None)
            places.append(Point(fix.longitude, fix.latitude))
            before = fix.time
        return places

    def _mark_place(self, mark: CourseMark, now: int) -> tuple[int | None, Point] | None:
        """Where a mark is, and when it was there; None for the time of one that was laid."""
        known = [found for serial in mark.serials if (found := self.place(serial, now))]
        newest = max(known, default=None, key=lambda one: one[0])
        laid = mark.laid_at(now)
        if newest is None or (laid is not None and now - newest[0] > WIND_AGE):
            return None if laid is None else (None, laid)
        return newest


def _line(marks: Sequence[tuple[CourseMark, Point]]) -> StartLine | None:
    pins = [place for mark, place in marks if mark.kind == "pin"]
    boats = [place for mark, place in marks if mark.kind == "committee"]
    # Of several, as where it was laid anew, the newest.
    return line_between(pins[-1], boats[-1]) if pins and boats else None
