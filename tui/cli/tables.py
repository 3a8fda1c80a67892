"""Rows aligned in columns, for a person to read."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import Any

from tui.workspace.text import clean

WIDEST = 40
"""Characters of a column; what is longer is cut and marked with an ellipsis."""


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
    widths = [max(len(line[place]) for line in cells) for place in range(len(names))]
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
    return (cell if len(cell) <= width else cell[: width - 1] + "…").ljust(width)


def _shown(value: Any) -> str:
    if value is None:
        return ""
    return str(value).lower() if isinstance(value, bool) else str(value)
