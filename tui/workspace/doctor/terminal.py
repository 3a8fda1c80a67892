"""The terminal, and what lies between it and the deck: tmux, GNU screen, the clipboard."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator, Mapping, Sequence
from importlib.util import find_spec
from typing import NamedTuple

from tui.config.settings import Deck
from tui.terminal import charset_of, colours_of, glyphs_of, in_screen, moves_cursor
from tui.words import counted
from tui.workspace.books.picture_ways import is_multiplexer, why_not_asked
from tui.workspace.doctor.finding import Finding

SLOW_ESCAPE = 50
"""Milliseconds; what tmux waits after an Esc is waited at every one."""
TMUX_SECONDS = 2.0
_CLIPBOARDS = {
    "wl-copy": "WAYLAND_DISPLAY", "xclip": "DISPLAY", "xsel": "DISPLAY", "pbcopy": "",
}  # fmt: skip

Asked = Callable[[Sequence[str]], str | None]
"""Runs a command and gives what it prints; None where it cannot, or does not end well."""


class Seat(NamedTuple):
    """Where somebody sits: the environment, the size in cells (none without a terminal)."""

    environment: Mapping[str, str]
    size: tuple[int, int] | None
    asked: Asked
    has: Callable[[str], bool]


def asked_of_system(command: Sequence[str]) -> str | None:
    """What a command prints."""
    try:
        said = subprocess.run(
            command, capture_output=True, text=True, timeout=TMUX_SECONDS, check=True,
            stdin=subprocess.DEVNULL,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError, UnicodeDecodeError):
        return None
    return said.stdout.strip()


def is_installed(command: str) -> bool:
    """Whether there is such a program."""
    return shutil.which(command) is not None


def look_at_terminal(seat: Seat, deck: Deck) -> Iterator[Finding]:
    """Look at everything that needs no service."""
    yield _terminal(seat)
    yield from _colours(seat, deck)
    yield _locale(seat, deck)
    yield _pictures(seat, deck)
    if seat.environment.get("TMUX"):
        yield from _tmux(seat)
    if in_screen(seat.environment):
        yield from _screen(seat, deck)
    yield _clipboard(seat)


def _terminal(seat: Seat) -> Finding:
    name = seat.environment.get("TERM", "")
    if not name:
        mend = "export TERM=xterm-256color, or what your terminal is"
        return Finding("terminal", "unknown", "TERM is not set", mend)
    if not moves_cursor(seat.environment):
        mend = "tockdeck open --plain, status, find, call and live --plain need no cursor"
        found = f"TERM is {name}: its cursor is not moved as today's terminals have it"
        return Finding("terminal", "fault", found, mend)
    if seat.size is None:
        mend = "run this in the terminal that the deck is opened in"
        return Finding("terminal", "unknown", f"{name}; this is no terminal", mend)
    columns, rows = seat.size
    if columns < 80 or rows < 24:
        mend = "make the window 80 by 24 at least"
        return Finding("terminal", "warning", f"{name}, {columns} by {rows}", mend)
    return Finding("terminal", "ok", f"{name}, {columns} by {rows}")


def _colours(seat: Seat, deck: Deck) -> Iterator[Finding]:
    depth = colours_of(deck.colours, seat.environment)
    why = "as deck.colours says" if deck.colours != "auto" else "as the environment says"
    names = {"truecolor": "true colour", "none": "no colours"}
    words = names.get(depth) or counted(int(depth), "colour")
    if depth == "truecolor" and in_screen(seat.environment):
        mend = "set deck.colours to auto or 256: screen takes true colour for attributes"
        yield Finding("colours", "fault", f"{words}, {why}", mend)
    elif deck.colours == "auto" and depth in ("8", "none") and not seat.environment.get("NO_COLOR"):
        mend = "export TERM=xterm-256color if your terminal has more, or set deck.colours"
        if seat.environment.get("TMUX"):
            mend = "in ~/.tmux.conf: set -s default-terminal tmux-256color"
        yield Finding("colours", "warning", f"{words}, {why}", mend)
    else:
        yield Finding("colours", "ok", f"{words}, {why}")


def _locale(seat: Seat, deck: Deck) -> Finding:
    charset = charset_of(seat.environment)
    signs = glyphs_of(deck.glyphs, seat.environment)
    found = f"{charset}, drawn in {'ASCII' if signs == 'ascii' else 'Unicode'}"
    if charset != "utf-8":
        return Finding("locale", "warning", found, "export LC_ALL=C.UTF-8")
    return Finding("locale", "ok", found)


def _pictures(seat: Seat, deck: Deck) -> Finding:
    """Which way pictures take. The doctor asks the terminal nothing: the deck does, once."""
    if deck.pictures == "off":
        return Finding("pictures", "ok", "not shown, as deck.pictures says")
    if find_spec("PIL") is None:
        mend = "pip install 'tockdeck[pictures]', if you want to see them"
        return Finding("pictures", "ok", f"not shown: Pillow is not installed; {mend}")
    why_not = why_not_asked(deck.pictures, deck.colours, seat.environment)
    if why_not:
        return Finding("pictures", "ok", f"in half blocks: {why_not}")
    if deck.pictures != "auto":
        way = "by kitty's protocol" if deck.pictures == "kitty" else "as sixels"
        found = f"{way}, as deck.pictures says, where the terminal tells how large its cells are"
        return Finding("pictures", "ok", found)
    asked = "sixels" if is_multiplexer(seat.environment) else "kitty's protocol, then sixels"
    found = f"the first that is opened asks the terminal for {asked}; else half blocks"
    return Finding("pictures", "ok", found)


def _tmux(seat: Seat) -> Iterator[Finding]:
    version = seat.asked(["tmux", "-V"])
    if version is None:
        yield Finding("tmux", "unknown", "it cannot be asked", "is `tmux` in PATH?")
        return
    yield Finding("tmux", "ok", version)
    for option in ("escape-time", "default-terminal", "set-clipboard", "focus-events"):
        value = seat.asked(["tmux", "show-options", "-sv", option])
        about = f"tmux {option}"
        if value is None:
            yield Finding(about, "unknown", "it cannot be asked", f"tmux show-options -s {option}")
            continue
        better = _better(option, value)
        if better is None:
            yield Finding(about, "ok", value)
        else:
            wanted, why = better
            line = f"set -s {option} {wanted}"
            yield Finding(about, "warning", f"{value}: {why}", f"in ~/.tmux.conf: {line}")


def _better(option: str, value: str) -> tuple[str, str] | None:
    """A better value for an option of tmux, and what the present one does; None: it is well."""
    if option == "escape-time" and value.isdecimal() and int(value) > SLOW_ESCAPE:
        return "10", "every esc takes so many milliseconds"
    if option == "default-terminal" and "256color" not in value:
        return "tmux-256color", "programs in it are promised eight colours"
    if option == "set-clipboard" and value == "off":
        return "external", "what is copied stays in tmux"
    if option == "focus-events" and value == "off":
        return "on", "the deck does not learn when nobody looks"
    return None


def _screen(seat: Seat, deck: Deck) -> Iterator[Finding]:
    if deck.mouse and seat.environment.get("TOCKDECK_DECK_MOUSE"):
        mend = "unset TOCKDECK_DECK_MOUSE: with a mouse screen holds back every esc"
        yield Finding("screen", "warning", "the mouse is on", mend)
    if "256color" in seat.environment.get("TERM", ""):
        yield Finding("screen", "ok", "256 colours; short texts are copied through it")
    else:
        mend = "in ~/.screenrc: term screen-256color"
        yield Finding("screen", "warning", "programs in it are promised few colours", mend)


def _clipboard(seat: Seat) -> Finding:
    environment = seat.environment
    if environment.get("TMUX"):
        return Finding("clipboard", "ok", "tmux's buffer, and from there the terminal")
    if environment.get("SSH_CONNECTION"):
        return Finding("clipboard", "ok", "the terminal at your end, if it takes what is sent")
    for program, display in _CLIPBOARDS.items():
        if (not display or environment.get(display)) and seat.has(program):
            return Finding("clipboard", "ok", program)
    if environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY"):
        mend = "install wl-clipboard (Wayland), xclip or xsel (X11)"
        return Finding(
            "clipboard", "warning", "no program for it: it is left to the terminal", mend
        )
    return Finding("clipboard", "ok", "the terminal, if it takes what is sent")


def totals(findings: Sequence[Finding]) -> str:
    """How many of each verdict there are that are not well, in words."""
    kinds = (("fault", "fault"), ("warning", "warning"))
    said = [
        counted(count, word)
        for verdict, word in kinds
        if (count := sum(one.verdict == verdict for one in findings))
    ]
    if unseen := sum(one.verdict == "unknown" for one in findings):
        said.append(f"{unseen} could not be checked")
    return f"{', '.join(said)}." if said else "Nothing is wrong."
