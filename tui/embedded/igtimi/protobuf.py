"""As much of the protobuf encoding as the RIoT messages need: varints, doubles, bytes.

https://protobuf.dev/programming-guides/encoding/
"""

from __future__ import annotations

import struct
from collections.abc import Iterator

VARINT, FIXED64, LENGTH, FIXED32 = 0, 1, 2, 5

_DOUBLE = struct.Struct("<d")
_MASK = (1 << 64) - 1

FieldValue = int | bytes


class Malformed(ValueError):
    """Bytes that are no protobuf message."""


def varint(number: int) -> bytes:
    """A number in base 128; negative ones as their 64-bit two's complement."""
    number &= _MASK
    result = bytearray()
    while number > 0x7F:
        result.append((number & 0x7F) | 0x80)
        number >>= 7
    result.append(number)
    return bytes(result)


def integer_field(field: int, number: int) -> bytes:
    """A whole number; proto3 leaves 0 out."""
    return varint(field << 3 | VARINT) + varint(number) if number else b""


def double_field(field: int, number: float) -> bytes:
    """A double; proto3 leaves 0 out."""
    return varint(field << 3 | FIXED64) + _DOUBLE.pack(number) if number else b""


def bytes_field(field: int, content: bytes) -> bytes:
    """Bytes, text in UTF-8, or an embedded message; an empty message is written, too."""
    return varint(field << 3 | LENGTH) + varint(len(content)) + content


def read_varint(data: bytes, offset: int) -> tuple[int, int]:
    """A number and the offset behind it. Raises Malformed."""
    number = shift = 0
    while True:
        if offset >= len(data) or shift > 63:
            raise Malformed("a number is cut short or too long")
        byte = data[offset]
        offset += 1
        number |= (byte & 0x7F) << shift
        if byte < 0x80:
            return number & _MASK, offset
        shift += 7


def read_fields(data: bytes) -> Iterator[tuple[int, FieldValue]]:
    """Field numbers and values of one message; fixed ones as their bytes. Raises Malformed."""
    offset = 0
    while offset < len(data):
        tag, offset = read_varint(data, offset)
        field, kind = tag >> 3, tag & 7
        if not field:
            raise Malformed("field number 0")
        if kind == VARINT:
            number, offset = read_varint(data, offset)
            yield field, number
            continue
        if kind == LENGTH:
            length, offset = read_varint(data, offset)
        elif kind in (FIXED64, FIXED32):
            length = 8 if kind == FIXED64 else 4
        else:
            raise Malformed(f"wire type {kind}")
        if length > len(data) - offset:
            raise Malformed("a field is cut short")
        yield field, data[offset : offset + length]
        offset += length


def as_double(value: FieldValue) -> float:
    """The number of a double's bytes. Raises Malformed."""
    if isinstance(value, int) or len(value) != 8:
        raise Malformed("no double")
    number: float = _DOUBLE.unpack(value)[0]
    return number


def as_integer(value: FieldValue) -> int:
    """An unsigned whole number. Raises Malformed."""
    if not isinstance(value, int):
        raise Malformed("no number")
    return value


def as_signed(value: FieldValue) -> int:
    """A signed whole number. Raises Malformed."""
    number = as_integer(value)
    return number - (1 << 64) if number >> 63 else number


def as_bytes(value: FieldValue) -> bytes:
    """Bytes. Raises Malformed."""
    if isinstance(value, int):
        raise Malformed("no bytes")
    return value


def as_text(value: FieldValue) -> str:
    """Text. Raises Malformed."""
    try:
        return as_bytes(value).decode("utf-8")
    except UnicodeDecodeError:
        raise Malformed("text is not UTF-8") from None
