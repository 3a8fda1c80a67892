"""What a terminal can show, by what its environment says."""

from __future__ import annotations

import curses

import pyte
import pytest

from tests.terminal import Glass, printed
from tui.terminal import (
    charset_of,
    colours_of,
    glyphs_of,
    graphs_of,
    in_screen,
    moves_cursor,
    shown_by,
)
from tui.widgets.plain_signs import in_plain_signs


@pytest.mark.parametrize(
    ("environment", "colours"),
    [
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor"}, "truecolor"),
        ({"TERM": "xterm-256color", "COLORTERM": "24bit", "TMUX": "socket"}, "truecolor"),
        ({"TERM": "xterm-256color"}, "256"),
        ({"TERM": "tmux-256color", "TMUX": "socket"}, "256"),
        ({"TERM": "xterm-kitty"}, "truecolor"),
        ({"TERM": "xterm-direct"}, "truecolor"),
        ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)"}, "256"),
        ({"TERM": "vt220", "XTERM_VERSION": "XTerm(379)"}, "none"),
        ({"TERM": "xterm", "XTERM_VERSION": "XTerm(379)", "STY": "1.a"}, "16"),
        ({"TERM": "linux"}, "16"),
        ({"TERM": "xterm-16color"}, "16"),
        # GNU screen takes true colours for attributes, whatever was promised outside of it.
        ({"TERM": "screen", "STY": "1.a", "COLORTERM": "truecolor"}, "16"),
        ({"TERM": "screen.xterm-256color", "STY": "1.a", "COLORTERM": "truecolor"}, "256"),
        ({"TERM": "xterm-256color", "COLORTERM": "truecolor", "NO_COLOR": "1"}, "none"),
        ({"TERM": "xterm-256color", "NO_COLOR": ""}, "256"),
    ],
)
def test_colours_are_those_that_the_environment_promises(
    environment: dict[str, str], colours: str
) -> None:
    assert colours_of("auto", environment) == colours
    assert colours_of("16", environment) == "16"


def test_of_a_terminal_that_only_terminfo_knows_it_has_the_last_word() -> None:
    asked = "from tui.terminal import colours_of; print(colours_of('auto', {'TERM': 'vt100'}))"
    assert printed(asked) == "none\n"


MOVES = {
    "cons25": b"\x1b[%i%p1%d;%p2%dH",
    "vt52": b"\x1bY%p1%' '%+%c%p2%' '%+%c",
    "hp2392": b"\x1b&a%p1%dy%p2%dC",
    "tty33": None,
}
"""How terminfo has the cursor of some moved."""


def test_a_cursor_that_is_not_moved_as_ecma_48_says_is_none(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    known: list[str] = []

    def setup(name: str, _: int) -> None:
        if name not in MOVES:
            raise curses.error
        known.append(name)

    monkeypatch.setattr(curses, "setupterm", setup)
    monkeypatch.setattr(curses, "tigetstr", lambda _: MOVES[known[-1]])
    for name in ("xterm-256color", "tmux-256color", "linux", "vt220", "cons25", "never-heard-of"):
        assert moves_cursor({"TERM": name}), name
    for name in ("dumb", "vt52", "hp2392", "tty33"):
        assert not moves_cursor({"TERM": name}), name


@pytest.mark.parametrize("name", ["linux", "linux-c", "linux3.0"])
def test_the_linux_console_has_several_names(name: str) -> None:
    shown = shown_by("16", "auto", {"TERM": name, "LANG": "fr_FR.UTF-8"})
    assert shown.console
    assert shown.glyphs == "ascii"


def test_a_tmux_in_screen_is_tmux() -> None:
    assert in_screen({"STY": "1.a"})
    assert not in_screen({"STY": "1.a", "TMUX": "socket"})


@pytest.mark.parametrize(
    ("environment", "charset"),
    [
        ({}, "utf-8"),
        ({"LANG": "fr_FR.UTF-8"}, "utf-8"),
        ({"LC_ALL": "C", "LANG": "fr_FR.UTF-8"}, "ascii"),
        ({"LANG": "POSIX"}, "ascii"),
        # What Python puts into its own environment where LANG is C.
        ({"LANG": "C", "LC_CTYPE": "C.UTF-8"}, "ascii"),
        ({"LC_CTYPE": "C.UTF-8"}, "utf-8"),
        ({"LANG": "de_DE.ISO-8859-1"}, "iso8859-1"),
        ({"LANG": "de_DE"}, "iso8859-1"),
        ({"LANG": "de_DE@euro"}, "iso8859-15"),
        ({"LANG": "de_DE.ISO-8859-15@euro"}, "iso8859-15"),
        ({"LANG": "xx_XX.NOTHING-KNOWN"}, "ascii"),
    ],
)
def test_signs_and_letters_are_those_of_the_locale(
    environment: dict[str, str], charset: str
) -> None:
    assert charset_of(environment) == charset
    plain = charset != "utf-8"
    assert glyphs_of("auto", environment) == ("ascii" if plain else "unicode")
    assert graphs_of("auto", "auto", environment) == ("ascii" if plain else "braille")
    assert shown_by("16", "auto", environment).encoding == charset
    # What is said wins, and is then written as everywhere.
    assert shown_by("16", "unicode", environment)[1:3] == ("unicode", "utf-8")
    assert shown_by("16", "ascii", environment)[1:3] == ("ascii", "utf-8")
    assert graphs_of("blocks", "auto", environment) == "blocks"


def test_the_console_has_plain_signs_and_all_letters() -> None:
    shown = shown_by("auto", "auto", {"TERM": "linux", "LANG": "fr_FR.UTF-8"})
    assert shown == ("16", "ascii", "utf-8", True)


def test_a_sign_stands_for_a_sign_and_nothing_moves() -> None:
    frame = "\x1b[1;1H▌● Régates … ✓ ⣿─│┌▁█ 日本 e\u0301"
    assert in_plain_signs(frame, "utf-8") == "\x1b[1;1H>* Régates ~ * :-|+_# 日本 e\u0301"
    assert in_plain_signs(frame, "iso8859-1") == "\x1b[1;1H>* Régates ~ * :-|+_# ???? e"
    assert in_plain_signs("3.5°", "iso8859-1") == "3.5°"
    assert in_plain_signs("3.5° Σ Łódź øre 5€", "ascii") == "3.5d ? Lodz ore 5E"
    assert in_plain_signs(frame, "ascii") == "\x1b[1;1H>* Regates ~ * :-|+_# ???? e"


@pytest.mark.parametrize(
    ("written", "plain"),
    [
        ("5½ h", "5? h"), ("1¾", "1?"), ("10²", "10?"), ("4.06¹", "4.06?"), ("H₂O", "H?O"),
        ("Ⅷ", "?"), ("⒈", "?"), ("①", "?"), ("oﬃce", "o?ce"), ("№ 5", "? 5"), ("‥", "?"),
        ("é ñ Å ǟ", "e n A a"), ("2ª", "2a"), ("𝟏", "1"), ("a\u00a0b", "a b"),
    ],
)  # fmt: skip
def test_without_its_letters_no_text_says_another_figure(written: str, plain: str) -> None:
    assert in_plain_signs(written, "ascii") == plain


def test_half_a_letter_is_a_blank() -> None:
    glass = Glass(6, 2)
    pyte.Stream(glass).feed("海燕\x1b[1;1Ha\x1b[2;1H海燕")
    assert glass.display == ["a 燕  ", "海燕  "]
