"""Panes: whose command a key is, what footer, help and palette show, loading and failing."""

from __future__ import annotations

from asyncio import Event, sleep
from collections.abc import Iterable, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any, ClassVar

import pytest
from rich.cells import cell_len
from textual import events
from textual.binding import BindingType
from textual.pilot import Pilot
from textual.timer import Timer
from textual.widget import Widget

from tests.deck import end_news, locations_in, opened, screen_text, seen, until
from tui.app import Tockdeck
from tui.commands import COMMANDS
from tui.config.load import load
from tui.screens import asking
from tui.screens.base import DeckScreen
from tui.screens.bindings import bindings_of
from tui.screens.deck.commands import help_entries
from tui.screens.messages import CommandWanted, Go, hand_over
from tui.screens.pane import Pane
from tui.services.errors import ConnectionFailed
from tui.widgets.dialogs import TextPrompt
from tui.widgets.keybar import KeyBar
from tui.widgets.outline import Outline
from tui.widgets.outline_model import Node
from tui.workspace.problems import GivenUp
from tui.workspace.workspace import Workspace


class ListPane(Pane):
    """A list whose commands note that they ran."""

    SCOPE = "timers"

    def __init__(self, workspace: Workspace, name: str) -> None:
        self.outline = Outline([Node("1", f"{name} one"), Node("2", f"{name} two")], id=name)
        super().__init__(workspace, self.outline, name.title())
        self.ran: list[str] = []


class LeftPane(ListPane):
    """It starts, filters, and asks."""

    KEYS = {"filter": "Find", "start": ""}
    ANYWHERE = frozenset({"stop"})

    def command_start(self) -> None:
        self.ran.append("start")

    def command_stop(self) -> None:
        self.ran.append("stop")

    async def command_add(self) -> None:
        self.ran.append(str(await self.ask(TextPrompt("What then"))))

    async def command_filter(self) -> None:
        await self.open_filter()

    def show_filtered(self, text: str) -> None:
        self.outline.set_filter(text)


class RightPane(ListPane):
    """It copies, and is called what it shows."""

    called = "Take"

    def keys(self) -> Mapping[str, str]:
        return {"copy": self.called}

    def command_copy(self) -> None:
        self.ran.append("copy")


class MapPane(ListPane):
    """Has commands of a scope of its own, with keys that mean something else around it."""

    SCOPE = "track"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("track")

    def command_fit(self) -> None:
        self.ran.append("fit")


class PlainScreen(DeckScreen):
    """Three panes under the name of a screen that there is."""

    SCOPE = "timers"
    AUTO_FOCUS = "#left"
    BINDINGS: ClassVar[list[BindingType]] = bindings_of("timers")

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(workspace)
        self.left = LeftPane(workspace, "left")
        self.right = RightPane(workspace, "right")
        self.map = MapPane(workspace, "map")
        self.refreshed = 0

    def compose_body(self) -> Iterable[Widget]:
        yield self.left
        yield self.right
        yield self.map

    def command_refresh(self) -> None:
        self.refreshed += 1


class Deck(Tockdeck):
    """A deck with the plain screen in place of Timers."""

    def _screen(self, scope: str) -> DeckScreen:
        if scope == "timers" and scope not in self._screens:
            self._screens[scope] = PlainScreen(self.workspace)
        return super()._screen(scope)


def deck(folder: Path, **settings: str) -> Deck:
    """On no service at all; settings are written `section__name`."""
    flags = {"deck.first_screen": "timers"}
    flags |= {name.replace("__", "."): value for name, value in settings.items()}
    loaded = load(folder / "config.toml", flags=flags, environment={})
    return Deck(Workspace(loaded, locations_in(folder)))


def plain(pilot: Pilot[Any]) -> PlainScreen:
    screen = pilot.app.screen_stack[0]
    assert isinstance(screen, PlainScreen)
    return screen


def footer(pilot: Pilot[Any]) -> list[tuple[str, str]]:
    """Keys and words of the footer, without the deck's."""
    hints = plain(pilot).query_one(KeyBar).hints
    return [(hint.key, hint.title) for hint in hints if not hint.id.startswith("deck.")]


async def test_a_key_acts_on_the_pane_that_has_the_focus(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        screen = plain(pilot)
        await pilot.press("s", "y")
        assert screen.left.ran == ["start"]
        assert screen.right.ran == [], "its cursor is not where the person is"
        await until(
            pilot,
            lambda: "Copy means nothing here. It is for Right: tab goes" in screen_text(pilot),
        )
        await pilot.press("tab", "s", "y", "slash")
        assert screen.left.ran == ["start"]
        assert screen.right.ran == ["copy"]
        assert screen.focused is screen.right.outline, "no filter of another pane was opened"


async def test_what_means_the_whole_screen_is_done_wherever_the_focus_is(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        screen = plain(pilot)
        for _ in range(2):
            await pilot.press("x", "r", "tab")
        assert screen.left.ran == ["stop", "stop"]
        assert screen.refreshed == 2


async def test_a_pane_with_a_scope_of_its_own_has_its_keys_first(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        screen = plain(pilot)
        await pilot.press("tab", "tab", "0", "x")
        assert screen.map.ran == ["fit"]
        assert screen.left.ran == ["stop"]
        assert footer(pilot)[0] == ("0", "All")


async def test_the_footer_shows_the_keys_of_the_pane(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        screen = plain(pilot)
        await pilot.pause()
        assert footer(pilot) == [("/", "Find"), ("s", "Start")]
        await pilot.press("tab")
        await until(pilot, lambda: footer(pilot) == [("y", "Take")])
        screen.right.called = "Keep"
        screen.refresh_hints()
        assert footer(pilot) == [("y", "Keep")]


async def test_keys_that_a_person_set_are_shown_and_work(tmp_path: Path) -> None:
    (tmp_path / "config.toml").write_text('[keys]\n"timers.start" = ["Z"]\n')
    async with opened(deck(tmp_path)) as pilot:
        await pilot.press("Z")
        assert plain(pilot).left.ran == ["start"]
        assert footer(pilot) == [("/", "Find"), ("Z", "Start")]


BESIDE = ("Everywhere", "Marks")
"""What the help lists on every screen."""


async def test_help_and_palette_offer_what_can_be_done_here(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        screen = plain(pilot)
        listed = [(one.group, one.id) for one in help_entries(screen)]
        assert [one for one in listed if one[0] not in BESIDE] == [
            ("Left", "timers.start"),
            ("Left", "timers.stop"),
            ("Left", "timers.add"),
            ("Left", "timers.filter"),
            ("Timers", "timers.refresh"),
        ]
        await pilot.press("tab")
        there = [one.id for one in help_entries(screen) if one.group not in BESIDE]
        assert there == ["timers.copy", "timers.refresh", "timers.stop"]
        await pilot.press("ctrl+p", *"timers: copy", "enter")
        await until(pilot, lambda: len(pilot.app.screen_stack) == 1)
        await until(
            pilot, lambda: screen.right.ran == ["copy"], "the one of the pane with the focus"
        )


async def test_the_read_only_deck_asks_no_pane_to_write(tmp_path: Path) -> None:
    async with opened(deck(tmp_path, deck__read_only="true")) as pilot:
        await pilot.press("s")
        await until(pilot, lambda: "Start: the deck is read-only" in screen_text(pilot))
        assert plain(pilot).left.ran == []
        assert plain(pilot).refusal(COMMANDS["timers.start"])
        assert not plain(pilot).refusal(COMMANDS["timers.refresh"])


async def test_what_was_typed_ahead_belongs_to_the_question_of_the_pane(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        await pilot.press(*"asy", "enter")
        await until(pilot, lambda: plain(pilot).left.ran == ["sy"])


async def test_no_box_covers_the_question_that_follows_another_whatever_the_turns_between(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(asking, "QUICK", 0.0)
    turns = 8

    async def command_add(pane: LeftPane) -> None:
        async def work(between: int) -> None:
            await pane.ask(TextPrompt(f"First of {between}"))
            for _ in range(between):
                await sleep(0)
            pane.ran.append(str(await pane.ask(TextPrompt(f"Second of {between}"))))

        for between in range(turns):
            await pane.wait_for("Undo", "Working", work(between), GivenUp(""))

    monkeypatch.setattr(LeftPane, "command_add", command_add)
    async with opened(deck(tmp_path)) as pilot:
        await pilot.press("a")
        for between in range(turns):
            for number in ("First", "Second"):
                await seen(pilot, f"{number} of {between}")
                await pilot.pause()
                assert isinstance(pilot.app.screen, TextPrompt), f"{number} of {between}"
                await pilot.press("y", "enter")
        await until(pilot, lambda: plain(pilot).left.ran == ["y"] * turns)


async def test_a_filter_is_the_panes_own(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        left = plain(pilot).left
        await pilot.press("slash", *"two")
        await until(pilot, lambda: left.outline.row_count == 1)
        await pilot.press("enter", "s")
        assert left.ran == ["start"]
        assert left.outline.has_focus
        await pilot.press("slash", "escape")
        await until(pilot, lambda: left.outline.row_count == 2)


async def test_enter_where_the_filter_left_nothing_says_so_and_what_takes_it_off(
    tmp_path: Path,
) -> None:
    async with opened(deck(tmp_path), (80, 24)) as pilot:
        screen = plain(pilot)
        await pilot.press("slash", *"zzz", "enter")
        await until(pilot, lambda: not screen.left.outline.row_count)
        await pilot.press("enter")
        says = "! There is nothing here to choose: /, then esc takes off the filter “zzz”."
        await until(pilot, lambda: says in screen_text(pilot))
        await pilot.press("slash", "escape")
        await until(pilot, lambda: screen.left.outline.row_count == 2, "these keys do that")
        screen.left.outline.set_nodes([])
        end_news(pilot)
        await pilot.press("enter")
        await until(pilot, lambda: "! There is nothing here to choose." in screen_text(pilot))


async def test_a_list_without_rows_offers_nothing_that_is_done_to_one(tmp_path: Path) -> None:
    async with opened(deck(tmp_path)) as pilot:
        await pilot.press("tab")
        screen = plain(pilot)
        assert screen.right.outline.has_focus
        copy = ("y", "Take")
        assert copy in footer(pilot)
        screen.right.outline.set_filter("zzz")
        await until(pilot, lambda: copy not in footer(pilot), "there is nothing to copy")
        screen.right.outline.set_filter("")
        await until(pilot, lambda: copy in footer(pilot))
        screen.right.outline.set_nodes([])
        await until(pilot, lambda: copy not in footer(pilot))


async def test_the_footer_is_true_while_a_list_that_had_no_rows_loads_again(tmp_path: Path) -> None:
    arrives = Event()

    async def fails() -> None:
        raise ConnectionFailed("nobody answers")

    async def comes() -> None:
        await arrives.wait()

    async with opened(deck(tmp_path)) as pilot:
        await pilot.press("tab")
        screen, copy = plain(pilot), ("y", "Take")
        right = screen.right
        right.outline.set_nodes([])
        right.load("Loading it", fails)
        await until(pilot, lambda: right.state == "error" and copy not in footer(pilot))
        right.load("Loading it", comes)
        await until(pilot, lambda: copy in footer(pilot), "nobody knows that there is none")
        assert screen.query_one(KeyBar).hints == tuple(screen.hints())
        arrives.set()
        await until(pilot, lambda: copy not in footer(pilot), "now it is known")


async def test_a_key_for_a_line_that_the_filter_hides_says_what_takes_the_filter_off(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(LeftPane, "ON_ROW", frozenset({"start"}))
    async with opened(deck(tmp_path), (100, 24)) as pilot:
        screen = plain(pilot)
        await pilot.press("slash", *"zzz", "enter")
        await until(pilot, lambda: not screen.left.outline.row_count)
        await pilot.press("s")
        says = "! There is no line here for Start: /, then esc takes off the filter “zzz”."
        await until(pilot, lambda: says in screen_text(pilot))
        assert screen.left.ran == []
        await pilot.press("slash", "escape", "s")
        await until(pilot, lambda: screen.left.ran == ["start"])


async def test_where_a_command_leads_is_where_the_next_keys_go(tmp_path: Path) -> None:
    """As from a slow link, which brings them together."""
    app = deck(tmp_path)
    async with opened(app) as pilot:
        app.post_message(events.Key("H", "H"))
        app.post_message(events.Key("s", "s"))
        await until(pilot, lambda: app.current_mode == "changes")
        await pilot.pause()
        assert plain_of(app).left.ran == []


def plain_of(app: Deck) -> PlainScreen:
    screen = app._screens["timers"]
    assert isinstance(screen, PlainScreen)
    return screen


async def test_the_application_is_told_by_messages(tmp_path: Path) -> None:
    app = deck(tmp_path)
    async with opened(app) as pilot:
        await hand_over(app, CommandWanted("timers.start"))
        assert plain_of(app).left.ran == ["start"]
        await hand_over(app, Go("widget"))
        assert app.current_mode == "widget"
        await pilot.press("escape")
        await until(pilot, lambda: app.screen is plain_of(app))


async def test_a_pane_loads_fails_in_place_and_loads_again(tmp_path: Path) -> None:
    fails = True
    loads: list[str] = []

    async def work() -> None:
        loads.append("")
        if fails:
            raise ConnectionFailed("nobody answers")

    async with opened(deck(tmp_path)) as pilot:
        left = plain(pilot).left
        left.load("Loading it", work)
        assert left.state == "loading"
        await until(pilot, lambda: left.state == "error")
        fails = False
        await pilot.press("r")
        await until(pilot, lambda: left.state == "content")
        assert len(loads) == 2
        assert plain(pilot).refreshed == 0, "r was the pane's"
        fails = True
        left.load("Loading it", work, has_content=lambda: "as of today")
        await until(pilot, lambda: left.is_stale)
        assert "as of today · " in screen_text(pilot)


@pytest.mark.parametrize("beside", [False, True])
async def test_it_is_told_once_when_all_panes_show_something(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, beside: bool
) -> None:
    told: list[str] = []
    go_on, kept = Event(), list[str]()

    async def work() -> None:
        await go_on.wait()

    def begin(pane: LeftPane) -> None:
        load = pane.load_beside if beside else pane.load
        load("Loading it", work, has_content=lambda: "".join(kept))

    monkeypatch.setattr(LeftPane, "begin", begin)
    monkeypatch.setattr(Tockdeck, "_have_driver", lambda _, do: told.append(do))
    async with opened(deck(tmp_path)) as pilot:
        left = plain(pilot).left
        await until(pilot, lambda: left.awaits, "it loads")
        await pilot.pause()
        assert "unveil" not in told
        # What was kept of it is there, and what the service says now is not.
        kept.append("as of today")
        left.show_content()
        if not beside:
            await until(pilot, lambda: "unveil" in told)
            assert left.loads is not None
            assert not left.loads.is_finished
        assert not left.awaits
        go_on.set()
        await until(pilot, lambda: left.loads is not None and left.loads.is_finished)
        await until(pilot, lambda: "unveil" in told)
        plain(pilot).begin()
        await until(pilot, lambda: left.loads is not None and left.loads.is_finished)
        await pilot.pause()
        assert told.count("unveil") == 1


@pytest.mark.parametrize("beside", [False, True])
async def test_a_newer_load_replaces_the_one_before(tmp_path: Path, beside: bool) -> None:
    done: list[str] = []
    begun, go_on = Event(), Event()

    async def slow() -> None:
        begun.set()
        await go_on.wait()
        done.append("slow")

    async def fast() -> None:
        done.append("fast")

    async with opened(deck(tmp_path)) as pilot:
        left = plain(pilot).left
        load = left.load_beside if beside else left.load
        load("Loading it", slow)
        await begun.wait()
        load("Loading it", fast)
        await until(pilot, lambda: done == ["fast"])
        go_on.set()
        await pilot.pause()
        assert done == ["fast"]
        assert left.state == "content"


async def test_that_it_loads_is_not_said_over_what_has_come(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    begun, go_on = Event(), Event()

    async def work() -> None:
        begun.set()
        await go_on.wait()

    async with opened(deck(tmp_path)) as pilot:
        left = plain(pilot).left
        late: list[Any] = []
        set_timer = left.set_timer

        def noted(delay: float, callback: Any) -> Timer:
            late.append(callback)
            return set_timer(600, callback)

        monkeypatch.setattr(left, "set_timer", noted)
        left.load_beside("Loading it", work)
        await begun.wait()
        (slow,) = late
        slow()
        assert left.state == "loading"
        go_on.set()
        await until(pilot, lambda: left.loads is not None and left.loads.is_finished)
        # A timer calls by a queue: what it calls may come when all is here.
        slow()
        assert left.state == "content"


async def test_esc_gives_a_load_up(tmp_path: Path) -> None:
    never, begun = Event(), Event()

    async def work() -> None:
        begun.set()
        await never.wait()

    async with opened(deck(tmp_path)) as pilot:
        left = plain(pilot).left
        left.load("Loading it", work)
        await begun.wait()
        await pilot.press("escape")
        await until(pilot, lambda: left.state == "empty")
        assert "r loads it" in screen_text(pilot)


def test_where_a_command_is_for_keeps_its_key_in_sight() -> None:
    """In 80 columns, whatever the pane is called."""
    command = COMMANDS["books.import"]

    def said(title: str) -> str:
        pane = SimpleNamespace(title=title, display=True, offer=lambda _command: command)
        screen = SimpleNamespace(panes=lambda: [pane])
        return DeckScreen.where(screen, command)  # type: ignore[arg-type]

    assert said("Fleet maintenance · Seabright Fleet ⛵") == (
        "Import means nothing here. It is for Fleet maintenance: tab goes there."
    )
    assert cell_len(said("名前" * 150)) < 78
    assert said("名前" * 150).endswith(": tab goes there.")
