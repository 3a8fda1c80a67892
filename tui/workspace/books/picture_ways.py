"""Which way a picture takes to the terminal, and how many bytes it may cost there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Literal, NamedTuple

from tui.terminal import colours_of, in_console, in_screen, in_tmux

Way = Literal["kitty", "sixel", "blocks"]
Setting = Literal["auto", "kitty", "sixel", "blocks", "off"]

MOST_KILOBYTES = 400
"""That a picture may cost; what is larger is drawn with fewer colours, then smaller."""
MOST_SECONDS = 4.0
"""How long a picture may take where a person has said what the line carries."""


class Answered(NamedTuple):
    """What a terminal said of itself."""

    kitty: bool = False
    sixel: bool = False
    cell: tuple[int, int] | None = None
    """The width and height of a cell in pixels; None where it did not say."""


def is_multiplexer(environment: Mapping[str, str] = os.environ) -> bool:
    """Whether something lies between that takes the question for pictures for a title: tmux, GNU
    screen. Over SSH only TERM tells of them."""
    name = environment.get("TERM", "")
    return in_tmux(environment) or in_screen(environment) or name.startswith(("tmux", "screen"))


def why_not_asked(setting: Setting, colours: str, environment: Mapping[str, str]) -> str:
    """Why the terminal is not asked what it can, so that pictures are half blocks; empty where
    it is."""
    if setting in ("blocks", "off"):
        return "as deck.pictures says"
    if in_screen(environment):
        return "GNU screen shows no others"
    if in_console(environment):
        return "the Linux console shows no others"
    if setting == "auto" and colours_of(colours, environment) == "none":
        return "there are no colours"
    return ""


def way_of(setting: Setting, answered: Answered) -> tuple[Way, str]:
    """The way that a picture takes after what the terminal answered, and why it is blocks where a
    person has wanted something else.

    Where a way is set, the terminal need not have said that it can; how large its cells are it
    must have said all the same: what is drawn over their edge is never wiped away.
    """
    if setting in ("kitty", "sixel"):
        if answered.cell is None:
            return "blocks", "the terminal does not say how large its cells are"
        return ("kitty" if setting == "kitty" else "sixel"), ""
    if answered.cell is not None:
        if answered.kitty:
            return "kitty", ""
        if answered.sixel:
            return "sixel", ""
    return "blocks", ""


def most_bytes(kilobytes_per_second: float) -> int:
    """Bytes that a picture may cost; `kilobytes_per_second` as it is set, 0 where nothing is."""
    most = MOST_KILOBYTES * 1000
    if kilobytes_per_second <= 0:
        return most
    return min(most, int(kilobytes_per_second * 1000 * MOST_SECONDS))
