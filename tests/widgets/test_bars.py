"""Tab bar, key bar, status line, buttons: one line each, whatever the width."""

from __future__ import annotations

import pytest
from textual.widget import Widget

from tests.deck import flashing, until
from tests.widgets.hosts import Host, line_of, settle
from tui.widgets.buttons import Button, Buttons
from tui.widgets.keybar import KeyBar, KeyHint
from tui.widgets.notice import StatusLine
from tui.widgets.tabbar import Tab, TabBar

TABS = [Tab("today", "1", "Today"), Tab("books", "2", "Books", "3"), Tab("live", "7", "Live")]
HINTS = [KeyHint("enter", "open", "open"), KeyHint("a", "add", "add"), KeyHint("d", "delete", "d")]


async def test_tabs_and_status() -> None:
    bar = TabBar(TABS, "books", status="● Repair 0:42", status_role="good")
    app = Host(bar, notes=(TabBar.Pressed,))
    async with app.run_test(size=(50, 3)) as pilot:
        await settle(pilot)
        assert line_of(bar, 0) == " 1 Today  2 Books 3  7 Live         ● Repair 0:42 "
        bar.show_status("quiet")
        assert line_of(bar, 0).strip() == "1 Today  2 Books 3  7 Live" + " " * 17 + "quiet"
        await pilot.click(bar, offset=(11, 0))
        await settle(pilot)
        assert [m.id for m in app.heard(TabBar.Pressed)] == ["books"]  # type: ignore[attr-defined]
        await pilot.click(bar, offset=(30, 0))
        await settle(pilot)
        assert app.heard(TabBar.Pressed) == []


async def test_narrow_tabs_keep_every_key_and_the_active_title() -> None:
    bar = TabBar(TABS, "books", status="● Repair 0:42")
    async with Host(bar).run_test(size=(28, 3)) as pilot:
        await settle(pilot)
        assert line_of(bar, 0) == " 1  2 Books 3  7  ● Repair… "


async def test_key_bar_never_cuts_a_hint_and_always_shows_more() -> None:
    bar = KeyBar(HINTS)
    app = Host(bar, notes=(KeyBar.Pressed,))
    async with app.run_test(size=(34, 3)) as pilot:
        await settle(pilot)
        assert line_of(bar, 0) == " enter open  a add        ? more "[:-8] + "  ? more "
        await pilot.click(bar, offset=(14, 0))
        await pilot.click(bar, offset=(28, 0))
        await settle(pilot)
        assert [m.id for m in app.heard(KeyBar.Pressed)] == ["add", "help"]  # type: ignore[attr-defined]
        bar.show_hints(HINTS[2:])
        assert line_of(bar, 0).startswith(" d delete ")
        assert bar.hints == tuple(HINTS[2:])


@pytest.mark.parametrize(
    ("width", "shown"),
    [
        (60, " a add   d delete   u Undo: Stop Berth form         ? more "),
        (48, " a add   u Undo: Stop Berth form    ? more "),
        (24, " a add   u Undo  ? more "),
        (80, " a add   d delete   f free time   u Undo: Stop Berth form, as said    ? more "),
    ],
)
async def test_what_a_key_is_for_has_its_room_before_other_keys(width: int, shown: str) -> None:
    hints = [KeyHint("a", "add", "add"), KeyHint("d", "delete", "delete")]
    hints += [KeyHint("f", "free time", "free"), KeyHint("p", "another period", "period")]
    undo = KeyHint(
        "u", "Undo", "undo", "Stop Berth form" if width < 80 else "Stop Berth form, as said"
    )
    bar = KeyBar([*hints, undo, KeyHint("q", "Quit")])
    async with Host(bar).run_test(size=(width, 3)) as pilot:
        await settle(pilot)
        assert line_of(bar, 0).split() == shown.split()


async def test_news_covers_the_status_for_a_while() -> None:
    line = StatusLine("TimeTonic", "5 of 5")
    async with Host(line).run_test(size=(30, 3)) as pilot:
        await settle(pilot)
        assert line_of(line, 0) == " TimeTonic             5 of 5 "
        line.flash("Saved\x1b[31m", "good", seconds=60)
        assert line_of(line, 0).startswith(" ✓ Saved␛[31m ")
        assert line._timer is not None
        late = line._timer._callback
        line.flash("Lost", "bad", seconds=60)
        assert line_of(line, 0).startswith(" ✗ Lost ")
        # A timer calls by a queue: what it calls may come when other news is shown.
        assert late is not None
        late()
        await settle(pilot)
        assert flashing(line) == "Lost"
        line.show("Other")
        assert flashing(line) == "Lost"
        line.end_flash()
        assert line_of(line, 0).strip() == "Other"
        line.flash("short", seconds=0.001)
        for _ in range(200):
            if not flashing(line):
                break
            await pilot.pause()
        assert flashing(line) == ""
        line.mention("It runs past midnight", "warn")
        assert flashing(line) == "It runs past midnight", "nothing else is being said"
        line.flash("Done", "good", seconds=60)
        line.mention("It runs past midnight", "warn")
        assert flashing(line) == "Done", "the answer to a person goes first"
        line.end_flash()
        assert flashing(line) == "It runs past midnight"
        line.flash("Copied", "good", seconds=60)
        assert flashing(line) == "Copied", "an answer covers what nobody asked for"
        line.end_flash()
        assert flashing(line) == "It runs past midnight", "and that comes back after it"
        for text in ("It is midnight", "It is one", "It is two", "It is two", "It is three"):
            line.mention(text, "warn")
        said = []
        while flashing(line):
            said.append(flashing(line))
            line.end_flash()
        assert said == ["It runs past midnight", "It is one", "It is two", "It is three"]
        assert flashing(line) == ""


LONG = (
    "Added 2:15 h to Payment page Tue 1 Dec 09:00, of which 0:30 h are still ahead; total 14:45 h"
)


async def test_long_news_has_as_many_lines_as_it_needs_and_stands_as_many_times_as_long() -> None:
    line, below = StatusLine("TimeTonic", "5 of 5"), StatusLine("below")
    app = Host(line, below)
    async with app.run_test(size=(40, 16)) as pilot:
        await settle(pilot)
        line.flash(LONG, "good", seconds=60)
        await settle(pilot)
        shown = [line_of(line, y).rstrip() for y in range(line.size.height)]
        assert [one[:3] for one in shown] == [" ✓ ", "   ", "   "]
        assert " ".join(one[3:] for one in shown) == LONG
        assert line._timer is not None
        assert line._timer._interval == 3 * 60
        assert below.region.y == 3
        await pilot.resize_terminal(120, 16)
        await until(pilot, lambda: line.size == (120, 1))
        assert line_of(line, 0).rstrip() == f" ✓ {LONG}"
        line.end_flash()
        await pilot.resize_terminal(40, 16)
        await until(pilot, lambda: line.size == (40, 1))
        assert below.region.y == 1
        assert line_of(line, 0).strip() == "TimeTonic" + " " * 23 + "5 of 5"
        line.flash("word " * 400, seconds=60)
        await settle(pilot)
        assert line.size.height == 4, "the rest of a small window stays"
        assert line_of(line, 3).rstrip().endswith("…")


async def test_buttons() -> None:
    buttons = Buttons([Button("save", "Save"), Button("cancel", "Cancel")])
    app = Host(buttons, notes=(Buttons.Pressed,))
    async with app.run_test(size=(40, 3)) as pilot:
        await settle(pilot)
        assert line_of(buttons, 0).rstrip() == "[ Save ]  [ Cancel ]"
        await pilot.press("enter", "l", "l", "enter", "h", "space")
        await pilot.click(buttons, offset=(12, 0))
        await settle(pilot)
        pressed = [m.id for m in app.heard(Buttons.Pressed)]  # type: ignore[attr-defined]
        assert pressed == ["save", "cancel", "save", "cancel"]


@pytest.mark.parametrize("width", [1, 2, 5, 9, 13, 21, 40])
async def test_any_width_can_be_drawn(width: int) -> None:
    widgets: list[Widget] = [
        TabBar([Tab("a", "1", "日本語" * 9)], "a", status="日本語" * 20),
        KeyBar([KeyHint("ctrl+shift+f12", "\x1b]0;x\x07" * 4)]),
        StatusLine("日本語" * 20, "語" * 20),
        Buttons([Button("a", "日本語" * 9)]),
    ]
    async with Host(*widgets).run_test(size=(width, 6)) as pilot:
        await settle(pilot)
        for widget in widgets:
            line_of(widget, 0)
