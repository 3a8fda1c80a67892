"""SAP's replacement server: the same conversation, with binary protobuf messages as data.

A reader of our own for the few messages that carry samples. A protobuf field is a varint key
`number << 3 | form`, then a varint (form 0), eight bytes (1), a length and bytes (2) or four
bytes (5). What is not known is skipped by its form, as protobuf demands.

Source: reference, Igtimi, section 10; the public `com.igtimi` schema (IgtimiStream.proto: Msg;
IgtimiData.proto: Data, DataMsg, DataPoint and the points).
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Iterable, Iterator, Sequence
from struct import unpack_from

import msgspec

from tui.services.igtimi.batches import Batch, Columns, Passed, number, real_altitude, stamped
from tui.services.igtimi.goodbye import Goodbye
from tui.services.igtimi.live_types import ALTITUDE, HEART_RATE, POSITION, TYPES

MSG_CHANNEL_MANAGEMENT = 1
MSG_DATA = 2
DATA_MESSAGES = 1
MESSAGE_POINTS = 1
MESSAGE_SERIAL = 2
POINT_SOURCE = 1001
TIMESTAMP = 1
POSITION_LATITUDE = 2
POSITION_LONGITUDE = 3
POSITION_ALTITUDE = 4
HEART_RATE_BPM = 4
FIELDS_SET = 15
MANAGEMENT_DISCONNECT = 2
DISCONNECT_CODE = 2
DISCONNECT_REASON = 3
DISCONNECT_URL = 4
ALTITUDE_SET = 4
"""The bit of a position's `fields` that says that the altitude was measured."""

Value = int | float | bytes


def fields(message: bytes) -> Iterator[tuple[int, Value]]:
    """Yield (field number, value) of a protobuf message, in the order of the wire.

    Eight-byte values are read as doubles, as everywhere in this schema. Raises ValueError if
    the message is cut short, a length reaches beyond it, or a form is unknown.
    """
    position, end = 0, len(message)
    while position < end:
        key, position = _varint(message, position)
        form = key & 7
        if form == 0:
            value, position = _varint(message, position)
            yield key >> 3, value
        elif form == 1:
            if position + 8 > end:
                raise ValueError("a number is cut short")
            yield key >> 3, unpack_from("<d", message, position)[0]
            position += 8
        elif form == 2:
            length, position = _varint(message, position)
            if position + length > end:
                raise ValueError("a part is longer than its message")
            yield key >> 3, message[position : position + length]
            position += length
        elif form == 5:
            if position + 4 > end:
                raise ValueError("a number is cut short")
            yield key >> 3, unpack_from("<f", message, position)[0]
            position += 4
        else:
            raise ValueError(f"unknown protobuf form {form}")


def _varint(message: bytes, position: int) -> tuple[int, int]:
    result = shift = 0
    while True:
        if position >= len(message) or shift > 63:
            raise ValueError("a whole number is cut short")
        byte = message[position]
        position += 1
        result |= (byte & 0x7F) << shift
        if byte < 0x80:
            return result & 0xFFFF_FFFF_FFFF_FFFF, position
        shift += 7


class RiotDialect:
    """SAP's server: Bearer in the upgrade request, devices only in the configuration."""

    name = "riot"
    changes_devices = True

    def __init__(self, access_token: str) -> None:
        self.secret = access_token

    def headers(self) -> dict[str, str]:
        """Return the Authorization header with the bearer token."""
        return {"Authorization": f"Bearer {self.secret}"}

    def configuration(self, serials: Sequence[str]) -> str:
        """Return `{"devices": [...]}`; this server allows it again, to change the devices."""
        return msgspec.json.encode({"devices": list(serials)}).decode()

    def is_data(self, frame: bytes) -> bool:
        """A `Msg` begins with the key of one of its parts, all of them bytes with a length.

        None of these keys is a digit, so heartbeat and server time cannot be taken for data.
        """
        return frame[:1] in (b"\x0a", b"\x12", b"\x1a", b"\x22", b"\x2a")

    def read(self, frame: bytes, columns: Columns, wall: int) -> str | Goodbye | None:
        """Read one `Msg`; the server may say in it that it disconnects."""
        refused: Goodbye | None = None
        for part, value in fields(frame):
            if part == MSG_DATA and isinstance(value, bytes):
                _read_data(value, columns, wall, None)
            elif part == MSG_CHANNEL_MANAGEMENT and isinstance(value, bytes):
                refused = _disconnecting(value) or refused
        return refused


def read_messages(
    serial: str, messages: Iterable[str | bytes], wall: int = 0
) -> tuple[list[Batch], Passed]:
    """Read REST data of SAP's server: base64 `Msg` of one device, in no order.

    All samples are taken as of `serial`, which was asked for, whatever the message itself
    names. Messages that are no base64 or no protobuf are counted and passed by.
    """
    passed = Passed()
    columns = Columns((serial,), passed)
    for message in messages:
        try:
            for part, value in fields(base64.b64decode(message, validate=True)):
                if part == MSG_DATA and isinstance(value, bytes):
                    _read_data(value, columns, wall, serial)
        except (ValueError, binascii.Error):
            passed.unreadable += 1
    return columns.take(), passed


def _disconnecting(management: bytes) -> Goodbye | None:
    for part, value in fields(management):
        if part == MANAGEMENT_DISCONNECT and isinstance(value, bytes):
            details = dict(fields(value))
            code, url = details.get(DISCONNECT_CODE, 0), details.get(DISCONNECT_URL, b"")
            reason = details.get(DISCONNECT_REASON, b"")
            return Goodbye(
                _text(reason) or "the server is disconnecting",
                code if isinstance(code, int) else 0,
                _text(url),
            )
    return None


def _text(value: bytes | float) -> str:
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else ""


def _read_data(data: bytes, columns: Columns, wall: int, serial: str | None) -> None:
    for part, value in fields(data):
        if part == DATA_MESSAGES and isinstance(value, bytes):
            _read_message(value, columns, wall, serial)


def _read_message(message: bytes, columns: Columns, wall: int, serial: str | None) -> None:
    points: list[bytes] = []
    for part, value in fields(message):
        if part == MESSAGE_POINTS and isinstance(value, bytes):
            points.append(value)
        elif part == MESSAGE_SERIAL and isinstance(value, bytes) and serial is None:
            serial = value.decode("utf-8", "replace")
    if serial is None or columns.device(serial) is None:
        columns.passed.foreign += 1
        return
    columns.heard = True
    for point in points:
        _read_point(serial, point, columns, wall)


def _read_point(serial: str, point: bytes, columns: Columns, wall: int) -> None:
    source, type_, body = 0, 0, b""
    for part, value in fields(point):
        if part == POINT_SOURCE and isinstance(value, int):
            source = value
        elif isinstance(value, bytes):
            type_, body = part, value
    known = TYPES.get(type_)
    if known is None:
        columns.passed.unknown += 1
        return
    # In this schema 5 is a generic angle; an altitude comes within the position.
    if not known.numeric or type_ == ALTITUDE:
        columns.passed.not_numbers += 1
        return
    content: dict[int, float] = {}
    for part, value in fields(body):
        if not isinstance(value, bytes):
            content[part] = value
    # A number that is 0 is left out on the wire: absent means 0 here, unlike in JSON.
    time = stamped(content.get(TIMESTAMP, 0), wall, columns.passed)
    if type_ == POSITION:
        axes = [content.get(POSITION_LONGITUDE, 0.0), content.get(POSITION_LATITUDE, 0.0)]
    elif type_ == HEART_RATE:
        axes = [content.get(HEART_RATE_BPM, 0.0)]
    else:
        axes = [content.get(2 + axis, 0.0) for axis in range(len(known.axes))]
    axes = [_signed(axis) for axis in axes]
    if time is None or time == 0 or not all(map(number, axes)):
        columns.passed.junk += 1
        return
    columns.put((serial, type_, source), (time,), tuple((axis,) for axis in axes))
    altitude = content.get(POSITION_ALTITUDE)
    if type_ == POSITION and altitude is not None:
        known_fields = content.get(FIELDS_SET, 0)
        measured = isinstance(known_fields, int) and known_fields & ALTITUDE_SET
        if measured and real_altitude(altitude):
            columns.put((serial, ALTITUDE, source), (time,), ((altitude,),))
        else:
            columns.passed.junk += 1


def _signed(value: float) -> float:
    """Read a negative int32, which travels as the 64-bit number of the same bits."""
    if isinstance(value, int) and value >= 1 << 63:
        value -= 1 << 64
    return float(value)
