"""Rows aligned in columns, for a person to read."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tui.workspace.text import clean

WIDEST = 40
"""Cells of a column; what is longer is cut and marked with an ellipsis."""


def print_table(
    names: Sequence[str],
    rows: Sequence[Mapping[str, Any]],
    note: str,
    *,
    widest: int | None = WIDEST,
    whole: Sequence[str] = (),
) -> None:
    """Print the rows on standard output and the note on standard error.

    `widest` None cuts nothing, and the columns of `whole` are never cut.
    """
    cells = [list(names), *([clean(_shown(row.get(name))) for name in names] for row in rows)]
    widths = [max(_width(line[place]) for line in cells) for place in range(len(names))]
    if widest is not None:
        widths = [
            width if name in whole else min(widest, width)
            for name, width in zip(names, widths, strict=True)
        ]
    for line in cells:
        shown = (_fitted(cell, width) for cell, width in zip(line, widths, strict=True))
        print("  ".join(shown).rstrip())
    print(note, file=sys.stderr)


def _fitted(cell: str, width: int) -> str:
    if _width(cell) > width:
        while _width(cell) >= width:
            cell = cell[:-1]
        cell += "…"
    return cell + " " * (width - _width(cell))


def _width(text: str) -> int:
    """The cells that a terminal gives a text: signs of East Asia have two, accents none."""
    if text.isascii():
        return len(text)
    from unicodedata import combining, east_asian_width

    return sum(
        0 if combining(sign) else 2 if east_asian_width(sign) in ("W", "F") else 1 for sign in text
    )


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
