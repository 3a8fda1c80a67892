"""Boats, marks, line and wind out of a store of samples and a session's log."""

from __future__ import annotations

from cmath import phase, rect
from math import degrees, radians
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from tests.deck import workspace_of
from tests.harness import EmbeddedServer
from tui.config.live import Live
from tui.live.course import Point, Wind, destination
from tui.live.derived import FLEET, MEAN_TWD, MEAN_TWS
from tui.live.derived.deriver import Deriver
from tui.live.derived.water import Anchorage
from tui.live.series import SeriesKey
from tui.live.store import FeedStore
from tui.services.igtimi.records import Session
from tui.services.igtimi.session_state import Position, SessionObject, SessionState
from tui.services.igtimi.session_state import Wind as EnteredWind
from tui.workspace.live.course import (
    Course,
    CourseMark,
    Fleet,
    FleetReader,
    course_of,
    course_sailed_now,
    heard_beside,
)
from tui.workspace.live.day import course_of_day, day_of
from tui.workspace.live.derived import water_of
from tui.workspace.live.live import LiveSession
from tui.workspace.live.reckoning import Reckoning
from tui.workspace.live.start import start_of

NOW = 1_384_906_719_000
HERE = Point(174.86, -36.82)
NONE = Course()
BOAT, PIN, COMMITTEE, BOT = "GA-EN-AAAA", "HA-JF-ADEC", "HA-JF-ADED", "DD-EE-AAHA"


def put(
    store: FeedStore, serial: str, type_: int, *samples: tuple[int, float], source: int = 0
) -> None:
    times = [NOW + 1000 * seconds for seconds, _ in samples]
    store.add([((serial, type_, source), times, [[value for _, value in samples]])])


def put_places(store: FeedStore, serial: str, *places: tuple[int, Point], source: int = 0) -> None:
    times = [NOW + 1000 * seconds for seconds, _ in places]
    axes = [[place.longitude for _, place in places], [place.latitude for _, place in places]]
    store.add([((serial, 1, source), times, axes)])


def test_what_ais_says_is_no_boat_is_a_mark_or_on_land_also_in_a_replay() -> None:
    aid, station, mark = "SO-AA-AAAB", "SO-AA-AAAC", "SO-AA-AAAD"
    names = {BOAT: "Petrel", aid: "Kiel LH", station: "002111240", mark: "Top"}
    room: Any = SimpleNamespace(
        names=names, name=names.__getitem__, aids={aid, mark}, ashore={station}
    )
    told = Course(marks=(CourseMark("Top", "windward", (mark,)),))
    course = heard_beside(told, room, [BOAT, aid, station, mark])
    assert [(one.name, one.kind, one.serials) for one in course.marks] == [
        ("Top", "windward", (mark,)),
        ("Kiel LH", "aid", (aid,)),
    ]
    assert course.not_boats == {aid, station, mark}
    assert heard_beside(course, room, [BOAT, aid, station, mark]) == course
    store = FeedStore()
    for number, serial in enumerate((BOAT, aid, station, mark)):
        put_places(store, serial, (-1, Point(10.0 + number / 1000, 54.0)))
    fleet = read(store, course)
    assert [one.serial for one in fleet.sailors] == [BOAT]
    assert {one.name for one, _ in fleet.marks} == {"Top", "Kiel LH"}
    day = day_of(room, [BOAT, aid, station], None)
    assert course_of_day(day).not_boats == {aid, station}


def reader_of(store: FeedStore, **live: Any) -> FleetReader:
    return FleetReader(store, Reckoning(Live(**live)))


def read(store: FeedStore, course: Course = NONE, seconds: int = 0, trail: int = 300) -> Fleet:
    reader = reader_of(store)
    return reader.read(
        course, reader.serials(), NOW + 1000 * seconds, trail=trail * 1000, points=60
    )


def test_a_boat_has_its_heading_and_what_it_does() -> None:
    store = FeedStore()
    put_places(store, BOAT, (-1, HERE))
    put(store, BOAT, 6, (-1, 40.0))
    put(store, BOAT, 8, (-1, 45.0))
    put(store, BOAT, 9, (-1, 18.0))
    (sailor,) = read(store).sailors
    assert (sailor.heading, sailor.course, sailor.speed) == (45.0, 40.0, 18.0)
    assert sailor.place == HERE
    assert not sailor.lost(NOW)


def test_without_a_compass_a_boat_points_where_it_goes_and_at_rest_nowhere() -> None:
    store = FeedStore()
    put_places(store, BOAT, (-1, HERE))
    put(store, BOAT, 6, (-1, 40.0))
    assert read(store).sailors[0].heading == 40.0
    put(store, BOAT, 9, (-1, 0.05))
    assert read(store).sailors[0].heading is None
    assert read(store).sailors[0].course is None


def test_an_old_course_is_not_taken_for_one_of_now() -> None:
    store = FeedStore()
    put_places(store, BOAT, (-30, HERE), (-1, HERE))
    put(store, BOAT, 6, (-30, 40.0))
    assert read(store).sailors[0].heading is None


def test_a_jump_is_a_suspect_of_the_trail_and_no_fix_is_no_place() -> None:
    store = FeedStore()
    far = destination(HERE, 90, 50_000)
    put_places(store, BOAT, (-9, HERE), (-8, far), (-7, HERE), (-6, Point(0, 0)), (-1, HERE))
    (sailor,) = read(store).sailors
    assert list(sailor.suspects) == [far]
    assert far not in sailor.trail
    assert read(store, trail=5).sailors[0].suspects == []
    assert read(store, trail=0).sailors[0].suspects == ()


def test_a_boat_that_was_not_heard_of_is_lost() -> None:
    store = FeedStore()
    put_places(store, BOAT, (-300, HERE))
    assert read(store).sailors[0].lost(NOW)


def test_of_the_past_only_what_was_known_then_is_shown() -> None:
    store = FeedStore()
    way = [(seconds, destination(HERE, 90, 5.0 * seconds)) for seconds in range(0, 60, 2)]
    put_places(store, BOAT, *way)
    put(store, BOAT, 9, *((seconds, float(seconds)) for seconds in range(0, 60, 2)))
    (sailor,) = read(store, seconds=21).sailors
    assert sailor.place == way[10][1]
    assert sailor.speed == 20.0
    assert sailor.trail
    assert all(place in [known for _, known in way[:11]] for place in sailor.trail)


def test_a_trail_says_where_it_was_not_measured() -> None:
    store = FeedStore()
    way = [(seconds, destination(HERE, 90, 100.0 + seconds)) for seconds in range(-290, 0, 2)]
    put_places(store, BOAT, *(one for one in way if not -200 <= one[0] <= -60))
    trail = read(store).sailors[0].trail
    assert trail.count(None) == 1
    assert len(trail) < 60
    assert read(store, trail=0).sailors[0].trail == ()


def test_a_device_that_has_only_another_source_is_shown_too() -> None:
    store = FeedStore()
    put_places(store, BOAT, (-1, HERE), source=3)
    assert [one.place for one in read(store).sailors] == [HERE]


def test_marks_are_where_their_devices_are_or_where_they_were_laid() -> None:
    laid, drifted = destination(HERE, 0, 800), destination(HERE, 0, 820)
    course = Course(
        marks=(
            CourseMark("Windward", "windward", ("HA-JF-ADEA",), laid),
            CourseMark("Leeward", "leeward", (), HERE),
            CourseMark("Gate", "gate", ("HA-JF-ADEB",)),
        )
    )
    store = FeedStore()
    assert [place for _, place in read(store, course).marks] == [laid, HERE]
    put_places(store, "HA-JF-ADEA", (-40, drifted))
    put_places(store, "HA-JF-ADEB", (-4000, HERE))
    fleet = read(store, course)
    assert [place for _, place in fleet.marks] == [drifted, HERE, HERE]
    assert not fleet.sailors, "a mark is no boat"
    assert read(store, course, seconds=3600).marks[0][1] == laid


def test_the_line_lies_between_pin_and_committee_boat() -> None:
    course = Course(
        marks=(
            CourseMark("Pin", "pin", (PIN,)),
            CourseMark("Committee", "committee", (COMMITTEE,)),
        )
    )
    store = FeedStore()
    put_places(store, PIN, (-5, HERE))
    assert read(store, course).line is None
    put_places(store, COMMITTEE, (-5, destination(HERE, 90, 150)))
    line = read(store, course).line
    assert line is not None
    assert line.length == pytest.approx(150, abs=0.1)
    assert line.side(destination(HERE, 180, 30)) == pytest.approx(30, abs=0.1)


def test_the_wind_is_the_mean_of_those_who_measure_it() -> None:
    store = FeedStore()
    entered = Wind(200.0, 20.0)
    course = Course(wind_serials=(BOT, "DD-EE-AAHB"), wind=entered)
    assert read(store, course).wind == entered
    assert read(store).wind is None
    put(store, BOT, 22, (-1, 350.0))
    put(store, BOT, 23, (-1, 20.0))
    put(store, "DD-EE-AAHB", 22, (-1, 30.0))
    put(store, "DD-EE-AAHB", 23, (-1, 24.0))
    wind = read(store, course).wind
    assert wind is not None
    assert wind.comes_from == pytest.approx(10.0)
    assert wind.speed == pytest.approx(22.0)
    assert read(store, course, seconds=3600).wind == entered, "an hour later nobody knows"


def test_the_course_is_read_out_of_a_sessions_log() -> None:
    state = SessionState(
        name="Twilight",
        objects={
            1: SessionObject(id=1, name="Petrel", kind="yacht", devices=(BOAT,)),
            2: SessionObject(id=2, name="", kind="buoy", buoy_type="Pin", devices=(PIN,)),
            3: SessionObject(
                id=3,
                name="Windward",
                kind="buoy",
                buoy_type="windward",
                positions=(Position(latitude=-36.8, longitude=174.8),),
            ),
            4: SessionObject(id=4, name="Bot", kind="wind", devices=(BOT,)),
        },
        manual_wind=EnteredWind(strength=20.0, direction=370.0),
    )
    course = course_of(LiveSession(Session(id=1), state))
    assert course.title == "Twilight"
    assert course.marks == (
        CourseMark("Pin", "pin", (PIN,)),
        CourseMark("Windward", "windward", (), Point(174.8, -36.8)),
    )
    assert course.not_boats == {PIN, BOT}
    assert course.wind == Wind(10.0, 20.0)


async def test_the_session_that_is_sailed_now_is_found(tmp_path: Path) -> None:
    with EmbeddedServer(services=("igtimi",)) as server:
        workspace = workspace_of(server, tmp_path)
        try:
            places = await workspace.live.devices()
            found = await course_sailed_now(workspace.live, [one.serial for one in places])
            assert found.title == "Twilight series"
            assert {mark.kind for mark in found.marks} >= {"pin", "committee", "windward"}
            assert (await course_sailed_now(workspace.live, ["ZZ-ZZ-ZZZZ"])) == Course()
        finally:
            await workspace.close()


def test_wind_line_and_boat_are_as_old_as_what_they_come_from() -> None:
    now, store = 1_000_000_000, FeedStore()
    store.add(
        [
            (("A", 1, 0), [now - 1000], ([10.0], [54.0])),
            (("A", 9, 0), [now - 12_000], ([10.0],)),
            (("W", 22, 0), [now - 300_000], ([230.0],)),
            (("W", 23, 0), [now - 4000], ([20.0],)),
            (("P", 1, 0), [now - 30_000], ([10.0], [54.01])),
        ]
    )
    pin = CourseMark("Pin", "pin", ("P",))
    boat = CourseMark("Boat", "committee", (), Point(10.01, 54.01))
    course = Course("", (pin, boat), ("W",))
    fleet = reader_of(store).read(course, ["A"], now, trail=0, points=1)
    assert fleet.wind is not None
    assert fleet.line is not None
    assert (fleet.wind_time, fleet.line_time) == (now - 300_000, now - 30_000)
    [sailor] = fleet.sailors
    assert sailor.since == now - 12_000
    course_wind = Wind(200.0, 10.0)
    by_hand = Course("", (boat,), (), course_wind)
    fleet = reader_of(FeedStore()).read(by_hand, [], now, trail=0, points=1)
    assert fleet.wind == course_wind
    assert fleet.wind_time is None


def wind_vector(comes_from: float, speed: float) -> complex:
    """East and north as one number, of what comes from there."""
    return rect(speed, radians(90 - comes_from))


def test_of_two_ends_of_one_kind_the_one_that_was_laid_last_is_the_lines() -> None:
    there = destination(HERE, 90, 100)
    marks = (
        CourseMark("Pin", "pin", (PIN,)),
        CourseMark("Boat", "committee", (), there),
        CourseMark("Pin", "pin", (), destination(HERE, 0, 40)),
    )
    store = FeedStore()
    put_places(store, PIN, (-1, HERE))
    line = read(store, Course("", marks)).line
    assert line is not None
    assert line.pin == marks[2].laid
    assert water_of(Course("", marks), Live()).pin == Anchorage((), marks[2].laid)


def test_without_a_wind_unit_the_wind_is_that_of_the_boats_apparent_winds() -> None:
    store = FeedStore()
    put_places(store, BOAT, (-1, HERE))
    true, course, speed, heading = (250.0, 24.0), 205.0, 11.0, 201.0
    apparent = wind_vector(*true) + wind_vector(course, speed)
    angle = 90 - degrees(phase(apparent)) - heading
    for type_, value, age in (
        (11, (angle + 180) % 360 - 180, -3), (12, abs(apparent), -4), (8, heading, -5),
        (6, course, -2), (9, speed, -6),
    ):  # fmt: skip
        assert read(store).wind is None, f"before type {type_} it cannot be told"
        put(store, BOAT, type_, (age, value))
    fleet = read(store)
    assert fleet.wind is not None
    assert (fleet.wind.comes_from, fleet.wind.speed) == pytest.approx(true)
    assert (fleet.wind_time, fleet.wind_boats) == (NOW - 6000, 1)
    assert read(store, seconds=700).wind is None, "too long ago"
    entered = Wind(200.0, 10.0)
    assert read(store, Course("", (), (), entered)).wind == entered
    put(store, BOT, 22, (-1, 230.0))
    fleet = read(store)
    assert fleet.wind == Wind(pytest.approx(230.0), 0.0)
    assert fleet.wind_boats == 0, "what is measured goes before what is reckoned"


@pytest.mark.parametrize(("boats", "silent"), [(1, 0), (12, 0), (40, 0), (12, 120), (40, 120)])
def test_the_wind_of_many_boats_is_found_within_some_frames(boats: int, silent: int) -> None:
    """However long they have sailed, and however long ago they were silent; and it is found again
    with each later frame, also where the start is looked at that was minutes ago.
    """
    store, wind, course, speed, heading = FeedStore(), (50.0, 20.0), 8.0, 10.0, 8.0
    apparent = wind_vector(*wind) + wind_vector(course, speed)
    angle = (90 - degrees(phase(apparent)) - heading) % 360
    seconds = range(-700, -silent)
    times = [NOW + 1000 * second for second in seconds]
    said = ((11, angle), (12, abs(apparent)), (8, heading), (6, course), (9, speed))
    store.add(
        ((f"SO-AA-{boat:04}", type_, 0), times, [[value % 360] * len(times)])
        for boat in range(boats)
        for type_, value in said
    )
    reckoning = Reckoning(Live())
    reader = FleetReader(store, reckoning)
    end = destination(HERE, 90, 200)
    marks = (CourseMark("Pin", "pin", (), HERE), CourseMark("Boat", "committee", (), end))
    looks = 0
    while (found := reckoning.wind(store, NONE, NOW + looks * 500)) is None:
        looks += 1
        assert looks < (50 if silent else 8)
    assert (found.wind.comes_from, found.wind.speed) == pytest.approx(wind)
    assert found.boats == boats
    for later in range(looks, looks + 10):
        start = start_of(reader, Course("", marks), (), NOW + later * 500, NOW - 400_000)
        assert start.fleet.wind is not None
        assert start.bias is not None


def test_rows_map_and_export_have_one_wind_whatever_it_is_of() -> None:
    """Measured, dead, of apparent winds, measured again; at any moment that is looked at."""
    store, live = FeedStore(), Live(declination=4.0, magnetic_winds=[BOT])
    for second in range(-1800, 0):
        # At rest, without a course: units leave it out then.
        put(store, BOAT, 9, (second, 0.0))
        put(store, BOAT, 8, (second, 30.0 + second / 100))
        put(store, BOAT, 11, (second, 20.0))
        put(store, BOAT, 12, (second, 15.0))
        if second < -1500 or second >= -300:
            put(store, BOT, 22, (second, 200.0 + second / 50))
            put(store, BOT, 23, (second, 30.0))
    rows, water = Deriver(store), water_of(None, live)
    rows.learn(water)
    keys = [SeriesKey(FLEET, one) for one in (MEAN_TWD, MEAN_TWS)]
    assert rows.offered((), (MEAN_TWD, MEAN_TWS)) == keys
    while rows.bring(keys, NOW - 1_800_000):
        pass
    moments = (-1700, -1501, -1000, -901, -899, -600, -301, -300, -200, -1)
    shown = [[store.value_at(key, NOW + 1000 * second) for key in keys] for second in moments]
    rows.close()
    seen = set()
    for second, (row, speed) in zip(moments, shown, strict=True):
        then = NOW + 1000 * second
        assert row is not None
        assert speed is not None
        fleet = FleetReader(store, Reckoning(live)).read(NONE, (), then, trail=0, points=1)
        assert fleet.wind == Wind(*row[1], *speed[1])
        dead = max(0, second + 1501) if second < -300 else 0
        assert fleet.wind_time is not None
        if dead > 600:
            assert fleet.wind.comes_from == pytest.approx(50 + second / 100)
            assert fleet.wind.speed == pytest.approx(15)
            assert (fleet.wind_boats, fleet.wind_time) == (1, then)
        else:
            assert fleet.wind.comes_from == pytest.approx(204 + (second - dead) / 50)
            assert (fleet.wind_boats, fleet.wind_time) == (0, then - 1000 * dead)
        seen.add(fleet.wind_boats)
    assert seen == {0, 1}


def test_the_wind_of_several_boats_is_their_mean_and_of_a_magnetic_heading_turned() -> None:
    store = FeedStore()
    for serial, heading in ((BOAT, 330.0), (PIN, 350.0)):
        # At rest the apparent wind is the true one; through water where nothing is over ground.
        put(store, serial, 11, (-2, 20.0))
        put(store, serial, 12, (-2, 20.0))
        put(store, serial, 7, (-2, heading))
        put(store, serial, 10, (-2, 0.0))
    fleet = reader_of(store, declination=15.0).read(NONE, [], NOW, trail=0, points=1)
    assert fleet.wind is not None
    assert (fleet.wind.comes_from, fleet.wind.speed) == pytest.approx((15.0, 20.0))
    assert fleet.wind_boats == 2
