"""The summaries of tables that the service works out itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from tui.services.timetonic import Table
from tui.workspace.books.books import BookDesk
from tui.workspace.books.places import Place

WIDEST = 30


async def summaries(desk: BookDesk, place: Place) -> list[Table]:
    """The summaries in the book of a table, as far as the book was read."""
    kept = await desk.kept_tables(place.book)
    return [] if kept is None else [one for one in kept.value.tables if one.pivot_id is not None]


def summary_text(values: Any) -> str | None:
    """A summary as a table to be read.

    What the service answers is not documented. Assumption, as its own parameters are called: an
    object with `columns`, `rows` of `name`, `values` and `total`, and `totals`. None for anything
    else, which is shown as it came.
    """
    try:
        columns = [str(one) for one in values["columns"]]
        lines = [["", *columns, "total"]]
        for row in values["rows"]:
            lines.append([str(row["name"]), *map(_figure, row["values"]), _figure(row["total"])])
        totals = values["totals"]
        lines.append(["total", *map(_figure, totals), ""])
    except (TypeError, KeyError):
        return None
    return None if len({len(line) for line in lines}) > 1 else _aligned(lines)


def _figure(value: Any) -> str:
    return f"{value:,}" if isinstance(value, (int, float)) else str(value or "")


def _aligned(lines: Sequence[Sequence[str]]) -> str:
    cells = [[" ".join(cell.split())[:WIDEST] for cell in line] for line in lines]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    return "\n".join(
        "  ".join(
            cell.rjust(width) if place else cell.ljust(width)
            for place, (cell, width) in enumerate(zip(line, widths, strict=True))
        ).rstrip()
        for line in cells
    )
