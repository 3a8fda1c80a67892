"""The CSV that this program writes of recordings and sessions: long, and wide by fixes.

Long has one line a sample in the units of the wire, wide one line a position in knots and degrees.
What spreadsheets would compute stands there behind an apostrophe, which is taken away again.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from io import StringIO

from tui.embedded.instruments.places import Boats, Values, angle_of, place_of, speed_of
from tui.embedded.instruments.readings import (
    KMH_PER_KNOT,
    Loss,
    Reading,
    Tally,
)
from tui.embedded.instruments.sentences import moment

LONG = ("time", "serial", "type", "source", "value")
"""The first columns of the long form."""
WIDE = ("time", "latitude", "longitude")
"""What the wide form has at least."""

SHORT = {
    "POS": 1, "SATQ": 2, "SATC": 3, "HDOP": 4, "ALT": 5, "COG": 6, "HDGM": 7, "HDG": 8, "SOG": 9,
    "STW": 10, "AWA": 11, "AWS": 12, "HR": 13, "CAD": 14, "TEMP": 15, "ORI": 17, "ACC": 18,
    "GYRO": 19, "FOR": 20, "TORQ": 21, "TWD": 22, "TWS": 23, "PRES": 24, "PWR": 25, "VOLT": 26,
    "AMP": 27, "TIME": 28, "BAT": 50, "INT": 51,
}  # fmt: skip
"""The types that are numbers, by their short names."""

SPEEDS = {"sog_kn": 9, "stw_kn": 10, "aws_kn": 12, "tws_kn": 23}
ANGLES = {"cog_deg": 6, "hdg_deg": 8, "awa_deg": 11, "twd_deg": 22}
_KNOWN = frozenset({*WIDE, *SPEEDS, *ANGLES, "name", "serial", "WKT"})

AXES = 4
ORIGIN = "CSV"
GUARD = "'"
_NUMBER = re.compile(r"[+-]?\d{1,16}(?:\.\d{1,340})?", re.ASCII)
"""As it is written here: without an exponent, and so with many figures where it is tiny."""


def is_own(first_line: str) -> bool:
    """Whether a file's first line is the head of one of the two."""
    head = _head(first_line)
    return tuple(head[: len(LONG)]) == LONG or set(WIDE) <= set(head)


def read_own(text: str) -> tuple[list[Reading], Tally]:
    """All lines of either form."""
    tally = Tally()
    rows = csv.reader(StringIO(text.removeprefix("\ufeff"), newline=""))
    head = next(rows, [])
    read = _long if tuple(head[: len(LONG)]) == LONG else _wide
    return list(read(head, rows, tally)), tally


def _head(line: str) -> list[str]:
    return line.removeprefix("\ufeff").strip().split(",")


def _lines(
    head: list[str], rows: Iterator[list[str]], tally: Tally
) -> Iterator[tuple[int, dict[str, str]]]:
    """Moment and cells by column of each line that has as many as the head."""
    while True:
        try:
            row = next(rows, None)
        except csv.Error:
            # A cell beyond the library's limit, or a quote that nothing ends.
            tally.lose(Loss.UNREADABLE)
            continue
        if row is None:
            return
        if not row:
            continue
        tally.lines += 1
        cells = dict(zip(head, row, strict=False))
        stamp = moment(cells.get("time", ""))
        if len(row) != len(head) or stamp is None:
            tally.lose(Loss.UNREADABLE)
        else:
            yield stamp, cells


def _long(head: list[str], rows: Iterator[list[str]], tally: Tally) -> Iterator[Reading]:
    boats, columns = Boats(), ("value", *(f"axis {axis}" for axis in range(2, AXES + 1)))
    lengths: dict[tuple[str, int], int] = {}
    for stamp, cells in _lines(head, rows, tally):
        name = cells["type"]
        kind = SHORT.get(name)
        if kind is None:
            tally.pass_over(name[:64])
            continue
        said = [cells.get(column, "") for column in columns]
        values = [_number(text) for text in said if text]
        whole = tuple(value for value in values if value is not None)
        boat = _boat(boats, cells, cells["source"])
        if len(whole) != len(values) or lengths.setdefault((boat, kind), len(whole)) != len(whole):
            tally.lose(Loss.UNREADABLE)
        elif kind == 1:
            latitude = whole[1] if len(whole) == 2 else None
            for _, place in place_of(latitude, next(iter(whole), None), tally):
                yield Reading(1, place, stamp, ORIGIN, boat)
        elif whole:
            yield Reading(kind, whole, stamp, ORIGIN, boat)


def _wide(head: list[str], rows: Iterator[list[str]], tally: Tally) -> Iterator[Reading]:
    boats = Boats()
    for name in head:
        if name not in _KNOWN:
            tally.pass_over(name[:64])
    for stamp, cells in _lines(head, rows, tally):
        boat = _boat(boats, cells)
        for kind, values in _values(cells, tally):
            yield Reading(kind, values, stamp, ORIGIN, boat)


def _values(cells: dict[str, str], tally: Tally) -> Values:
    yield from place_of(_number(cells["latitude"]), _number(cells["longitude"]), tally)
    for column, kind in SPEEDS.items():
        knots = _number(cells.get(column, ""))
        yield from speed_of(kind, None if knots is None else knots * KMH_PER_KNOT, tally)
    for column, kind in ANGLES.items():
        yield from angle_of(kind, _number(cells.get(column, "")), tally)


def _boat(boats: Boats, cells: dict[str, str], source: str = "0") -> str:
    """A boat is a device; another source of one is a boat beside it, as tracks have it."""
    serial = _unguarded(cells.get("serial", ""))
    name = _unguarded(cells.get("name", "")) or serial
    return boats.called(name if source in ("", "0") else f"{name} source {source}", serial)


def _unguarded(text: str) -> str:
    return text[1:] if text[:1] == GUARD and text.lstrip(GUARD)[:1] in "=+-@＝＋－＠−" else text


def _number(text: str) -> float | None:
    return float(text) if _NUMBER.fullmatch(text) else None
