"""What is written to the terminal when nothing much happens."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from functools import partial
from math import inf

import pytest
from textual._compositor import Compositor, CompositorUpdate
from textual.app import ComposeResult
from textual.screen import Screen
from textual.strip import Strip

from tests.widgets.hosts import Host, line_of, settle
from tui.widgets.dialogs import MessageBox
from tui.widgets.due_frame import DueFrame
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.widgets.screen import CalmScreen


@pytest.fixture
def whole(monkeypatch: pytest.MonkeyPatch) -> list[Compositor]:
    """Every paint of a whole screen."""
    paints: list[Compositor] = []
    paint = Compositor.render_full_update

    def counted(self: Compositor, simplify: bool = False) -> object:
        paints.append(self)
        return paint(self, simplify)

    monkeypatch.setattr(Compositor, "render_full_update", counted)
    return paints


def grid() -> Grid:
    return Grid([Column("a", "Alpha")], ListSource([("one",), ("two",)]))


async def test_a_screen_is_painted_whole_once(whole: list[Compositor]) -> None:
    app = Host(grid(), grid())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        assert len(whole) == 1
        whole.clear()
        await pilot.press("tab", "j", "tab")
        await settle(pilot)
        assert whole == []
        app.push_screen(MessageBox("Note", "Read this."))
        await settle(pilot)
        assert len(whole) == 1
        await pilot.press("escape")
        await settle(pilot)
        assert len(whole) == 2


class Awaited(CalmScreen[None]):
    """Tells when its first frame has been written."""

    def __init__(self) -> None:
        super().__init__()
        self.seen, self.looked = asyncio.Event(), asyncio.Event()

    def compose(self) -> ComposeResult:
        yield grid()

    def painted(self) -> None:
        self.seen.set()

    def _paint_if_late(self) -> None:
        super()._paint_if_late()
        self.looked.set()


@pytest.mark.parametrize("long", [False, True], ids=["a short one", "one that is not over by then"])
async def test_a_first_frame_that_fell_into_a_batch_comes_all_the_same(
    monkeypatch: pytest.MonkeyPatch, long: bool
) -> None:
    monkeypatch.setattr("tui.widgets.screen.LATE_SECONDS", 0.05)
    app = Host(grid())
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        screen = Awaited()
        app._begin_batch()
        await app.push_screen(screen)
        if long:
            await asyncio.wait_for(screen.looked.wait(), 30)
        await settle(pilot)
        assert not screen.seen.is_set()
        app._batch_count -= 1
        await asyncio.wait_for(screen.seen.wait(), 30)


async def test_the_focus_repaints_one_line_of_each() -> None:
    one, other = grid(), grid()
    async with Host(one, other).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        drawn: list[tuple[str, int]] = []
        for name, widget in (("one", one), ("other", other)):

            def counted(
                y: int, name: str = name, draw: Callable[[int], Strip] = widget.render_line
            ) -> Strip:
                drawn.append((name, y))
                return draw(y)

            widget.render_line = counted  # type: ignore[method-assign]
        await pilot.press("tab")
        await settle(pilot)
        assert other.has_focus
        assert sorted(drawn) == [("one", 1), ("other", 1)]


async def test_rows_that_come_while_a_list_is_hidden_are_painted_when_it_is_shown() -> None:
    rows = grid()
    async with Host(rows, grid()).run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        rows.display = False
        await settle(pilot)
        rows.set_source(ListSource([("three",), ("four",)]))
        await settle(pilot)
        rows.display = True
        await settle(pilot)
        shown = "".join(strip.text for strip in pilot.app.screen._compositor.render_strips())
        assert "three" in shown
        assert shown.count("one") == 1


async def test_what_waits_for_the_line_is_painted_by_the_screen_that_is_in_front_then() -> None:
    app, room, painted = Host(grid()), [0.0], list[object]()
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)

        def tell() -> None:
            assert isinstance(app.screen, (CalmScreen, MessageBox))
            app.screen.call_later(app.screen.paint_due)

        due = DueFrame(lambda: room[0], tell, asyncio.get_running_loop().call_later)
        display = app._display
        app._driver.hold = due.hold  # type: ignore[union-attr]

        def counted(screen: Screen[object], update: object) -> None:
            painted.append(screen)
            display(screen, update)  # type: ignore[arg-type]

        app._display = counted  # type: ignore[method-assign]
        dialog = MessageBox("Note", "Read this.")
        for act, front in (
            (partial(pilot.press, "j"), app.page),
            (partial(app.push_screen, dialog), dialog),
            (partial(pilot.press, "escape"), app.page),
        ):
            room[0] = inf
            await act()
            await settle(pilot)
            assert (painted, due.is_due) == ([], True)
            assert not front._dirty_widgets, "else it would be tried sixty times a second"
            room[0] = 0.0
            due.look()
            await settle(pilot)
            assert painted[-1] is front
            assert not due.is_due
            painted.clear()


@pytest.mark.parametrize("seconds", [0.0, inf])
async def test_what_a_widget_says_before_a_frame_that_was_due_is_painted(
    monkeypatch: pytest.MonkeyPatch, seconds: float
) -> None:
    rows = grid()
    app, wait = Host(rows, grid()), [seconds]
    async with app.run_test(size=(80, 24)) as pilot:
        await settle(pilot)
        painted: list[str] = []
        display = app._display

        def kept(screen: Screen[object], update: object) -> None:
            if isinstance(update, CompositorUpdate):
                painted.append(update.render_segments(app.console))
            display(screen, update)  # type: ignore[arg-type]

        app._display = kept  # type: ignore[method-assign]
        later = asyncio.get_running_loop().call_later
        due = DueFrame(lambda: wait[0], lambda: app.page.paint_due(), later)
        app._driver.hold = due.hold  # type: ignore[union-attr]
        # Its own time to paint does not come: what is said until then is not lost.
        told = asyncio.Event()
        monkeypatch.setattr(app.page._update_timer, "resume", told.set)
        rows.set_source(ListSource([("three",), ("four",)]))
        rows.refresh()
        await asyncio.wait_for(told.wait(), 30)
        assert rows in app.page._dirty_widgets
        app.page.paint_due()
        wait[0] = 0.0
        due.look()
        await settle(pilot)
        assert "three" in "".join(painted)


async def test_what_a_key_changes_is_painted_in_one_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    aside = Grid([Column("a", "Alpha")], ListSource([("before",)]))
    rows = Grid([Column("n", "Number")], ListSource([(n,) for n in range(9)]))

    class Page(CalmScreen[None]):
        """Says in one place where the cursor of another is."""

        def compose(self) -> ComposeResult:
            yield rows
            yield aside

        def on_grid_highlighted(self, message: Grid.Highlighted) -> None:
            if message.grid is rows:
                aside.set_source(ListSource([(f"on {message.row}",)]))

    app = Host()
    async with app.run_test(size=(60, 20)) as pilot:
        await app.push_screen(Page())
        await settle(pilot)
        page = app.screen
        assert isinstance(page, Page)
        told: list[tuple[str, bool]] = []

        def painted() -> None:
            told.append((line_of(aside, 1).rstrip(), {rows, aside} <= page._dirty_widgets))

        monkeypatch.setattr(page, "_on_timer_update", painted)
        rows.action_cursor_by(1)
        await page._in_one_frame()
        assert told == [("▏ on 1", True)], "both are painted"
