from __future__ import annotations

from collections.abc import Callable
from itertools import permutations, product

import pytest
from textual import events

from tests.deck import until
from tests.widgets.hosts import Host, lines_of, settle
from tui.widgets.filterline import FilterLine
from tui.widgets.grid import Grid
from tui.widgets.grid_model import Column, ListSource
from tui.widgets.lines import Lines, Paragraph, wrapped
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


async def test_content_that_comes_at_once_has_the_focus() -> None:
    inner = grid()
    panel = Panel(inner, "Rows")
    async with Host(panel).run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        panel.show_loading("Reading rows")
        # Before what says so was given the focus.
        panel.show_content()
        await settle(pilot)
        assert inner.has_focus
        await pilot.press("j")
        assert inner.cursor_row == 1


async def test_what_comes_soon_is_shown_without_the_words_that_it_loads() -> None:
    inner = grid()
    panel = Panel(inner, "Rows")
    app = Host(panel, notes=(Panel.GiveUpWanted,))
    async with app.run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        panel.show_loading("Reading rows", after=600)
        await settle(pilot)
        # It loads, and can be given up; what stood there stands, with the focus.
        assert panel.state == "loading"
        assert inner.display
        assert inner.has_focus
        assert not panel.query(StateView)
        await pilot.press("escape")
        assert len(app.heard(Panel.GiveUpWanted)) == 1
        assert panel._soon is not None
        late = panel._soon._callback
        panel.show_content()
        assert late is not None
        late()
        await settle(pilot)
        assert panel.state == "content"
        assert not panel.query(StateView)
        # Nor does what is late hide what was said meanwhile, or what loads since.
        for _ in range(2):
            panel.show_loading("Reading rows", after=600)
            await settle(pilot)
        late()
        assert inner.display
        panel.show_error("It broke.")
        late()
        await settle(pilot)
        assert panel.state == "error"
        assert said(panel)[0] == "✗ It broke."
        panel.show_content()
        panel.show_loading("Reading rows", after=0.001)
        await until(pilot, lambda: not inner.display)
        assert panel.state == "loading"
        assert said(panel) == ["… Reading rows", "  esc gives up"]
        assert panel.query_one(StateView).has_focus
        # There is nothing left to hide: the words are other ones at once.
        panel.show_loading("Reading more", after=600)
        await settle(pilot)
        assert said(panel) == ["… Reading more", "  esc gives up"]


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
        left.show_note("3 rows of the list · free 16:00 h")
        assert title(left).endswith(" · free … ─"), "a figure is whole or not there"


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


@pytest.mark.parametrize("state", ["loading", "empty", "error"])
async def test_a_state_leaves_the_focus_to_who_types_beside_the_content(state: str) -> None:
    panel = Panel(grid(), "Rows")
    async with Host(panel).run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        line = FilterLine()
        await panel.mount(line)
        line.open()
        await pilot.press("a")
        getattr(panel, f"show_{state}")("What stands there instead")
        await pilot.press("b")
        assert (line.value, line.has_focus) == ("ab", True), "no letter is a command"
        # Who leaves the line is where the content stood, and in it once it is shown.
        await pilot.press("enter")
        assert panel.query_one(StateView).has_focus
        panel.show_content()
        await settle(pilot)
        assert panel.content.has_focus


async def test_a_pane_that_is_told_to_take_the_focus_has_it_whatever_stands_in_it() -> None:
    other, inner = Panel(grid(), "Other"), grid()
    panel = Panel(inner, "Rows")
    steps: dict[str, Callable[[], object]] = {
        "focus": inner.focus,
        "loading": lambda: panel.show_loading("Reading rows"),
        "error": lambda: panel.show_error("It broke."),
        "content": panel.show_content,
    }
    async with Host(other, panel, notes=(Panel.GiveUpWanted,)).run_test(size=(40, 16)) as pilot:
        for at_once, order in product((True, False), permutations(steps)):
            story = (at_once, *order)
            panel.show_content()
            other.content.focus()
            await settle(pilot)
            assert other.content.has_focus, story
            for step in order:
                steps[step]()
                if not at_once:
                    await settle(pilot)
            await settle(pilot)
            shown = inner if panel.state == "content" else panel.query_one(StateView)
            assert shown.display, story
            assert shown.has_focus, story
            panel.show_content()
            await settle(pilot)
            assert inner.has_focus, story


async def test_the_keys_of_a_state_work_at_once_for_whom_the_focus_was_meant() -> None:
    inner = grid()
    panel = Panel(inner, "Rows")
    app = Host(Panel(grid(), "Other"), panel, notes=(Panel.GiveUpWanted,))
    async with app.run_test(size=(40, 16)) as pilot:
        await settle(pilot)
        panel.show_loading("Reading rows")
        await settle(pilot)
        app.screen.set_focus(inner)
        assert app.screen.focused is panel.query_one(StateView)
        await pilot.press("escape")
        assert len(app.heard(Panel.GiveUpWanted)) == 1


async def test_a_content_that_takes_no_keys_hands_the_focus_on() -> None:
    other = Panel(grid(), "Other")
    clock = Panel(Lines(), "Now")
    async with Host(clock, other).run_test(size=(40, 16)) as pilot:
        await settle(pilot)
        clock.show_loading("Asking what runs")
        await settle(pilot)
        clock.query_one(StateView).focus()
        await settle(pilot)
        assert clock.has_focus_within
        clock.show_content()
        await settle(pilot)
        assert other.content.has_focus


async def test_in_a_panel_within_a_panel_the_outer_state_has_the_focus() -> None:
    inner = grid()
    within = Panel(inner, "Rows")
    around = Panel(within, "Board")
    async with Host(Panel(grid(), "Other"), around).run_test(size=(40, 16)) as pilot:
        await settle(pilot)
        within.show_loading("Reading rows")
        around.show_error("It broke.")
        await settle(pilot)
        inner.focus()
        await settle(pilot)
        state = next(view for view in around.query(StateView) if view.parent is around)
        assert state.has_focus
        around.show_content()
        await settle(pilot)
        assert within.query_one(StateView).has_focus
        within.show_content()
        await settle(pilot)
        assert inner.has_focus


async def test_a_title_without_an_end_leaves_room_for_how_much_there_is() -> None:
    panel = Panel(grid(), "שלום " * 60, note="1 of 1 rows")
    async with Host(panel).run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        assert title(panel).endswith("… ─── 1 of 1 rows ─")
        panel.show_title("Rows " * 60, "a note that is itself longer than half of the line")
        assert title(panel).startswith("▌Rows Rows Rows Rows Rows Row")
        assert "─ a note that is" in title(panel)


@pytest.mark.parametrize("width", [40, 60, 80])
async def test_how_old_it_is_is_told_whole_where_title_and_note_are_cut(width: int) -> None:
    panel = Panel(grid(), "Fleet maintenance · Seabright Fleet")
    async with Host(panel).run_test(size=(width, 12)) as pilot:
        await settle(pilot)
        panel.show_title(panel.title, "12 of 420 rows, sorted by Due", "as of yesterday 12:12")
        await settle(pilot)
        assert title(panel).endswith("as of yesterday 12:12 ─")
        assert title(panel).startswith("▌Fleet ")
        assert len(title(panel)) == width
        assert width == 40 or "12 of 420" in title(panel), "the title gives way for it"


@pytest.mark.parametrize("width", range(56, 84, 3))
async def test_a_note_is_cut_beside_its_figures_and_never_between_them(width: int) -> None:
    panel = Panel(grid(), "Fleet maintenance")
    async with Host(panel).run_test(size=(width, 12)) as pilot:
        await settle(pilot)
        note = "1 of 420 · 200 of 420 rows loaded"
        panel.show_title(panel.title, note, "as of yesterday 12:12")
        await settle(pilot)
        left = title(panel).replace("of 420", "")
        assert " of" not in left.replace("as of", "")
        assert left.count("200") == title(panel).count("200 of 420")


async def test_what_is_said_of_the_age_does_not_touch_the_pane_beside_it() -> None:
    panel = Panel(grid(), "Rows")
    async with Host(panel).run_test(size=(33, 16)) as pilot:
        await settle(pilot)
        # Its third line would fill the width.
        panel.show_stale(
            "as of today 12:12 · 127.0.0.1 could not be reached (All connections failed)"
        )
        await settle(pilot)
        lines = panel.query(Lines).last()
        assert lines.content_size.width == panel.size.width - 1
        assert " ".join(map(str.strip, lines_of(lines))).endswith("failed) · r tries again")


def test_a_key_and_what_it_does_are_never_broken() -> None:
    text = "as of today 12:12 · 127.0.0.1 could not be reached"
    for width in range(16, 70):
        lines = wrapped([Paragraph(text, "warn", 1, "r tries again")], width)
        said = [line for line, _ in lines]
        assert said[-1].endswith("r tries again"), said
        assert all(len(line) <= width and line.startswith(" ") for line in said)
        whole = " ".join(line.strip() for line in said)
        assert whole.replace(" · r ", " r ") == f"{text} r tries again"


async def test_a_text_shown_before_the_one_before_has_come_to_rest_has_all_of_its_lines() -> None:
    panel = Panel(grid(), "Rows")
    async with Host(panel).run_test(size=(60, 12)) as pilot:
        await settle(pilot)
        panel.show_loading("Rows")
        await settle(pilot)
        panel.show_loading("Other rows")
        # A layout for somebody else, such as what is just mounted, before the text's own is told.
        view = panel.query_one(StateView)
        view._clear_arrangement_cache()
        pilot.app.screen._refresh_layout()
        panel.show_error("No such row.", next_step="Choose another.")
        await settle(pilot)
        lines = view.lines
        assert lines.size.height == len(said(panel)) == 3
