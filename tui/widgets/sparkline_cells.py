"""Numbers to the characters of a small graph. Pure functions; no Textual, no Rich.

A graph is drawn from *buckets*: one number for each stretch of time, oldest first, None where
nothing was measured. In braille a cell holds two buckets and four steps of height; in blocks and
ASCII a cell holds one bucket, and eight or seven steps.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor, isfinite, log10, nextafter
from sys import float_info
from typing import Literal, NamedTuple

GlyphSet = Literal["braille", "blocks", "ascii"]
Bucket = float | None

LEVELS = 8
"""Into how many colours a value's height is put, and so the most styles that a graph has."""

_BLOCKS = " ▁▂▃▄▅▆▇█"
_ASCII = " .:-=+*#"
# The dots of a braille cell from the bottom up: left column, right column.
_LEFT = (0x40, 0x04, 0x02, 0x01)
_RIGHT = (0x80, 0x20, 0x10, 0x08)
_BRAILLE = 0x2800
_PAIRS = {
    (left, right): chr(_BRAILLE + sum(_LEFT[:left]) + sum(_RIGHT[:right])) if left or right else " "
    for left in range(5)
    for right in range(5)
}
_DOTS = {
    (left, right): chr(_BRAILLE + sum(_LEFT[left - 1 : left]) + sum(_RIGHT[right - 1 : right]))
    if left or right
    else " "
    for left in range(5)
    for right in range(5)
}
"""The same with nothing but the highest dot of each column."""
ROUNDING = 1e-9
"""How far apart values are that are one but for rounding, as a part of them."""
_MIDDLE = nextafter(0.5, 0)
"""Of an odd number of steps the one in the middle, of an even one the lower of the two there."""

DOTS = ((0x01, 0x08), (0x02, 0x10), (0x04, 0x20), (0x40, 0x80))
"""The bits of a braille cell's dots: four rows from the top, two columns."""
HALVES = " ▀▄█"
"""A cell of two halves by its bits: 1 the upper, 2 the lower."""


class CellLine(NamedTuple):
    """One line of a graph: its characters, and for each the level (0 to 7) of its colour."""

    text: str
    levels: bytes


def buckets_per_cell(glyphs: GlyphSet) -> int:
    """How many buckets stand in one cell."""
    return 2 if glyphs == "braille" else 1


def steps_per_cell(glyphs: GlyphSet) -> int:
    """How many heights one cell tells apart."""
    return {"braille": 4, "blocks": 8, "ascii": 7}[glyphs]


def _shares(buckets: Sequence[Bucket], low: float, high: float) -> list[float]:
    """How high values stand on a scale, from 0 to 1; -1 where there is none."""
    if high <= low:
        return [-1.0 if one is None or not isfinite(one) else _MIDDLE for one in buckets]
    # Both the span of the widest scale and a value far outside of a narrow one are infinite.
    span = min(high - low, float_info.max)
    return [
        -1.0 if one is None or not isfinite(one) else max(0.0, min(1.0, (one - low) / span))
        for one in buckets
    ]


def _steps(shares: Sequence[float], steps: int) -> list[int]:
    """The heights of values from 1 to `steps`; 0 where there is none.

    The lowest value has one step, so that it can be told from a gap. What is outside of the
    scale stands at its edge. Without a scale (``low >= high``) every value has the middle.
    """
    return [min(steps, 1 + int(share * steps)) if share >= 0 else 0 for share in shares]


def sparkline_cells(
    buckets: Sequence[Bucket],
    *,
    glyphs: GlyphSet = "braille",
    height: int = 1,
    low: float,
    high: float,
    bare: bool = False,
) -> list[CellLine]:
    """The lines of a filled graph, from the top down, each as wide as its buckets need. A `bare`
    one has no ground, where there are glyphs for that: braille has.

    A column depends on its own buckets and the scale alone: as long as the scale stays, a new
    bucket changes one cell of each line.
    """
    per_cell = buckets_per_cell(glyphs)
    per_line = steps_per_cell(glyphs)
    shares = _shares(buckets, low, high)
    if len(shares) % per_cell:
        shares.append(-1.0)
    highest = shares if per_cell == 1 else list(map(max, shares[::2], shares[1::2]))
    levels = bytes([min(LEVELS - 1, int(share * LEVELS)) if share > 0 else 0 for share in highest])
    steps = _steps(shares, per_line * height)
    bare = bare and glyphs == "braille"
    if height == 1:
        return [CellLine(_line_text(steps, glyphs, bare=bare), levels)]
    lines: list[CellLine] = []
    for line in range(height):
        # How much of each column stands on this line; the first line is the top one.
        below = (height - 1 - line) * per_line
        parts = [min(max(step - below, 0), per_line) for step in steps]
        if bare:
            parts = [
                0 if step - below > per_line else part
                for step, part in zip(steps, parts, strict=True)
            ]
        lines.append(CellLine(_line_text(parts, glyphs, bare=bare), levels))
    return lines


def dots_per_cell(glyphs: GlyphSet) -> tuple[int, int]:
    """How many dots stand in one cell, across and down, where a graph draws lines."""
    return {"braille": (2, 4), "blocks": (1, 2), "ascii": (1, 1)}[glyphs]


def dot_bit(x: int, y: int, glyphs: GlyphSet) -> int:
    """The bit of a dot within its cell."""
    return DOTS[y][x] if glyphs == "braille" else 1 << y


def dots_character(bits: int, glyphs: GlyphSet) -> str:
    """The character of a cell with these dots; a space where there are none."""
    if not bits:
        return " "
    if glyphs == "braille":
        return chr(_BRAILLE + bits)
    return HALVES[bits] if glyphs == "blocks" else "*"


def _line_text(filled: Sequence[int], glyphs: GlyphSet, *, bare: bool = False) -> str:
    if glyphs == "blocks":
        return "".join(_BLOCKS[step] for step in filled)
    if glyphs == "ascii":
        return "".join(_ASCII[step] for step in filled)
    table = _DOTS if bare else _PAIRS
    return "".join(map(table.__getitem__, zip(filled[::2], filled[1::2], strict=True)))


def scale_of(buckets: Iterable[Bucket]) -> tuple[float, float]:
    """The lowest and the highest value, widened to round numbers so that they rarely change.

    Values that differ by what sums are rounded by are one. Without any value the scale is 0 to 1.
    """
    # Within what the arithmetic below can hold; no device measures as far out as this.
    values = [
        max(-1e300, min(1e300, value)) for value in buckets if value is not None and isfinite(value)
    ]
    if not values:
        return 0.0, 1.0
    low, high = min(values), max(values)
    if high - low <= ROUNDING * max(abs(low), abs(high)):
        low = high = float(f"{high:.9g}")
    span = high - low or abs(high)
    span = span if span > 1e-300 else 1.0
    step = 10.0 ** floor(log10(span))
    for part in (0.1, 0.2, 0.5, 1.0, 2.0):
        if span / (step * part) <= 10:
            step *= part
            break
    low, high = floor(low / step) * step, -floor(-high / step) * step
    return (low, high) if high > low else (low, low + step)


SPANS = (45.0, 90.0, 180.0)
"""How far a scale of angles reaches to both sides of its middle; beyond, in half turns. Few steps:
each is a picture of all rows that share it."""


def span_of(reach: float) -> float:
    """How far a scale of angles reaches to both sides, in few steps so that it rarely changes."""
    for span in SPANS:
        if reach <= span:
            return span
    return 180.0 * -(-reach // 180)
