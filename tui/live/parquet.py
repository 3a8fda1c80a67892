"""Series as Parquet, by pyarrow, which is an optional extra: it is many times our own size.

Columns are made of whole stretches of series and sorted by the library: row by row it took five
times as long.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.util import find_spec
from typing import Any, BinaryIO

from tui.live.export import AXES, EARLIEST, LATEST, Called, Names, Source
from tui.live.series import SeriesKey

ROW_GROUP = 65_536
"""Samples in a row group, and about as many as are held at once."""
FIRST_STRETCH, LONGEST_STRETCH = 10_000, 86_400_000
"""Milliseconds that are read at once: at first, and at most where little was measured."""
GROWTH = 4
"""How many times longer a stretch may be than the one before: a burst may follow on silence."""


class ParquetMissing(Exception):
    """Raised where pyarrow is not installed."""

    def __init__(self) -> None:
        super().__init__("Parquet needs pyarrow: pip install 'tockdeck[parquet]'")


def need_parquet() -> None:
    """Raise ParquetMissing where nothing could be written."""
    if find_spec("pyarrow") is None:
        raise ParquetMissing


def write_parquet(
    out: BinaryIO,
    store: Source,
    start: int,
    end: int,
    names: Names,
    called: Called = str,
    types: Collection[int] | None = None,
) -> int:
    """Write the columns of the CSV export of [start, end), typed, oldest first.

    `time` is in UTC with milliseconds; an axis that a type does not have is null, and so is a
    source that no column of numbers can hold. Returns how many samples were written.
    Raises ParquetMissing.
    """
    try:
        import pyarrow as arrow
        import pyarrow.compute
        from pyarrow import parquet
    except ImportError as error:
        raise ParquetMissing from error

    keys = [key for key in store.sorted_keys() if types is None or key.type in types]
    columns = _Columns(arrow, keys, names, called)
    count = 0
    with parquet.ParquetWriter(out, columns.schema, compression="zstd") as writer:
        for stretch in _stretches(store, keys, max(start, EARLIEST), min(end, LATEST + 1), columns):
            writer.write_table(stretch, ROW_GROUP)
            count += stretch.num_rows
    return count


def _stretches(
    store: Source, keys: Sequence[SeriesKey], start: int, end: int, columns: _Columns
) -> Iterator[Any]:
    """Yield a table of about a row group after another; silences are leapt over."""
    length = FIRST_STRETCH
    while True:
        following = (store.next_time(key, start - 1) for key in keys)
        first = min((time for time in following if time is not None), default=end)
        if first >= end:
            return
        start = min(first + length, end)
        table = columns.table(store, first, start)
        yield table
        fitting = length * ROW_GROUP // table.num_rows
        length = max(1, min(fitting, length * GROWTH, LONGEST_STRETCH))


class _Columns:
    """What is the same of all samples of a series, by its place among the series."""

    def __init__(self, arrow: Any, keys: Sequence[SeriesKey], names: Names, called: Called) -> None:
        self._arrow, self._keys = arrow, keys
        word = arrow.dictionary(arrow.int32(), arrow.string())
        self.schema = arrow.schema(
            [
                ("time", arrow.timestamp("ms", tz="UTC")),
                ("serial", word),
                ("type", word),
                ("source", arrow.int64()),
                *((axis, arrow.float64()) for axis in AXES),
                ("name", word),
                ("unit", word),
            ]
        )
        told = [names.get(key.type) or (str(key.type), (), "") for key in keys]
        sources = [key.source if abs(key.source) < 1 << 63 else None for key in keys]
        self._sources = arrow.array(sources, arrow.int64())
        self._serials = self._words(key.serial for key in keys)
        self._types = self._words(short for short, _, _ in told)
        self._names = self._words(called(key.serial) for key in keys)
        self._units = self._words(unit for _, _, unit in told)

    def _words(self, words: Iterable[str]) -> tuple[Any, Any]:
        """Of each series the number of its word, and the words."""
        numbers: dict[str, int] = {}
        places = [numbers.setdefault(word, len(numbers)) for word in words]
        arrow = self._arrow
        return arrow.array(places, arrow.int32()), arrow.array(list(numbers), arrow.string())

    def table(self, store: Source, start: int, end: int) -> Any:
        """The samples of [start, end), in order of time and of their series."""
        arrow = self._arrow
        stretches: list[list[Any]] = []
        for place, key in enumerate(self._keys):
            times, axes = store.samples(key, start, end)
            if not times:
                continue
            count = len(times)
            values = [arrow.array(axis, arrow.float64()) for axis in axes[: len(AXES)]]
            values += [arrow.nulls(count, arrow.float64())] * (len(AXES) - len(values))
            whose = arrow.repeat(arrow.scalar(place, arrow.int32()), count)
            stretches.append([arrow.array(times, self.schema.field("time").type), whose, *values])
        time, whose, *values = (
            arrow.concat_arrays(parts) for parts in zip(*stretches, strict=True)
        )
        order = arrow.compute.sort_indices(
            arrow.table({"time": time, "whose": whose}),
            sort_keys=[("time", "ascending"), ("whose", "ascending")],
        )
        whose = whose.take(order)
        return arrow.table(
            [
                time.take(order),
                self._told(self._serials, whose),
                self._told(self._types, whose),
                self._sources.take(whose),
                *(one.take(order) for one in values),
                self._told(self._names, whose),
                self._told(self._units, whose),
            ],
            schema=self.schema,
        )

    def _told(self, words: tuple[Any, Any], whose: Any) -> Any:
        places, known = words
        return self._arrow.DictionaryArray.from_arrays(places.take(whose), known)
