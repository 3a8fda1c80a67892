"""The verb that opens the deck: how a run differs from the configuration, and when none opens."""

from __future__ import annotations

import gc
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.cli.conftest import Shell
from tui.cli import DONE, USAGE


class Deck:
    """What stands for the application: which settings it was given, and how it ends."""

    made: list[Deck] = []
    code = 0

    def __init__(self, workspace: Any) -> None:
        self.settings = workspace.settings.deck
        self.mouse: bool | None = None
        self.return_code = type(self).code
        Deck.made.append(self)

    def run(self, *, mouse: bool) -> None:
        self.mouse = mouse


class Terminal(io.BytesIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def at_terminal(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A terminal before and behind the program, and no real deck on it."""
    monkeypatch.setattr("tui.app.Tockdeck", Deck)
    monkeypatch.setattr(Deck, "made", [])
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(Terminal(), "utf-8"))
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(Terminal(), "utf-8"))
    yield
    gc.enable()


@pytest.mark.usefixtures("at_terminal")
def test_options_stand_over_the_configuration(shell: Shell, tmp_path: Path) -> None:
    file = tmp_path / "deck.toml"
    file.write_text('[deck]\ntheme = "ember"\nfirst_screen = "books"\nmouse = true\n')
    words = (
        "open", "--config", str(file), "--screen", "timers", "--theme", "daylight",
        "--read-only", "--no-mouse", "--set", "deck.graphs=ascii",
    )  # fmt: skip
    assert shell.run(*words).status == DONE
    (deck,) = Deck.made
    found = deck.settings
    assert (found.first_screen, found.theme, found.graphs) == ("timers", "daylight", "ascii")
    assert (found.read_only, found.mouse, deck.mouse) == (True, False, False)


@pytest.mark.usefixtures("at_terminal")
@pytest.mark.parametrize("words", [(), ("open",), ("--screen", "live")])
def test_the_deck_opens_without_a_verb_too(shell: Shell, words: tuple[str, ...]) -> None:
    assert shell.run(*words).status == DONE
    (deck,) = Deck.made
    assert deck.mouse is True
    assert deck.settings.first_screen == ("live" if words[1:] == ("live",) else "today")
    assert not deck.settings.read_only


@pytest.mark.usefixtures("at_terminal")
def test_how_the_deck_ended_is_the_status(shell: Shell, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Deck, "code", 7)
    assert shell.run("open").status == 7


@pytest.mark.usefixtures("at_terminal")
def test_a_wrong_configuration_opens_nothing(shell: Shell) -> None:
    said = shell.run("open", "--set", "deck.graphs=crayons")
    assert said.status == USAGE
    assert "deck.graphs" in said.err
    assert shell.run("open", "--screen", "nowhere").status == USAGE
    assert not Deck.made


@pytest.mark.parametrize("lacking", ["stdin", "stdout"])
@pytest.mark.usefixtures("at_terminal")
def test_both_ends_have_to_be_a_terminal(
    shell: Shell, monkeypatch: pytest.MonkeyPatch, lacking: str
) -> None:
    monkeypatch.setattr(sys, lacking, io.TextIOWrapper(io.BytesIO(), "utf-8"))
    said = shell.run("open")
    assert said.status == USAGE
    assert "needs a terminal" in said.err
    assert not Deck.made
