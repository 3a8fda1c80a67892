"""Time in one line: what is understood, tab, the day's gaps, and what becomes of it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events
from textual.pilot import Pilot

from tests.deck import deck_of, end_news, opened, screen_text, until
from tests.harness import EmbeddedServer
from tests.screens.timers.steps import loaded, rows, shown
from tests.workspace.ways import Way
from tui.screens.timers.screen import TimersScreen
from tui.screens.timing.line import LineForm

pytestmark = pytest.mark.usefixtures("as_at_the_start")


TITLE = "─ Add time in one line ─"


async def line_of(pilot: Pilot[Any], *, tracker: str = "") -> LineForm:
    """Open the line, with the cursor on a tracker."""
    await loaded(pilot)
    if tracker:
        await pilot.press("slash", *tracker, "enter")
    return await line_of_open(pilot)


async def paste(pilot: Pilot[Any], text: str) -> None:
    """Type a text over what stands there."""
    await pilot.press("ctrl+u")
    field = pilot.app.focused
    assert field is not None
    field.post_message(events.Paste(text))


def typed(form: LineForm) -> str:
    return form.texts["line"]


async def test_what_is_typed_is_understood_and_added(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        await line_of(pilot)
        await until(pilot, lambda: shown(pilot, "Write it as `9:00-11:15 TRACKER: what`"))
        assert shown(pilot, "enter adds · tab tracker"), "the keys of this line, and of no form"
        await pilot.press(*"2015-01-06 9-11:15")
        await until(pilot, lambda: shown(pilot, "= Tue 6 Jan 2015 09:00 to 11:15, 2:15 h"))
        await until(pilot, lambda: shown(pilot, "Write which tracker"))
        await pilot.press(*" wardr: panels in order")
        words = "2:15 h · Sail wardrobe · panels in"
        await until(pilot, lambda: words in " ".join(screen_text(pilot).split()) or shown(
            pilot, "Sail wardrobe · panels"
        ))  # fmt: skip
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Added 2:15 h to Sail wardrobe"))
        # Two lines of a narrow screen: the end of what happened is not cut.
        said = "Sail wardrobe Tue 6 Jan 2015 09:00. P shows other periods, such as 01/2015."
        assert said in " ".join(screen_text(pilot).split())
    begin = int(datetime(2015, 1, 6, 9, tzinfo=UTC).timestamp())
    (added,) = rows(server, "description = 'panels in order'")
    assert (added["time_in"], added["time_out"]) == (begin, begin + 8100)


async def test_it_is_said_which_key_shows_what_was_added_out_of_sight(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("]", "]")
        await until(pilot, lambda: shown(pilot, "No time in this period"))
        screen = pilot.app.screen
        assert isinstance(screen, TimersScreen)
        for days, said in ((-7, "[ shows that week."), (0, ""), (7, "] shows that week.")):
            day = screen.report.span.first + timedelta(days=days)
            form = await line_of_open(pilot)
            assert shown(pilot, "What is added has no undo: e on its block opens its page.")
            await paste(pilot, f"{day:%Y-%m-%d} 9-9:30 wardrobe: for {days}")
            await pilot.press("enter")
            await until(pilot, lambda form=form: pilot.app.screen is not form)  # type: ignore[misc]
            await until(pilot, lambda: shown(pilot, "Added 0:30 h to Sail wardrobe"))
            text = " ".join(screen_text(pilot).split())
            assert said in text
            assert ("shows that week" in text) is bool(said)
            end_news(pilot)


async def line_of_open(pilot: Pilot[Any]) -> LineForm:
    """Open the line, whatever is shown."""
    await pilot.press("a")
    await until(pilot, lambda: shown(pilot, TITLE))
    form = pilot.app.screen
    assert isinstance(form, LineForm)
    return form


async def test_what_cannot_be_added_stays_with_why(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        form = await line_of(pilot)
        for text, why in (
            ("9:00 wardrobe", "9:00 can be a time or a length"),
            ("2015-01-06 9-10 zzz: x", "No tracker is called 'zzz'"),
            (f"2015-01-06 9-10 wardrobe: {'x' * 256}", "has 256 characters; 255 is the most"),
        ):
            await paste(pilot, text)
            await until(pilot, lambda why=why: shown(pilot, why))  # type: ignore[misc]
            await pilot.press("enter")
            await until(pilot, lambda: shown(pilot, "│ ✗ "))
            assert pilot.app.screen is form
            assert typed(form) == text
            form._tell(None)  # as where the day's gaps come only now
            assert shown(pilot, "│ ✗ ")
    assert not rows(server, "time_in = 1420534800")


async def test_tab_completes_the_tracker_and_goes_on_to_the_next(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        form = await line_of(pilot, tracker="wardrobe")
        await pilot.press("tab")
        assert typed(form) == "Sail wardrobe: ", "the one under the cursor"
        await paste(pilot, "9-10 booking")
        await pilot.press("tab")
        await until(pilot, lambda: typed(form) == "9-10 Booking form: ")
        await paste(pilot, "9-10 wardr: a seam")
        await pilot.press("tab")
        assert typed(form) == "9-10 Sail wardrobe: a seam"
        await paste(pilot, "9-10 a")
        await pilot.press("tab")
        first = typed(form)
        await pilot.press("tab")
        second = typed(form)
        assert first != second
        await pilot.press("shift+tab")
        assert typed(form) == first


async def test_gaps_of_the_day_are_offered_and_put_in(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks WHERE profile_id = 1 AND free = 0")
    day = datetime.now(UTC).date() - timedelta(days=40)
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        form = await line_of(pilot)
        await paste(pilot, f"{day} 10-12 wardrobe: seam")
        await until(
            pilot,
            lambda: shown(
                pilot, f"Not tracked {day:%a} {day.day} {day:%b}", "09:00 to 17:00, 8:00 h"
            ),
        )
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Added 2:00 h"))
        form = await line_of(pilot)
        await paste(pilot, f"{day} page: rig")
        await until(pilot, lambda: shown(pilot, "12:00 to 17:00, 5:00 h", "09:00 to 10:00, 1:00 h"))
        await pilot.press("down")
        assert typed(form) == f"{day} 12:00-17:00 page: rig"
        await pilot.press("down", "down")
        assert typed(form) == f"{day} 09:00-10:00 page: rig"
        await pilot.press("up", "up")
        assert typed(form) == f"{day} page: rig", "back to what was typed"


async def test_an_overlap_comes_back_in_the_line_with_its_link(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    (running,) = rows(server, "profile_id = 1 AND time_out IS NULL")
    inside = datetime.fromtimestamp(running["time_in"] + 60, UTC)
    text = f"{inside:%Y-%m-%d %H:%M}-{inside:%H:%M}:59 wardrobe: twice"
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        form = await line_of(pilot)
        await paste(pilot, text)
        await until(pilot, lambda: shown(pilot, "Sail wardrobe · twice"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "f4 copies the link"))
        form = pilot.app.screen  # type: ignore[assignment]
        assert isinstance(form, LineForm)
        assert typed(form) == text
        await pilot.press("f4")
        await until(pilot, lambda: bool(copied))
        assert copied[0].startswith("http")
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "What you typed is kept"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "A draft of today ", "not sent: one line", "twice"))
        assert shown(pilot, "ctrl+u empties")
        form = pilot.app.screen  # type: ignore[assignment]
        await until(pilot, lambda: pilot.app.focused is not None)
        await pilot.press("end", "x")
        await until(pilot, lambda: typed(form) == f"{text}x", "a key that moves goes on with it")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(pilot.app.screen, LineForm))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(pilot.app.screen, LineForm))
        form = pilot.app.screen  # type: ignore[assignment]
        await until(pilot, lambda: pilot.app.focused is not None and typed(form) == f"{text}x")
        await pilot.press("9")
        await until(pilot, lambda: typed(form) == "9", "another line replaces it")


async def test_without_the_service_it_waits_and_the_line_is_done(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        way.open = False
        await line_of(pilot)
        await paste(pilot, "2015-01-06 9-10 wardrobe: later")
        await pilot.press("enter")
        await until(pilot, lambda: not isinstance(pilot.app.screen, LineForm))
        assert not rows(server, "description = 'later'")
        way.open = True
        await pilot.press("r")
        await until(pilot, lambda: bool(rows(server, "description = 'later'")))


async def test_the_read_only_deck_opens_no_line(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers", deck__read_only="true")) as pilot:
        await loaded(pilot)
        for key in ("a", "A"):
            await pilot.press(key)
            await until(pilot, lambda: shown(pilot, "the deck is read-only"))
            assert not shown(pilot, TITLE)


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_hostile_names_are_completed_and_shown_as_text(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    name = "[bold]Trap: a/b[/bold]\x1b[31m\u202e" + "x" * 200
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_trackers SET name = ? WHERE id = 5", (name,))
    async with opened(deck_of(server, tmp_path, "timers"), size) as pilot:
        await until(pilot, lambda: shown(pilot, "[bold]Trap", " h ·"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, TITLE))
        await pilot.press(*"2015-01-06 9-10 trap", "tab", *"hostile")
        await until(pilot, lambda: shown(pilot, "= Tue 6 Jan 2015 09:00 to 10:00, 1:00 h · "))
        text = screen_text(pilot)
        assert "\x1b" not in text
        assert "\u202e" not in text
        await pilot.press("enter")
        await until(pilot, lambda: bool(rows(server, "description = 'hostile'")))
    (added,) = rows(server, "description = 'hostile'")
    assert added["tracker_id"] == 5
