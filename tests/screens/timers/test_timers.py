"""The Timers screen: from key press to server and back."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from textual import events

from tests.deck import deck_of, midnights, opened, put, screen_text, until
from tests.deck import loaded as all_is_loaded
from tests.harness import EmbeddedServer
from tests.screens.timers.steps import loaded, rows, shown, status
from tui.app import Tockdeck
from tui.screens.messages import Go, hand_over
from tui.screens.timers import report_pane, trackers
from tui.screens.timers.report_pane import ReportPane
from tui.screens.timing import day_zone
from tui.services.errors import ConnectionFailed as Unreachable
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.running_clock import RunningClock
from tui.workspace.workspace import Workspace
from tui.workspace.zone_there import days_there

pytestmark = pytest.mark.usefixtures("as_at_the_start")


@pytest.mark.parametrize("screen", ["timers", "today"])
async def test_hours_of_another_zone_say_by_which_their_service_has_its_days(
    server: EmbeddedServer, tmp_path: Path, screen: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: set[threading.Thread] = set()

    def noted(workspace: Workspace) -> str:
        asked.add(threading.current_thread())
        return days_there(workspace)

    monkeypatch.setattr(day_zone, "days_there", noted)
    other = "Pacific/Kiritimati" if server.timezone != "Pacific/Kiritimati" else "UTC"
    app = deck_of(server, tmp_path, screen, deck__time_zone=other)
    async with opened(app, size=(80, 24)) as pilot:
        said = f"days there by {server.timezone}"
        await until(pilot, lambda: shown(pilot, said), "the zone in the title")
    app = deck_of(server, tmp_path, screen)
    async with opened(app, size=(80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "Booking"), "the hours")
        assert not shown(pilot, "days there")
    assert asked
    assert threading.current_thread() not in asked, "it reads files, and keys would wait for them"


async def test_switch_and_stop_reach_the_server(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("slash", *"wardrobe", "enter")
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "Switch from"))
        await pilot.press(*"booking work", "enter")
        await until(
            pilot, lambda: shown(pilot, "Switched from Booking form to Sail wardrobe"), "both"
        )
        assert "Sail wardrobe" in str(status(server)["last_block"])
        await until(pilot, lambda: shown(pilot, "booking w"), "the report shows it")
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Sail wardrobe"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "● 0:00:", "Sail wardrobe"), "enter starts it")


async def test_what_was_just_started_is_what_the_next_key_stops(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("slash", *"wardrobe", "enter", "s")
        await until(pilot, lambda: shown(pilot, "Switch from Booking form", "enter switches"))
        for key in ("enter", "x"):
            app.post_message(events.Key(key, None))
        await until(pilot, lambda: shown(pilot, "─ Stop "))
        assert shown(pilot, "─ Stop Sail wardrobe ")


async def test_what_ended_last_is_resumed_by_one_key(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        before = status(server)["last_block"]["started_at"]
        await pilot.press("R")
        await until(pilot, lambda: shown(pilot, "Booking form runs already; x stops it."))
        assert status(server)["last_block"]["started_at"] == before
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "─ Stop Booking form ", "enter stops it"))
        await pilot.press(*"mending", "enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running"))
        await pilot.press("R")
        await until(pilot, lambda: shown(pilot, "Started Booking form, which ended ", ": mending"))
    assert "Booking form" in str(status(server)["last_block"])
    assert len(rows(server, "profile_id = 1 AND time_out IS NULL")) == 1


async def test_where_nothing_has_ended_there_is_nothing_to_resume(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    with server.context.database.write() as connection:
        connection.execute("DELETE FROM trackmypeople_blocks WHERE profile_id = 1")
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await until(pilot, lambda: shown(pilot, "Sail wardrobe", "Nothing is running"))
        await pilot.press("R")
        await until(pilot, lambda: shown(pilot, "Nothing ended within a month"))
    assert not rows(server, "profile_id = 1")


async def test_esc_leaves_the_timer_as_it_is(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        before = status(server)["last_block"]["started_at"]
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form"))
        await pilot.press("escape", "s")
        await until(pilot, lambda: shown(pilot, "Switch from"))
        await pilot.press("escape")
        await until(pilot, lambda: not shown(pilot, "Switch from"))
    assert status(server)["last_block"]["started_at"] == before


async def test_what_was_done_is_kept_until_it_was_sent(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    timers = app.workspace.timers
    stop = timers.stop

    async def refused(*_: object) -> None:
        raise Unreachable("nobody answers")

    async with opened(app) as pilot:
        await loaded(pilot)
        timers.stop = refused  # type: ignore[method-assign]
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form"))
        await pilot.press(*"rigging", "enter")
        await until(pilot, lambda: shown(pilot, "Nobody answers") and not shown(pilot, "rigging"))
        timers.stop = stop  # type: ignore[method-assign]
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form", "rigging"), "proposed again")
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Stopped Booking form"))
        await until(pilot, lambda: not timers_drafted(app), "sent, and so not proposed any more")
    assert rows(server, "description = 'rigging'")


def timers_drafted(app: Tockdeck) -> dict[str, Any]:
    """What would be proposed for the next description."""
    drafts = app.workspace.drafts
    kept = [drafts.load(f"timers.done.{tracker}") for tracker in range(100)]
    return next(filter(None, kept), {})


async def test_what_somebody_else_started_is_said_and_shown(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        held = server.credentials
        account = (held.trackmypeople_user, held.trackmypeople_password)
        server.http("POST", "/trackmypeople/api/stop.json", basic=account)
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running"), "the true state is read")


async def test_the_clock_moves_only_while_somebody_can_see_it(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await loaded(pilot)
        clock = app.screen.query_one(RunningClock)
        await until(pilot, lambda: clock.ticks, "a block runs")
        await pilot.press("3")
        await until(pilot, lambda: not clock.ticks, "another screen is shown")
        await pilot.press("5")
        await until(pilot, lambda: clock.ticks)
        app.app_focus = False
        await until(pilot, lambda: not clock.ticks, "another window has the focus")
        app.app_focus = True
        await until(pilot, lambda: clock.ticks)
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form"))
        assert clock.ticks, "it is seen beside the question"
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running"))
        assert not clock.ticks


async def test_names_come_into_a_report_that_was_there_before_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers")
    timers = app.workspace.timers
    read, go_on = timers.overview, asyncio.Event()

    async def late() -> Any:
        await go_on.wait()
        return await read()

    timers.overview = late  # type: ignore[method-assign]
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, " h ·", "Loading the trackers"))
        assert not shown(pilot, "Booking form")
        go_on.set()
        await until(pilot, lambda: screen_text(pilot).count("Booking form") >= 3)


async def test_a_tracker_that_another_screen_points_at_is_found_once_the_tree_is_loaded(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await hand_over(app, Go("timers", "5"))
        tree = app.screen.query_one("#tree", Outline)

        def on(key: str) -> bool:
            return tree.node is not None and tree.node.key == key

        await until(pilot, lambda: on("5") and tree.has_focus, "the cursor is on the tracker")
        tree.move_to_row(0)
        tree.action_fold()
        await until(pilot, lambda: not shown(pilot, "▾ Harbour Trust"))
        await hand_over(app, Go("timers", "5"))
        await until(pilot, lambda: on("5"), "what it stands under is opened")
        await hand_over(app, Go("timers", "999999"))
        await until(pilot, lambda: shown(pilot, "! This tracker is not in the tree"))


async def test_the_report_goes_through_periods_and_views(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        grid = pilot.app.screen.query_one("#blocks", Grid)
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "─Month ", " h ·"))
        await pilot.press("left_square_bracket")
        today = datetime.now(UTC).date()
        before = today.replace(day=1) - timedelta(days=1)
        await until(pilot, lambda: shown(pilot, f" {before.day} {before:%b} ", " h ·"))
        blocks = grid.row_count
        await pilot.press("v", "v")
        assert shown(pilot, "%", "━")
        assert 0 < grid.row_count < blocks
        await pilot.press("v")
        assert [column.key for column in grid.columns] == ["what", "total", "share", "bar"]
        await pilot.press("v", "t")
        await until(pilot, lambda: shown(pilot, "Month 1 to ", "running"))
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "─Day today", " h ·"))


async def test_a_block_is_read_in_full_and_its_tracker_started_again(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers"), (80, 24)) as pilot:
        await loaded(pilot)
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "─Month ", " h ·"))
        newest = rows(server, "profile_id = 1 AND time_out IS NOT NULL AND NOT free")[-1]
        grid = pilot.app.screen.query_one("#blocks", Grid)
        if not grid.move_to_key(str(newest["id"])):
            await pilot.press("left_square_bracket")
            await until(pilot, lambda: grid.move_to_key(str(newest["id"])))
        grid.focus()
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Block", newest["description"], " › "))
        await pilot.press("enter", "s")
        (tracker,) = server.context.database.read(
            "SELECT name FROM trackmypeople_trackers WHERE id = ?", (newest["tracker_id"],)
        )
        await until(pilot, lambda: shown(pilot, f"Switch from Booking form to {tracker['name']}"))


async def test_the_period_of_today_goes_on_with_the_day_and_another_one_stays(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = [datetime(2024, 3, 3, tzinfo=UTC).date()]
    monkeypatch.setattr(ReportPane, "_today", lambda _pane: day[0])
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await until(pilot, lambda: shown(pilot, "Week 26 Feb to 3 Mar"), "a Sunday")
        day[0] += timedelta(days=1)
        await pilot.press("r")
        await until(pilot, lambda: shown(pilot, "Week 4 to 10 Mar"), "the Monday after")
        day[0] += timedelta(days=28)
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "Month 1 to 30 Apr"), "not that of the week")
        await pilot.press("left_square_bracket")
        await until(pilot, lambda: shown(pilot, "Month 1 to 31 Mar"), "the one before")
        day[0] += timedelta(days=30)
        await pilot.press("r")
        await all_is_loaded(pilot)
        assert shown(pilot, "Month 1 to 31 Mar"), "what was chosen stays"


async def test_a_deck_that_is_left_open_goes_on_with_the_day_by_itself(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    day = [datetime(2024, 3, 3, tzinfo=UTC).date()]
    monkeypatch.setattr(ReportPane, "_today", lambda _pane: day[0])
    midnights(monkeypatch, lambda: day[0])
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await until(pilot, lambda: shown(pilot, "Week 26 Feb to 3 Mar"), "a Sunday")
        await all_is_loaded(pilot)
        day[0] += timedelta(days=1)
        await until(pilot, lambda: shown(pilot, "Week 4 to 10 Mar"), "without a key")
        pilot.app.app_focus = False
        day[0] += timedelta(days=7)
        await until(pilot, lambda: pilot.app.screen._day == day[0])  # type: ignore[attr-defined]
        assert shown(pilot, "Week 4 to 10 Mar"), "nobody looks"
        pilot.app.app_focus = True
        await until(pilot, lambda: shown(pilot, "Week 11 to 17 Mar"), "with the focus")


async def test_whose_time_is_chosen(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("o")
        await until(pilot, lambda: shown(pilot, "Whose time", "Myself"))
        await pilot.press("down", "down", "enter")
        await until(pilot, lambda: shown(pilot, " · Anselm Okafor ─", "Administration"))


async def test_an_overlap_is_refused_in_the_form_with_its_link(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    (running,) = rows(server, "profile_id = 1 AND time_out IS NULL")
    inside = datetime.fromtimestamp(running["time_in"] + 60, UTC)
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("A")
        await until(pilot, lambda: shown(pilot, "─ Add time ─"))
        await pilot.press("enter")
        await put(pilot, f"{inside:%Y-%m-%d %H:%M}", "now", "typed by hand")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "✗ TrackMyPeople: overlap", "f4 copies the link"))
        assert shown(pilot, "typed by hand"), "nothing typed is lost"
        await pilot.press("f4")
        await until(pilot, lambda: bool(copied))
        assert copied[0].endswith(f"/{running['id']}/edit") or str(running["id"]) in copied[0]
        await pilot.press("escape")
        await until(pilot, lambda: shown(pilot, "What you typed is kept"))
        await pilot.press("A")
        await until(pilot, lambda: shown(pilot, "typed by hand"), "the draft is there again")
        await pilot.press("enter")
        await put(pilot, "2026-01-05 10:00", "2026-01-05 11:30")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Added 1:30 h to Fairlead Works"))
    (added,) = rows(server, "description = 'typed by hand'")
    assert added["time_out"] - added["time_in"] == 5400


async def test_a_block_of_less_than_a_minute_is_said_in_seconds(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("A")
        await until(pilot, lambda: shown(pilot, "─ Add time ─"))
        await pilot.press("enter")
        await put(pilot, "2026-01-06 10:00", "2026-01-06 10:00:40", "a call")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Added 40 s to Fairlead Works"))


async def test_the_end_of_added_time_comes_after_its_start(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("A")
        await until(pilot, lambda: shown(pilot, "─ Add time ─"))
        await pilot.press("enter")
        await put(pilot, "2026-01-05 10:00", "2026-01-05 09:00")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "must be after the start"))


async def test_a_stretch_of_time_is_typed_at_once_and_both_zones_are_named(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    deck = deck_of(
        server, tmp_path, "timers",
        deck__time_zone="Australia/Lord_Howe", trackmypeople__time_zone="profile",
    )  # fmt: skip
    async with opened(deck) as pilot:
        await loaded(pilot)
        await pilot.press("A")
        await until(pilot, lambda: shown(pilot, "─ Add time ─"))
        assert shown(pilot, "Times are in Australia/Lord_Howe; your profile is in UTC.")
        await pilot.press("enter", "ctrl+a", "ctrl+k", *"2015-01-05", "space", *"22:00-05:00")
        words = "= Mon 5 Jan 2015 22:00 to Tue 6 Jan 2015 05:00, 7:00 h"
        await until(pilot, lambda: shown(pilot, words))
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Added 7:00 h", "(11:00 in UTC)"))
    begin = int(datetime(2015, 1, 5, 11, tzinfo=UTC).timestamp())
    assert rows(server, f"time_in = {begin} AND time_out = {begin + 7 * 3600}")


async def test_free_time_is_added(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("f")
        await until(pilot, lambda: shown(pilot, "─ Add free time ─"))
        await put(pilot, "0")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "More than none."))
        await put(pilot, "7.5", "2026-01-06")
        await pilot.press("f2")
        await until(pilot, lambda: shown(pilot, "Added 7:30 h of free time"))
    assert rows(server, "free = 1 AND time_out - time_in = 27000")


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (240, 60)])
async def test_hostile_and_long_names_stay_on_their_lines(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    name = "[bold]Trap[/bold]\x1b[31m\u202e" + "x" * 300
    with server.context.database.write() as connection:
        connection.execute("UPDATE trackmypeople_trackers SET name = ?", (name,))
        connection.execute("UPDATE trackmypeople_blocks SET description = ?", (name,))
    async with opened(deck_of(server, tmp_path, "timers"), size) as pilot:
        await until(pilot, lambda: shown(pilot, "[bold]Trap", " h ·", "x…"))
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop [bold]Trap"))
        text = screen_text(pilot)
        assert "\x1b" not in text
        assert "\u202e" not in text


async def test_a_wrong_password_is_said_in_place_with_the_key_that_helps(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", trackmypeople__password="wrong")
    async with opened(app) as pilot:
        await until(pilot, lambda: shown(pilot, "TrackMyPeople: ", "C connects the service"))


async def test_without_the_service_what_was_kept_is_shown_as_old(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
    app: Tockdeck = deck_of(server, tmp_path, "timers")
    client = await app.workspace.connections.trackmypeople()
    client.transport.base_url = "http://127.0.0.1:9/"
    async with opened(app) as pilot:
        await until(pilot, lambda: screen_text(pilot).count("as of ") == 2)
        await until(pilot, lambda: shown(pilot, "Sail wardrobe", "r tries again"))
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "Switch from"))


async def test_the_read_only_deck_starts_nothing(server: EmbeddedServer, tmp_path: Path) -> None:
    async with opened(deck_of(server, tmp_path, "timers", deck__read_only="true")) as pilot:
        await loaded(pilot)
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "the deck is read-only"))


async def test_a_tracker_is_revealed_from_elsewhere(server: EmbeddedServer, tmp_path: Path) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app) as pilot:
        await loaded(pilot)
        tree = app.screen.query_one("#tree", Outline)
        await hand_over(app, Go("timers", "6"))
        assert tree.node is not None
        assert tree.node.key == "6"
        await until(pilot, lambda: tree.has_focus)


async def test_who_comes_from_elsewhere_has_the_keys_in_the_tree_once_it_is_there(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "today")) as pilot:
        await until(pilot, lambda: shown(pilot, "Next"))
        await hand_over(pilot.app, Go("timers", "6"))
        await loaded(pilot)
        tree = pilot.app.screen.query_one("#tree", Outline)
        assert tree.display
        await until(pilot, lambda: tree.has_focus)
        assert tree.node is not None
        assert tree.node.key == "6"


async def test_keys_act_on_the_pane_that_has_the_focus_and_the_footer_shows_them(
    server: EmbeddedServer, tmp_path: Path, copied: list[str]
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        screen = pilot.app.screen
        tree = screen.query_one("#tree", Outline)
        assert tree.node is not None
        await until(pilot, lambda: shown(pilot, "/ Filter", "y Copy"))
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert copied.pop().endswith(tree.node.label), "the tracker, not a block of the report"
        # Esc with nothing to go back from is no mistake that one is told of.
        await pilot.press("escape")
        await pilot.pause()
        assert not shown(pilot, "means nothing here")
        await pilot.press("p")
        await until(pilot, lambda: shown(pilot, "─Month ", " h ·"), "it means all of the screen")
        await pilot.press("tab")
        assert screen.query_one("#blocks", Grid).has_focus
        await until(pilot, lambda: shown(pilot, "[ Earlier") and not shown(pilot, "/ Filter"))
        await pilot.press("slash")
        await until(pilot, lambda: shown(pilot, "Filter means nothing here. It is for Trackers"))
        assert screen.query_one("#blocks", Grid).has_focus
        await pilot.press("y")
        await until(pilot, lambda: bool(copied))
        assert "\t" in copied[0], "a row of the report"


async def test_a_day_of_the_report_starts_no_tracker_of_the_tree(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        await loaded(pilot)
        await pilot.press("tab", "v", "v", "v")
        await until(pilot, lambda: shown(pilot, "The report by day"))
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "The cursor is on no tracker"))


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_what_u_is_for_is_read_before_and_what_it_did_is_shown(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, size: tuple[int, int]
) -> None:
    """However young what stands there is."""
    monkeypatch.setattr(trackers, "FRESH", timedelta(hours=1))
    monkeypatch.setattr(report_pane, "FRESH", timedelta(hours=1))
    app = deck_of(server, tmp_path, "timers")
    async with opened(app, size) as pilot:
        await loaded(pilot)
        await pilot.press("x", "enter")
        await until(pilot, lambda: shown(pilot, "Nothing is running"))
        await until(pilot, lambda: "Undo: Stop Booking f" in screen_text(pilot).splitlines()[-1])
        await pilot.press("u")
        await until(pilot, lambda: shown(pilot, "Take back: Stop Booking form?"))
        await pilot.press("y")

        def runs() -> bool:
            # What was begun just before midnight is in the period before.
            before = shown(pilot, "! runs past midnight", "No time in this period")
            return shown(pilot, "● 0:00:") and (shown(pilot, "running") or before)

        await until(pilot, runs, "it runs, in both panes")
