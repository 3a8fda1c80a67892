"""A moment marked by one key: in the recording, in the session's log, in what is shown."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from textual.pilot import Pilot

from tests.deck import deck_of, opened, seen, shown, until, workspace_of
from tests.harness import EmbeddedServer
from tui.live.day import Day, DayEvent, mark_number
from tui.live.recorder import Recorder
from tui.screens.asking import Asking
from tui.screens.live.marking import mark_moment
from tui.screens.live.screen import LiveScreen
from tui.screens.live.watch import Watching
from tui.workspace.live.course import session_sailed_now

BOAT = "GA-EN-AAAA"


async def on_the_water(pilot: Pilot[Any]) -> LiveScreen:
    """The wall with what is live, and the course that marks are held against."""
    await seen(pilot, "series", "⏎ Large", "● live")
    screen = pilot.app.screen
    assert isinstance(screen, LiveScreen)
    await until(pilot, lambda: screen.picture.course is not None, "the course")
    return screen


async def test_a_key_marks_a_moment_where_it_is_kept_and_seen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "live")
    async with opened(app, (120, 40)) as pilot:
        screen = await on_the_water(pilot)
        watching = screen.picture.watching
        assert watching is not None

        def there(*texts: str) -> bool:
            return shown(pilot, *texts)

        await pilot.press("a")
        await until(pilot, lambda: there("Mark 1 at ", "and in the session's log"), "marked")
        await pilot.press("r")
        await until(pilot, lambda: watching.recording and there("REC"), "it records")
        recorder = watching.room.recorder
        assert recorder is not None

        def known() -> Day:
            return recorder._day or Day()

        await until(pilot, lambda: known().session is not None, "the day is told")
        await pilot.press("a")
        await until(pilot, lambda: there("Mark 2 at ", ", in the recording and in the"), "both")
        assert [one.text for one in known().events] == ["Mark 1", "Mark 2"]
        assert known().names, "what else is known of the day stands beside"
        session = await session_sailed_now(watching.room, watching.serials)
        assert session is not None
        # What another deck has marked meanwhile has its number already.
        moment = datetime.fromtimestamp((watching.events[-1].time + 1) / 1000, UTC)
        await app.workspace.sessions.note(session.session, "Mark 3", moment)
        await pilot.press("a")
        await until(pilot, lambda: there("Mark 4 at "), "the next one")
        assert [one.text for one in known().events] == ["Mark 1", "Mark 2", "Mark 3", "Mark 4"]
        log = repr((await app.workspace.sessions.open(session.session)).entries)
        for event in watching.events:
            assert f"Z {event.text}'" in log
        await pilot.press("enter")
        await until(pilot, lambda: there("⏎ Wall", "samples", "┊"), "in the large chart")
        await pilot.press("i")
        await until(pilot, lambda: there("Health", "  Mark 1", "  Mark 2"), "on Health")
        await watching.room.stop_recording()


async def test_who_leaves_while_the_log_is_looked_at_has_marked_it_in_the_recording(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    workspace = workspace_of(server, tmp_path)
    asked = asyncio.Event()

    async def slow(*_: object) -> None:
        asked.set()
        await asyncio.Event().wait()

    monkeypatch.setattr("tui.workspace.live.course.session_sailed_now", slow)
    try:
        watching = Watching(workspace.live)
        await watching.follow([BOAT])
        await watching.start_recording()
        recorder = watching.room.recorder
        assert recorder is not None
        picture: Any = SimpleNamespace(watching=watching, feed=watching.live)
        key = asyncio.create_task(mark_moment(cast(Asking, None), picture))
        await asked.wait()
        key.cancel()
        await asyncio.wait({key})
        assert recorder._day is not None
        assert [one.text for one in recorder._day.events] == ["Mark 1"]
    finally:
        await workspace.close()


async def test_a_replay_in_between_leaves_a_recording_its_marks_and_the_feed_that_it_is_of(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    workspace = workspace_of(server, tmp_path)
    other = Recorder(tmp_path / "other.tockrec", "igtimi")
    other.day(Day(events=(DayEvent(5, "Mark 7"),)), 1)
    other.close()
    try:
        watching = Watching(workspace.live)
        await watching.follow([BOAT])
        live = watching.live
        await watching.start_recording()
        recorder = watching.room.recorder
        assert recorder is not None
        watching.mark(1000)
        for back in (watching.leave_replay, lambda: watching.follow([BOAT])):
            await watching.play(other.path)
            assert [one.text for one in watching.events] == ["Mark 7"]
            await back()
            # Another feed would go on unseen beside this one, which is recorded.
            assert watching.live is live
            assert watching.replay is None
            watching.mark(1000 * (len(watching.events) + 1))
        assert recorder._day is not None
        assert [one.text for one in recorder._day.events] == ["Mark 1", "Mark 2", "Mark 3"]
        # What another session's log has is of that session.
        watching.know([DayEvent(7000, "Mark 9")])
        assert watching.events[-1].text == "Mark 9"
        watching.know([])
        assert [one.text for one in watching.events] == ["Mark 1", "Mark 2", "Mark 3"]
    finally:
        await workspace.close()


async def test_marks_are_known_again_after_a_restart_and_their_numbers_go_on(
    tmp_path: Path,
) -> None:
    marked: list[DayEvent] = []
    with EmbeddedServer(services=["igtimi"]) as server:
        for number in (1, 2):
            async with opened(deck_of(server, tmp_path, "live"), (120, 40)) as pilot:
                screen = await on_the_water(pilot)
                watching = screen.picture.watching
                assert watching is not None
                assert watching.events[-len(marked) :] == marked if marked else True
                numbers = [mark_number(one.text) for one in watching.events]
                await pilot.press("a")
                await seen(pilot, "and in the session's log")
                marked = [*watching.events]
                assert marked[-1].text == f"Mark {max(numbers, default=0) + 1}"
                if number == 2:
                    await pilot.press("i")
                    await seen(pilot, "Health", *(one.text for one in marked))
