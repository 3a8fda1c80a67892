"""The verb that opens the deck: how a run differs from the configuration, and when none opens."""

from __future__ import annotations

import gc
import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Outcome, Shell, Terminal
from tui.cli import DONE, USAGE
from tui.cli.open import draw_in
from tui.commands import _SHOWN, shown_key
from tui.terminal import Shown


class Deck:
    """What stands for the application: which settings it was given, and how it ends."""

    made: list[Deck] = []
    code = 0

    def __init__(self, workspace: Any, way_out: object, shown: Shown) -> None:
        del way_out
        self.shown = shown
        self.environment = {name: os.environ.get(name) for name in ("NO_COLOR", "TERM")}
        self.settings = workspace.settings.deck
        self.mouse: bool | None = None
        self.return_code = type(self).code
        Deck.made.append(self)

    def run(self, *, mouse: bool) -> None:
        self.mouse = mouse


class Seat:
    """Runs the verb with a terminal before and behind it."""

    def __init__(self, shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
        self._shell = shell
        self._monkeypatch = monkeypatch

    def run(self, *words: str, lacking: str = "") -> Outcome:
        """The verb; `lacking` is the stream that is no terminal."""
        with self._monkeypatch.context() as patch:
            for name in ("stdin", "stdout"):
                kind = io.BytesIO if name == lacking else Terminal
                patch.setattr(sys, name, io.TextIOWrapper(kind(), "utf-8"))
            return self._shell.run(*words)


@pytest.fixture
def seat(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[Seat]:
    """A person at a terminal, and no real deck on it."""
    monkeypatch.setattr("tui.app.Tockdeck", Deck)
    monkeypatch.setattr(Deck, "made", [])
    yield Seat(shell, monkeypatch)
    gc.enable()


def test_options_stand_over_the_configuration(seat: Seat, tmp_path: Path) -> None:
    file = tmp_path / "deck.toml"
    file.write_text('[deck]\ntheme = "ember"\nfirst_screen = "books"\nmouse = true\n')
    words = (
        "open", "--config", str(file), "--screen", "timers", "--theme", "daylight",
        "--read-only", "--no-mouse", "--set", "deck.graphs=ascii",
    )  # fmt: skip
    assert seat.run(*words).status == DONE
    (deck,) = Deck.made
    found = deck.settings
    assert (found.first_screen, found.theme, found.graphs) == ("timers", "daylight", "ascii")
    assert (found.read_only, found.mouse, deck.mouse) == (True, False, False)


@pytest.mark.parametrize("words", [(), ("open",), ("--screen", "live")])
def test_the_deck_opens_without_a_verb_too(seat: Seat, words: tuple[str, ...]) -> None:
    assert seat.run(*words).status == DONE
    (deck,) = Deck.made
    assert deck.mouse is True
    assert deck.settings.first_screen == ("live" if words[1:] == ("live",) else "today")
    assert not deck.settings.read_only


def test_how_the_deck_ended_is_the_status(seat: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deck, "code", 7)
    assert seat.run("open").status == 7


def test_a_wrong_configuration_opens_nothing(seat: Seat) -> None:
    said = seat.run("open", "--set", "deck.graphs=crayons")
    assert said.status == USAGE
    assert "deck.graphs" in said.err
    assert seat.run("open", "--screen", "nowhere").status == USAGE
    assert not Deck.made


@pytest.mark.parametrize("lacking", ["stdin", "stdout"])
def test_both_ends_have_to_be_a_terminal(seat: Seat, lacking: str) -> None:
    said = seat.run("open", lacking=lacking)
    assert said.status == USAGE
    assert "needs a terminal; `tockdeck open --plain` needs none" in said.err
    assert not Deck.made


def test_frames_are_utf8_under_any_locale(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("__stdout__", "__stderr__"):
        monkeypatch.setattr(sys, name, io.TextIOWrapper(io.BytesIO(), "ascii"))
    draw_in("utf-8")
    for stream in (sys.__stdout__, sys.__stderr__):
        assert isinstance(stream, io.TextIOWrapper)
        stream.write("─│⏎ é")
        stream.flush()
        assert stream.buffer.getvalue() == "─│⏎ é".encode()  # type: ignore[attr-defined]


def test_the_deck_is_told_what_the_terminal_shows(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in (("TERM", "xterm-256color"), ("NO_COLOR", "1"), ("LC_ALL", "C")):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("tui.commands._SHOWN", dict(_SHOWN))
    assert seat.run("open").status == DONE
    assert seat.run("open", "--set", "deck.colours=256", "--set", "deck.glyphs=unicode").status == 0
    none, many = Deck.made
    assert none.shown == Shown("none", "ascii", "ascii")
    assert many.shown == Shown("256")
    # Textual would make greys of NO_COLOR; what the deck starts knows of it again.
    assert none.environment["NO_COLOR"] is None
    assert os.environ["NO_COLOR"] == "1"
    assert shown_key("enter") == "enter"


def test_a_terminal_without_a_cursor_is_refused_with_what_works_there(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TERM", "dumb")
    said = seat.run("open")
    assert said.status == USAGE
    assert "TERM is dumb" in said.err
    assert "`tockdeck status`, `find`, `call`, `live --plain` and `open --plain`" in said.err
    assert not Deck.made


def test_in_gnu_screen_the_mouse_is_used_where_it_is_asked_for(
    seat: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("STY", "1.a")
    monkeypatch.delenv("TMUX", raising=False)
    assert seat.run("open").status == DONE
    assert seat.run("open", "--set", "deck.mouse=true").status == DONE
    assert [deck.mouse for deck in Deck.made] == [False, True]
