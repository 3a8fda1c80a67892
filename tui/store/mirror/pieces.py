"""Pieces of an order that is not made as a whole: its beginning, its end, what is around a record,
and what follows a piece. Each costs one look at the records, whatever their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.store.mirror.making import Read
from tui.store.mirror.shape import Key, Shape
from tui.store.mirror.wishes import Sort, before, order, places

PIECE = 600
"""Records that are found at once; they fill any terminal a few times."""
MOST = 6
"""Pieces after which the whole order is cheaper."""


class Pieces:
    """What is known of the order of a collection's records by some columns."""

    def __init__(self, table: str, sorts: Iterable[Sort], shape: Shape) -> None:
        self._table = table
        self._sorts = tuple(sorts)
        self._shape = shape
        self._keys = "".join(f"k{place}, " for place, _ in places(self._sorts, shape))
        self._found: list[tuple[int, list[int]]] = []
        """From which place on, and the numbers of the records from there."""
        self._looks = 0

    def clear(self) -> None:
        """The records became others."""
        self._found.clear()
        self._looks = 0

    def window(self, read: Read, first: int, last: int, total: int) -> list[int] | None:
        """The numbers of the records from place `first` on, up to before `last`, of `total`.

        None where that needs more than one look, or many were taken.
        """
        there = self._there(first, last)
        if there is None and self._look(read, first, last, total):
            there = self._there(first, last)
        return there

    def around(self, read: Read, row: Sequence[Key]) -> int:
        """The place of a record by its keys of the sorted columns, its position and its number;
        those around it are found with it.
        """
        stand = before(self._sorts, self._shape, row)
        (place,) = read(
            f"SELECT count(*) FROM {self._table} WHERE {stand.text}", stand.values
        ).fetchone()
        half = max(1, PIECE // 2)
        if self._there(max(0, place - half + 1), place + 1) is None:
            above = self._beside(read, row, half, backwards=True)
            below = self._beside(read, row, half, backwards=False)
            self._found.append((place - len(above), [*above, int(row[-1] or 0), *below]))
        return int(place)

    def _there(self, first: int, last: int) -> list[int] | None:
        for start, numbers in self._found:
            if start <= first and last <= start + len(numbers):
                return numbers[first - start : last - start]
        return None

    def _look(self, read: Read, first: int, last: int, total: int) -> bool:
        """Find the piece that the window is in; whether one was looked for."""
        if self._looks >= MOST:
            return False
        self._looks += 1
        if last <= PIECE:
            self._found.append((0, self._end(read, backwards=False)))
            return True
        if first >= total - PIECE:
            numbers = self._end(read, backwards=True)[::-1]
            self._found.append((total - len(numbers), numbers))
            return True
        for place, (start, numbers) in enumerate(self._found):
            end = start + len(numbers)
            if numbers and start <= first <= end and last <= end + PIECE:
                more = self._beside(read, self.row(read, numbers[-1]), PIECE, backwards=False)
                self._found[place] = (start, numbers + more)
                return True
            if numbers and start <= last <= end and first >= start - PIECE:
                more = self._beside(read, self.row(read, numbers[0]), PIECE, backwards=True)
                self._found[place] = (start - len(more), more + numbers)
                return True
        return False

    def _end(self, read: Read, *, backwards: bool) -> list[int]:
        by = order(self._sorts, self._shape, backwards=backwards)
        rows = read(f"SELECT n FROM {self._table} ORDER BY {by} LIMIT ?", (PIECE,))
        return [number for (number,) in rows]

    def row(self, read: Read, number: int) -> Sequence[Key]:
        """A record as `around` is told it."""
        row: Sequence[Key] = read(
            f"SELECT {self._keys}position, n FROM {self._table} WHERE n = ?", (number,)
        ).fetchone()
        return row

    def _beside(self, read: Read, row: Sequence[Key], most: int, *, backwards: bool) -> list[int]:
        """The records that follow one, or with `backwards` those before it, in their order."""
        stand = before(self._sorts, self._shape, row)
        by = order(self._sorts, self._shape, backwards=backwards)
        which = f"({stand.text})" if backwards else f"({stand.text}) IS NOT TRUE AND n <> ?"
        values = stand.values if backwards else (*stand.values, row[-1])
        rows = read(
            f"SELECT n FROM {self._table} WHERE {which} ORDER BY {by} LIMIT ?", (*values, most)
        )
        found = [number for (number,) in rows]
        return found[::-1] if backwards else found
