"""The store of samples: what arrives is kept in memory until a block is full, then written.

Reading joins both, so nobody can tell where the boundary is.
"""

from __future__ import annotations

from collections.abc import Iterable

from tui.embedded.database import Database
from tui.embedded.igtimi.blocks import Column, Series, Value, decode, encode, joined
from tui.embedded.igtimi.data_types import DATA_TYPES

BLOCK_SAMPLES = 1200
"""Samples of one series in a block: ten minutes at 2 Hz."""

LIVE_BYTES = 64 << 20
"""What the live fleet may keep on disk; the oldest blocks go first."""

LIVE_MILLISECONDS = 48 * 3600 * 1000
"""How long the live fleet's samples are kept."""


def _is_text(series: Series) -> bool:
    kind = DATA_TYPES.get(series.type)
    return kind is not None and kind.is_text


class SampleStore:
    """Samples by series. Used by the event loop's thread only."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._pending: dict[Series, Column] = {}
        self.real: set[str] = set()
        """Serial numbers of boats that are not simulated: what they send is kept for good."""

    def append(self, serial: str, kind: int, source: int, column: Column) -> None:
        """Keep samples of the live feed; they reach the disk with `write_full` or `flush`."""
        pending = self._pending.get((serial, kind, source))  # type: ignore[call-overload]
        if pending is None:
            pending = Column([], [[] for _ in column.axes])
            self._pending[Series(serial, kind, source)] = pending
        pending.extend(column)

    def write_full(self, at_most: int = 40) -> None:
        """Write some of the columns that have become long enough for a block."""
        full = [s for s, column in self._pending.items() if len(column.stamps) >= BLOCK_SAMPLES]
        if full:
            self._write_pending(full[:at_most])

    def flush(self) -> None:
        """Write all that is only in memory."""
        self._write_pending(list(self._pending))

    def forget(self, serials: Iterable[str] | None = None) -> None:
        """Drop what is only in memory: of some units, or all of it."""
        dropped = None if serials is None else frozenset(serials)
        self._pending = {
            series: column
            for series, column in self._pending.items()
            if dropped is not None and series.serial not in dropped
        }

    def _write_pending(self, wanted: list[Series]) -> None:
        with self._database.write():
            for series in wanted:
                live = series.serial not in self.real
                self.put(series, self._pending[series].ordered(), live=live)
        for series in wanted:
            del self._pending[series]

    def put(self, series: Series, column: Column, *, live: bool = False) -> None:
        """Write a whole column as blocks, at once."""
        text = _is_text(series)
        rows = []
        for place in range(0, len(column.stamps), BLOCK_SAMPLES):
            part = column.picked(range(place, min(place + BLOCK_SAMPLES, len(column.stamps))))
            rows.append(
                (
                    *series,
                    min(part.stamps),
                    max(part.stamps),
                    int(text),
                    int(live),
                    encode(part, text=text),
                )
            )
        with self._database.write() as connection:
            connection.executemany(
                "INSERT INTO igtimi_block (serial, type, source, first, last, text, live, content)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
                rows,
            )

    def read(self, series: Series, start: float, end: float) -> Column:
        """Samples from start to end, both included, in order, each stamp once."""
        rows = self._database.read(
            "SELECT text, content FROM igtimi_block WHERE serial = ? AND type = ? AND source = ?"
            " AND last >= ? AND first <= ? ORDER BY first",
            (*series, start, end),
        )
        columns = [decode(row["content"], text=bool(row["text"])) for row in rows]
        pending = self._pending.get(series)
        if pending is not None:
            columns.append(pending)
        return joined(column.between(start, end) for column in columns)

    def last(self, series: Series) -> tuple[int, list[Value]] | None:
        """The newest sample: stamp and one value an axis."""
        row = self._database.one(
            "SELECT text, content FROM igtimi_block WHERE serial = ? AND type = ? AND source = ?"
            " ORDER BY last DESC LIMIT 1",
            tuple(series),
        )
        found = [decode(row["content"], text=bool(row["text"]))] if row is not None else []
        pending = self._pending.get(series)
        if pending is not None and pending.stamps:
            found.append(pending)
        best: tuple[int, list[Value]] | None = None
        for column in found:
            place = max(range(len(column.stamps)), key=column.stamps.__getitem__)
            if best is None or column.stamps[place] > best[0]:
                best = (column.stamps[place], [axis[place] for axis in column.axes])
        return best

    def sources(self, serial: str, kind: int) -> list[int]:
        """The sources that a device has samples of one type from."""
        rows = self._database.read(
            "SELECT DISTINCT source FROM igtimi_block WHERE serial = ? AND type = ?",
            (serial, kind),
        )
        pending = {s.source for s in self._pending if s.serial == serial and s.type == kind}
        return sorted({row["source"] for row in rows} | pending)

    def trim(self, now: int) -> None:
        """Drop the live fleet's oldest blocks beyond age and size."""
        with self._database.write() as connection:
            connection.execute(
                "DELETE FROM igtimi_block WHERE live = 1 AND last < ?",
                (now - LIVE_MILLISECONDS,),
            )
            connection.execute(
                "DELETE FROM igtimi_block WHERE id IN (SELECT id FROM (SELECT id,"
                " sum(length(content)) OVER (ORDER BY last DESC, id DESC) AS total"
                " FROM igtimi_block WHERE live = 1) WHERE total > ?)",
                (LIVE_BYTES,),
            )
