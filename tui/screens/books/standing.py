"""Rows where they stand on the screen, whatever their order would be by now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from tui.workspace.books.cells import TableRow


class Standing(NamedTuple):
    """Where rows stand on the screen: how many there are, and those that are here by place."""

    total: int
    rows: Mapping[int, TableRow]

    def among(self, rows: Iterable[TableRow]) -> list[TableRow]:
        """All of them: these at their places, the others of `rows` in their order at the rest."""
        here = {row.id for row in self.rows.values()}
        others = (row for row in rows if row.id not in here)
        found = (self.rows.get(place) or next(others, None) for place in range(self.total))
        return [row for row in found if row is not None]
