"""Derived series for people: their names, what is known of the water, and how they are exported."""

from __future__ import annotations

import asyncio
import csv
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from tui.config.live import Live
from tui.live.course import Point, Wind
from tui.live.derived import FIRST, FLEET, MEAN_TWD, SHIFT5, TWA, VMG
from tui.live.derived.kinds import KINDS
from tui.live.derived.water import Anchorage, Water
from tui.live.replay import Replay
from tui.live.session_source import SessionSource
from tui.live.store import FeedStore
from tui.services.igtimi.live_types import TYPES
from tui.workspace.live.course import Course, CourseMark
from tui.workspace.live.derived import ALL_KINDS, derived_types, water_of
from tui.workspace.live.export import export_feed

T0 = 1_700_000_000_000
BOAT, UNIT = "GA-1", "GW-1"


def sailed() -> FeedStore:
    store = FeedStore()
    for at in range(5):
        time = [T0 + 1000 * at]
        store.add([((BOAT, 9, 0), time, [[10.0]]), ((BOAT, 6, 0), time, [[0.0]])])
        store.add([((UNIT, 22, 0), time, [[60.0]])])
    return store


def test_derived_series_are_no_units_types_and_are_found_by_their_names() -> None:
    assert max(TYPES) < FIRST <= min(KINDS)
    assert {**TYPES, **{number: ALL_KINDS[number] for number in KINDS}} == ALL_KINDS
    assert derived_types([" vmg", "TWA", "VMG"]) == ((VMG, TWA), ())
    assert derived_types(["SPEED"]) == ((), ("SPEED",))


def test_what_a_log_and_the_settings_say_of_the_water() -> None:
    pin, windward, gate = Point(1, 2), Point(3, 4), Point(5, 6)
    course = Course(
        "Race",
        (
            CourseMark("Pin", "pin", (), pin),
            CourseMark("RC", "committee", ("GM-1",)),
            CourseMark("Top", "windward", (), windward),
            CourseMark("Gate", "leeward", (), gate),
        ),
        (UNIT,),
        Wind(40, 20),
    )
    found = water_of(course, Live(declination=-2.5, magnetic_winds=[UNIT]))
    assert found == Water(
        (UNIT,),
        (40, 20),
        frozenset({UNIT, "GM-1"}),
        Anchorage((), pin),
        Anchorage(("GM-1",), None),
        Anchorage((), windward),
        -2.5,
        frozenset({UNIT}),
    )
    assert water_of(course, Live(mark="gate ")).mark == Anchorage((), gate)
    assert water_of(course, Live(mark="none such")).mark == Anchorage()
    assert water_of(None, Live(declination=3)) == Water(declination=3)


async def exported(feed: Any, path: Path) -> list[tuple[str, str, float]]:
    room: Any = SimpleNamespace(name=str)
    await export_feed(room, feed, path, "csv", [VMG, MEAN_TWD, SHIFT5])
    with path.open() as file:
        return [(row["serial"], row["type"], float(row["value"])) for row in csv.DictReader(file)]


async def test_derived_series_are_exported_by_their_names_over_all_that_is_kept(
    tmp_path: Path,
) -> None:
    feed = SimpleNamespace(store=sailed())
    rows = await exported(feed, tmp_path / "live.csv")
    assert [round(value, 3) for serial, type_, value in rows if type_ == "VMG"] == [5.0] * 5
    assert {serial for serial, type_, _ in rows if type_ in ("MTWD", "SH5")} == {FLEET}
    # Of a session, too, whose archive is what will be played and stays as it is.
    archive = sailed()
    replay = Replay(SessionSource(archive, [BOAT, UNIT], T0, T0 + 5000))
    assert await exported(replay, tmp_path / "session.csv") == rows
    assert len(archive) == 3


async def test_what_is_left_out_beside_derived_series_is_said_of_a_session_too(
    tmp_path: Path,
) -> None:
    archive = sailed()
    archive.add([((BOAT, 1, 0), [T0, T0 + 1000], [[10.0, 0.0], [54.0, 0.0]])])
    archive.add([((BOAT, 9, 0), [T0], [[11.0]])])
    replay: Any = Replay(SessionSource(archive, [BOAT, UNIT], T0, T0 + 5000))
    room: Any = SimpleNamespace(name=str)
    plain = await export_feed(room, replay, tmp_path / "plain.csv", "csv")
    beside = await export_feed(room, replay, tmp_path / "beside.csv", "csv", [VMG])
    assert len(plain.remarks) == 2
    assert beside.remarks == plain.remarks


async def test_who_gives_an_export_up_while_it_is_written_keeps_the_file_that_was_there(
    tmp_path: Path,
) -> None:
    """The thread that writes goes on by itself: it must not replace the file afterwards."""
    path = tmp_path / "session.csv"
    path.write_text("before")
    loop, begun, go_on = asyncio.get_running_loop(), asyncio.Event(), threading.Event()

    def name(serial: str) -> str:
        loop.call_soon_threadsafe(begun.set)
        go_on.wait(30)
        return serial

    room: Any = SimpleNamespace(name=name)
    feed: Any = SimpleNamespace(store=sailed())
    work = asyncio.create_task(export_feed(room, feed, path, "csv"))
    await begun.wait()
    work.cancel()
    for _ in range(5):
        await asyncio.sleep(0)
    ended = work.done()
    go_on.set()
    await asyncio.wait({work})
    assert work.cancelled()
    assert not ended, "it ends with its thread"
    assert path.read_text() == "before"
    assert list(tmp_path.iterdir()) == [path]
