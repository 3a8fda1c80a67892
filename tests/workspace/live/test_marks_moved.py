"""Marks that were laid anew: what was sailed before counts by where they lay then."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import msgspec
import pytest

from tui.config.live import Live
from tui.live.course import Point, StartLine, destination, line_between
from tui.live.day import Day, read_day
from tui.live.derived import LINE, VMC
from tui.live.derived.deriver import Deriver
from tui.live.derived.formulas import bearing_of_mark, line_distance, made_good
from tui.live.series import SeriesKey
from tui.live.store import FeedStore
from tui.services.igtimi.records import Session
from tui.services.igtimi.session_log import DataEndTime, DeviceAttachment, LogData, LogEntry
from tui.services.igtimi.session_state import fold
from tui.workspace.live.course import Course, FleetReader, course_of
from tui.workspace.live.day import course_of_day, day_of
from tui.workspace.live.derived import water_of
from tui.workspace.live.live import LiveSession
from tui.workspace.live.reckoning import Reckoning
from tui.workspace.sessions.marks import Spot, mark_entries

HOUR = 3_600_000
TEN, TWELVE, TWO, THREE, SIX = (
    1_790_000_000_000 // HOUR * HOUR + n * HOUR for n in (0, 2, 4, 5, 8)
)
HERE = Point(10.2, 54.4)
BOAT, TRACKER = "GA-EN-AAAA", "GM-AA-AAAA"
ROOM: Any = SimpleNamespace(names={}, aids=set(), ashore=set())


class Log:
    """A session's log that grows."""

    def __init__(self) -> None:
        self.entries: list[LogEntry] = []

    def say(self, time: int, *what: LogData) -> None:
        for one in what:
            made = datetime.fromtimestamp(time / 1000, UTC)
            self.entries.append(LogEntry(id=len(self.entries) + 1, created_at=made, data=one))

    def lay(self, time: int, kind: str, where: Point | None, serial: str = "") -> None:
        spot = None if where is None else Spot(where.latitude, where.longitude)
        self.say(time, *mark_entries(self.entries, kind, "", serial, spot))

    def course(self) -> Course:
        return course_of(LiveSession(Session(id=1), fold(self.entries)))


def sailed(store: FeedStore, serial: str, *times: int, where: Point) -> None:
    n = len(times)
    store.add([((serial, 1, 0), [*times], [[where.longitude] * n, [where.latitude] * n])])
    if serial == BOAT:
        store.add(
            [((serial, 6, 0), [*times], [[45.0] * n]), ((serial, 9, 0), [*times], [[20.0] * n])]
        )


def derived(store: FeedStore, course: Course, type_: int) -> dict[int, float]:
    deriver, key = Deriver(store, water_of(course, Live())), SeriesKey(BOAT, type_)
    while deriver.bring([key], TEN - HOUR):
        pass
    times, axes = store.samples(key, TEN - HOUR, SIX + HOUR)
    return dict(zip(times, axes[0], strict=True)) if axes else {}


def line(pin: Point, boat: Point) -> StartLine:
    found = line_between(pin, boat)
    assert found is not None
    return found


def kept(course: Course, log: Log) -> Course:
    """The course as a recording gives it back."""
    session = LiveSession(Session(id=1), fold(log.entries))
    day = read_day(msgspec.json.encode(day_of(ROOM, [], session)))
    assert day is not None
    assert course_of_day(day).marks == course.marks
    return course_of_day(day)


def test_a_mark_moved_after_a_race_changes_nothing_of_that_race_also_in_a_recording() -> None:
    pin, boat_end = HERE, destination(HERE, 90, 100)
    moved, top, new_top = (destination(HERE, *way) for way in ((0, 60), (0, 1500), (40, 2500)))
    log = Log()
    log.lay(TEN, "pin", pin)
    log.lay(TEN, "committee", boat_end)
    log.lay(TEN, "windward", top)
    log.lay(TWO, "pin", moved)
    log.lay(TWO, "windward", new_top)
    course = log.course()
    here = destination(destination(HERE, 90, 40), 180, 30)
    lines = {TEN - HOUR: pin, TWELVE: pin, TWO - 1: pin, TWO: moved, THREE: moved}
    for told in (course, kept(course, log)):
        store = FeedStore()
        sailed(store, BOAT, *lines, where=here)
        reader = FleetReader(store, Reckoning(Live()))
        metres, made = (derived(store, told, one) for one in (LINE, VMC))
        assert metres.keys() == made.keys() == lines.keys()
        for time, end in lines.items():
            there = reader.line_at(told, time)
            assert there is not None
            assert there.pin.latitude == pytest.approx(end.latitude, abs=1e-6)
            mark = top if end is pin else new_top
            fleet = reader.read(told, [BOAT], time, trail=0, points=1)
            place = next(place for one, place in fleet.marks if one.kind == "windward")
            assert (place.longitude, place.latitude) == pytest.approx(
                (mark.longitude, mark.latitude)
            )
            assert metres[time] == pytest.approx(line_distance(line(end, boat_end), here), abs=0.2)
            right = made_good(20.0, 45.0, bearing_of_mark(here, mark))
            assert made[time] == pytest.approx(right, abs=0.01)


def test_an_end_of_the_line_takes_anothers_place_when_it_is_laid_and_not_before() -> None:
    """A tracked pin gives way to one that is laid, that one to another tracked one."""
    boat_end, drift, laid = destination(HERE, 90, 100), HERE, destination(HERE, 0, 50)
    log = Log()
    log.lay(TEN, "committee", boat_end)
    log.lay(TEN, "pin", None, TRACKER)
    log.lay(TWO, "pin", laid)
    course = log.course()
    assert [one.kind for one in course.marks] == ["committee", "pin", "pin"]
    here = destination(destination(HERE, 90, 40), 180, 30)
    for told in (course, kept(course, log)):
        store = FeedStore()
        sailed(store, TRACKER, TWELVE, TWO - 1000, TWO, THREE, where=drift)
        sailed(store, BOAT, TWELVE, TWO, THREE, where=here)
        reader, metres = FleetReader(store, Reckoning(Live())), derived(store, told, LINE)
        for time, pin in ((TWELVE, drift), (TWO, laid), (THREE, laid)):
            found = reader.line_at(told, time)
            assert found is not None
            assert found.pin.latitude == pytest.approx(pin.latitude)
            assert metres[time] == pytest.approx(line_distance(line(pin, boat_end), here), abs=0.2)
        fleet = reader.read(told, [BOAT], TWELVE, trail=0, points=1)
        assert [one.kind for one, _ in fleet.marks] == ["committee", "pin"]


def test_a_place_that_is_mended_after_the_sessions_end_moves_nothing() -> None:
    log = Log()
    log.lay(TEN, "windward", HERE)
    right = destination(HERE, 0, 300)
    log.say(THREE, DataEndTime(time=datetime.fromtimestamp(THREE / 1000, UTC)))
    log.lay(SIX, "windward", right)
    [mark] = log.course().marks
    for time in (TWELVE, SIX + 1):
        there = mark.laid_at(time)
        assert there is not None
        assert there.latitude == pytest.approx(right.latitude)
    # One that has a device besides keeps its places, too.
    log.say(SIX, DeviceAttachment(object_id=1, serial_number=TRACKER))
    [mark] = log.course().marks
    assert (mark.serials, mark.before) == ((TRACKER,), ())


def test_a_recording_of_before_has_its_marks_where_they_lay_last() -> None:
    told = b'{"marks":[{"name":"Top","kind":"windward","serials":[],"laid":[10.2,54.4]}]}'
    day = read_day(told)
    assert isinstance(day, Day)
    [mark] = course_of_day(day).marks
    assert (mark.laid_at(TEN), mark.laid_at(SIX)) == (HERE, HERE)
