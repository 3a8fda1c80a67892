"""The start: what is said of each boat before and after the gun, in every state and size."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len

from tests.deck import deck_of, locations_in, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.config.live import Live
from tui.config.load import load
from tui.live.course import Point, Wind, destination
from tui.live.starts import SOON, Strike
from tui.live.store import FeedStore
from tui.screens.live.picture import Picture
from tui.screens.live.runs import Runs
from tui.screens.live.screen import LiveScreen
from tui.screens.live.start import StartPane, read_gun
from tui.screens.live.start_lines import Manner, digit_lines, rows_that_fit, start_lines
from tui.workspace.live.course import Course, CourseMark, FleetReader
from tui.workspace.live.reckoning import Reckoning
from tui.workspace.live.start import Start, start_of
from tui.workspace.times import TimeTextError
from tui.workspace.workspace import Workspace

GUN = 1_700_000_000_000
PIN = Point(179.9995, 54)
BOAT = destination(PIN, 90, 200)
MARKS = (CourseMark("Pin", "pin", (), PIN), CourseMark("Boat", "committee", (), BOAT))
MIDDLE = destination(PIN, 90, 50)
WIND = Wind(6, 20)


def sailing(store: FeedStore, serial: str, ways: Sequence[tuple[float, float]], cog: float) -> None:
    """A boat that is so many metres before the line at seconds from the gun."""
    for seconds, before in ways:
        time = [GUN + round(seconds * 1000)]
        place = destination(MIDDLE, 180, before)
        store.add(
            [
                ((serial, 1, 0), time, [[place.longitude], [place.latitude]]),
                ((serial, 6, 0), time, [[cog]]),
                ((serial, 9, 0), time, [[18.0]]),
            ],
            heard=time[0],
        )


def fleet() -> FeedStore:
    store = FeedStore(sift=False)
    sailing(store, "early", [(-20, -30), (-1, -32), (1, -34), (20, -60)], 0)
    sailing(store, "returned", [(-20, -30), (1, -10), (8, 9), (20, -40)], 0)
    sailing(store, "good", [(-20, 100), (-1, 10), (1, 0), (20, -95)], 0)
    sailing(store, "near", [(-20, 90), (-1, 3.5), (1, -6.5), (20, -90)], 0)
    sailing(store, "late", [(-20, 150), (20, 50)], 0)
    sailing(store, "away", [(-20, 60), (-1, 80), (1, 82), (20, 100)], 180)
    sailing(store, "gone", [(-900, 100)], 0)
    return store


SERIALS = ("early", "returned", "good", "near", "late", "away", "gone")


def at(
    seconds: float,
    gun: int | None = GUN,
    marks: tuple[CourseMark, ...] = MARKS,
    wind: Wind | None = WIND,
) -> Start:
    course = Course("", marks, (), wind)
    return start_of(
        FleetReader(fleet(), Reckoning(Live())), course, SERIALS, GUN + round(seconds * 1000), gun
    )


def test_before_the_gun_each_boat_has_its_way_time_and_burn() -> None:
    start = at(-20)
    assert start.bias == pytest.approx(-6, abs=0.1)
    assert start.ahead == pytest.approx(-20.9, abs=0.2), "the boat end, by 200 m of the sine of 6°"
    assert [one.serial for one in start.lost] == ["gone"]
    found = {one.sailor.serial: one for one in start.starters}
    assert [one.sailor.serial for one in start.starters][:2] == ["early", "returned"]
    assert found["early"].standing == found["returned"].standing == "over"
    assert found["early"].burn is None
    good = found["good"]
    assert (good.metres, good.share) == (pytest.approx(100, abs=0.5), pytest.approx(0.25, abs=0.01))
    assert good.seconds == pytest.approx(20, abs=0.2)
    assert good.burn == pytest.approx(0, abs=0.2)
    assert found["late"].burn == pytest.approx(-10, abs=0.2)
    assert found["away"].seconds is found["away"].burn is None
    assert at(-20, None).starters[-1].burn is None


def test_after_the_gun_who_was_over_stays_so_until_it_was_behind_the_line_again() -> None:
    found = {one.sailor.serial: one for one in at(20).starters}
    assert {name: one.standing for name, one in found.items()} == {
        "early": "ocs", "returned": "started", "good": "started", "near": "unsure",
        "late": "unknown", "away": "before",
    }  # fmt: skip
    # Between the fixes around the gun, not the one before it.
    good = found["good"].at_gun
    assert good is not None
    assert good.metres == pytest.approx(5, abs=0.2)
    assert good.speed == 18
    assert found["late"].at_gun is None
    assert {one.standing for one in at(9).starters if one.sailor.serial == "returned"} == {"back"}
    assert at(20).starters[0].sailor.serial == "early"


def test_who_was_over_stays_so_while_the_committee_boat_sails_off() -> None:
    store = FeedStore(sift=False)
    sailing(store, "early", [(-20, -30), (-1, -32), (1, -34), (20, -60), (120, -300)], 0)
    sailing(store, "good", [(-20, 100), (-1, 10), (1, 0), (20, -95), (120, -300)], 0)
    for seconds in range(-20, 121, 5):
        time = [GUN + seconds * 1000]
        off = destination(BOAT, 0, max(0, seconds - 30) * 8)
        for serial, place in (("P", PIN), ("C", off)):
            store.add(
                [((serial, 1, 0), time, [[place.longitude], [place.latitude]])], heard=time[0]
            )
    marks = (CourseMark("Pin", "pin", ("P",)), CourseMark("Boat", "committee", ("C",)))
    reader = FleetReader(store, Reckoning(Live()))
    for seconds in (25, 60, 120):
        now = GUN + seconds * 1000
        start = start_of(reader, Course("", marks, (), WIND), ("early", "good"), now, GUN)
        stand = {one.sailor.serial: one.standing for one in start.starters}
        assert stand == {"early": "ocs", "good": "started"}, seconds
    assert start.fleet.line is not None
    assert start.fleet.line.length > 600, "the line itself is where its ends are"


def text(lines: Sequence[Runs]) -> list[str]:
    return ["".join(piece for piece, _ in line) for line in lines]


MANNER = Manner(str, lambda kmh: f"{kmh / 1.852:.1f} kn", UTC, False)


def test_each_speed_stands_whole_and_apart_from_what_is_beside_it_in_any_unit() -> None:
    kmh = MANNER._replace(speed=lambda kmh: f"{kmh:.1f} km/h")
    for width in (80, 120):
        for seconds, beside in ((-20, 1), (20, 2)):
            rows = text(start_lines(at(seconds), width, 16, 0, kmh))
            good = next(row for row in rows if "good" in row)
            assert good.split().count("18.0") == beside, good
            assert good.split().count("km/h") == beside, good
            assert cell_len(good) <= width


def shown(start: Start, width: int = 80, height: int = 16, top: int = 0, **more: bool) -> str:
    manner = MANNER._replace(ascii_only=more.pop("ascii_only", False))
    return "\n".join(text(start_lines(start, width, height, top, manner, **more)))


def test_every_state_is_said() -> None:
    before = shown(at(-20))
    assert "Start -0:20  gun 22:13:20 · 2 over" in before
    assert "Line 200 m, square 000° · boat end favoured 6°, 21 m ahead · wind 006°" in before
    start = at(-20)
    reckoned = replace(start, fleet=replace(start.fleet, wind_boats=2))
    assert re.search(r"wind 006° \d+\.\d kn of AWA$", shown(reckoned, 120), re.M)
    assert re.search(r" ! early +OVER +-30 m +– +– +9\.7 kn +000° +25%", before)
    assert re.search(r"   good +\+100 m +20 s +\S0 s +9\.7 kn", before)
    assert re.search(r"gone +no position for 14m", before)
    after = shown(at(20))
    assert "Start +0:20  gun 22:13:20 · 1 OCS · 1 perhaps OCS" in after
    assert re.search(r" ! early +OCS +-60 m +-33 m +9\.7 kn", after)
    # Where both have no room beside each other the wind is below the line and whole.
    late = replace(start.fleet, wind_boats=12, wind_time=start.fleet.now - 840_000)
    narrow = shown(replace(start, fleet=late), 80).splitlines()
    assert narrow[1].endswith("boat end favoured 6°, 21 m ahead")
    assert narrow[2] == " wind 006° 10.8 kn of AWA, 14m ago"
    assert "boat" in narrow[3]
    assert max(cell_len(one) for one in narrow) <= 80
    assert "No gun is set" in shown(at(-20, None))
    assert "no wind, so no bias" in shown(at(-20, wind=None))
    assert "square to the wind" in shown(at(-20, wind=Wind(0, 0)))
    assert "its session has no pin and boat end. 4, then n lays them" in shown(at(-20, marks=()))
    # Nobody is over a line whose ends are one place.
    dot = shown(at(-20, marks=tuple(replace(one, laid=PIN) for one in MARKS)))
    assert "Both ends of the line lie in one place, so it is none: 4 lays them anew." in dot
    assert "OVER" not in dot
    tracked = tuple(CourseMark(one.name, one.kind, ("X",)) for one in MARKS)
    assert "ends of the line have sent no position yet" in shown(at(-20, marks=tracked))
    empty = start_of(FleetReader(FeedStore(), Reckoning(Live())), Course("", MARKS), (), GUN, None)
    assert "No boat has sent a position yet" in shown(empty, boats=False)
    # What is old says so, and how old it is.
    assert re.search(r"   away +7s ago +\+82 m", shown(at(8)))


@pytest.mark.parametrize("ascii_only", [False, True])
@pytest.mark.parametrize("seconds", [-20.0, 20.0])
def test_it_fits_every_window_and_scrolls(seconds: float, ascii_only: bool) -> None:
    start = at(seconds)
    for width, height in ((50, 9), (80, 16), (120, 32), (240, 52)):
        drawn = shown(start, width, height, ascii_only=ascii_only).splitlines()
        assert len(drawn) <= height
        if width >= 80:
            assert all(cell_len(line) <= width for line in drawn), (width, drawn)
        lanes = [line for line in drawn if line.rstrip().endswith(("|", "│", ">", "→"))]
        assert bool(lanes) == (width >= 120)
        if ascii_only:
            assert {one for one in "".join(drawn) if not one.isascii()} <= set("–°·…")
    big = shown(start, 120, 32).splitlines()
    assert big[0].strip() == digit_lines("-0:20" if seconds < 0 else "+0:20")[0].strip()
    room = rows_that_fit(start, 9, MANNER)
    assert "1 to 4 of 7 boats" in shown(start, 80, 9)
    assert "4 to 7 of 7 boats" in shown(start, 80, 9, 7 - room + 1)


@pytest.mark.parametrize(
    ("typed", "gun"),
    [("5", 300), (" +1:30 ", 90), ("10m", 600), ("22:20", 400), ("22:13:50", 30), ("", None)],
)
def test_a_gun_is_typed_in_minutes_or_as_a_time_of_day(typed: str, gun: int | None) -> None:
    assert read_gun(typed, GUN, UTC) == (None if gun is None else GUN + gun * 1000)


@pytest.mark.parametrize(
    ("at", "typed", "gun"),
    [
        ("23:44", "00:02", 18),
        ("23:44", "23:40", -4),
        ("00:05", "23:58", -7),
        ("00:05", "today 23:58", 1433),
        ("23:44", "tomorrow 00:02", 18),
        ("23:44", "today 00:02", -1422),
        ("23:44", "0002", 18),
        ("09:00", "14:05", 305),
        ("23:44", "2026-10-24 00:02", -1422),
        ("23:44", "2026-10-25 00:02", 18),
        # The hour that the night of the change has twice.
        ("23:44", "04:00", 316),
    ],
)
def test_a_guns_time_of_day_is_the_nearest_one_over_midnight_too(
    at: str, typed: str, gun: int
) -> None:
    """In minutes from then, on the evening before summer time ends."""
    zone = ZoneInfo("Europe/Berlin")
    now = round(datetime.fromisoformat(f"2026-10-24T{at}").replace(tzinfo=zone).timestamp() * 1000)
    assert read_gun(typed, now, zone) == now + gun * 60_000


@pytest.mark.parametrize("typed", ["soon", "5:75", "2020-01-01 10:00", "99999"])
def test_what_is_no_gun_is_refused(typed: str) -> None:
    with pytest.raises(TimeTextError):
        read_gun(typed, GUN, UTC)


@given(
    st.lists(st.tuples(st.integers(1, 4000), st.sampled_from((None, GUN, GUN + 3000))), max_size=30)
)
def test_a_gun_is_struck_once_by_whoever_waited_for_it(looks: list[tuple[int, int | None]]) -> None:
    strike, time, before, told = Strike(), GUN - 20_000, (GUN - 20_000, None), []
    for after, gun in looks:
        time += after
        gone = gun is not None and gun == before[1] and before[0] < gun <= time
        assert strike.now(time, gun) == (gone and gun is not None and time - gun < SOON)
        told += [gun] * gone
        before = (time, gun)
    assert len(told) == len(set(told))


def test_a_replay_has_a_gun_of_its_own_and_the_live_one_goes_on_meanwhile(tmp_path: Path) -> None:
    places = locations_in(tmp_path)
    picture = Picture(Workspace(load(places.config_file(), environment={}), places))
    assert picture.gun is None
    picture.gun = GUN
    assert picture.gun is None, "nothing is watched"
    live, replay = (type("Feed", (), {})() for _ in range(2))
    watching = SimpleNamespace(feed=live)
    picture.watching = cast(Any, watching)
    picture.gun = GUN
    watching.feed = replay
    assert picture.gun is None
    picture.gun = GUN - 86_400_000
    watching.feed = live
    assert picture.gun == GUN
    picture.gun = None
    watching.feed = replay
    assert picture.gun == GUN - 86_400_000


async def test_a_key_shows_the_start_and_its_keys_set_the_gun(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    bells: list[int] = []
    monkeypatch.setattr(Tockdeck, "bell", lambda _: bells.append(1))
    async with opened(deck_of(server, tmp_path, "live"), (120, 40)) as pilot:

        def there(*texts: str) -> bool:
            return all(one in screen_text(pilot) for one in texts)

        await until(pilot, lambda: there("series", "⏎ Large"), "the wall")
        await pilot.press("S")
        await until(pilot, lambda: there("No gun is set", "Line ", "from pin", "Petrel"), "boats")
        await until(pilot, lambda: there("S Wall", "⏎ Gun"), "its keys")
        await pilot.press("enter")
        await until(pilot, lambda: there("In how many minutes"), "asked")
        await pilot.press("5")
        await until(pilot, lambda: there("= at ", ", -5:00"), "understood")
        await pilot.press("enter")
        await until(pilot, lambda: there("The gun is at", "y Sync"), "set")
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        first = screen.picture.gun
        assert first is not None
        await pilot.press("minus")
        await until(pilot, lambda: screen.picture.gun == first - 60_000, "a minute earlier")
        await pilot.press("plus")
        await until(pilot, lambda: screen.picture.gun == first, "a minute later")
        pane = screen.board.front
        assert isinstance(pane, StartPane)
        for moment in (first - 100, first + 100, first + 200):
            pane.tick(moment, 0.0, forced=True)
        assert bells == [1], "one stroke at the gun"
        # The gun goes: what was counted down counts up, in the same place.
        screen.picture.gun = first - 3_600_000
        await until(pilot, lambda: there("at gun", "then"), "after it")
        await pilot.press("m")
        await until(pilot, lambda: there("m Wall"), "the map")
        await pilot.press("escape")
        await until(pilot, lambda: there("⏎ Large", "S Start"), "the wall again")
    assert bells == [1]
