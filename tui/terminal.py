"""What the terminal that we run in can show, as far as its environment says.

Nothing is asked of the terminal: its answers would come among the keys, and over a thin line late.
What the environment cannot say is whether it shows pictures: that is asked when the first one is
opened (`widgets/picture_answers.py`).
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple, cast

Depth = Literal["truecolor", "256", "16", "8", "none"]
"""How many colours there are."""

Glyphs = Literal["unicode", "ascii"]

ERASING_NAMES = (
    "xterm", "alacritty", "foot", "wezterm", "linux", "konsole", "rxvt", "st-", "vte", "gnome",
    "putty", "mintty", "mlterm", "ms-terminal", "nsterm", "iterm",
)  # fmt: skip
"""Beginnings of the TERM of terminals that erase in the present ground: terminfo's "bce"."""
MOVING_NAMES = (*ERASING_NAMES, "screen", "tmux", "vt1", "vt2", "ansi", "contour")
"""The same of terminals that are known without asking terminfo to move the cursor as ECMA-48 says
(CUP), which is the only way that frames are written in."""


class Shown(NamedTuple):
    """What a terminal can show."""

    depth: Depth
    glyphs: Glyphs = "unicode"
    encoding: str = "utf-8"
    """Of what is written to it."""
    console: bool = False
    """Whether it is the Linux console, whose grounds have no bright colours."""


TRUE_COLOUR = Shown("truecolor")
"""Everything."""
TRUE_COLOUR_NAMES = ("xterm-kitty", "xterm-ghostty", "alacritty", "foot", "wezterm", "contour")
"""Beginnings of the TERM of terminals that have it, and say so in COLORTERM only on their own
machine."""


def in_screen(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether GNU screen is what we write to. It leaves STY to a tmux that runs in it."""
    return bool(environment.get("STY")) and not in_tmux(environment)


def in_console(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the Linux console is what we write to, by any of its names, such as `linux-c`."""
    return environment.get("TERM", "").startswith("linux")


def in_tmux(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether tmux is what we write to."""
    return bool(environment.get("TMUX"))


def colours_of(setting: str, environment: Mapping[str, str] = os.environ) -> Depth:
    """How many colours to draw with: what is set, else what the environment promises.

    GNU screen takes the numbers of a true colour for attributes (blinking, black on cyan), so
    that nothing in the environment makes it true colour there.
    """
    if setting != "auto":
        return cast("Depth", setting)
    if environment.get("NO_COLOR"):
        return "none"
    name = environment.get("TERM", "")
    screen = in_screen(environment)
    if not screen and (
        environment.get("COLORTERM", "").lower() in ("truecolor", "24bit")
        or name.startswith(TRUE_COLOUR_NAMES)
        or name.endswith("-direct")
    ):
        return "truecolor"
    if "256color" in name:
        return "256"
    if name == "linux":
        return "16"
    if name == "xterm" and environment.get("XTERM_VERSION") and not screen:
        # It says on its own machine that it is xterm itself, of which its name promises 8.
        return "256"
    if screen or name.endswith("-16color"):
        # It shows as many as the terminal around it has, and sixteen at least.
        return "16"
    return _promised(name)


def erases_in_colour(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether what is erased gets the present ground ("bce"), as far as the name is enough to say
    so. GNU screen's cells get none."""
    if in_screen(environment):
        return False
    return in_tmux(environment) or environment.get("TERM", "").startswith(ERASING_NAMES)


def moves_cursor(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether the cursor of the terminal is moved by ECMA-48's sequence, as far as is known. What
    is older (VT52, Wyse, HP, IBM) or has no cursor would show every frame as letters."""
    name = environment.get("TERM", "")
    if name.startswith(MOVING_NAMES) and name != "xterm-vt52":
        return True
    if name == "dumb":
        return False
    import curses

    try:
        curses.setupterm(name, 1)
    except (curses.error, OSError):
        return True  # nobody knows it: likely a new one
    return (curses.tigetstr("cup") or b"").startswith(b"\x1b[%i%p1")


def _promised(name: str) -> Depth:
    """What terminfo says of a terminal; of one that it does not know, what every one has."""
    import curses

    try:
        curses.setupterm(name or "dumb", 1)
    except (curses.error, OSError):
        return "8"
    count = curses.tigetnum("colors")
    if count >= 1 << 24:
        return "truecolor"
    if count >= 256:
        return "256"
    if count >= 16:
        return "16"
    return "8" if count >= 8 else "none"


def charset_of(environment: Mapping[str, str] = os.environ) -> str:
    """The charset that the locale names, as Python calls it: ``utf-8``, ``ascii``, ``iso8859-1``.

    Where no locale is set at all, as over a connection that carries none, UTF-8 is likelier than
    anything else. Python sets LC_CTYPE itself where LANG is C: that is no word of a person's.
    """
    names = [environment.get(name, "") for name in ("LC_ALL", "LC_CTYPE", "LANG")]
    if not names[0] and names[1] == "C.UTF-8" and names[2] in ("C", "POSIX"):
        names[1] = ""
    name = next(filter(None, names), "C.UTF-8")
    language, _, charset = name.partition(".")
    charset = charset.partition("@")[0]
    if charset:
        from codecs import lookup

        try:
            return lookup(charset).name
        except LookupError:
            return "ascii"
    if language in ("C", "POSIX"):
        return "ascii"
    return "iso8859-15" if language.endswith("@euro") else "iso8859-1"


def glyphs_of(setting: str, environment: Mapping[str, str] = os.environ) -> Glyphs:
    """Which signs to draw with: what is set, else plain ones where the locale is not UTF-8, and on
    the Linux console, whose fonts have few others."""
    if setting != "auto":
        return cast("Glyphs", setting)
    plain = in_console(environment) or charset_of(environment) != "utf-8"
    return "ascii" if plain else "unicode"


def graphs_of(
    setting: str, glyphs: str, environment: Mapping[str, str] = os.environ
) -> Literal["braille", "blocks", "ascii"]:
    """What graphs are drawn with: what is set, else as `glyphs` is."""
    if setting == "auto":
        return "ascii" if glyphs_of(glyphs, environment) == "ascii" else "braille"
    return cast("Literal['braille', 'blocks', 'ascii']", setting)


def shown_by(colours: str, glyphs: str, environment: Mapping[str, str] = os.environ) -> Shown:
    """What the terminal can show; `colours` and `glyphs` are what is set."""
    signs = glyphs_of(glyphs, environment)
    encoding = charset_of(environment) if glyphs == "auto" and signs == "ascii" else "utf-8"
    return Shown(colours_of(colours, environment), signs, encoding, in_console(environment))
