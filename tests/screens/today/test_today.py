"""The Today screen: what it shows, where enter goes, the timer, and what fails."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, Self

import pytest
from rich.cells import cell_len

from tests.deck import (
    amount_of,
    deck_of,
    locations_in,
    looked_after,
    midnights,
    opened,
    screen_text,
    service_settings,
    shown,
    until,
)
from tests.harness import EmbeddedServer
from tests.screens.today.steps import loaded, move_to, today_of
from tests.widgets.hosts import Host, settle
from tests.workspace.ways import Way
from tui.app import Tockdeck
from tui.config.load import load
from tui.screens.messages import CommandWanted, hand_over
from tui.screens.today.agenda_pane import AgendaList, AgendaPane
from tui.screens.today.hours_pane import HoursList, Line
from tui.screens.today.screen import TodayScreen
from tui.screens.today.sources import SourcesPane
from tui.widgets.grid import Grid
from tui.widgets.lines import Lines
from tui.widgets.palette import palette_of
from tui.widgets.panel import Panel
from tui.workspace.reads import Answer
from tui.workspace.timers.periods import Span
from tui.workspace.timers.timers import Report, Timers
from tui.workspace.today.agenda import Day, Entry
from tui.workspace.today.items import Items, Part
from tui.workspace.today.today import Today
from tui.workspace.workspace import Workspace


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (240, 60)])
async def test_all_of_it_is_seen_at_every_size(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    server.reset()
    app = deck_of(server, tmp_path, deck__currency="€")
    async with opened(app, size) as pilot:
        today = await loaded(pilot)
        assert shown(pilot, "● 0:", "since ", " overdue", "Approved, not paid", "to be paid")
        assert shown(pilot, "● goes on     session", "tock      ", "Overdue", "Today, ", "◷ ")
        lines = screen_text(pilot).splitlines()
        order = [next(i for i, line in enumerate(lines) if title in line) for title in (
            "─Running ", "─Waits ", "─Hours "
        )]  # fmt: skip
        if size[0] < 180:
            assert order == sorted(order), "the most urgent first"
        if size[0] > 80:
            assert shown(pilot, " d late", "invoice 3 ", f"€ {amount_of(server):,}", "━", "message")
            # No half of the screen is empty, at the left or at the right.
            text = [line.ljust(size[0]) for line in lines[1:-3]]
            for half in (slice(0, size[0] // 2 - 20), slice(size[0] // 2, size[0])):
                filled = sum(bool(line[half].strip()) for line in text)
                assert filled > len(text) // 2 - (size[0] > 200) * 6, half
        panels = [one for one in app.screen.query(Panel) if one.id != "sources"]
        assert min(one.outer_size.height for one in panels) >= 3
        assert today.sources.region.bottom == size[1] - 2
        assert today.agenda.region.bottom == today.sources.region.y


async def test_enter_goes_to_the_very_thing(server: EmbeddedServer, tmp_path: Path) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        for kind, widget in (
            ("tock", "#list"), ("session", "#grid"), ("invoice", "#invoice-grid"),
        ):  # fmt: skip
            today = await loaded(pilot)
            agenda = today.agenda.list
            agenda.focus()
            await until(pilot, lambda one=agenda: one.has_focus)  # type: ignore[misc]
            key = move_to(agenda, lambda one, kind=kind: one.startswith(kind))  # type: ignore[misc]
            await pilot.press("enter")

            def there(widget: str = widget, key: str = key.partition(" ")[2]) -> bool:
                grids = app.screen.query(widget)
                return any(isinstance(one, Grid) and one.cursor_key == key for one in grids)

            await until(pilot, there, f"the cursor is on {key}")
            await pilot.press("1")
        today = await loaded(pilot)
        move_to(today.agenda.list, lambda one: one.startswith("event"))
        entry = today.agenda.list.entry
        assert entry is not None
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Events", entry.title[:30], entry.where[:20]))


async def test_the_clock_and_what_waits_lead_to_their_screens(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    # How much of the agenda the day has goes by the hour: here is room for all that waits.
    async with opened(app, (120, 80)) as pilot:
        today = await loaded(pilot)
        today.timer.clock.focus()
        await until(pilot, lambda: today.timer.clock.has_focus)
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "▌Trackers", "Sail wardrobe"))
        await pilot.press("1")
        today = await loaded(pilot)
        move_to(today.waits.list, lambda key: "Régates" not in key and key.count("/") > 2)
        assert today.waits.place is not None
        assert today.waits.place.scope == "books", "what is unread stands open, a line a book"
        row = today.waits.list.cursor_row - today.waits.list.top_row
        await pilot.click("#waits-list", offset=(8, row), times=2)
        await until(pilot, lambda: shown(pilot, "Messages ·"))
        await pilot.press("1")
        await loaded(pilot)
        today.hours.list.focus()
        await until(pilot, lambda: today.hours.list.has_focus)
        move_to(today.hours.list, lambda key: key.startswith("tracker"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "▌Trackers"))
        await pilot.press("1")
        await loaded(pilot)
        today.waits.list.focus()
        await until(pilot, lambda: today.waits.list.has_focus)
        move_to(today.waits.list, lambda key: "entry" in key)
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "approved"), "the work that is to be billed")


async def test_the_timer_is_stopped_resumed_and_switched_in_place(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app, (80, 24)) as pilot:
        today = await loaded(pilot)
        clock = today.timer.clock
        await until(pilot, lambda: clock.ticks)
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "Stop Booking form", "What was done"))
        await pilot.press(*"panels", "enter")
        await until(pilot, lambda: shown(pilot, "✓ Stopped Booking form"))
        await until(
            pilot, lambda: shown(pilot, "Nothing is running: R resumes") and not clock.ticks
        )
        await until(pilot, lambda: not shown(pilot, "x Stop"), "there is nothing to be stopped")
        await pilot.press("R")
        await until(pilot, lambda: shown(pilot, "✓ Started Booking form", ": panels"))
        await until(pilot, lambda: shown(pilot, "● 0:00:") and clock.ticks)
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "Switch from Booking form to", "Sail wardrobe"))
        await pilot.press("slash", *"wardrobe", "enter")
        await until(pilot, lambda: shown(pilot, "Switch from Booking form to Sail wardrobe"))
        # Not of the one that begins.
        assert shown(pilot, "What was done on Booking form (may stay empty)")
        await pilot.press("enter")
        told = "✓ Switched from Booking form to Sail wardrobe"
        await until(pilot, lambda: shown(pilot, told), told)
        await until(pilot, lambda: shown(pilot, "  Sail wardrobe   "))
        await pilot.press("6")
        await until(pilot, lambda: not clock.ticks, "nobody sees it")


async def test_what_is_done_to_the_timer_is_done_from_every_pane(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        today = await loaded(pilot)
        for pane in (today.agenda.list, today.waits.list, today.hours.list, today.timer.clock):
            pane.focus()
            await until(pilot, lambda one=pane: one.has_focus)  # type: ignore[misc]
            await until(pilot, lambda: shown(pilot, "⏎ Go there", "s Start", "x Stop", "+ Remind"))
            await pilot.press("x")
            await until(pilot, lambda: shown(pilot, "─ Stop Booking form ─"))
            await pilot.press("escape")
            await until(pilot, lambda: today.is_current)
            await pilot.press("s")
            await until(pilot, lambda: shown(pilot, "─ Switch from Booking form to ─"))
            await pilot.press("escape")
            await until(pilot, lambda: today.is_current)


async def test_the_filter_leaves_what_has_the_text_with_its_days(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        today = await loaded(pilot)
        await pilot.press("slash", *"session", "enter")
        agenda = today.agenda.list
        await until(pilot, lambda: agenda.has_focus and agenda.filter == "session")
        shown_lines = [line.node.key for line in agenda._model.lines if line.depth]
        assert shown_lines
        assert all(key.startswith("session") for key in shown_lines)
        assert agenda.entry is not None
        before = agenda.cursor_row
        await pilot.press("j", "k")
        assert agenda.cursor_row == before
        await pilot.press("slash", "ctrl+u", "enter")
        await until(pilot, lambda: agenda.has_focus and not agenda.filter)


async def test_what_another_screen_paid_waits_no_more(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        assert shown(pilot, "invoice 3 ")
        invoices = app.workspace.invoices
        found = await invoices.invoices(
            [one.id for one in (await invoices.clients()).value.clients]
        )
        await pilot.press("6")
        await until(pilot, lambda: shown(pilot, "Invoices of all clients"))
        await invoices.delete(next(one for one in found.value.invoices if one.id == 3))
        await pilot.press("1")
        await until(pilot, lambda: shown(pilot, "▌Agenda") and not shown(pilot, "invoice 3 "))


async def test_what_could_not_be_sent_waits_first_and_leads_to_the_changes(
    server: EmbeddedServer, tmp_path: Path, way: Way
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        today = await loaded(pilot)
        await until(pilot, lambda: looked_after(app))
        way.open = False
        await pilot.press("x")
        await until(pilot, lambda: shown(pilot, "─ Stop Booking form ─"))
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "to be sent", "goes on at the service"))
        waits = today.waits.list
        waits.focus()
        await until(pilot, lambda: waits.has_focus)
        waits.move_to_row(0)
        assert waits.node is not None
        assert "to be sent" in waits.node.label
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "Changes", "Booking form"))
        assert not isinstance(app.screen, TodayScreen)


async def test_what_was_kept_is_shown_before_any_service_is_asked(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks brings the clients along: that takes longer than all that was kept."""
    async with opened(deck_of(server, tmp_path)) as pilot:
        await loaded(pilot)
    app = deck_of(server, tmp_path)
    asked: list[tuple[str, bool]] = []
    part, report = Today.part, Timers.report

    def note(name: str) -> None:
        today = app.screen
        assert isinstance(today, TodayScreen)
        asked.append((name, today.agenda.list.entries > 0 and today.hours.list.row_count > 0))

    async def part_noted(self: Today, name: Part) -> Answer[Items]:
        note(name)
        return await part(self, name)

    async def report_noted(self: Timers, span: Span) -> Answer[Report]:
        note("hours")
        return await report(self, span)

    monkeypatch.setattr(Today, "part", part_noted)
    monkeypatch.setattr(Timers, "report", report_noted)
    async with opened(app) as pilot:
        await until(pilot, lambda: {"books", "hours"} <= dict(asked).keys(), "services are asked")
    assert asked == [(name, True) for name, _ in asked]


async def test_until_it_is_moved_the_cursor_is_on_what_is_most_urgent(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    async with opened(deck_of(server, tmp_path)) as pilot:
        today = await loaded(pilot)
        await settle(pilot)
        outline, found = today.waits.list, today.waits._found
        assert len(found) > 1
        # Its source was the first to answer.
        today.waits.show(found[1:], whole=False)
        today.waits.show(found, whole=True)
        await settle(pilot)
        assert outline.cursor_row == 0
        outline.focus()
        await pilot.press("j")
        node = outline.node
        today.waits.show(found[1:], whole=False)
        today.waits.show(found, whole=True)
        await settle(pilot)
        assert outline.node == node, "where a person has put it"


async def test_sources_that_have_come_together_are_made_into_lines_once(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    server.reset()
    async with opened(deck_of(server, tmp_path)) as pilot:
        today = await loaded(pilot)
        await settle(pilot)
        counted: list[int] = []
        show = AgendaPane.show

        def showing(pane: AgendaPane, days: list[Day], *, whole: bool) -> None:
            counted.append(len(days))
            show(pane, days, whole=whole)

        monkeypatch.setattr(AgendaPane, "show", showing)
        for part in ("books", "invoices", "work"):
            found, now = today._parts[part], datetime.now(UTC)
            today.post_message(SourcesPane.Told(part, found, now))
        await until(pilot, lambda: counted)
        await settle(pilot)
        assert len(counted) == 1


async def test_an_empty_deck_says_what_to_do(tmp_path: Path) -> None:
    with EmbeddedServer(seeded=False) as server:
        app = deck_of(server, tmp_path)
        async with opened(app, (80, 24)) as pilot:
            await until(
                pilot,
                lambda: shown(
                    pilot, "Nothing is running", "All done: nothing waits for you.",
                    "No hours this week.", "s starts a timer", "Nothing ahead.",
                    "+ reminds you of something.",
                ),
            )  # fmt: skip


async def test_without_the_services_it_is_said_in_a_line_and_what_was_kept_stays(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown_of: list[set[str]] = []
    show = AgendaPane.show

    def noted(pane: AgendaPane, *words: Any, **more: Any) -> None:
        assert isinstance(pane.screen, TodayScreen)
        shown_of.append(set(pane.screen._parts))
        show(pane, *words, **more)

    with EmbeddedServer() as server:
        app = deck_of(server, tmp_path)
        async with opened(app, (80, 24)) as pilot:
            await loaded(pilot)
    names = "TrackMyPeople, TimeTonic, Igtimi, Timesheets"
    app = deck_of(server, tmp_path)
    monkeypatch.setattr("tui.screens.today.screen.TOGETHER_SECONDS", 600)
    monkeypatch.setattr(AgendaPane, "show", noted)
    async with opened(app, (120, 40)) as pilot:
        await until(
            pilot,
            lambda: shown(pilot, f"✗ {names} could not be reached · as of ", "TickTocker"),
        )
        assert shown(pilot, "Kestrel Instruments", "Booking form", "r tries again")
        assert screen_text(pilot).count("✗") == 1
        # With each source that is added most lines would be painted anew.
        assert shown_of[0] == set(today_of(pilot)._parts), "all that was kept at once"
        assert shown_of[0] >= {"tocks", "sessions", "invoices", "books", "work"}
    fresh = deck_of(server, tmp_path / "other")
    async with opened(fresh, (80, 24)) as pilot:
        await until(pilot, lambda: shown(pilot, "✗ TrackMyPeople, TickTocker, TimeTonic, Igtimi"))
        await until(pilot, lambda: screen_text(pilot).count("why stands below") == 4)
        assert not shown(pilot, "Nothing ahead"), "that is not known"
        assert not shown(pilot, "All done"), "neither is this"


async def test_a_deck_that_is_left_open_speaks_of_the_day_that_it_is(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ahead = [timedelta()]

    class Ahead(datetime):
        @classmethod
        def now(cls, tz: tzinfo | None = None) -> Self:
            return super().now(tz) + ahead[0]

    server.reset()
    monkeypatch.setattr("tui.screens.today.screen.datetime", Ahead)
    midnights(monkeypatch, lambda: Ahead.now(UTC).date())
    async with opened(deck_of(server, tmp_path)) as pilot:
        await loaded(pilot)

        def latest() -> int:
            return max(map(int, re.findall(r"! (\d+) d late", screen_text(pilot))), default=0)

        before = latest()
        assert before
        ahead[0] = timedelta(days=2)
        await until(pilot, lambda: latest() >= before + 2, "without a key")


async def test_a_line_is_gone_to_from_the_palette_too(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        today = await loaded(pilot)
        agenda = today.agenda.list
        await until(pilot, lambda: agenda.has_focus)
        key = move_to(agenda, lambda one: one.startswith("invoice")).partition(" ")[2]
        await hand_over(app, CommandWanted("today.open"))
        await until(
            pilot,
            lambda: any(grid.cursor_key == key for grid in app.screen.query(Grid)),
            "what the cursor is on, not only its screen",
        )


@pytest.mark.parametrize("size", [(80, 24), (240, 60)])
async def test_services_that_are_not_connected_are_one_muted_line(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    server.reset()
    flags = {
        key: value
        for key, value in service_settings(server).items()
        if key.partition(".")[0] in ("deck", "network", "trackmypeople")
    }
    places = locations_in(tmp_path)
    app = Tockdeck(Workspace(load(places.config_file(None), flags=flags, environment={}), places))
    async with opened(app, size) as pilot:
        line = "Not connected: TickTocker, TimeTonic, Igtimi, Timesheets. C connects."
        await until(pilot, lambda: shown(pilot, "Booking form", line, "Nothing ahead", "All done"))
        assert "✗" not in screen_text(pilot)
        assert "r tries again" not in screen_text(pilot)
        muted = palette_of(app).plain["muted"].color
        lines = today_of(pilot).sources.lines
        assert isinstance(lines, Lines)
        said = [one for one in lines.render_line(0) if "Not connected" in one.text]
        assert [one.style.color for one in said if one.style] == [muted]


async def test_of_more_books_than_are_asked_for_their_events_it_is_said(
    server: EmbeddedServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tui.workspace.today.asked.MOST_BOOKS", 1)
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        books = [one for one in (await app.workspace.books.shelf()).value.books if not one.archived]
        line = f"◌ events of 1 of {len(books)} books"
        await until(pilot, lambda: shown(pilot, line))


async def test_a_bar_takes_the_width_that_it_is_given() -> None:
    bars = HoursList()
    async with Host(bars).run_test(size=(20, 5)) as pilot:
        await settle(pilot)
        bars.show([Line("a", "Booking form", 0.5, "12:42 h")])
        for width in range(1, 40):
            segments = bars.render_row(0, width, bars.palette.plain, bars.palette)
            assert sum(segment.cell_length for segment in segments) == width


@pytest.mark.parametrize(("height", "few"), [(20, 3), (40, 8)])
async def test_as_many_overdue_stand_open_as_there_is_room_for_also_of_what_was_kept(
    height: int, few: int
) -> None:
    for count in (few, few + 1):
        agenda = AgendaList()
        agenda.display = False  # what was kept is there before the list has its place
        late = [
            Entry("invoice", str(one), f"Client {one}", "", "9 d late", True, False)
            for one in range(count)
        ]
        async with Host(agenda).run_test(size=(60, height)) as pilot:
            await settle(pilot)
            agenda.show([Day("overdue", "Overdue", "", late)])
            agenda.to_first_entry()
            assert agenda._model.lines[0].open == (count == few), "painted once, not folded first"
            agenda.display = True
            await until(pilot, lambda one=agenda: one.size.height == height, "its place")  # type: ignore[misc]
            await settle(pilot)
            assert agenda._model.lines[0].open == (count == few)
            assert agenda.cursor_row == (1 if count == few else 0)
            await pilot.press("space")  # a person opens or folds it: no other size changes that
            folded = agenda._model.lines[0].open
            await pilot.resize_terminal(60, 60 - height)
            await settle(pilot)
            assert agenda._model.lines[0].open == folded


async def test_a_figure_that_has_no_room_is_left_out_and_never_cut() -> None:
    agenda, bars = AgendaList(), HoursList()
    entry = Entry("invoice", "1", "Kestrel", "invoice 3", "33 d late", True, False, "14,715.29")
    async with Host(agenda, bars).run_test(size=(60, 20)) as pilot:
        await settle(pilot)
        agenda.show([Day("late", "Overdue", "22,764.97 · 7", [entry])])
        bars.show([Line("a", "Booking form", 0.5, "112:42 h")])
        for rows, row in ((agenda, 0), (agenda, 1), (bars, 0)):
            for width in range(1, 60):
                segments = rows.render_row(row, width, rows.palette.plain, rows.palette)
                text = "".join(segment.text for segment in segments)
                assert not re.search(r"\d…$", text), (width, text)
                assert cell_len(text) == width, "more would be written over what is beside it"
                assert row == 0 or rows is bars or width < 10 or "Kes" in text, (width, text)
