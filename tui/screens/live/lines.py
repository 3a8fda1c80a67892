"""The parts of the wall's lines: header, names, numbers. What they are, and the styles of it."""

from __future__ import annotations

from datetime import tzinfo
from functools import lru_cache
from typing import NamedTuple

from rich.segment import Segment

from tui.live.derived import SIGN
from tui.screens.live.layout import AGE, ARROW, UNIT, VALUE, Layout
from tui.screens.live.numbers import axis_text
from tui.screens.live.row import Numbers, Row
from tui.screens.live.window import Frame, window_text
from tui.widgets.cells import clip, clip_name, fit
from tui.widgets.palette import Palette, Role
from tui.workspace.live.presets import Arrangement

FULL_NAME = 20
"""Cells that a type needs to be called by its whole name."""
CURSOR, ASCII_CURSOR = "▌", ">"
MARKS = {"high": ("▲", "^"), "low": ("▼", "v"), "stale": ("○", "?"), "silent": ("×", "x")}
"""What stands before a row's name, beside its colour: too high, too low, old, never heard."""


class NumberPiece(NamedTuple):
    """A text of fixed width and what it is."""

    text: str
    role: Role


@lru_cache(512)
def number_pieces(numbers: Numbers, layout: Layout) -> tuple[NumberPiece, ...]:
    """The numbers of a row in their places."""
    alarmed = numbers.mark in ("high", "low")
    quiet = numbers.mark in ("stale", "silent")
    value: Role = "bad" if alarmed else "muted" if quiet else "strong"
    age: Role = "warn" if quiet or numbers.late else "muted"
    pieces = [
        NumberPiece(fit(numbers.value, VALUE, "right"), value),
        NumberPiece(fit(f" {numbers.unit}", UNIT), "muted"),
        NumberPiece(fit(f" {numbers.arrow}", ARROW), "muted" if quiet else "accent"),
        NumberPiece(fit(numbers.age, AGE - 1, "right") + " ", age),
    ]
    if layout.stat:
        pieces += [
            NumberPiece(fit(text, layout.stat, "right"), "muted" if quiet else "text")
            for text in (numbers.low, numbers.mean, numbers.high)
        ]
    return tuple(pieces)


def name_segments(
    row: Row,
    layout: Layout,
    palette: Palette,
    *,
    by_type: bool,
    first: bool,
    chosen: bool,
    focused: bool,
    ascii_only: bool,
) -> list[Segment]:
    """Cursor, mark, group and item of a row; the group only on its first line."""
    spec, mark = row.spec, row.numbers.mark
    styles = palette.plain
    if chosen:
        styles = palette.cursor if focused else palette.resting
    cursor = (ASCII_CURSOR if ascii_only else CURSOR) if chosen else " "
    sign = MARKS[mark][ascii_only] if mark else " "
    label = spec.label
    if spec.kind is not None and (layout.group if by_type else layout.item) >= FULL_NAME:
        reckoned = SIGN if spec.derived else ""
        label = f"{reckoned}{spec.kind.name}{spec.label.removeprefix(reckoned + spec.kind.short)}"
    device = clip_name(spec.device, (layout.item if by_type else layout.group) - 1)
    group, item = (label, device) if by_type else (device, label)
    quiet = mark in ("stale", "silent")
    role: Role = "muted" if quiet else "strong" if chosen else "text"
    sign_role: Role = "bad" if mark in ("high", "low") else "warn"
    return [
        Segment(cursor, styles["primary"]),
        Segment(f"{sign} ", styles[sign_role]),
        Segment(fit(group if first else "", layout.group - 1) + " ", styles[role]),
        Segment(fit(item, layout.item - 1) + " ", styles["muted" if quiet else "number"]),
    ]


def header_segments(
    layout: Layout,
    frame: Frame,
    cursor: int | None,
    arrangement: Arrangement,
    palette: Palette,
    where: tzinfo,
) -> list[Segment]:
    """What the columns are, and from when to when the graphs reach."""
    muted, strong = palette.plain["muted"], palette.plain["primary"]
    scale = {"auto": "own scale", "shared": "scale by type", "fixed": "fixed scale"}
    how = scale[arrangement.scale]
    if arrangement.smooth:
        how += " · smoothed"
    seconds, room = arrangement.window, layout.chart
    start, end = (axis_text(time, seconds, where) for time in (frame.start, frame.end))
    per_cell = frame.size // max(1, room)
    # Where there is not room for all, the end is said first, then the start.
    texts = [(room - len(end), end), (0, start), ((room - len(how)) // 2, how)]
    while texts and sum(len(text) + 1 for _, text in texts) > room + 1:
        texts.pop()
    axis = [" "] * room
    window = " " * layout.mark + f"window {window_text(arrangement.window)}"
    segments = [Segment(fit(window, layout.name), muted)]
    place = None if cursor is None else frame.column_of(cursor)
    text, left = "", room
    if cursor is not None and place is not None:
        text = clip(axis_text(cursor, seconds, where), room)
        left = max(0, min(place // per_cell - len(text) // 2, room - len(text)))
    for edge, other in texts:
        # What the cursor's time would lie over or touch gives way to it.
        if not text or edge > left + len(text) or edge + len(other) < left:
            axis[edge : edge + len(other)] = other
    before, after = "".join(axis[:left]), "".join(axis[left + len(text) :])
    segments += [Segment(before, muted), Segment(text, strong), Segment(after, muted)]
    when = "last" if cursor is None else "at time"
    titles = (
        fit(when, VALUE + 1, "right") + " " * (UNIT + ARROW) + fit("age", AGE - 1, "right") + " "
    )
    if layout.stat:
        titles += "".join(fit(text, layout.stat, "right") for text in ("min", "mean", "max"))
    return [*segments, Segment(titles, muted)]
