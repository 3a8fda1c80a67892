"""RIoT messages: `Msg > Data > DataMsg > DataPoint` of the public igtimi schema (IgtimiStream.proto
and IgtimiData.proto, MIT licensed; reference/igtimi.md sections 9 and 10).

The field number of a data point is its data type's id.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from tui.embedded.igtimi import data_types as kinds
from tui.embedded.igtimi import protobuf as pb
from tui.embedded.igtimi.blocks import Column, Value

LIVE_ONLY, LIVE_PERSISTENT = 1, 3
PERSISTENT, BACKLOG = 2, 8
"""Bits of the type of service; none at all means live and persistent."""

_MSG_DATA = 2
_DATA_MESSAGE = 1
_POINTS, _SERIAL, _SERVICE, _STREAM = 1, 2, 4, 5
_SOURCE = 1001
_TIMESTAMP, _FIELDS = 1, 15
_INTEGERS = frozenset({kinds.QUALITY, kinds.SATELLITES, 51, 53})
_TEXTS = frozenset({52, 54, 57})
_VECTORS = {17: 4, 18: 3, 19: 3, 20: 3}
_LARGEST_STAMP = 1 << 53

Columns = dict[tuple[int, int], Column]


@dataclass(frozen=True)
class Point:
    """One measurement: data type, source, UTC milliseconds, one value an axis."""

    kind: int
    source: int
    stamp: int
    values: tuple[Value, ...]


@dataclass(frozen=True)
class Bundle:
    """Measurements of one unit."""

    serial: str
    stream: int
    points: tuple[Point, ...]
    service: int = LIVE_PERSISTENT


def _number(value: Value) -> float:
    return float(value) if not isinstance(value, str) else 0.0


def _body(point: Point, altitude: float | None) -> bytes:
    body = pb.integer_field(_TIMESTAMP, point.stamp)
    values = point.values
    if point.kind == kinds.POSITION:
        # On the wire latitude comes first; our axis 1 is the longitude.
        body += pb.double_field(2, _number(values[1])) + pb.double_field(3, _number(values[0]))
        if altitude is not None:
            body += pb.double_field(4, altitude)
        return body + pb.integer_field(_FIELDS, 3 if altitude is None else 7)
    if point.kind == kinds.HEART_RATE:
        return body + pb.integer_field(4, int(_number(values[-1]))) + pb.integer_field(_FIELDS, 4)
    if point.kind in _INTEGERS:
        return body + pb.integer_field(2, int(_number(values[0])))
    if point.kind in _TEXTS:
        return body + pb.bytes_field(2, str(values[0]).encode("utf-8"))
    for field, value in enumerate(values, 2):
        body += pb.double_field(field, _number(value))
    return body


def encode_message(
    serial: str,
    columns: Columns,
    *,
    stream: int = 1,
    service: int = LIVE_PERSISTENT,
) -> bytes:
    """One `Msg` with all samples of some columns of one unit.

    Two things differ from the JSON form: the altitude travels in the position, and the course is
    0 where JSON leaves it out.
    """
    heights = columns.get((kinds.ALTITUDE, 0), Column([], [[]]))
    altitude = dict(zip(heights.stamps, heights.axes[0], strict=True))
    points = [point for point in _points(columns) if point.kind != kinds.ALTITUDE]
    with_course = {point.stamp for point in points if point.kind == kinds.COURSE}
    points += [
        Point(kinds.COURSE, 0, point.stamp, (0,))
        for point in points
        if point.kind == kinds.SPEED and point.stamp not in with_course
    ]
    body = b""
    for point in points:
        height = altitude.get(point.stamp)
        inner = pb.bytes_field(
            point.kind, _body(point, None if height is None else _number(height))
        )
        body += pb.bytes_field(_POINTS, inner + pb.integer_field(_SOURCE, point.source))
    body += pb.bytes_field(_SERIAL, serial.encode("utf-8"))
    body += pb.integer_field(_SERVICE, service) + pb.integer_field(_STREAM, stream)
    return pb.bytes_field(_MSG_DATA, pb.bytes_field(_DATA_MESSAGE, body))


def _points(columns: Columns) -> Iterator[Point]:
    for (kind, source), column in columns.items():
        if kind == kinds.FILE:
            continue
        for place, stamp in enumerate(column.stamps):
            yield Point(kind, source, stamp, tuple(axis[place] for axis in column.axes))


def decode_message(data: bytes) -> list[Bundle]:
    """The data in one `Msg`; other kinds of messages hold none. Raises protobuf.Malformed."""
    bundles = []
    for field, content in pb.read_fields(data):
        if field == _MSG_DATA:
            for inner, message in pb.read_fields(pb.as_bytes(content)):
                if inner == _DATA_MESSAGE:
                    bundles.append(_bundle(pb.as_bytes(message)))
    return bundles


def _bundle(data: bytes) -> Bundle:
    serial, stream, service = "", 0, 0
    points: list[Point] = []
    for field, value in pb.read_fields(data):
        if field == _SERIAL:
            serial = pb.as_text(value)
        elif field == _STREAM:
            stream = pb.as_integer(value)
        elif field == _SERVICE:
            service = pb.as_integer(value)
        elif field == _POINTS:
            points += _read_points(pb.as_bytes(value))
    return Bundle(serial, stream, tuple(points), service or LIVE_PERSISTENT)


def _read_points(data: bytes) -> list[Point]:
    source = 0
    found: list[tuple[int, dict[int, pb.FieldValue]]] = []
    for field, value in pb.read_fields(data):
        if field == _SOURCE:
            source = pb.as_integer(value)
        elif field in kinds.DATA_TYPES:
            found.append((field, dict(pb.read_fields(pb.as_bytes(value)))))
    points = []
    for kind, fields in found:
        stamp = pb.as_integer(fields.get(_TIMESTAMP, 0))
        values = _read_values(kind, fields)
        if values and stamp < _LARGEST_STAMP:
            points.append(Point(kind, source, stamp, values))
    return points


def _read_values(kind: int, fields: dict[int, pb.FieldValue]) -> tuple[Value, ...]:
    def double(field: int) -> float:
        return pb.as_double(fields[field]) if field in fields else 0.0

    if kind == kinds.POSITION:
        return (double(3), double(2))
    if kind == kinds.HEART_RATE:
        return tuple(pb.as_integer(fields.get(field, 0)) for field in (2, 3, 4))
    if kind in _INTEGERS:
        return (pb.as_signed(fields.get(2, 0)),)
    if kind in _TEXTS:
        return (pb.as_text(fields.get(2, b"")),)
    if kind in _VECTORS:
        return tuple(double(field) for field in range(2, 2 + _VECTORS[kind]))
    if kinds.DATA_TYPES[kind].is_text:
        # Files, logs and events have forms of their own and are not part of any series.
        return ()
    return (double(2),)
