"""The Tocks screen: feeds that are read on demand, one tock, follow, submit, calls left."""

from __future__ import annotations

import asyncio
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from textual import events
from textual.pilot import Pilot

from tests import harness
from tests.deck import (
    deck_of,
    footer,
    gone,
    opened,
    screen_text,
    seen,
    shown,
    until,
    zone_at_noon,
)  # fmt: skip
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.screens import clipboard
from tui.screens.browser import Browser
from tui.screens.messages import Go, hand_over
from tui.services.throttle import Throttle, ThrottleRule
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.workspace.tocks.feeds import Feed
from tui.workspace.tocks.tocks import Stream


@pytest.fixture(autouse=True)
def as_at_the_start(server: EmbeddedServer) -> None:
    """Every test begins with the sample as it was, and with all its calls."""
    server.reset()
    server.clock.set(datetime.now(UTC))


async def deck(
    server: EmbeddedServer, folder: Path, screen: str = "tocks", **more: str
) -> Tockdeck:
    """The deck on Tocks; its waiting for the throttle moves the server's clock."""
    app = deck_of(server, folder, screen, **more)
    client = await app.workspace.connections.ticktocker()

    async def sleep(seconds: float) -> None:
        server.clock.advance(seconds=seconds)

    client.throttle = Throttle(
        folder / "calls",
        ThrottleRule(interval=0.25),
        clock=lambda: server.clock().timestamp(),
        sleep=sleep,
    )
    return app


def listed(pilot: Pilot[Any]) -> Grid:
    return pilot.app.screen.query_one("#list", Grid)


async def loaded(pilot: Pilot[Any]) -> None:
    await until(pilot, lambda: shown(pilot, "Community · Upcoming", "119 calls", "Lunch on the"))


async def at_lunch(pilot: Pilot[Any]) -> None:
    """The cursor on the lunch. It goes on at any hour, and at some others go on before it."""
    await loaded(pilot)
    while "Lunch on the" not in line_of(pilot, listed(pilot).cursor_row):
        await pilot.press("j")
    await until(pilot, lambda: shown(pilot, "▏ Lunch on the quay"), "it is shown beside the list")


def line_of(pilot: Pilot[Any], index: int) -> str:
    """A row of the list as it is drawn."""
    return screen_text(pilot).splitlines()[3 + index]


async def put(pilot: Pilot[Any], *fields: str) -> None:
    """Type into one field after another, over what stands there; empty leaves it."""
    for text in fields:
        field = pilot.app.focused
        assert field is not None
        if text:
            await pilot.press("ctrl+u")
            field.post_message(events.Paste(text))
        await pilot.press("enter")


async def test_the_list_reads_on_at_its_end(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        assert shown(pilot, "20 loaded, more", "119 calls left")
        await pilot.press("G")
        await until(pilot, lambda: shown(pilot, "40 loaded, more", "118 calls left"))
        assert listed(pilot).cursor_row == 20, "the cursor is on the first new one"
        for _ in range(5):
            await pilot.press("G")
            await pilot.pause()
        await until(pilot, lambda: shown(pilot, ", all ·"), "the end is told once it is known")
        rows = listed(pilot).row_count
        calls = await app.workspace.tocks.calls_left()
        await pilot.press("G")
        await pilot.pause()
        assert (listed(pilot).row_count, await app.workspace.tocks.calls_left()) == (rows, calls)


async def test_going_about_costs_no_calls(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("5")
        await until(pilot, lambda: shown(pilot, "Trackers"))
        await pilot.press("3")
        await until(pilot, lambda: shown(pilot, "Lunch on the quay"))
        await pilot.press("shift+tab", "k", "k")
        await until(pilot, lambda: shown(pilot, "This feed was not read yet", "119 calls left"))
        await pilot.press("f", "y")
        await until(pilot, lambda: shown(pilot, "No tock is chosen"), "keys act on what is shown")
        await pilot.press("j", "j")
        await until(pilot, lambda: shown(pilot, "Lunch on the quay"))
        await pilot.press("k", "enter")
        await until(pilot, lambda: shown(pilot, "Community · Fresh", "118 calls left"))
        assert listed(pilot).has_focus
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "117 calls left"))


def held_back(app: Tockdeck) -> asyncio.Event:
    """Has feeds wait until what is returned is set, before they are read."""
    read, go_on = app.workspace.tocks.read, asyncio.Event()

    async def slow(feed: Feed) -> Stream:
        await go_on.wait()
        return await read(feed)

    app.workspace.tocks.read = slow  # type: ignore[method-assign]
    return go_on


async def test_a_list_that_is_read_anew_stays_and_says_so(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        go_on = held_back(app)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "─ … 119 calls left"))
        await pilot.press("j")
        assert listed(pilot).cursor_row == 1, "keys are not held up"
        go_on.set()
        await until(pilot, lambda: shown(pilot, "─ 118 calls left"))


async def test_a_question_meanwhile_gives_up_no_reading(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = await deck(server, tmp_path)
    go_on = held_back(app)
    async with opened(app) as pilot:
        await seen(pilot, "Loading Community")
        await app.action_command("deck.help")
        await seen(pilot, "Tocks: keys")
        await pilot.press("escape")
        await gone(pilot, "Tocks: keys")
        go_on.set()
        await seen(pilot, "Lunch on the quay", "119 calls left")


async def test_own_feeds_come_in_the_order_that_was_chosen(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "The community's feeds have one order each"))
        assert "o Order" not in screen_text(pilot), "no key of the footer does nothing"
        app.screen.query_one("#feeds", Outline).move_to_key("me/followed")
        await until(pilot, lambda: shown(pilot, "Me · Followed · upcoming", "o Order"))
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Me · Followed · latest", "118 calls"))
        app.screen.query_one("#feeds", Outline).move_to_key("me/mine")
        await until(pilot, lambda: shown(pilot, "Me · Mine · upcoming"))
        app.screen.query_one("#feeds", Outline).move_to_key("me/followed")
        await until(pilot, lambda: shown(pilot, "Me · Followed · latest", "118 calls left"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (240, 60)])
async def test_one_tock_is_read_in_full(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    description = "Bring the chart of the day."
    with server.context.database.write() as connection:
        connection.execute("UPDATE ticktocker_tocks SET description = ?", (description,))
    app = await deck(server, tmp_path)
    async with opened(app, size) as pilot:
        await loaded(pilot)
        await pilot.press("j")
        assert description not in screen_text(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, description, "http://tcktck.com/"))
        await until(pilot, lambda: not shown(pilot, "119 calls"))
        assert await app.workspace.tocks.calls_left() == 118
        if size[0] > 80:
            await pilot.press("enter")
            await until(pilot, lambda: app.screen.query_one("#tock").has_focus)
        else:
            await pilot.press("q")
            await until(pilot, lambda: shown(pilot, "PRWF"))


async def test_times_are_told_here_and_there(server: EmbeddedServer, tmp_path: Path) -> None:
    with server.context.database.write() as connection:
        connection.execute("UPDATE ticktocker_tocks SET timezone = 'Pacific/Auckland'")
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await at_lunch(pilot)
        (row,) = server.context.database.read(
            "SELECT event_start FROM ticktocker_tocks WHERE title LIKE 'Lunch on%'"
        )
        here = datetime.fromtimestamp(row["event_start"], UTC)
        there = here.astimezone(ZoneInfo("Pacific/Auckland"))
        times = [rf"{told} .*{at:%H:%M} to " for told, at in (("when", here), ("there", there))]
        await until(pilot, lambda: all(re.search(one, screen_text(pilot)) for one in times))
        assert shown(pilot, "in Pacific/Auckland")


async def test_follow_and_its_undo(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await at_lunch(pilot)
        row = listed(pilot).cursor_row
        assert "F" not in line_of(pilot, row)[-6:]
        await pilot.press("f")
        await until(pilot, lambda: shown(pilot, "✓ You follow tidecafe", "116 calls left"))
        await until(pilot, lambda: shown(pilot, "· you follow"), "beside the author too")
        await until(pilot, lambda: "F" in line_of(pilot, row)[-6:])
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "Undone: Follow tidecafe"))
        await until(pilot, lambda: "F" not in line_of(pilot, row)[-6:])


async def test_the_tocks_of_a_user(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await at_lunch(pilot)
        await pilot.press("w")
        await until(pilot, lambda: shown(pilot, "Whose tocks", "tide-cafe"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "User · tide-cafe · latest", "118 calls left"))
        assert shown(pilot, "▾ People")
        await pilot.press("w", "ctrl+u", *"nobody", "enter")
        await until(pilot, lambda: shown(pilot, "There is no user nobody", "r tries again"))


async def test_the_short_link_is_copied(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    copied: list[str] = []

    async def copy(_app: object, text: str, _folder: Path) -> str:
        copied.append(text)
        return "Copied."

    monkeypatch.setattr(clipboard, "copy", copy)
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "Copied."))
        assert copied == [f"http://tcktck.com/{listed(pilot).cursor_key}"]


async def test_a_tock_is_submitted_and_seen(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "─ New tock ─", "[x] yes"))
        await put(pilot, "abc", "tomorrow 18:00", "today 09:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "A title has 4 to 255 characters"))
        await put(pilot, "Knots for beginners", "tomorrow 18:00", "today 09:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "It ends before it starts"))
        await put(pilot, "tomorrow 20:00", "", "", "knots, b@d")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "holds more than letters"))
        assert await app.workspace.tocks.calls_left() == 119, "nothing was sent"
        await put(pilot, "knots, rope_work")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Submitted as http://tcktck.com/"))
        await until(pilot, lambda: shown(pilot, "Me · Mine · latest", "▌ tomorrow 18:00", "Knots"))
    (row,) = server.context.database.read(
        "SELECT * FROM ticktocker_tocks WHERE title = 'Knots for beginners'"
    )
    assert (row["private"], row["tags"], row["repeat_frequency"]) == (1, "knots, rope_work", "no")
    assert row["event_end"] - row["event_start"] == 7200


async def test_a_refused_tock_stays_in_its_form(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "─ New tock ─"))
        await put(pilot, "Knots for beginners", "2150-01-01 10:00")
        await pilot.press("f2")
        # With quirks the service says no without a word.
        words = "The service could not do it" if harness.quirks_by_default else "must be a time"
        await until(pilot, lambda: shown(pilot, "✗ TickTocker: ", words))
        assert shown(pilot, "Knots for beginners", "2150-01-01 10:00")
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "What you typed is kept"))
        await pilot.press("a")
        await until(pilot, lambda: shown(pilot, "Knots for beginners"))


async def test_without_calls_left_what_is_there_stays(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await (await app.workspace.connections.ticktocker()).throttle.correct(0)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "as of ", "No calls are left", "Lunch on"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "✗ TickTocker: rate limited", "Try again in 30 s"))


async def test_a_kept_feed_is_shown_without_the_service(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(await deck(server, tmp_path)) as pilot:
        await loaded(pilot)
    app = await deck(server, tmp_path)
    (await app.workspace.connections.ticktocker()).transport.base_url = "http://127.0.0.1:9/"
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "◷ as of ", "Lunch on the"))
        await until(pilot, lambda: "r tries again" in " ".join(screen_text(pilot).split()))


async def test_a_wrong_key_is_said_in_place(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path, ticktocker__api_key="wrong")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "TickTocker: ", "C connects the service"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (240, 60)])
async def test_hostile_tocks_stay_in_their_places(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    text = "[bold]Trap[/bold]\x1b]0;x\x07\u202e" + "y" * 300
    with server.context.database.write() as connection:
        connection.execute(
            "UPDATE ticktocker_tocks SET title = :text, description = :text, location = :text,"
            " tags = :text, link = :text",
            {"text": text},
        )
    app = await deck(server, tmp_path)
    async with opened(app, size) as pilot:
        await until(pilot, lambda: shown(pilot, "[bold]Trap", "119 calls"))
        await pilot.press("enter")
        await until(pilot, lambda: not shown(pilot, "119 calls"))
        await until(pilot, lambda: shown(pilot, "[bold]Trap"))
        found = screen_text(pilot)
        assert not {"\x1b", "\x07", "\u202e"} & set(found)


async def test_a_tock_is_revealed_from_elsewhere(server: EmbeddedServer, tmp_path: Path) -> None:
    app = await deck(server, tmp_path, "timers")
    (row,) = server.context.database.read(
        "SELECT short_url FROM ticktocker_tocks WHERE title LIKE 'Skippers%'"
    )
    (far,) = server.context.database.read(
        "SELECT short_url FROM ticktocker_tocks ORDER BY event_start LIMIT 1"
    )
    async with opened(app) as pilot:
        await hand_over(app, Go("tocks", row["short_url"]))
        await until(pilot, lambda: shown(pilot, "▌ in", "▏ Skippers"))
        await hand_over(app, Go("tocks", far["short_url"]))
        await until(pilot, lambda: shown(pilot, "─ Tock ─", "q or esc closes"))


async def test_keys_act_on_the_pane_that_has_the_focus_and_the_footer_shows_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """No author is followed and no link copied from the feeds, where no tock is under a cursor."""
    app = await deck(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        assert shown(pilot, "⏎ Open", "f Follow", "y Copy link")
        calls = await app.workspace.tocks.calls_left()
        app.screen.query_one("#feeds", Outline).focus()
        await until(pilot, lambda: shown(pilot, "⏎ Read", "a New tock", "w User"))
        assert not shown(pilot, "f Follow"), "nothing to follow in a list of feeds"
        await pilot.press("f")
        await until(pilot, lambda: shown(pilot, "Follow means nothing here. It is for"))
        await pilot.press("y")
        await until(pilot, lambda: shown(pilot, "Copy link means nothing here. It is for"))
        assert await app.workspace.tocks.calls_left() == calls
        app.screen.query_one("#tock").focus()
        await until(pilot, lambda: shown(pilot, "f Follow", "y Copy link"))
        assert not shown(pilot, "⏎ Read"), "the tock is open already"


async def test_enter_on_a_list_that_the_filter_left_empty_says_why(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = await deck(server, tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await loaded(pilot)
        grid = listed(pilot)
        await pilot.press("slash", *"zzzz", "enter")
        await until(pilot, lambda: grid.has_focus and shown(pilot, "0 of 20+"))
        assert {"f", "L", "y"}.isdisjoint(footer(pilot)), "no tock is under the cursor"
        # What is not read yet may hold it: enter reads on for as long as there is more.
        while more := grid.cursor_key:
            await pilot.press("enter")
            await until(pilot, lambda more=more: grid.cursor_key != more, "a page is read")
        await pilot.press("enter")
        says = "nothing here to open: /, then esc takes off the filter “zzzz”."
        await until(pilot, lambda: shown(pilot, says))
        assert grid.has_focus


async def test_what_is_loaded_is_narrowed_searched_and_explained_without_a_call(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = await deck(server, tmp_path, deck__time_zone=zone_at_noon())
    async with opened(app, (80, 24)) as pilot:
        await loaded(pilot)
        grid = listed(pilot)
        beside = re.compile(r"\d{1,2} [A-Z][a-z]{2} (now|[+-]\d+[mhd])")
        assert beside.search(screen_text(pilot)), "the day stands beside how far it is"
        assert shown(pilot, "Community · Upcoming", "calls · 20+ · as of today"), "with its age"
        await pilot.press("slash", *"by:tide", "enter")
        await until(pilot, lambda: shown(pilot, " of 20+", "Lunch on the"))
        assert grid.row_count < 20
        await until(pilot, lambda: grid.cursor_row < grid.row_count - 1, "on one that holds it")
        await until(pilot, lambda: grid.has_focus, "the list has the keys")
        # Its end reads on by enter alone.
        await pilot.press("G")
        await until(pilot, lambda: grid.cursor_row == grid.row_count - 1, "on the last row")
        assert shown(pilot, "enter reads more", "119 calls")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, " of 40+", "118 calls"))
        await pilot.press("slash", "escape")
        await until(pilot, lambda: grid.row_count == 41, "all of them again")
        await until(pilot, lambda: grid.has_focus, "the list has the keys again")
        await pilot.press("n")
        await until(pilot, lambda: shown(pilot, "Find", "tag:word, by:name"))
        await pilot.press(*"lunch on", "enter")
        await until(pilot, lambda: shown(pilot, "“lunch on”: "))
        # What can be nobody's name is not asked for.
        await pilot.press("w", "ctrl+u", *"no body", "enter")
        await until(pilot, lambda: shown(pilot, "a blank in it"))
        await pilot.press("escape")
        await until(pilot, lambda: grid.has_focus, "the question is gone")
        await pilot.press("question_mark")
        await until(pilot, lambda: shown(pilot, "Tocks: keys"))
        await pilot.press(*"you watch")
        await until(pilot, lambda: shown(pilot, "You watch it."))
        assert await app.workspace.tocks.calls_left() == 118


async def test_a_link_is_opened_once_it_is_said(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pages: list[str] = []

    async def opens(_app: object, _browser: object, address: str) -> str:
        pages.append(address)
        return ""

    monkeypatch.setattr("tui.screens.tocks.links.open_page", opens)
    monkeypatch.setattr("tui.screens.tocks.links.chosen_browser", lambda: Browser(("page-viewer",)))
    app = await deck(server, tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("L")
        await until(pilot, lambda: shown(pilot, "Where the tock leads", "Open in page-viewer"))
        assert not pages
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "page-viewer shows http"))
        assert len(pages) == 1
        assert await app.workspace.tocks.calls_left() == 119
