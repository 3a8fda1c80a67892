"""What the first screen showed, kept at a clean exit for the first moment of the next start."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from time import time
from typing import Any

from rich.cells import cell_len
from rich.style import Style
from textual.geometry import Size
from textual.screen import Screen
from textual.strip import Strip
from textual.widgets import Input, TextArea
from textual.widgets._toast import Toast

from tui import __version__, first_moment
from tui.terminal import erases_in_colour
from tui.widgets.clearing import sequence_of
from tui.widgets.notice import StatusLine
from tui.widgets.palette import palette_of
from tui.widgets.terminal_cells import TerminalCells
from tui.workspace.first_frame import keep_frame

PASSING = (Toast, StatusLine, Input, TextArea)
"""Kinds of widgets of which nothing is kept."""
KEPT = ("today", "tocks", "sessions", "timers", "invoices", "live")
"""First screens whose frame is kept. Books may show what only a password of theirs has opened."""
CLOCK = re.compile(r"● (\d+):(\d\d):(\d\d)\b")
"""The running clock: seconds are shown nowhere else behind such a mark."""


def keep(screen: Screen[Any] | None, scope: str, size: Size, *, instant: bool) -> None:
    """Keep what a screen shows, or nothing of before where it is not to be kept, or not laid out
    for this size.
    """
    path = Path(first_moment.folders()[3]) / first_moment.NAME
    key = first_moment.made_for(__version__, (size.width, size.height))
    if screen is None or screen.size != size or scope not in KEPT or not instant or key is None:
        keep_frame(path, None)
        return
    lines = _without_passing(screen, size)
    now = time()
    clock = _clock([strip.text for strip in lines], now)
    keep_frame(path, text_of(key, now, clock, frame(screen, lines, size)))


def _without_passing(screen: Screen[Any], size: Size) -> list[Strip]:
    """What stands on a screen without what was said or typed there and passes: it may be anything
    that a service or a person has said, and says nothing at the next start.
    """
    strips = screen._compositor.render_strips(size)
    for widget in screen.query("*"):
        if not isinstance(widget, PASSING) or not widget.display:
            continue
        area = widget.region.intersection(size.region)
        for y in range(area.y, area.bottom):
            strips[y] = Strip.join(
                (
                    strips[y].crop(0, area.x),
                    Strip.blank(area.width),
                    strips[y].crop(area.right, size.width),
                )
            )
    return strips


def text_of(key: str, now: float, clock: str, shown: str) -> str:
    """The file, as `tui/first_moment.py` reads it."""
    # Seconds that have passed: rounded up, a start within the same one would take it for a frame
    # from the future and not paint it.
    return "\n".join((key, str(int(now)), clock, shown))


def _clock(lines: list[str], now: float) -> str:
    """Row and column of the running clock, and when it would have begun; empty without one."""
    for row, line in enumerate(lines, 1):
        if found := CLOCK.search(line):
            hours, minutes, seconds = map(int, found.groups())
            begun = now - (hours * 60 + minutes) * 60 - seconds
            return f"{row} {cell_len(line[: found.start(1)]) + 1} {begun:.0f}"
    return ""


def frame(screen: Screen[Any], lines: list[Strip], size: Size) -> str:
    """The lines in grey, but for the last one: the keys are true before anything else is. In few
    bytes, and line by line.
    """
    plain = palette_of(screen.app).plain
    drawn = getattr(screen.app, "drawn", lambda: None)() or str
    blank = plain["muted"].render(" " * size.width)
    ground, whole = (
        drawn("".join(f"\x1b[{row};1H{line}" for row, line in enumerate(of, 1)))
        for of in (
            [blank] * size.height,
            [*(_in_grey(line, plain, size.width) for line in lines[:-1]), blank],
        )
    )
    cells = TerminalCells()
    cells.width, cells.erases = size.width, erases_in_colour()
    before = ""
    if cells.erases:
        # All of it is made blank at once, not each line behind its text.
        cells.know(ground)
        before = sequence_of(1, cells.pen_of(1))
    return f"{before}{cells.needed(whole)}\0{whole}"


def _in_grey(line: Strip, plain: Mapping[str, Style], width: int) -> str:
    """A line of which only what is drawn in the colour of lines has its own."""
    grey, rule = plain["muted"], plain["line"]
    parts = []
    for segment in line:
        of_line = segment.style is not None and segment.style.color == rule.color
        parts.append((rule if of_line else grey).render(segment.text))
    return "".join(parts) + grey.render(" " * (width - line.cell_length))
