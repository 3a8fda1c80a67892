"""Pieces of an order that is not made as a whole: its beginning, its end, what is around a record,
and what follows a piece. Each costs one look at the records, whatever their number.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from tui.store.mirror.making import Read
from tui.store.mirror.shape import Key, Shape
from tui.store.mirror.wishes import Sort, Sql, before, order, places

PIECE = 600
"""Records that are found at once; they fill any terminal a few times."""
MOST = 6
"""Pieces after which the whole order is cheaper."""
EVERY, FEWEST, MOST_SAMPLES = 100, 64, 2048
"""Records of which one tells about the order, and of how many of those at least and at most."""
SPARE = 3
"""So many samples farther than a piece is expected to reach."""
_GOLDEN = 0.6180339887498949
"""Its multiples lie between whole numbers as evenly as any, and never in step with them."""


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

    def around(self, read: Read, number: int) -> int:
        """The place of a record by its number; those around it are found with it."""
        for start, numbers in self._found:
            if number in numbers:
                return start + numbers.index(number)
        start, numbers = self._between(read, *self._bounds(read, max(1, PIECE // 2), number))
        self._found.append((start, numbers))
        return start + numbers.index(number)

    def _bounds(
        self, read: Read, reach: int, number: int
    ) -> tuple[Sequence[Key] | None, Sequence[Key] | None]:
        """Records before and behind one by its number, each about `reach` away from it; None where
        there is none.
        """
        rows, far = self._samples(read, reach, number)
        here = [row[-1] for row in rows].index(number)
        low = rows[here - far] if here >= far else None
        return low, rows[here + far] if here + far < len(rows) else None

    def _samples(self, read: Read, reach: int, *numbers: int) -> tuple[list[Sequence[Key]], int]:
        """Some of all records, and those of the numbers, in their order; and how many of them it
        takes until `reach` records are between them, but for rare luck.
        """
        (last,) = read(f"SELECT max(n) FROM {self._table}").fetchone()
        count = min(MOST_SAMPLES, max(FEWEST, (last or 0) // EVERY))
        # Not at even distances: in many a table every second record is of one kind.
        spread = {1 + int(place * _GOLDEN % 1 * (last or 0)) for place in range(count)}
        among = ", ".join(map(str, {*spread, *numbers}))
        by = order(self._sorts, self._shape)
        rows = read(
            f"SELECT {self._keys}position, n FROM {self._table} WHERE n IN ({among}) ORDER BY {by}"
        ).fetchall()
        return rows, -(-reach * len(spread) // max(1, last or 0)) + SPARE

    def _between(
        self, read: Read, low: Sequence[Key] | None, high: Sequence[Key] | None
    ) -> tuple[int, list[int]]:
        """From which place on, and the numbers of the records from `low` on and before `high`, in
        their order: found in one look at all.
        """
        lower = Sql("0") if low is None else before(self._sorts, self._shape, low)
        upper = Sql("1") if high is None else before(self._sorts, self._shape, high)
        place, numbers = read(
            f"SELECT count(*) FILTER (WHERE {lower.text}),"
            f" json_group_array(n) FILTER (WHERE ({lower.text}) IS NOT TRUE)"
            f" FROM {self._table} WHERE {upper.text}",
            (*lower.values, *lower.values, *upper.values),
        ).fetchone()
        among = numbers.strip("[]")
        by = order(self._sorts, self._shape)
        rows = read(f"SELECT n FROM {self._table} WHERE n IN ({among}) ORDER BY {by}")
        return int(place), [number for (number,) in rows]

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
        if last <= PIECE or first >= total - PIECE:
            rows, far = self._samples(read, PIECE)
            edge = rows[far if last <= PIECE else -far - 1] if far < len(rows) else None
            ends = (None, edge) if last <= PIECE else (edge, None)
            self._found.append(self._between(read, *ends))
            return True
        for place, (start, numbers) in enumerate(self._found):
            end = start + len(numbers)
            if numbers and start <= first <= end and last <= end + PIECE:
                more = self._beside(read, self._row(read, numbers[-1]), PIECE, backwards=False)
                self._found[place] = (start, numbers + more)
                return True
            if numbers and start <= last <= end and first >= start - PIECE:
                more = self._beside(read, self._row(read, numbers[0]), PIECE, backwards=True)
                self._found[place] = (start - len(more), more + numbers)
                return True
        return False

    def _row(self, read: Read, number: int) -> Sequence[Key]:
        """A record's keys of the sorted columns, its position and its number."""
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
