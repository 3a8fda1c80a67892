"""Series out of a store as CSV, JSON lines, GPX and GeoJSON; Parquet has a module of its own.

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
from xml.sax.saxutils import escape

import msgspec

from tui.live.ring import Samples
from tui.live.series import SeriesKey
from tui.live.suspects import POSITION

SLICE = 600_000
EARLIEST, LATEST = -62_135_500_000_000, 253_402_200_000_000
"""Milliseconds that are a date in every zone; a damaged clock may have told others."""
GAP = 120_000
"""Milliseconds without a fix after which a track has a hole: units at rest send every 40 s."""

Row = tuple[int, SeriesKey, tuple[float, ...]]
"""Time in milliseconds, series, and all its axes."""

Fix = tuple[int, float, float]
"""Time in milliseconds, longitude, latitude."""

Names = Mapping[int, tuple[str, Sequence[str]]]
"""Of each data type its short name and the names of its axes."""


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
    yield from merge(*(_one(store, key, start, end) for key in keys), key=lambda row: row[:2])


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


def _one(store: Source, key: SeriesKey, start: int, end: int) -> Iterator[Row]:
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
CSV_HEADER = ("time", "serial", "type", "source", *AXES)


# What JSON does not escape by itself, though terminals obey it: DEL, C1, marks of direction.
_OBEYED = re.compile("[\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


def csv_row(row: Row, names: Names, cell: Callable[[str], str]) -> list[object]:
    """Return a sample as it stands in a CSV file, in the order of `CSV_HEADER`.

    `cell` makes a text that was sent safe for spreadsheets and terminals.
    """
    time, key, values = row
    name = names[key.type][0] if key.type in names else str(key.type)
    cells = [instant(time), cell(key.serial), name, key.source, *map(_number, values)]
    return cells + [""] * (len(CSV_HEADER) - len(cells))


def json_line(row: Row, names: Names) -> str:
    """Return a sample as one JSON object, axes by their names, with its line break."""
    time, key, values = row
    short, axes = names.get(key.type, (str(key.type), ()))
    labels = [*axes, *(f"axis {n + 1}" for n in range(len(axes), len(values)))]
    line = {"time": instant(time), "serial": key.serial, "type": short, "source": key.source}
    line.update(zip(labels, values, strict=False))
    return _json(line) + "\n"


def _json(value: object) -> str:
    text = msgspec.json.encode(value).decode()
    return _OBEYED.sub(lambda match: f"\\u{ord(match[0]):04x}", text)


def write_csv(out: TextIO, samples: Iterator[Row], names: Names, cell: Callable[[str], str]) -> int:
    """Write one line a sample: time, serial, type, source, and up to four axes.

    Returns how many samples were written.
    """
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(CSV_HEADER)
    count = 0
    for row in samples:
        writer.writerow(csv_row(row, names, cell))
        count += 1
    return count


def write_json_lines(out: TextIO, samples: Iterator[Row], names: Names) -> int:
    """Write one JSON object a sample. Returns how many were written."""
    count = 0
    for row in samples:
        out.write(json_line(row, names))
        count += 1
    return count


def write_gpx(out: TextIO, store: Source, start: int, end: int) -> int:
    """Write a GPX 1.1 track per device, in segments where fixes are missing.

    Returns how many fixes were written.
    """
    out.write(
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        '<gpx version="1.1" creator="tockdeck" xmlns="http://www.topografix.com/GPX/1/1">\n'
    )
    count = 0
    for key in _tracks(store):
        segments = list(_segments(store, key, start, end))
        if not segments:
            continue
        out.write(f"<trk><name>{escape(_label(key))}</name>\n")
        for segment in segments:
            out.write("<trkseg>\n")
            for time, longitude, latitude in segment:
                # GPX knows no longitude of 180, only the same one from the other side.
                east = -180.0 if longitude == 180 else longitude
                out.write(
                    f'<trkpt lat="{_number(latitude)}" lon="{_number(east)}">'
                    f"<time>{instant(time)}</time></trkpt>\n"
                )
                count += 1
            out.write("</trkseg>\n")
        out.write("</trk>\n")
    out.write("</gpx>\n")
    return count


def write_geojson(out: TextIO, store: Source, start: int, end: int) -> int:
    """Write a GeoJSON FeatureCollection: a MultiLineString per device, its times beside it.

    A segment of one fix is written twice, as a line must have two places (RFC 7946, section
    3.1.4), and what crosses 180° is cut there (section 3.1.9). Returns how many fixes were
    written.
    """
    features = []
    count = 0
    for key in _tracks(store):
        lines, times = [], []
        for segment in _segments(store, key, start, end):
            count += len(segment)
            for piece in _cut(segment):
                whole = piece if len(piece) > 1 else piece * 2
                lines.append([[x, y] for _, x, y in whole])
                times.append([instant(time) for time, _, _ in whole])
        if lines:
            features.append(
                {
                    "type": "Feature",
                    "properties": {
                        "serial": key.serial,
                        "source": key.source,
                        "coordTimes": times,
                    },
                    "geometry": {"type": "MultiLineString", "coordinates": lines},
                }
            )
    document = {"type": "FeatureCollection", "features": features}
    out.write(_json(document) + "\n")
    return count


def _cut(segment: list[Fix]) -> Iterator[list[Fix]]:
    """Yield the pieces of a segment, each on one side of 180° and up to it."""
    piece = segment[:1]
    for fix in segment[1:]:
        time, x, y = fix
        before, last_x, last_y = piece[-1]
        if abs(x - last_x) > 180:
            edge = 180.0 if last_x > 0 else -180.0
            way = (x + 2 * edge) - last_x
            share = (edge - last_x) / way if way else 0.0
            crossed = before + round((time - before) * share)
            latitude = last_y + (y - last_y) * share
            if last_x != edge:
                piece.append((crossed, edge, latitude))
            yield piece
            piece = [] if x == -edge else [(crossed, -edge, latitude)]
        piece.append(fix)
    yield piece


def _tracks(store: Source) -> list[SeriesKey]:
    return [key for key in store.sorted_keys() if key.type == POSITION]


def _label(key: SeriesKey) -> str:
    # Control characters are not allowed in XML at all, not even escaped.
    serial = "".join(c if c.isprintable() else "�" for c in key.serial)
    return f"{serial} source {key.source}" if key.source else serial


def _segments(store: Source, key: SeriesKey, start: int, end: int) -> Iterator[list[Fix]]:
    segment: list[Fix] = []
    for time, _, (longitude, latitude) in _one(store, key, start, end):
        if segment and time - segment[-1][0] > GAP:
            yield segment
            segment = []
        segment.append((time, longitude, latitude))
    if segment:
        yield segment


def _number(value: float) -> str:
    """Return a number without an exponent and without a needless fraction."""
    if value == int(value) and abs(value) < 1e15:
        return str(int(value))
    text = repr(value)
    return format(Decimal(text), "f") if "e" in text else text
