from __future__ import annotations

from textual import events

from tests.widgets.hosts import Host, lines_of, settle
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.widgets.lines import Lines
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.widgets.panel import Panel, StateView


def grid() -> Grid:
    return Grid([Column("a", "Alpha")], ListSource([("one",), ("two",)]))


def title(panel: Panel) -> str:
    line = panel.render_line(0)
    assert line.cell_length == panel.size.width
    return line.text


def said(panel: Panel) -> list[str]:
    view = panel.query_one(StateView)
    return [line.rstrip() for line in lines_of(view.query_one(Lines))]


async def test_states_take_the_place_of_the_content_and_give_it_back() -> None:
    inner = grid()
    panel = Panel(inner, "Rows")
    app = Host(panel, notes=(Panel.RetryWanted, Panel.GiveUpWanted))
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        assert inner.has_focus
        panel.show_loading("Reading rows")
        await settle(pilot)
        assert panel.state == "loading"
        assert said(panel) == ["… Reading rows", "  esc gives up"]
        assert not inner.display
        await pilot.press("r", "escape")
        assert len(app.heard(Panel.GiveUpWanted)) == 1
        assert app.heard(Panel.RetryWanted) == []
        panel.show_error("It broke.", "Your edit is kept.", "Wait.")
        await settle(pilot)
        assert said(panel) == [
            "✗ It broke.",
            "  Your edit is kept.",
            "  Wait.",
            "  r tries again",
        ]
        await pilot.press("escape", "r")
        assert len(app.heard(Panel.RetryWanted)) == 1
        assert app.heard(Panel.GiveUpWanted) == []
        panel.show_content()
        await settle(pilot)
        assert inner.has_focus
        assert inner.display
        assert panel.state == "content"


async def test_stale_content_is_shown_with_its_age() -> None:
    inner = grid()
    panel = Panel(inner, "Rows")
    app = Host(panel, notes=(Panel.RetryWanted,))
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        panel.show_stale("as of 14:02, offline")
        await settle(pilot)
        assert panel.is_stale
        assert inner.has_focus
        assert any("as of 14:02, offline" in line for line in lines_of(panel.query(Lines).last()))
        await pilot.press("r")
        assert len(app.heard(Panel.RetryWanted)) == 1
        panel.show_content()
        await pilot.press("r")
        assert app.heard(Panel.RetryWanted) == []


async def test_the_title_shows_the_focus_without_colour() -> None:
    left, right = Panel(grid(), "Left", note="2 rows"), Panel(Outline([Node("a", "A")]), "Right")
    async with Host(left, right).run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        assert title(left).startswith("▌Left ─")
        assert title(left).endswith("─ 2 rows ─")
        assert title(right).startswith("─Right ─")
        await pilot.press("tab")
        assert title(left).startswith("─Left ─")
        assert title(right).startswith("▌Right ─")
        left.show_note("3 rows")
        assert title(left).endswith("─ 3 rows ─")


async def test_a_blur_that_is_told_late_does_not_unmark_the_title() -> None:
    inner = grid()
    panel = Panel(inner, "Rows")
    async with Host(panel).run_test(size=(40, 12)) as pilot:
        await settle(pilot)
        # As when the focus moves on within, and the widget that lost it is slow to say so.
        panel.post_message(events.DescendantBlur(inner))
        await settle(pilot)
        assert title(panel).startswith("▌Rows ─")


async def test_a_state_of_a_panel_without_the_focus_does_not_take_it() -> None:
    left, right = Panel(grid(), "Left"), Panel(grid(), "Right")
    async with Host(left, right).run_test(size=(40, 16)) as pilot:
        await settle(pilot)
        right.show_error("It broke.")
        right.show_empty("Nothing.", "a adds one")
        await settle(pilot)
        assert left.content.has_focus
        assert said(right) == ["Nothing.", "a adds one"]
        right.show_content()
        await settle(pilot)
        assert left.content.has_focus
