"""In a low or narrow window the pane with the focus is seen, on every screen."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from textual.geometry import Region
from textual.widget import Widget
from textual.widgets._toast import Toast

from tests.deck import deck_of, loaded, opened, screen_text, until
from tests.harness import EmbeddedServer
from tui.commands import SCREENS
from tui.screens.base import DeckScreen, deck_screen
from tui.screens.pane import Pane
from tui.screens.room import CROWDED
from tui.widgets.panel import Panel

SMALL = ((20, 5), (30, 8), (20, 40), (80, 14), (100, 12), (200, 8))
LEAST = 10
"""Columns of a list in which something can be read; of lines it has at least one."""


def seen_of(widget: Widget) -> Region:
    """What of a widget lies in the window."""
    there = widget.screen._compositor.visible_widgets.get(widget)
    return Region() if there is None else there[0].intersection(there[1])


def is_seen(screen: DeckScreen) -> bool:
    """Whether what has the focus can be read."""
    focused = screen.focused
    if focused is None:
        return False
    part = seen_of(focused)
    most = screen.size.height - 4
    return part.width >= LEAST and part.height >= min(2, most)


def panes_of(screen: DeckScreen) -> list[Pane]:
    """The panes that tab goes to, in its order; what is within one is its own."""
    found = dict[Pane, None]()
    for widget in screen.focus_chain:
        found |= dict.fromkeys(
            [one for one in widget.ancestors_with_self if isinstance(one, Pane)][-1:]
        )
    return [*found]


def told_of(screen: DeckScreen) -> set[tuple[str, str]]:
    """Which of how many panes the title says that the one with the focus is, if it does."""
    if screen.focused is None:
        return set()
    panel = next(one for one in screen.focused.ancestors_with_self if isinstance(one, Panel))
    return set(re.findall(r"\b(\d)(?:/| of )(\d)\b", panel.render_line(0).text))


def wanted_of(screen: DeckScreen) -> set[tuple[str, str]]:
    """The same by where tab goes now."""
    panes = panes_of(screen)
    if screen.focused is None or not screen.has_class(CROWDED) or len(panes) < 2:
        return set()
    place = next(n for n, one in enumerate(panes, 1) if one in screen.focused.ancestors)
    return {(str(place), str(len(panes)))}


@pytest.mark.parametrize("name", SCREENS)
async def test_what_has_the_focus_is_seen_in_every_window(
    server: EmbeddedServer, tmp_path: Path, name: str
) -> None:
    app = deck_of(server, tmp_path, name)
    async with opened(app, size=(80, 24)) as pilot:
        await until(pilot, lambda: (one := deck_screen(app)) is not None and is_seen(one), "shown")
        screen = deck_screen(app)
        assert screen is not None
        await loaded(pilot)
        for size in SMALL:
            await pilot.resize_terminal(*size)
            told = set()
            for _ in screen.focus_chain:
                screen.focus_next()
                await until(
                    pilot,
                    lambda: is_seen(screen) and told_of(screen) == wanted_of(screen),
                    f"{screen.focused} in {size}",
                )
                told.update(told_of(screen))
            count = len(panes_of(screen))
            numbers = range(1, count + 1) if screen.has_class(CROWDED) and count > 1 else ()
            assert told == {(str(one), str(count)) for one in numbers}, size


async def test_a_low_window_shows_one_pane_and_a_high_one_all_of_them(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "today")

    def seen(screen: DeckScreen) -> set[str]:
        return {one.title for one in screen.query(Pane) if seen_of(one).height > 1}

    async with opened(app, size=(20, 5)) as pilot:
        await until(pilot, lambda: deck_screen(app) is not None, "a screen")
        screen = deck_screen(app)
        assert screen is not None
        await until(pilot, lambda: seen(screen) == {"Agenda"}, "the agenda alone")
        # That there are others is said, and how to go there.
        await until(pilot, lambda: "4/4" in screen_text(pilot), "which of how many")
        await pilot.press("tab")
        await until(pilot, lambda: seen(screen) == {"Running"}, "what runs alone")
        await until(pilot, lambda: "1/4" in screen_text(pilot), "which of how many")
        await pilot.resize_terminal(60, 10)
        await until(pilot, lambda: "1 of 4, tab goes on" in screen_text(pilot), "in words")
        # Another window of the desktop has the focus: what is shown stays.
        screen.set_focus(None)
        await pilot.pause()
        assert seen(screen) == {"Running"}
        await pilot.resize_terminal(80, 24)
        every = {"Running", "Waits", "Hours", "Agenda"}
        await until(pilot, lambda: seen(screen) == every, "all panes")
        assert " of 4" not in screen_text(pilot)


async def test_what_a_smaller_window_hides_gives_the_keys_to_the_list(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    async with opened(deck_of(server, tmp_path, "tocks")) as pilot:
        await loaded(pilot)
        pilot.app.screen.query_one("#tock").focus()
        await until(pilot, lambda: pilot.app.screen.query_one("#tock").has_focus)
        await pilot.resize_terminal(40, 10)
        await until(pilot, lambda: pilot.app.screen.query_one("#list").has_focus)


@pytest.mark.parametrize(
    ("text", "lines"), [("34 characters were not taken.", 1), ("word " * 14, 2)]
)
async def test_a_notice_in_a_small_window_leaves_the_list_to_be_read(
    server: EmbeddedServer, tmp_path: Path, text: str, lines: int
) -> None:
    app = deck_of(server, tmp_path, "timers")
    async with opened(app, size=(40, 10), notifications=True) as pilot:
        await until(pilot, lambda: deck_screen(app) is not None, "a screen")
        app.notify(text, severity="warning", markup=False)

        def seen() -> list[Region]:
            return [part for one in app.screen.query(Toast) if (part := seen_of(one))]

        await until(pilot, lambda: bool(seen()), "the notice")
        # On the line of news above the keys, and no higher than its text.
        assert [(part.bottom, part.height) for part in seen()] == [(app.size.height - 1, lines)]
