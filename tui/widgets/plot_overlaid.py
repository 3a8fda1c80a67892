"""Lines of values over each other in one chart; whose is whose can be read without colour."""

from __future__ import annotations

from collections.abc import Sequence
from math import inf

from tui.widgets.palette import Role
from tui.widgets.plot_lines import Band, plot_lines
from tui.widgets.sparkline_cells import GlyphSet, buckets_per_cell

LETTERS = "ABCD"
ROLES: tuple[Role, ...] = ("primary", "good", "warn", "bad")
_BRAILLE = 0x2800


def overlaid(
    lines: Sequence[Sequence[Band]],
    roles: Sequence[Role],
    letters: Sequence[str],
    size: tuple[int, int],
    glyphs: GlyphSet,
    scale: tuple[float, float],
    *,
    joined: float = inf,
) -> list[list[tuple[str, Role]]]:
    """Lines over each other, each ending with its letter where it has one; the last lies above.

    Neighbours that lie further than `joined` from each other are not joined.
    """
    width, height = size
    cells = [[" "] * width for _ in range(height)]
    colours: list[list[Role]] = [["text"] * width for _ in range(height)]
    per_cell = buckets_per_cell(glyphs)
    low, high = scale
    for line, role in zip(lines, roles, strict=False):
        plotted = plot_lines(line, height=height, glyphs=glyphs, low=low, high=high, joined=joined)
        for y, text in enumerate(plotted):
            for x, sign in enumerate(text[:width]):
                if sign in (" ", chr(_BRAILLE)):
                    continue
                cells[y][x], colours[y][x] = _merged(cells[y][x], sign, glyphs), role
    # Letters come last: a line would lie over those of the lines below it.
    for line, role, letter in zip(lines, roles, letters, strict=False):
        last = max((place for place, one in enumerate(line) if one is not None), default=None)
        if letter and last is not None:
            band = line[last] or (0.0, 0.0)
            share = (band[0] + band[1]) / 2 - low
            share = share / (high - low) if high > low else 0.5
            y = max(0, min(height - 1, round((1 - share) * (height - 1))))
            x = min(width - 1, last // per_cell + 1)
            y, x = _free_place(cells, y, x)
            cells[y][x], colours[y][x] = letter, role
    return [_runs(text, inks) for text, inks in zip(cells, colours, strict=True)]


def _free_place(cells: Sequence[Sequence[str]], y: int, x: int) -> tuple[int, int]:
    """The nearest cell without a letter: further to the right, else above or below."""
    rows = sorted(range(len(cells)), key=lambda row: abs(row - y))
    places = ((row, column) for row in rows for column in range(x, len(cells[row])))
    return next((one for one in places if cells[one[0]][one[1]] not in LETTERS), (y, x))


def _merged(below: str, above: str, glyphs: GlyphSet) -> str:
    if glyphs == "braille" and ord(below) >= _BRAILLE:
        return chr(ord(below) | ord(above))
    return above


def _runs(cells: Sequence[str], colours: Sequence[Role]) -> list[tuple[str, Role]]:
    runs: list[tuple[str, Role]] = []
    for cell, role in zip(cells, colours, strict=True):
        # A blank has its own look: in 16 colours a role may be a ground that would run on over it.
        if runs and runs[-1][1] == role:
            runs[-1] = (runs[-1][0] + cell, runs[-1][1])
        else:
            runs.append((cell, role))
    return runs
