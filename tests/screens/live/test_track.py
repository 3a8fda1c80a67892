"""The map on the live screen: from the embedded fleet to what a person reads."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.live.course import LineView, Wind
from tui.screens.live.screen import LiveScreen
from tui.screens.live.track import TrackPane
from tui.screens.live.track_words import ago_text, line_pieces, wind_text
from tui.screens.live.wall import Wall
from tui.workspace.live.course import Fleet
from tui.workspace.live.presets import Limits


@asynccontextmanager
async def the_map(
    server: EmbeddedServer, folder: Path, size: tuple[int, int] = (120, 40), **more: str
) -> AsyncIterator[tuple[Pilot[Any], TrackPane]]:
    """The live screen with its map shown, boats and marks on it."""
    async with opened(deck_of(server, folder, "live", **more), size) as pilot:
        await until(pilot, lambda: "series" in screen_text(pilot), "the wall")
        await pilot.press("m")
        await until(pilot, lambda: "Windward mark" in screen_text(pilot), "the course")
        await until(pilot, lambda: " boats" in screen_text(pilot), "the boats")
        yield pilot, pilot.app.screen.query_one(TrackPane)


async def test_the_fleet_its_course_and_the_wind_are_on_the_map(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, _):
        for text in ("Petrel", "Kōtare", "Pin end", "Committee boat", "Twilight series"):
            await until(pilot, lambda text=text: text in screen_text(pilot), text)
        for pattern in (r"wind [↑↗→↘↓↙←↖] \d{3}° \d+\.\d kn", r"N↑ ├─+┤ \d+ m"):
            await until(pilot, lambda p=pattern: bool(re.search(p, screen_text(pilot))), pattern)
        assert "WindBot" not in screen_text(pilot), "what measures the wind is no boat"


async def test_boats_of_one_name_are_told_apart_wherever_they_are_named(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path, (160, 50)) as (pilot, track):
        watching = track.picture.watching
        assert watching is not None
        serials = [one.serial for one in watching.devices if one.name in ("Petrel", "Kōtare")]
        assert len(serials) == 2
        watching.room.called = dict.fromkeys(serials, "Petrel")
        names = [f"Petrel ({serial[-4:]})" for serial in serials]

        def told_apart(where: str) -> bool:
            shown = screen_text(pilot)
            alone = re.search(r"Petrel(?! \()", shown.replace("Petrel [", ""))
            return where in shown and all(one in shown for one in names) and alone is None

        track.draw()
        await until(pilot, lambda: told_apart("Ladder to "), "on map and ladder")
        await pilot.press("S")
        await until(pilot, lambda: told_apart("from pin"), "at the start")


async def test_a_boat_is_chosen_followed_and_measured_from(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, track):
        while "[Kōtare]" not in screen_text(pilot):
            await pilot.press("b")
            assert track.chosen, "all were gone through"
        going = r"\[Kōtare\] \d+\.\d kn \d{3}°"
        await until(pilot, lambda: bool(re.search(going, screen_text(pilot))), "how it sails")
        # Its laylines: how far on each tack, or that the mark is laid.
        said = r" Windward mark: (\S+ k?m .*on starboard, .*on port|laid on \w+, .* to spare)"
        await until(
            pilot,
            lambda: bool(re.search(said, screen_text(pilot))) and len(track.track.scene.ways) == 2,
            "laylines",
        )
        seen = []
        while "<Windward mark>" not in screen_text(pilot):
            await pilot.press("o")
            assert track.other, "all were gone through"
            assert re.search(r"<.+> [\d.]+ k?m away, bearing \d{3}°", screen_text(pilot))
            seen.append(track.other)
        assert track.chosen not in seen
        marks = [one.startswith("mark ") for one in seen]
        assert not marks[0], "the other boats first"
        assert marks == sorted(marks), "then the marks"
        while track.chosen:
            await pilot.press("B")
        assert track.chosen == ""
        assert "away" not in screen_text(pilot)
        await pilot.press("b", "enter")
        assert track.track.aim == "follow"
        assert "following" in screen_text(pilot)
        await pilot.press("enter")
        assert track.track.aim == "free"


async def test_the_map_is_moved_zoomed_and_brought_back(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, track):
        assert track.track.camera is not None
        before = track.track.camera
        await pilot.press("plus", "plus")
        assert track.track.camera.metres < before.metres
        await pilot.press("l", "l", "l", "l", "l", "l", "l", "l")
        assert re.search(r"\d outside", screen_text(pilot))
        assert " free " in screen_text(pilot)
        await pilot.press("0")
        assert "all in view" in screen_text(pilot)
        assert "outside" not in screen_text(pilot)
        trails = []
        for _ in range(5):
            await pilot.press("t")
            trails.append(track.trail)
        assert trails == [900, 3600, 0, 60, 300]
        assert "trail 5 min" in screen_text(pilot)


async def test_the_same_key_brings_back_the_wall_with_its_keys(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, track):
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        await until(pilot, lambda: "Follow" in screen_text(pilot).splitlines()[-1], "its keys")
        scale = screen.picture.arrangement.scale
        await pilot.press("s")
        assert "for the wall" in screen_text(pilot)
        assert screen.picture.arrangement.scale == scale
        await pilot.press("m")
        await until(pilot, lambda: "Large" in screen_text(pilot), "the wall's keys")
        assert not track.display
        assert isinstance(pilot.app.focused, Wall)
        await until(pilot, lambda: "SOG" in screen_text(pilot), "its rows")
        await pilot.press("m")
        await until(pilot, lambda: "Follow" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: "Large" in screen_text(pilot))


async def test_a_held_picture_stands_still(server: EmbeddedServer, tmp_path: Path) -> None:
    async with the_map(server, tmp_path) as (pilot, track):
        await pilot.press("space")
        await until(pilot, lambda: "held at" in screen_text(pilot))
        fleet = track.fleet
        assert fleet is not None
        store = None if track.picture.watching is None else track.picture.watching.store
        assert store is not None
        version = store.version
        await until(pilot, lambda: store.version > version + 3, "the feed goes on")
        assert track.fleet is fleet


async def test_a_click_chooses_a_boat_and_another_follows_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, track):
        await pilot.press("space")
        await until(pilot, lambda: "held at" in screen_text(pilot), "the boats stand still")
        boat = track.track.scene.boats[0]
        for _ in range(2):
            assert track.track.camera is not None
            x, y = track.track.camera.cell(boat.place, *track.track.content_size)
            chosen = track.track.boat_at(int(x), int(y))
            await pilot.click(track.track, offset=(int(x), int(y)))
            assert track.chosen == chosen
        assert track.track.aim == "follow"


async def test_moving_the_map_is_listed_with_its_keys(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, _):
        await pilot.press("question_mark", *"move the map")
        for text in ("← h", "→ l", "↑ k", "↓ j", "Move the map west"):
            await until(pilot, lambda text=text: text in screen_text(pilot), text)


async def test_back_from_a_paused_map_is_the_present(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with the_map(server, tmp_path) as (pilot, _):
        await until(pilot, lambda: "m Wall" in screen_text(pilot).splitlines()[-1], "its keys")
        await pilot.press("space")
        await until(pilot, lambda: "held at" in screen_text(pilot))
        await pilot.press("z")
        await until(pilot, lambda: "m Map" in screen_text(pilot), "the wall's keys")
        await until(pilot, lambda: "held at" not in screen_text(pilot), "the present")


async def test_limits_are_judged_behind_the_map(server: EmbeddedServer, tmp_path: Path) -> None:
    async with the_map(server, tmp_path) as (pilot, _):
        screen = pilot.app.screen
        assert isinstance(screen, LiveScreen)
        await pilot.press("space")
        screen.picture.arrangement = screen.picture.arrangement.changed(
            limits={9: Limits(warn_high=0.1)}
        )
        await until(pilot, lambda: ": speed over ground " in screen_text(pilot), "said")


async def test_another_unit(server: EmbeddedServer, tmp_path: Path) -> None:
    async with the_map(server, tmp_path) as (pilot, _):
        await pilot.press("b", "v")
        await until(pilot, lambda: bool(re.search(r"\] \d+\.\d m/s", screen_text(pilot))))


@pytest.mark.parametrize("size", [(80, 24), (50, 16)])
async def test_in_a_small_terminal_and_in_ascii(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    async with the_map(server, tmp_path, size, deck__graphs="ascii") as (_, track):
        width = track.track.content_size.width
        assert width == size[0]
        drawn = [track.track.render_line(y).text for y in range(track.track.content_size.height)]
        assert all(len(line) == width for line in drawn)
        kept = "".join(drawn).replace("Kōtare", "")
        assert kept.isascii(), kept


def said(metres: float, seconds: float | None, *, between: bool = True) -> str:
    return "".join(piece.text for piece in line_pieces(LineView(metres, seconds, between, 120, 60)))


def test_what_is_derived_says_how_old_it_is() -> None:
    assert ago_text(100_000, 97_000, None) == "", "as fresh as it should be"
    assert ago_text(100_000, 97_000, 40_000) == ", 1m ago"
    assert ago_text(100_000, None) == ""
    pieces = line_pieces(LineView(45, 12.4, True, 120, 60), ", 9s ago")
    assert "".join(piece.text for piece in pieces) == " · line 45 m in 12 s, 9s ago"


def test_the_start_line_in_words() -> None:
    assert said(45, 12.4) == " · line 45 m in 12 s"
    assert said(45, 200) == " · line 45 m in 3:20 min"
    assert said(45, None) == " · line 45 m, not closing"
    assert said(45, 12, between=False) == " · line 45 m, past its end in 12 s"
    assert said(-20, None) == " · 20 m beyond the line"
    assert said(-20, 8) == " · 20 m beyond the line, back in 8 s"
    assert said(-800, None) == "", "far up the course nobody asks"


def test_the_map_says_where_its_wind_is_from_and_how_old_it_is() -> None:
    def said(**more: Any) -> str:
        return wind_text(Fleet(100_000, **more), lambda kmh: f"{kmh:.0f} km/h")

    wind = Wind(10, 20)
    assert said() == ""
    assert said(wind=wind) == "20 km/h by hand"
    assert said(wind=wind, wind_time=99_000) == "20 km/h"
    assert said(wind=wind, wind_time=99_000, wind_boats=2) == "20 km/h of AWA"
    assert said(wind=wind, wind_time=40_000, wind_boats=2) == "20 km/h of AWA, 1m ago"
