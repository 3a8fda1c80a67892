"""The Today screen: what it shows, where enter goes, the timer, and what fails."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from textual.pilot import Pilot

from tests.deck import (
    deck_of,
    locations_in,
    opened,
    screen_text,
    service_settings,
    until,
)
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.config.load import load
from tui.screens.messages import CommandWanted, hand_over
from tui.screens.today.parts import ListPane
from tui.screens.today.rows import TodayClock, share_out
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.palette import palette_of
from tui.widgets.panel import Panel
from tui.workspace.workspace import Workspace


def shown(pilot: Pilot[Any], *texts: str) -> bool:
    """Whether all of it can be read."""
    screen = screen_text(pilot)
    return all(text in screen for text in texts)


async def loaded(pilot: Pilot[Any]) -> None:
    """Until all five parts are there."""
    await until(
        pilot,
        lambda: shown(
            pilot, "Booking form", "Call with", "Harbour office", "Twilight series", "Kestrel"
        ),
    )


@pytest.mark.parametrize(
    ("wanted", "room", "heights"),
    [
        ([21, 3, 3, 14], 18, [6, 3, 3, 6]),
        ([21, 3, 3, 14], 100, [22, 4, 4, 70]),
        ([5, 5, 5, 5], 18, [4, 4, 5, 5]),
        ([3, 3], 7, [3, 4]),
        ([30], 10, [10]),
        ([9, 9, 9], 3, [2, 2, 2]),
    ],
)
def test_panes_have_what_they_want_or_a_fair_share(
    wanted: list[int], room: int, heights: list[int]
) -> None:
    assert share_out(wanted, room) == heights


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (240, 60)])
async def test_all_five_parts_are_seen_at_every_size(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    app = deck_of(server, tmp_path, deck__currency="€")
    async with opened(app, size) as pilot:
        await loaded(pilot)
        assert shown(pilot, "● 0:", "since ", "today ", "33 d overdue · invoice 3", "€ 4,347.28")
        assert shown(pilot, "goes on"), "a session without an end is on the water"
        panels = list(app.screen.query(Panel))
        assert sum(one.outer_size.height for one in panels if one.region.x == 0) == size[1] - 3
        assert min(one.outer_size.height for one in panels) >= 3


@pytest.mark.parametrize(
    ("pane", "scope", "widget"),
    [
        ("tocks", "tocks", "#list"),
        ("sessions", "sessions", "#grid"),
        ("invoices", "invoices", "#invoice-grid"),
    ],
)
async def test_enter_goes_to_the_very_thing(
    server: EmbeddedServer, tmp_path: Path, pane: str, scope: str, widget: str
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        outline = app.screen.query_one(f"#{pane}-list", Outline)
        outline.focus()
        outline.move_to_row(0 if pane == "tocks" else 1)
        assert outline.node is not None
        key = outline.node.key
        await pilot.press("enter")

        def there() -> bool:
            grids = app.screen.query(widget)
            return any(isinstance(one, Grid) and one.cursor_key == key for one in grids)

        await until(pilot, there, f"the cursor of {scope} is on {key}")


async def test_the_clock_and_a_book_lead_to_their_screens(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        await pilot.press("shift+tab")
        assert app.screen.query_one(TodayClock).has_focus
        await pilot.press("enter")
        await until(pilot, lambda: shown(pilot, "▌Trackers", "Sail wardrobe"))
        await pilot.press("1")
        await pilot.click("#books-list", times=2)
        await until(pilot, lambda: shown(pilot, "Messages ·"))


async def test_s_stops_says_what_happened_and_goes_on(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app, (80, 24)) as pilot:
        await loaded(pilot)
        clock = app.screen.query_one(TodayClock)
        await until(pilot, lambda: clock.ticks)
        await pilot.press("s")
        await until(
            pilot, lambda: shown(pilot, "✓ Stopped Booking form after 0:", "s goes on with")
        )
        await until(pilot, lambda: shown(pilot, "Nothing is running") and not clock.ticks)
        await pilot.press("s")
        await until(pilot, lambda: shown(pilot, "✓ Booking form runs. s stops it.", "● 0:00:0"))
        assert clock.ticks
        await pilot.press("6")
        await until(pilot, lambda: not clock.ticks, "nobody sees it")


async def test_what_another_screen_paid_waits_no_more(
    server: EmbeddedServer, tmp_path: Path
) -> None:
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
        await until(pilot, lambda: not shown(pilot, "invoice 3 "))


async def test_an_empty_deck_says_what_to_do(tmp_path: Path) -> None:
    with EmbeddedServer(seeded=False) as server:
        app = deck_of(server, tmp_path)
        async with opened(app, (80, 24)) as pilot:
            await until(
                pilot,
                lambda: shown(
                    pilot, "Nothing is running", "No tock in the next", "No unread message",
                    "No session now", "Every invoice is paid",
                ),
            )  # fmt: skip


async def test_without_the_services_each_pane_says_so_and_what_was_kept_stays(
    tmp_path: Path,
) -> None:
    with EmbeddedServer() as server:
        app = deck_of(server, tmp_path)
        async with opened(app, (80, 24)) as pilot:
            await loaded(pilot)
    app = deck_of(server, tmp_path)
    async with opened(app, (120, 40)) as pilot:
        await until(pilot, lambda: screen_text(pilot).count("could not be") >= 4)
        assert shown(pilot, "Kestrel Instruments", "as of today", "r tries again")
    fresh = deck_of(server, tmp_path / "other")
    async with opened(fresh, (80, 24)) as pilot:
        await until(pilot, lambda: screen_text(pilot).count("✗ ") >= 5, "five errors at once")
        panels = list(fresh.screen.query(Panel))
        assert min(one.outer_size.height for one in panels) >= 4


async def test_a_list_is_gone_to_from_the_palette_too(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        outline = app.screen.query_one("#invoices-list", Outline)
        outline.focus()
        await until(pilot, lambda: outline.has_focus)
        outline.move_to_row(1)
        assert outline.node is not None
        key = outline.node.key
        await hand_over(app, CommandWanted("today.open"))
        await until(
            pilot,
            lambda: any(grid.cursor_key == key for grid in app.screen.query(Grid)),
            "what the cursor is on, not only its screen",
        )


async def test_what_is_done_to_the_timer_is_done_from_every_pane(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    server.reset()
    app = deck_of(server, tmp_path)
    async with opened(app) as pilot:
        await loaded(pilot)
        for place, pane in enumerate(("tocks", "books", "sessions", "invoices")):
            outline = app.screen.query_one(f"#{pane}-list", Outline)
            outline.focus()
            await until(pilot, lambda one=outline: one.has_focus)  # type: ignore[misc]
            await until(pilot, lambda: shown(pilot, "⏎ Go there", "s Start/stop", "r Refresh"))
            await pilot.press("s")
            news = "✓ Booking form runs" if place % 2 else "✓ Stopped Booking form"
            await until(pilot, lambda said=news: shown(pilot, said))  # type: ignore[misc]


@pytest.mark.parametrize("size", [(80, 24), (120, 40), (240, 60)])
async def test_a_service_that_is_not_connected_is_one_muted_line(
    server: EmbeddedServer, tmp_path: Path, size: tuple[int, int]
) -> None:
    flags = {
        key: value
        for key, value in service_settings(server).items()
        if key.partition(".")[0] in ("deck", "network", "trackmypeople")
    }
    places = locations_in(tmp_path)
    app = Tockdeck(Workspace(load(places.config_file(None), flags=flags, environment={}), places))
    async with opened(app, size) as pilot:
        titles = ("TickTocker", "TimeTonic", "Igtimi", "Timesheets")
        lines = [f"{title} is not connected. C connects it." for title in titles]
        await until(pilot, lambda: shown(pilot, "Booking form", *lines))
        assert "✗" not in screen_text(pilot)
        assert "r tries again" not in screen_text(pilot)
        muted = palette_of(app).plain["muted"].color
        for pane in app.screen.query(ListPane):
            assert pane.lines == 2, "title and line"
            said = [one for one in pane._view.lines.render_line(0) if "not connected" in one.text]
            assert [one.style.color for one in said if one.style] == [muted]
