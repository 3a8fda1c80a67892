"""All default keys of every screen, held against its widgets; and keys that a person sets."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages
from typing import Any

import pytest
from textual.binding import Binding
from textual.dom import DOMNode
from textual.pilot import Pilot
from textual.screen import ModalScreen
from textual.widget import Widget
from textual.widgets import Input

import tui.screens
import tui.widgets
from tests.deck import deck_of, opened, screen_text, until, workspace_of
from tests.harness import EmbeddedServer
from tui.app import Tockdeck
from tui.commands import COMMANDS, SCREENS, in_scope
from tui.commands_beside import BESIDE
from tui.keys import CHARACTERS, NAMED
from tui.screens.bindings import UNSENT
from tui.screens.live.wall import Wall
from tui.widget_keys import KINDS, WIDGET_KEYS
from tui.widgets.day_bar import DayBarView
from tui.widgets.dialogs import MessageBox
from tui.widgets.filterline import LineInput
from tui.widgets.grid import Grid
from tui.widgets.outline import Outline
from tui.widgets.panel import Panel
from tui.widgets.rows import RowsWidget
from tui.widgets.track import Track
from tui.widgets.typed_choice import TypedChoice

IN_WORDS = {
    "a list": RowsWidget,
    "a tree": Outline,
    "a table": Grid,
    "the wall": Wall,
    "the bar of a day": DayBarView,
}


def own_keys(widget: Widget) -> dict[str, str]:
    """What each key does while a widget has the focus: key -> action."""
    return {
        key: binding.action
        for key, bindings in widget._bindings.key_to_bindings.items()
        for binding in bindings
    }


def meant_alike(scope: str, command: str, widget: Widget, action: str) -> bool:
    """Whether a widget's own action is the command's, or none while there is content."""
    if isinstance(widget, LineInput):
        return True  # one types there, and goes back to the list
    if isinstance(widget, Panel):
        return widget.check_action(action, ()) is False
    if isinstance(widget, RowsWidget):
        return action == "choose" and command in ("open", "call")
    return action == "retry" and command == "refresh"


async def stands(pilot: Pilot[Any], app: Tockdeck, scope: str) -> None:
    """Go to a screen and wait until nothing loads there."""
    await app.go_to(scope)
    await app.at_rest()
    await until(pilot, lambda: not any(panel.state == "loading" for panel in panels(app)))


def panels(app: Tockdeck) -> list[Panel]:
    """Of the screen that is shown."""
    return list(app.screen.query(Panel))


@pytest.mark.parametrize("scope", [*SCREENS, *BESIDE])
async def test_no_default_key_is_taken_by_a_widget_of_its_screen(
    server: EmbeddedServer, tmp_path: Path, scope: str
) -> None:
    async with opened(deck_of(server, tmp_path, "timers")) as pilot:
        app = pilot.app
        assert isinstance(app, Tockdeck)
        await stands(pilot, app, scope)
        widgets = [one for one in app.screen.walk_children(Widget) if not isinstance(one, Track)]
        assert any(isinstance(one, (RowsWidget, Wall)) for one in widgets)
        for widget in widgets:
            taken = own_keys(widget)
            for command in in_scope(scope, "deck"):
                for key in command.keys:
                    action = taken.get(key)
                    assert action is None or meant_alike(scope, command.name, widget, action), (
                        f"{key}: {command.id} and {type(widget).__name__}.{action}"
                    )
        found = {
            words for words, kind in IN_WORDS.items()
            if any(isinstance(one, kind) for one in widgets)
        }  # fmt: skip
        assert found == set(KINDS[scope]), "what a configuration is checked against"


def test_no_two_commands_of_a_screen_have_one_key() -> None:
    for scope in {*SCREENS, *BESIDE, "track", "startline"}:
        keys = [key for command in in_scope(scope, "deck") for key in command.keys]
        assert len(keys) == len(set(keys)), scope


WITHOUT_ID = {
    ("Tockdeck", "ctrl+c"): "it leaves the deck wherever one is",
}
"""Keys of ours that nobody can change, and why."""
HANDLERS = {
    ("tui.widgets.typed_choice", "TypedChoice"): "any letter or digit begins a line, as in a field",
    ("tui.widgets.dialogs", "Confirm"): "each question names its own key, never the one pressed",
    ("tui.screens.books.pasting", "PasteQuestion"): "its other answer is a key that it names, too",
}
"""What looks at keys itself, and why."""


def ours() -> list[type[DOMNode]]:
    """Every widget, screen and dialog of the deck."""
    for package in (tui.screens, tui.widgets):
        for module in walk_packages(package.__path__, f"{package.__name__}."):
            import_module(module.name)
    found: dict[type[DOMNode], None] = {}
    left = [DOMNode]
    while left:
        for one in left.pop().__subclasses__():
            if one not in found:
                left.append(one)
                found[one] = None
    return [one for one in found if one.__module__.startswith("tui.")]


def test_every_key_of_every_widget_has_an_id_by_which_it_can_be_changed() -> None:
    """Textual's own are left out: they edit texts, whose letters nobody changes."""
    known: dict[str, Any] = {**COMMANDS, **WIDGET_KEYS}
    used, excused = set(), set()
    for one in ours():
        textuals = one.__mro__[1].__dict__.get("BINDINGS", [])
        own = [each for each in one.__dict__.get("BINDINGS", []) if each not in textuals]
        for binding in Binding.make_bindings(own):
            if (one.__name__, binding.key) in WITHOUT_ID:
                excused.add((one.__name__, binding.key))
                continue
            assert binding.id in known, f"{one.__module__}.{one.__name__}: {binding.key}"
            assert binding.key in (*known[binding.id].keys, UNSENT), binding
            used.add(binding.id)
    assert used == set(known), "an id by which nothing can be changed"
    assert excused == set(WITHOUT_ID)
    handling = {
        (one.__module__, one.__name__)
        for one in ours()
        for name in ("on_key", "_on_key", *(f"key_{key}" for key in (*NAMED, *CHARACTERS)))
        if name in one.__dict__
    }
    assert handling == set(HANDLERS)


def test_what_lists_do_stands_once() -> None:
    for kinds in KINDS.values():
        for words, keys in kinds.items():
            bound = {
                (key, binding.action)
                for binding in IN_WORDS[words].__dict__["BINDINGS"]
                for key in binding.key.split(",")
            }
            assert bound == {(key, one.action) for one in keys for key in one.keys}


@pytest.mark.parametrize(
    ("keys", "pressed", "seen"),
    [
        ('"deck.changes" = "Z"', "Z", "Nothing was changed yet"),
        ('"deck.help" = "f12"', "f12", "Timers: keys"),
        ('"timers.add" = "f"\n"timers.add_free" = "a"', "a", "Add free time"),
        ('"timers.add" = "f"\n"timers.add_free" = "a"', "f", "Add time"),
        ('"timers.add_free" = "a"\n"timers.add" = []', "a", "Add free time"),
        ('"timers.add" = "f"\n"dialog.cancel" = "f11"', "f", " f11 closes"),
        ('set = "emacs"\n"timers.stop" = "f12"', "f12", " esc closes"),
    ],
)
async def test_keys_that_a_person_sets_work(
    server: EmbeddedServer, tmp_path: Path, keys: str, pressed: str, seen: str
) -> None:
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "config.toml").write_text(f"[keys]\n{keys}\n")
    app = Tockdeck(workspace_of(server, tmp_path, deck__first_screen="timers"))
    async with opened(app) as pilot:
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        await pilot.press(pressed)
        await until(pilot, lambda: seen in screen_text(pilot))


async def test_a_default_gives_way_to_the_key_that_a_person_set(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    """As after an update that gave a command a key which the person has for another."""
    (tmp_path / "config").mkdir()
    file = tmp_path / "config" / "config.toml"
    file.write_text('[keys]\n"timers.add" = "x"\n"timers.add_free" = "question_mark"\n')
    app = Tockdeck(workspace_of(server, tmp_path, deck__first_screen="timers"))
    async with opened(app) as pilot:
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        for pressed, title in (("x", "Add time"), ("question_mark", "Add free time")):
            await pilot.press(pressed)
            await until(pilot, lambda: isinstance(app.screen, ModalScreen), pressed)
            await until(pilot, lambda: app.screen.focused is not None, pressed)
            assert title in screen_text(pilot)
            await pilot.press("escape")
            await until(pilot, lambda: not isinstance(app.screen, ModalScreen), pressed)
        assert screen_text(pilot).splitlines()[-1].rstrip().endswith("f1 more")
        # The key that is left, and the menu, which has the command without one.
        await pilot.press("f1")
        await until(pilot, lambda: "Timers: keys" in screen_text(pilot))
        stop = COMMANDS["timers.stop"]
        (line,) = (one for one in screen_text(pilot).splitlines() if stop.help in one)
        assert line.partition(stop.title)[0].rpartition("│")[2].strip() == "", line


async def test_the_vim_set_counts_and_its_screens_are_g_and_a_digit(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", keys__set="vim")
    async with opened(app) as pilot:
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        assert "g1 Today" in screen_text(pilot).splitlines()[0]
        rows = await with_rows(pilot, RowsWidget, 12)
        rows.move_to_row(0)

        async def stands_on(row: int, *keys: str) -> None:
            await pilot.press(*keys)
            await until(pilot, lambda: rows.cursor_row == row, f"{keys}: {rows.cursor_row}")

        await stands_on(5, "5", "j")
        await stands_on(6, "j")
        await stands_on(4, "2", "k")
        await stands_on(9, "1", "0", "G")
        await stands_on(0, "g", "g")
        await stands_on(2, "3", "g", "g")
        await stands_on(rows.row_count - 1, "9", "9", "9", "9", "j")
        await stands_on(rows.row_count - 1, "7", "escape")
        await stands_on(rows.row_count - 2, "k")
        # A number does nothing where it could do harm, and a key of two that is none is said.
        await pilot.press("5", "x")
        await until(pilot, lambda: "5x: a number is for keys that move" in screen_text(pilot))
        await pilot.press("g", "x")
        await until(pilot, lambda: "g x means nothing here" in screen_text(pilot))
        assert not isinstance(app.screen, ModalScreen)
        # What is typed is text, and begins one where a period is typed or chosen.
        await pilot.press("P")
        await until(pilot, lambda: isinstance(app.screen, TypedChoice))
        await until(pilot, lambda: isinstance(app.screen.focused, Outline))
        await pilot.press(*"2026-03")
        await until(pilot, lambda: app.screen.query_one(LineInput).value == "2026-03")
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ModalScreen))
        await pilot.press("a")
        await until(pilot, lambda: isinstance(app.screen, ModalScreen))
        await until(pilot, lambda: isinstance(app.screen.focused, Input))
        await pilot.press("5", "g", "g", "1")
        line = app.screen.focused
        await until(pilot, lambda: isinstance(line, Input) and line.value.endswith("5gg1"))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ModalScreen))
        await pilot.press("g", "6")
        await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == "invoices")


async def test_the_digits_of_the_numpad_set_move_in_lists_and_in_texts(
    server: EmbeddedServer, tmp_path: Path
) -> None:
    app = deck_of(server, tmp_path, "timers", keys__set="numpad")
    async with opened(app, (80, 24)) as pilot:
        await until(pilot, lambda: "Sail wardrobe" in screen_text(pilot))
        rows = await with_rows(pilot, RowsWidget, 12)
        rows.move_to_row(0)
        await pilot.press("2", "2", "8", "2")
        await until(pilot, lambda: rows.cursor_row == 2)
        await pilot.press("1")
        await until(pilot, lambda: rows.cursor_row == rows.row_count - 1)
        await pilot.press("7")
        await until(pilot, lambda: rows.cursor_row == 0)
        app.push_screen(MessageBox("Long", "\n".join(f"line {n}" for n in range(1, 90))))
        await until(pilot, lambda: "lines 1–" in screen_text(pilot))
        await pilot.press("2", "2")
        await until(pilot, lambda: "lines 3–" in screen_text(pilot))
        await pilot.press("g", "g")
        await until(pilot, lambda: "lines 1–" in screen_text(pilot))
        await pilot.press("escape")
        await until(pilot, lambda: not isinstance(app.screen, ModalScreen))
        await pilot.press("g", "1")
        await until(pilot, lambda: getattr(app.screen, "SCOPE", "") == "today")


async def with_rows(pilot: Pilot[Any], kind: type[RowsWidget], least: int) -> RowsWidget:
    """The list that has the focus, once it has its rows."""
    app = pilot.app
    await until(
        pilot,
        lambda: isinstance(one := app.focused, kind) and one.row_count >= least,
        "the list has the focus",
    )
    assert isinstance(app.focused, kind)
    return app.focused
