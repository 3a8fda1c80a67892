"""Series out of a store as CSV and JSON lines; Parquet and tracks have modules of their own.

All writers take the rows in order of time and write as they go, so a day of a fleet needs no
memory of its own. Speeds are in km/h and times in UTC, as on the wire; nothing is converted.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from decimal import Decimal
from functools import lru_cache
from heapq import merge
from typing import Protocol, TextIO

import msgspec

from tui.live.ring import Samples
from tui.live.series import SeriesKey

SLICE = 600_000
EARLIEST, LATEST = -62_135_500_000_000, 253_402_200_000_000
"""Milliseconds that are a date in every zone; a damaged clock may have told others."""

Row = tuple[int, SeriesKey, tuple[float, ...]]
"""Time in milliseconds, series, and all its axes."""

Names = Mapping[int, tuple[str, Sequence[str], str]]
"""Of each data type its short name, the names of its axes, and its unit."""
Called = Callable[[str], str]
"""What people call a device, by its serial number."""


class Source(Protocol):
    """What is exported: a `FeedStore`, or what stands for one."""

    def span(self) -> tuple[int, int] | None:
        """The times of the oldest and the newest thing known, or None."""
        ...

    def sorted_keys(self) -> list[SeriesKey]:
        """The series."""
        ...

    def next_time(self, key: SeriesKey, time: int) -> int | None:
        """The time of the first raw sample after `time`, or None."""
        ...

    def samples(self, key: SeriesKey, start: int, end: int) -> Samples:
        """The raw samples of [start, end)."""
        ...


def rows(
    store: Source, start: int, end: int, types: Collection[int] | None = None
) -> Iterator[Row]:
    """Yield the raw samples of [start, end) of the chosen types, oldest first."""
    keys = [key for key in store.sorted_keys() if types is None or key.type in types]
    yield from merge(
        *(series_rows(store, key, start, end) for key in keys), key=lambda row: row[:2]
    )


def undated(store: Source, types: Collection[int] | None = None) -> int:
    """Return how many samples have times that are no dates, and so are in no export."""
    count = 0
    span = store.span()
    if span is None or (span[0] >= EARLIEST and span[1] <= LATEST):
        return 0
    for key in store.sorted_keys():
        if types is None or key.type in types:
            count += len(store.samples(key, span[0], EARLIEST)[0])
            count += len(store.samples(key, LATEST + 1, span[1] + 1)[0])
    return count


def series_rows(store: Source, key: SeriesKey, start: int, end: int) -> Iterator[Row]:
    """Yield the raw samples of one series of [start, end), oldest first."""
    start, end = max(start, EARLIEST), min(end, LATEST + 1)
    first = store.next_time(key, start - 1)
    while first is not None and first < end:
        times, axes = store.samples(key, first, min(first + SLICE, end))
        for time, *values in zip(times, *axes, strict=True):
            yield time, key, tuple(values)
        first = store.next_time(key, times[-1])


def instant(time: int) -> str:
    """Return a time in milliseconds as ISO 8601 with milliseconds and Z."""
    return f"{_second(time // 1000)}.{time % 1000:03}Z"


@lru_cache(maxsize=256)
def _second(second: int) -> str:
    """Rows come in order of time, many of them in the same second."""
    return datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%S")


AXES = ("value", "axis 2", "axis 3", "axis 4")
CSV_HEADER = ("time", "serial", "type", "source", *AXES, "name", "unit")


# What JSON does not escape by itself, though terminals obey it: DEL, C1, marks of direction.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def csv_row(
    row: Row, names: Names, cell: Callable[[str], str], called: Called = str
) -> list[object]:
    """Return a sample as it stands in a CSV file, in the order of `CSV_HEADER`.

    `cell` makes a text that was sent safe for spreadsheets and terminals.
    """
    time, key, values = row
    short, _, unit = names.get(key.type) or (str(key.type), (), "")
    cells = [instant(time), cell(key.serial), short, key.source, *map(number_text, values)]
    blank = [""] * (len(AXES) - len(values))
    return [*cells, *blank, cell(called(key.serial)), unit]


def json_line(row: Row, names: Names, called: Called = str) -> str:
    """Return a sample as one JSON object, axes by their names, with its line break."""
    time, key, values = row
    short, axes, unit = names.get(key.type) or (str(key.type), (), "")
    labels = [*axes, *(f"axis {n + 1}" for n in range(len(axes), len(values)))]
    line = {"time": instant(time), "serial": key.serial, "type": short, "source": key.source}
    line.update(zip(labels, values, strict=False))
    line.update(name=called(key.serial), unit=unit)
    return json_text(line) + "\n"


def json_text(value: object) -> str:
    """Return a value as JSON that no terminal obeys."""
    text = msgspec.json.encode(value).decode()
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write_csv(
    out: TextIO,
    samples: Iterator[Row],
    names: Names,
    cell: Callable[[str], str],
    called: Called = str,
) -> int:
    """Write one line a sample: time, serial, type, source, up to four axes, name and unit.

    Returns how many samples were written.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    count = 0
    for row in samples:
        writer.writerow(csv_row(row, names, cell, called))
        count += 1
    return count


def write_json_lines(
    out: TextIO, samples: Iterator[Row], names: Names, called: Called = str
) -> int:
    """Write one JSON object a sample. Returns how many were written."""
    count = 0
    for row in samples:
        out.write(json_line(row, names, called))
        count += 1
    return count


def number_text(value: float) -> str:
    """Return a number without an exponent and without a needless fraction."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text
