"""The ways that a notice takes to a person, and what each of them is written as.

A sequence of the terminal's reaches whoever sits at its end, over SSH too. tmux and GNU screen
swallow it: tmux hands it on where `allow-passthrough` is on, and has a status line of its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Callable, Mapping
from typing import Literal, NamedTuple

from tui.terminal import in_screen, in_tmux
from tui.workspace.text import clean

Way = Literal["off", "bell", "osc9", "osc777", "osc99", "tmux", "desktop"]

LONGEST = 300
"""Characters of a text; what is longer ends with a sign of that."""
SENDER = "tockdeck"
_BY_NAME: Mapping[str, Way] = {
    "xterm-kitty": "osc99",
    "foot": "osc777",
    "wezterm": "osc777",
    "xterm-ghostty": "osc777",
    "contour": "osc777",
    "rxvt-unicode": "osc777",
}
"""What TERM begins with of terminals that show notices: all that SSH carries."""
_BY_PROGRAM: Mapping[str, Way] = {"iTerm.app": "osc9", "WezTerm": "osc777", "ghostty": "osc777"}
"""TERM_PROGRAM, on a person's own machine."""
_SEQUENCE_OF_TMUX = "\x1bPtmux;"


class Said(NamedTuple):
    """A notice as it is sent: two lines with no sign in them that anything obeys."""

    title: str
    text: str


def said(title: str, text: str) -> Said:
    """Make any texts harmless, and short enough for every way."""
    return Said(_short(title), _short(text))


def _short(text: str) -> str:
    line = clean(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"


def way_of(setting: str, environment: Mapping[str, str], has: Callable[[str], bool]) -> Way:
    """What is set, else what there is; `has` says whether there is a program.

    Not by what a terminal may have told of itself to a multiplexer that runs in it no more.
    """
    if setting != "auto":
        return setting  # type: ignore[return-value]
    if in_tmux(environment):
        return "tmux"
    if in_screen(environment):
        return "bell"
    display = environment.get("WAYLAND_DISPLAY") or environment.get("DISPLAY")
    if display and not environment.get("SSH_CONNECTION") and has("notify-send"):
        return "desktop"
    way = way_of_terminal(environment.get("TERM", ""))
    if way == "bell" and environment.get("VTE_VERSION"):
        return "osc777"
    return _BY_PROGRAM.get(environment.get("TERM_PROGRAM", ""), way)


def way_of_terminal(name: str) -> Way:
    """The way into a terminal of which nothing but its TERM is known."""
    return next((way for begin, way in _BY_NAME.items() if name.startswith(begin)), "bell")


def sequence(way: Way, notice: Said, number: int) -> str:
    """What a terminal is sent; empty where the way is none of its sequences.

    `number` tells one notice of this program from another.
    """
    title, text = notice
    if way == "osc9":
        # With a word before it, since "9;4;..." is a bar of progress elsewhere.
        return f"\x1b]9;{SENDER}: {title}: {text}\x1b\\"
    if way == "osc777":
        # A semicolon ends a part.
        parts = (one.replace(";", ",") for one in (f"{SENDER}: {title}", text))
        return f"\x1b]777;notify;{';'.join(parts)}\x1b\\"
    if way == "osc99":
        one = f"i={SENDER}-{number}:e=1"
        return (
            f"\x1b]99;{one}:d=0:p=title;{_encoded(f'{SENDER}: {title}')}\x1b\\"
            f"\x1b]99;{one}:d=1:p=body;{_encoded(text)}\x1b\\"
        )
    return ""


def _encoded(text: str) -> str:
    return b64encode(text.encode()).decode()


def through_tmux(sequence: str) -> str:
    """What tmux hands on to the terminal around it."""
    doubled = sequence.replace("\x1b", "\x1b\x1b")
    return f"{_SEQUENCE_OF_TMUX}{doubled}\x1b\\"


def in_format_of_tmux(text: str) -> str:
    """A text as tmux shows it: `#` and `%` begin what it would put in their place."""
    return text.replace("#", "##").replace("%", "%%")


class Around(NamedTuple):
    """What tmux says of itself and of the terminal around it."""

    terminal: str = ""
    """Its TERM; empty where nobody is attached."""
    seen: bool = False
    """Whether somebody has the window before them."""
    passes: str = ""
    """`allow-passthrough`: `on` hands on only what comes from a window that is seen."""

    @property
    def hands_on(self) -> bool:
        """Whether a sequence reaches the terminal now."""
        return self.passes in ("2", "all") or (self.passes in ("1", "on") and self.seen)


ASKED_OF_TMUX = "#{client_termname}\t#{window_active_clients}\t#{allow-passthrough}"
"""For `display-message`: what `around` reads."""


def around(answer: str) -> Around:
    """Read tmux's answer; one that it did not give is that it hands on nothing."""
    parts = answer.split("\t")
    if len(parts) != 3:
        return Around()
    return Around(parts[0], parts[1] not in ("", "0"), parts[2].strip())
