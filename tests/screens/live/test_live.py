"""The Live screen on the embedded fleet: rows, states, pause, cursor, recording, replay."""

from __future__ import annotations

import csv
import json
import re
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyte
import pytest
from rich.cells import cell_len
from textual import events
from textual.geometry import Offset, Region
from textual.pilot import Pilot

from tests.deck import deck_of, end_news, opened, screen_text, shown, until, zone_at_noon
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.live.recorder import Recorder
from tui.live.recording import Kind, Recording
from tui.live.series import SeriesKey
from tui.screens.live.health import health_text
from tui.screens.live.rows import RowSpec
from tui.screens.live.screen import LiveScreen
from tui.screens.live.wall import Wall
from tui.screens.messages import Go, hand_over
from tui.widgets.compositor import TightCompositor
from tui.widgets.dialogs import Confirm
from tui.widgets.pointing import place_of
from tui.workspace.live.export_forms import FORMS, ExportForm
from tui.workspace.live.live import LiveSession
from tui.workspace.live.presets import Arrangement, Limits

LONG = "[b]Kō\x1b[31m the second, " + "very " * 60 + "long[/b]"
TEN_MINUTES = 600_000
"""In milliseconds."""


@pytest.fixture
def app(server: EmbeddedServer, tmp_path: Path) -> Tockdeck:
    return deck_of(server, tmp_path, "live", deck__graphs="blocks")


def live(pilot: Pilot[Any]) -> LiveScreen:
    return next(one for one in pilot.app.screen_stack if isinstance(one, LiveScreen))


async def running(pilot: Pilot[Any], who: str = "Kōtare") -> LiveScreen:
    """Until units are on the wall with values, the one that the test looks at among them."""

    def there() -> bool:
        lines = screen_text(pilot).splitlines()
        return shown(pilot, "● live") and any(who in one and " kn " in one for one in lines)

    await until(pilot, there, "live rows")
    return live(pilot)


def spec(screen: LiveScreen) -> RowSpec:
    chosen = screen.board.rows.wall.chosen
    assert chosen is not None
    return chosen


async def test_the_fleet_is_on_the_wall_with_values_and_ages(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        await running(pilot)
        assert shown(
            pilot, "COG", "AWA", "min", "mean", "max", "window 5 min", "scale by type", "msg/s"
        )
        # Those that send nothing say so, by a mark and in words.
        await until(pilot, lambda: shown(pilot, "no samples: "), "silent devices")

        def silent_row() -> bool:
            # They come last, behind rows that appear while the feed begins.
            live(pilot).board.rows.wall.action_edge(1)
            return any(
                "×" in line and "no data" in line for line in screen_text(pilot).splitlines()
            )

        await until(pilot, silent_row, "a silent row")


@pytest.mark.parametrize("size", [(80, 24), (240, 60)])
async def test_it_fits_every_size(app: Tockdeck, size: tuple[int, int]) -> None:
    async with opened(app, size) as pilot:
        await running(pilot)
        lines = screen_text(pilot).splitlines()
        assert len(lines) <= size[1]
        row = next(line for line in lines if "Kōtare" in line)
        assert " kn" in row
        assert any(block in row for block in "▁▂▃▄▅▆▇█")
        assert ("mean" in screen_text(pilot)) == (size[0] > 112)


async def test_pause_holds_the_picture_and_the_feed_goes_on(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        assert screen.picture.watching is not None
        assert screen.picture.watching.store is not None
        await pilot.press("space")
        await until(pilot, lambda: shown(pilot, "held at "), "held")
        frame, version = screen.board.rows.wall.drawing.frame, screen.picture.watching.store.version
        store = screen.picture.watching.store
        await until(pilot, lambda: store.version > version + 4, "the feed goes on")
        assert screen.board.rows.wall.drawing.frame == frame
        await pilot.press("space")
        await until(pilot, lambda: not shown(pilot, "held at "), "goes on")


async def test_the_cursor_reads_all_rows_at_one_time(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        await pilot.press("left", "left")
        await until(pilot, lambda: shown(pilot, "at time"), "the cursor")
        first = screen.board.rows.wall.cursor
        await pilot.press("h")
        assert screen.board.rows.wall.cursor is not None
        assert first is not None
        assert screen.board.rows.wall.cursor < first
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "at time"), "no cursor")


async def test_the_cursor_moves_with_the_window_in_every_row(app: Tockdeck) -> None:
    async with opened(app, size=(80, 24)) as pilot:
        screen = await running(pilot)
        screen.picture.arrangement = screen.picture.arrangement.changed(window=10)
        screen.board.rearrange()
        await until(pilot, lambda: shown(pilot, "window 10 s"), "a short window")
        await pilot.press(*["left"] * 6)
        wall, drawing = screen.board.rows.wall, screen.board.rows.wall.drawing
        before, painted, refresh = drawing.cursor_cell, set[Region](), wall.refresh

        def noted(*regions: Region, **given: Any) -> Any:
            painted.update(regions)
            return refresh(*regions, **given)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(wall, "refresh", noted)
            await until(pilot, lambda: drawing.cursor_cell != before, "the window shifts")
        left, height = drawing.layout.name, len(wall.on_screen)
        for cell in {before, drawing.cursor_cell} - {None}:
            assert Region(left + (cell or 0), 1, 1, height) in painted


async def test_each_row_has_two_lines_where_all_have_room_for_that(app: Tockdeck) -> None:
    async with opened(app, size=(120, 40)) as pilot:
        screen = await running(pilot)
        wall = screen.board.rows.wall
        await until(pilot, lambda: wall.drawing.tall == 1, "all the fleet's rows do not fit twice")
        await pilot.resize_terminal(120, 400)
        await until(pilot, lambda: wall.drawing.tall == 2, "there is room")
        await pilot.press("j", "j", "j")
        # A boat that sends only now has its rows above, and the cursor goes with its own.
        await until(pilot, lambda: wall.index >= 3)

        def at_cursor() -> list[str]:
            """The two lines of the row that is chosen, from the bottom up."""
            lines = screen_text(pilot).splitlines()
            place = wall.content_region.y + (wall.pointed().y if wall.pointed() else 0)
            return [lines[place], lines[place - 1]]

        await until(pilot, lambda: at_cursor()[0].startswith("▌"), "the cursor")
        label = spec(screen).label
        name, upper = at_cursor()
        assert label in name
        assert not upper[: wall.drawing.layout.name].strip()
        assert not upper[wall.drawing.layout.numbers :].strip()
        await until(pilot, lambda: len(wall.on_screen) > 7)
        eighth = wall.on_screen[7].id
        await pilot.click(Wall, offset=Offset(5, 1 + 2 * 7))
        await until(pilot, lambda: spec(screen).id == eighth, "the upper line of the eighth")
        shown_rows = [wall.drawing.row(one).chart for one in wall.on_screen]
        await until(pilot, lambda: any(one.upper.strip() for one in shown_rows), "drawn in both")
        await pilot.resize_terminal(120, 40)
        await until(pilot, lambda: wall.drawing.tall == 1, "no room any more")
        await until(pilot, lambda: shown(pilot, label), "the chosen row is in view")


async def test_zoom_scale_unit_group_and_order_are_kept_for_the_next_time(
    app: Tockdeck, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        await pilot.press("+", "-", "-", "s", "v", "b", "o", "e")
        await until(
            pilot, lambda: shown(pilot, "window 10 min", "own scale · smoothed", " m/s "), "all"
        )
        assert screen.picture.arrangement.group == "type"
        presets = app.workspace.live.presets
        await until(pilot, lambda: presets.load() == screen.picture.arrangement, "kept")
        first = next(
            line for line in screen_text(pilot).splitlines() if "▌" in line and "SOG" in line
        )
        assert first.split()[1] == "SOG"
    again = deck_of(server, tmp_path, "live", deck__graphs="blocks")
    async with opened(again) as pilot:
        await until(pilot, lambda: shown(pilot, "window 10 min", "own scale"), "as it was left")


async def test_scrolling_back_shows_what_is_kept_and_no_more(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        feed = screen.picture.feed
        assert feed is not None

        def reaches_back() -> bool:
            span = feed.store.span()
            return span is not None and span[0] < feed.now - 500_000

        await until(pilot, reaches_back, "the ten minutes before")
        await pilot.press("[")
        await until(pilot, lambda: shown(pilot, "held at "), "scrolled")
        held = screen.board.rows.wall.held
        assert held is not None
        await pilot.press("]")
        await until(pilot, lambda: screen.board.rows.wall.held is None, "the present again")
        await pilot.press(*"[" * 12)
        await until(pilot, lambda: shown(pilot, "Nothing older is kept."), "said")


async def test_a_row_opens_large_and_follows_the_cursor(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "deviation", "samples"), "statistics")
        before = spec(screen)
        kind = before.kind
        assert kind is not None
        assert kind.name in screen_text(pilot)
        await until(pilot, lambda: "⏎ Wall" in screen_text(pilot).splitlines()[-1], "its keys")
        large = screen.board.rows.large
        assert large is not None
        assert place_of(screen.focused) == large.region.offset, "where the row begins"
        wall = screen.board.rows.wall
        rows = wall.specs
        for order in ([one for one in rows if one != before] + [before], rows):
            wall.show(order, wall.drawing.store, wall.drawing.arrangement)
            assert spec(screen) == before, "rows of other boats may come before it"
        feed, key = screen.picture.feed, before.key
        assert feed is not None
        assert key is not None

        def oldest() -> int:
            return feed.store.next_time(key, 0) or feed.now

        await until(pilot, lambda: oldest() < feed.now - 500_000, "the ten minutes before")
        known = oldest()
        await pilot.press(*"[" * 8)
        await until(pilot, lambda: oldest() < known - 60_000, "what came before them is fetched")
        await pilot.press("j")
        assert spec(screen) != before
        await until(
            pilot, lambda: screen.board.rows.large is not None and shown(pilot, "deviation"), "next"
        )
        await pilot.press("escape")
        assert screen.board.rows.large is None
        await until(pilot, lambda: shown(pilot, "Kōtare", "COG"), "the wall again")


async def test_all_statistics_of_a_large_row_fit_a_small_terminal(app: Tockdeck) -> None:
    async with opened(app, size=(80, 24)) as pilot:
        await running(pilot)
        await pilot.press("enter")
        await until(
            pilot,
            lambda: (
                bool(re.search(r"samples \d", screen_text(pilot)))
                and shown(pilot, "last ", "deviation ")
            ),
            "all of them",
        )


async def test_recording_is_shown_asked_about_and_kept(
    app: Tockdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("HOME", str(tmp_path))
    async with opened(app) as pilot:
        screen = await running(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "● REC 0:0"), "recording")
        assert screen.would_lose()
        await pilot.press("q")
        await until(pilot, lambda: isinstance(pilot.app.screen, Confirm), "asked")
        await pilot.press("n")
        room = app.workspace.live
        recorder = room.recorder
        assert recorder is not None
        await until(pilot, lambda: recorder.frames > 2, "frames")
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "Recorded ", " in ~/data/recordings/"), "ended")
        assert not screen.would_lose()
        (kept,) = room.recordings.all()
        assert kept.bytes == recorder.bytes
        lengthen(kept.path)
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, f"Recording {kept.path.stem}"), "offered")
        await pilot.press("j", "enter")
        await until(pilot, lambda: shown(pilot, "▶ 1x"), "replayed")
        assert screen.picture.watching is not None
        assert screen.picture.watching.replay is not None


async def export(pilot: Pilot[Any], form: ExportForm, path: Path) -> None:
    """Press the keys that write a file of that form."""
    await pilot.press("E")
    await until(pilot, lambda: shown(pilot, "GeoJSON"), "forms")
    await pilot.press(*"j" * list(FORMS).index(form), "enter")
    await until(pilot, lambda: shown(pilot, "File"), "the file is asked for")
    await pilot.press("ctrl+u", *str(path), "enter")


async def test_what_is_kept_is_exported(server: EmbeddedServer, tmp_path: Path) -> None:
    noon = deck_of(server, tmp_path, "live", deck__time_zone=zone_at_noon())
    async with opened(noon) as pilot:
        screen = await running(pilot)
        path = tmp_path / "kept.csv"
        await export(pilot, "csv", path)
        await until(
            pilot, lambda: shown(pilot, " samples kept since today ", " written to "), "written"
        )
        with path.open() as file:
            rows = list(csv.DictReader(file))
        assert {row["serial"] for row in rows} <= set(screen.picture.watching.serials)  # type: ignore[union-attr]
        times = [row["time"] for row in rows]
        assert times == sorted(times)


async def test_a_replay_is_exported_whole_while_it_plays_on(app: Tockdeck, tmp_path: Path) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        watching = screen.picture.watching
        assert watching is not None
        await watching.start_recording()
        recorder = app.workspace.live.recorder
        assert recorder is not None
        await until(pilot, lambda: recorder.frames > 5, "frames")
        await watching.room.stop_recording()
        screen.board.watch_this(f"file:{recorder.path}")
        await until(pilot, lambda: watching.replay is not None, "replay")
        replay = watching.replay
        assert replay is not None
        replay.pause()
        place = replay.place
        await export(pilot, "geojson", tmp_path / "track.geojson")
        await until(pilot, lambda: shown(pilot, " fixes written to "), "written")
        assert replay.place == place
        features = json.loads((tmp_path / "track.geojson").read_bytes())["features"]
        assert {one["properties"]["serial"] for one in features} <= set(watching.serials)
        assert features


async def test_sentences_are_of_the_one_boat_that_is_asked_for(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "live")
    async with opened(app) as pilot:
        screen = await running(pilot)
        store = screen.picture.watching.store  # type: ignore[union-attr]
        petrel = SeriesKey("GA-EN-AAAB", 1)
        await until(pilot, lambda: store.series(petrel) is not None, "it sends")  # type: ignore[union-attr]
        await pilot.press("E")
        await until(pilot, lambda: shown(pilot, "GeoJSON"), "forms")
        await pilot.press(*"j" * list(FORMS).index("nmea"), "enter")
        await until(pilot, lambda: shown(pilot, "of which boat?", "Petrel"), "boats by name")
        await pilot.press("slash", *"Petrel", "enter")
        await until(pilot, lambda: shown(pilot, "File", "live_Petrel.nmea"), "the file")
        await pilot.press("ctrl+u", *str(tmp_path / "one.nmea"), "enter")
        await until(pilot, lambda: shown(pilot, " written to "), "written")
        assert "RMC" in (tmp_path / "one.nmea").read_text()


async def test_parquet_without_its_library_is_said_and_leaves_nothing(
    app: Tockdeck, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    async with opened(app) as pilot:
        await running(pilot)
        await export(pilot, "parquet", tmp_path / "kept.parquet")
        await until(pilot, lambda: shown(pilot, "Parquet needs pyarrow"), "said")
        assert not list(tmp_path.glob("kept.parquet*"))


async def test_a_recording_is_asked_about_from_every_screen(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        await running(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "● REC"), "recording")
        await pilot.press("H")
        await until(pilot, lambda: not isinstance(pilot.app.screen, LiveScreen), "another screen")
        await pilot.press("q")
        await until(pilot, lambda: shown(pilot, "A recording is running"), "asked")
        await pilot.press("n")
        assert app.workspace.live.recorder is not None


async def test_a_past_session_is_replayed_paused_stepped_and_left(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        watching = screen.picture.watching
        assert watching is not None
        past = next(
            one for one in await watching.room.sessions() if one.name == "Kiel, training race 3"
        )
        await hand_over(pilot.app, Go("live", f"session:{past.id}"))
        # It is much work for one machine: while parts come it goes on.
        half = re.compile(r"Fetching the session, ([6-9]|\d\d) of \d+ parts|▶ 1x")
        await until(pilot, lambda: bool(half.search(screen_text(pilot))), "half of it")
        await until(pilot, lambda: shown(pilot, "▶ 1x", "Kiel, training race 3"), "replay")
        replay = watching.replay
        assert replay is not None
        await pilot.press(".", ".")
        assert replay.speed == 4
        await pilot.press("space")
        await until(pilot, lambda: shown(pilot, "‖ 4x", "replay paused"), "paused")
        place = replay.place
        await pilot.press("n")
        await until(pilot, lambda: replay.place > place, "a step")
        await pilot.press("T")
        await until(pilot, lambda: shown(pilot, "Jump to", "enter goes there", " to "), "asked")
        await pilot.press(*"9:99", "enter")
        await until(pilot, lambda: shown(pilot, "✗"), "no time")
        start = replay.source.start + 600_000
        typed = datetime.fromtimestamp(start / 1000, UTC).strftime("%H:%M:%S")
        await pilot.press("ctrl+u", *typed, "enter")
        await until(pilot, lambda: abs(replay.place - start) < 1500, "jumped")
        await pilot.press("L")
        assert replay.loop
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, "Devices, live"), "asked")
        await pilot.press("enter")
        await until(pilot, lambda: watching.replay is None and shown(pilot, "● live"), "live again")


async def recorded(pilot: Pilot[Any], frames: int = 5) -> Path:
    """A recording of so many messages, and of a last one that is not played before it was seen."""
    screen = await running(pilot)
    assert screen.picture.watching is not None
    await screen.picture.watching.start_recording()
    recorder = screen.picture.watching.room.recorder
    assert recorder is not None
    await until(pilot, lambda: recorder.frames > frames, "frames")
    await screen.picture.watching.room.stop_recording()
    lengthen(recorder.path)
    return recorder.path


def lengthen(path: Path) -> None:
    """Add a last message that is not played before the replay was seen."""
    last = [one for one in Recording(path) if one.kind is Kind.FRAME][-1]
    continued = Recorder(path, "igtimi")
    continued.frame(last.link, last.content, last.wall + TEN_MINUTES)
    continued.close()


async def test_recordings_are_played_where_the_service_cannot_be_reached(
    app: Tockdeck, server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(app) as pilot:
        path = await recorded(pilot)
    offline = deck_of(server, tmp_path, "live", igtimi__base_url="http://127.0.0.1:9/igtimi")
    async with opened(offline) as pilot:
        await until(pilot, lambda: shown(pilot, "r tries again"), "said in place")
        await until(pilot, lambda: shown(pilot, "r Try again", "w Watch"), "its keys")
        keys = screen_text(pilot).splitlines()[-1]
        assert "Record" not in keys
        await pilot.press("m")
        assert shown(pilot, "Map: nothing is watched yet")
        assert screen_text(pilot).splitlines()[-1] == keys
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, "The sessions could not be fetched: "), "why")
        assert shown(pilot, f"Recording {path.stem}")
        await pilot.press("j", "enter")
        await until(pilot, lambda: shown(pilot, "▶ replay", "▶ 1x"), "replayed")


async def test_a_replay_says_so_has_its_own_keys_and_begins_anew_at_its_end(
    app: Tockdeck,
) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        await until(pilot, lambda: "Record" in screen_text(pilot).splitlines()[-1], "its keys")
        screen.board.watch_this(f"file:{await recorded(pilot)}")
        await until(pilot, lambda: shown(pilot, "▶ replay · ", "▶ 1x"), "replayed")
        assert not shown(pilot, "● live")
        own = re.compile(r"space Pause.*, Slower.*\. Faster.*n Step.*T Jump.*L Loop")
        await until(pilot, lambda: bool(own.search(screen_text(pilot).splitlines()[-1])), "its own")
        keys = screen_text(pilot).splitlines()[-1]
        assert "Record" not in keys
        assert "Devices" not in keys
        replay = None if screen.picture.watching is None else screen.picture.watching.replay
        assert replay is not None
        await replay.jump(replay.source.end)
        await until(pilot, lambda: shown(pilot, "‖ paused: ", "its end", "‖ 1x"), "the end")
        await until(pilot, lambda: "space Play" in screen_text(pilot).splitlines()[-1], "its key")
        replay.set_speed(0.25)
        await pilot.press("space")
        await until(pilot, lambda: shown(pilot, "▶ replay", "▶ 0.25x"), "from the start")
        assert replay.place < replay.source.end
        await until(pilot, lambda: "space Pause" in screen_text(pilot).splitlines()[-1], "again")


async def test_a_sessions_names_hold_while_it_is_watched(
    app: Tockdeck, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = property(lambda self: {serial: f"Chartered {serial}" for serial in self.serials})
    monkeypatch.setattr(LiveSession, "names", names)
    async with opened(app) as pilot:
        screen = await running(pilot)
        watching = screen.picture.watching
        assert watching is not None
        before = {serial: watching.room.name(serial) for serial in watching.serials}
        sessions = await watching.room.sessions()
        past = next(one for one in sessions if one.name == "Kiel, training race 3")
        await watching.watch_session(past.id)
        screen.board.rearrange()
        await until(pilot, lambda: shown(pilot, "Charter…"), "the session's names")
        await watching.leave_replay()
        screen.board.rearrange()
        await until(pilot, lambda: shown(pilot, "Kōtare"), "the devices' names")
        assert not shown(pilot, "Charter")
        assert {serial: watching.room.name(serial) for serial in watching.serials} == before


async def test_a_large_row_shows_what_its_device_begins_to_send(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        rows = screen.board.rows
        silent = RowSpec("NEW-1", "Newcomer", None, 0, None, "")
        with pytest.MonkeyPatch.context() as patch:
            # Series that begin just now would bring all rows back.
            patch.setattr(rows, "reorder", lambda now: "")
            rows.wall.specs = [silent]
            rows.wall.index, rows.wall._steered = 0, True
            await pilot.press("enter")
            assert rows.large is not None
            await until(pilot, lambda: shown(pilot, "Newcomer has sent nothing yet"), "silent")
        screen.board.rearrange()
        await until(pilot, lambda: shown(pilot, "deviation"), "what is there now")


async def test_a_session_that_cannot_be_played_is_said_in_place(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        assert screen.picture.watching is not None
        empty = next(
            one
            for one in await screen.picture.watching.room.sessions()
            if one.name == "Akaroa Snippets"
        )
        await hand_over(pilot.app, Go("live", f"session:{empty.id}"))
        await until(pilot, lambda: shown(pilot, "✗", "names no devices"), "in words")
        await pilot.press("z")
        await until(pilot, lambda: shown(pilot, "● live", "Kōtare"), "what was there before")


async def test_a_running_session_is_watched_live(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        watching = screen.picture.watching
        assert watching is not None
        now = next(one for one in await watching.room.sessions() if one.name == "Twilight series")
        await hand_over(pilot.app, Go("live", f"session:{now.id}"))
        await until(pilot, lambda: shown(pilot, "Twilight series", "9 devices"), "its devices")
        assert watching.replay is None


async def test_devices_and_types_are_chosen(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        await pilot.press("t")
        await until(pilot, lambda: shown(pilot, "Types", "space marks"), "types")
        await pilot.press("space", "enter")
        await until(
            pilot, lambda: screen.picture.arrangement.types != Arrangement().types, "other types"
        )
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Devices", "space marks"), "devices")
        watching = screen.picture.watching
        assert watching is not None
        before = len(watching.serials)
        await pilot.press("space", "enter")
        await until(pilot, lambda: len(watching.serials) == before - 1, "one less")
        # All at once, or of what the filter leaves all or none.
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, "Devices", "a all"), "devices again")
        await pilot.press("a", "enter")
        await until(pilot, lambda: len(watching.serials) == before, "all of them")
        for count in (before - 2, before):
            await pilot.press("d")
            await until(pilot, lambda: shown(pilot, "Devices", "a all"), "devices once more")
            await pilot.press("slash", *"windbot", "enter", "a", "enter")
            await until(pilot, lambda count=count: len(watching.serials) == count, "two of them")


async def test_limits_ring_and_are_kept_in_the_units_of_the_wire(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        kind = spec(screen).kind
        assert kind is not None
        assert kind.short == "SOG"
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Ring below", "in kn"), "the form")
        await pilot.press("down", *"1", "f2")
        await until(pilot, lambda: kind.id in screen.picture.arrangement.limits, "kept")
        assert screen.picture.arrangement.limits[kind.id] == Limits(warn_high=1.852)
        # What is close to the limit is said with more digits, the limit as well; after the news
        # of the form, whichever of the two came first.
        above = re.compile(r"speed over ground \d+\.\d+ kn is above 1\.0+ kn")

        def rung() -> bool:
            said = above.search(screen_text(pilot)) is not None
            if not said:
                end_news(pilot)
            return said

        await until(pilot, rung, "rung")
        await until(pilot, lambda: shown(pilot, "▲"), "marked")


async def test_health_is_as_it_is_while_it_is_read(app: Tockdeck) -> None:
    async with opened(app, size=(80, 15)) as pilot:
        screen = await running(pilot, "WindBot 1")  # there is no room for boats
        assert screen.picture.watching is not None
        screen.picture.watching.room.names["GA-EN-AAAA"] = "海" * 30
        await pilot.press("i")
        await until(pilot, lambda: shown(pilot, "Health", "lines 1–"), "the box")
        wide = [
            line for line in health_text(screen.picture.watching, UTC).splitlines() if "海" in line
        ]
        assert [cell_len(line[: line.index("GA-")]) for line in wide] == [21]
        assert "…" in wide[0]
        await pilot.press("G")
        await until(pilot, lambda: shown(pilot, " messages, "), "the end")
        counted = screen_text(pilot)
        await until(pilot, lambda: screen_text(pilot) != counted, "it goes on")


async def test_presets_are_kept_by_name(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        await pilot.press("b", "p")
        await until(pilot, lambda: shown(pilot, "Keep this arrangement"), "the list")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Name"), "the name")
        await pilot.press(*"race", "enter")
        await until(pilot, lambda: app.workspace.live.presets.names() == ["race"], "kept")
        await pilot.press("b", "p")
        assert screen.picture.arrangement.group == "device"
        await until(pilot, lambda: shown(pilot, "Forget race"), "the list")
        await pilot.press("j", "enter")
        await until(pilot, lambda: screen.picture.arrangement.group == "type", "taken")


async def test_a_refusal_is_said_with_its_reason(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "live", igtimi__access_token="wrong")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "✗", "authentication"), "in words")
        assert "wrong" not in screen_text(pilot)


async def test_names_cannot_break_a_line(app: Tockdeck, monkeypatch: pytest.MonkeyPatch) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        assert screen.picture.watching is not None
        screen.picture.watching.room.names["GA-EN-AAAA"] = LONG
        screen.board.rearrange()
        await until(pilot, lambda: shown(pilot, "[b]Kō", "long[/b]"), "the name")
        text = screen_text(pilot)
        assert "\x1b" not in text
        assert all(len(line) <= 120 for line in text.splitlines())


async def test_nothing_is_drawn_while_nobody_looks(app: Tockdeck) -> None:
    async with opened(app) as pilot:
        screen = await running(pilot)
        store = None if screen.picture.watching is None else screen.picture.watching.store
        assert store is not None
        ticks: list[int] = []
        tick = Wall.tick

        def counted(self: Wall, *given: Any) -> Any:
            ticks.append(1)
            return tick(self, *given)

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(Wall, "tick", counted)
            pilot.app.post_message(events.AppBlur())
            await until(pilot, lambda: shown(pilot, "no focus"), "held")
            ticks.clear()
            version = store.version
            await until(pilot, lambda: store.version > version + 4, "the feed goes on")
            assert not ticks
            pilot.app.post_message(events.AppFocus())
            await until(pilot, lambda: len(ticks) > 2, "drawn again")
            await pilot.press("ctrl+p")
            await until(pilot, lambda: pilot.app.screen is not screen, "something above it")
            ticks.clear()
            version = store.version
            await until(pilot, lambda: store.version > version + 4, "the feed goes on")
            assert not ticks


async def test_cells_go_straight_to_the_terminal_only_where_they_lie_bare(app: Tockdeck) -> None:
    async with app.run_test(size=(120, 40), notifications=True) as driven:
        pilot: Pilot[Any] = driven
        screen = await running(pilot)
        compositor = screen._compositor
        assert isinstance(compositor, TightCompositor)
        region = screen.board.rows.wall.region
        assert compositor.is_bare(region)
        pilot.app.notify("something happened", timeout=60)
        await until(pilot, lambda: not compositor.is_bare(region), "a notice over the wall")
        with pytest.MonkeyPatch.context() as patch:
            # As while the deck ends: what was said before is carried out still.
            patch.setitem(pilot.app._screen_stacks, pilot.app._current_mode, [])
            screen._draw()
            screen._compositor_refresh()
    await app.workspace.close()


async def test_what_is_written_in_parts_is_what_the_screen_shows(app: Tockdeck) -> None:
    terminal = pyte.Screen(120, 40)
    stream = pyte.Stream(terminal)
    kinds: set[str] = set()
    async with opened(app) as pilot:
        screen = await running(pilot)
        console = pilot.app.console
        whole = screen._compositor.render_full_update()
        stream.feed(whole.render_segments(console))

        def displayed(_screen: object, update: Any) -> None:
            if update is not None:
                kinds.add(type(update).__name__)
                stream.feed(update.render_segments(console))

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(pilot.app, "_display", displayed)
            await pilot.press("j", "j", "left", "left", "escape")
            assert screen.picture.watching is not None
            store = screen.picture.watching.store
            assert store is not None
            version = store.version
            await until(pilot, lambda: store.version > version + 15, "news")
            await pilot.press("space")
            await until(pilot, lambda: shown(pilot, "held at "), "it stands still")
            await until(pilot, lambda: "held at " in "".join(terminal.display), "written")
        assert {"CellsUpdate", "TightUpdate"} <= kinds
        written = [line.rstrip() for line in terminal.display]
        kept = [line.rstrip() for line in screen_text(pilot).splitlines()]
        # Rates go on while the picture is held.
        assert written[3:38] == kept[3:38]
