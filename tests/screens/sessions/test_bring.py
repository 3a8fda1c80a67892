"""A file into a session by a key: looked at, kept, and asked what it lacks."""

from __future__ import annotations

from pathlib import Path

from textual import events

from tests.deck import deck_of, end_news, opened, shown, until
from tests.harness import EmbeddedServer
from tests.screens.sessions.steps import narrowed
from tui.widgets.filterline import LineInput
from tui.widgets.outline import Outline

SAMPLES = Path(__file__).parents[2] / "data" / "instruments"


def devices(server: EmbeddedServer) -> list[str]:
    """The names of what came from files."""
    rows = server.context.database.read("SELECT name FROM igtimi_device WHERE serial LIKE 'FI-%'")
    return [row["name"] for row in rows]


async def test_a_file_is_looked_at_and_kept_on_request(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:

        async def seen(*texts: str) -> None:
            await until(pilot, lambda: shown(pilot, *texts), " and ".join(texts))

        async def brought(name: str) -> None:
            await pilot.press("I")
            await until(pilot, lambda: isinstance(app.focused, LineInput), "the line of the file")
            line = app.focused
            assert isinstance(line, LineInput)
            line.post_message(events.Paste(str(SAMPLES / name)))
            await until(pilot, lambda: line.value.endswith(name), name)
            await pilot.press("enter")

        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "Twilight")
        await brought("speed-1.1-extensions.gpx")
        await seen("GPX, 2 points: 1 boat.", "Position: 2 samples, 0.8 a second")
        assert shown(pilot, "not among Igtimi's types: heel (2)")
        await pilot.press("enter")
        await seen("Keep 8 new samples")
        assert devices(server) == []
        await pilot.press("enter")
        await seen("8 new samples were kept")
        assert devices(server) == ["speed-1.1-extensions b"]

        await brought("real-no-date.nmea")
        await seen("time without a date")
        await pilot.press("enter")
        await seen("Say its day")
        await pilot.press("enter")
        await seen("The day of its times")
        await until(pilot, lambda: isinstance(app.focused, LineInput), "the line of the day")
        await pilot.press(*"2026-07-01", "enter")
        await seen("1 boat.", "Position: 5 samples")
        await pilot.press("enter")
        await seen("Keep ")
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "Keep "), "given up")
        assert len(devices(server)) == 1

        await brought("expedition-ole.csv")
        await seen("10 left out: heading that")
        await pilot.press("enter")
        await seen("Say what its heading is", "Say the side of its heel")
        await pilot.press("down", "enter")
        await seen("What its heading is", "Magnetic")
        await pilot.press("enter")
        await seen("Heading, true: 10 samples", "10 left out: heel")
        await pilot.press("enter")
        await seen("Keep ", "Say the side of its heel")
        assert not shown(pilot, "Say what its heading is")
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "Keep "), "given up again")

        await brought("made.vkx")
        await seen("Race started.", "Timer started at 5:00.")
        await pilot.press("escape")
        await seen(" new samples and 4 notes")
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "Keep "), "given up at last")


async def test_why_a_file_is_refused_and_what_it_does_to_the_session_can_be_read_whole(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    unit = tmp_path / "unit.IPB"
    unit.write_bytes(b"IPB\0\1")
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "Twilight")
        for path in (unit, SAMPLES / "midnight.nmea"):
            await pilot.press("I")
            await until(pilot, lambda: isinstance(app.focused, LineInput), "the line of the file")
            line = app.focused
            assert isinstance(line, LineInput)
            line.post_message(events.Paste(str(path)))
            await until(pilot, lambda line=line, path=path: line.value.endswith(path.name))
            await pilot.press("enter")
            if path is unit:
                await until(pilot, lambda: shown(pilot, "not documented", "upload_import"))
                await pilot.press("escape")
                await until(pilot, lambda: not shown(pilot, "not documented"))
        await until(pilot, lambda: shown(pilot, "kept yet: once this is closed you are asked."))
        await pilot.press("enter")
        # A log of 2024 in a session of today is the wrong file, or the wrong session.
        await until(pilot, lambda: shown(pilot, "Keep ", "The session is from ", "28 Feb 2024"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "Keep "))


async def test_a_session_that_may_only_be_read_says_so_before_it_asks_for_anything(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    # Its owner is somebody else, and one is in its group only.
    with server.context.database.write() as connection:
        connection.execute("UPDATE igtimi_session SET owner_id = 3, admin_group_id = NULL")
    app = deck_of(server, tmp_path, "sessions")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "Twilight series"))
        await narrowed(pilot, "weekend")
        said = "regatta can only be read: its owner and its admins change it."
        for key in ("I", "n", "m", "d"):
            await pilot.press(key)
            await until(pilot, lambda: shown(pilot, said), key)
            end_news(pilot)
            await until(pilot, lambda: not shown(pilot, said), "said for this key")
        await until(pilot, lambda: shown(pilot, "Data ends"), "the log")
        await pilot.press("enter")
        tree = app.screen.query_one("#tree", Outline)
        await until(pilot, lambda: tree.has_focus, "in the log")
        tree.move_to_row(3)
        assert tree.node is not None
        assert "Data ends" in tree.node.label
        await pilot.press("d")
        await until(pilot, lambda: shown(pilot, said), "an entry")
    server.reset()
