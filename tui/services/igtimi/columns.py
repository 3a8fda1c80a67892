"""Measured data as columns: the answer of `resources/data`, decoded straight into them.

Axes are the wire's: for type 1 axis 1 is the longitude and axis 2 the latitude, and speeds are
km/h. Types are series of their own with their own times: never pair them by index. The service
promises no order and repeats itself at times; a series is in order here, each time once.
Source: Igtimi API document, Data: List; vendor guide "API communication fundamentals".
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from itertools import islice
from operator import eq
from typing import Any

import msgspec

from tui.services.client import decode_after_noise, decode_json
from tui.services.digits import whole
from tui.services.errors import ProtocolViolation, Refused
from tui.services.igtimi.batches import Key, series_key
from tui.services.igtimi.live_types import TYPES
from tui.services.igtimi.riot import read_messages
from tui.services.reading import (
    Record,
    Unreadable,
    each,
    is_nothing,
    left_out,
    unreadable,
)
from tui.services.scalars import real
from tui.services.wire import Response
from tui.words import counted

Values = list[float] | list[Any]


class Series(Record, frozen=True, kw_only=True):
    """One series: times in Unix milliseconds, and the values of each axis at those times.

    Values are numbers, but for the types that carry text or truth values (16, 51 and above).
    """

    serial: str
    type: int
    source: int = 0
    times: list[int]
    axes: dict[int, Values]

    @property
    def key(self) -> Key:
        """What makes it this series."""
        return self.serial, self.type, self.source

    def __len__(self) -> int:
        return len(self.times)


class DataAnswer(Record, frozen=True, kw_only=True):
    """What was measured. While `archived_resources` names any, older data is still missing:

    the service takes them out of its archive, and the same call brings more of them later.
    """

    series: list[Series]
    archived_resources: list[int] = []

    def find(self, serial: str, type: int, source: int = 0) -> Series | None:
        """The series of one device, type and source."""
        wanted = (serial, type, source)
        return next((series for series in self.series if series.key == wanted), None)


class _Block(msgspec.Struct, rename=lambda name: name.lstrip("c"), forbid_unknown_fields=True):
    """One series as the wire has it, for the fast path: nothing but times and numbers."""

    t: list[int]
    c1: list[float] | None = None
    c2: list[float] | None = None
    c3: list[float] | None = None
    c4: list[float] | None = None

    def axes(self) -> dict[int, Values]:
        columns = (self.c1, self.c2, self.c3, self.c4)
        return {axis: column for axis, column in enumerate(columns, 1) if column is not None}


EARLIEST, LATEST = -62_135_596_800_000, 253_402_300_799_999
"""Milliseconds from the first to the last moment that a date can say."""

_FAST = msgspec.json.Decoder(dict[str, dict[str, _Block] | list[Any] | str | None])
_ANY = msgspec.json.Decoder()


def decode_data(content: bytes) -> DataAnswer:
    """Decode an answer of `resources/data`.

    What is only numbers goes straight into columns; anything else (text, single values, nulls)
    takes the tolerant way. SAP's server answers a list of binary messages for each device. A
    series that cannot be read is left out and noted; raises ProtocolViolation naming the first
    when none can, and Refused for an answer that holds an error.
    """
    try:
        answer: dict[str, Any] = decode_after_noise(content, _FAST)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        answer = _loosely(decode_json(Response(200, {}, content), _ANY))
    if isinstance(answer.get("error"), str):
        reason = answer.get("reason")
        words = answer["error"] + (f": {reason}" if isinstance(reason, str) else "")
        raise Refused(words, code=answer["error"])
    archived = answer.pop("archived_resources", None)
    parts: list[tuple[str, str, object]] = []
    for serial, blocks in answer.items():
        if isinstance(blocks, dict):
            parts += [(serial, key, block) for key, block in blocks.items()]
        elif not (is_nothing(blocks) or isinstance(blocks, str)):
            parts.append((serial, "", blocks))
    found = each(parts, "series", _part, subject=True)
    return DataAnswer(
        series=[series for part in found for series in part],
        archived_resources=_identities(archived),
    )


def _identities(value: object) -> list[int]:
    found = [whole(str(item)) for item in value] if isinstance(value, list) else []
    return [number for number in found if number is not None]


def _part(part: tuple[str, str, Any], _at: str) -> list[Series]:
    """One series, or those in one device's messages."""
    serial, key, block = part
    at = f"{serial}.{key[:40]}" if key else serial
    if not key and isinstance(block, list):
        return _message_series(serial, block)
    if isinstance(block, dict):
        block = _Loose(block)
    if not isinstance(block, (_Block, _Loose)):
        raise unreadable(at, "times and values", block)
    return [_series(serial, key, block, at)]


def _message_series(serial: str, messages: list[Any]) -> list[Series]:
    """The series in the messages of one device, read as the live feed reads them."""
    batches, passed = read_messages(serial, [one for one in messages if isinstance(one, str)])
    lost = passed.unreadable + passed.junk + sum(not isinstance(one, str) for one in messages)
    if lost or (messages and not batches):
        error = Unreadable(serial, "holds messages that cannot be read")
        if not batches:
            raise error
        left_out(f"{serial}.messages", max(len(messages), lost), [(serial, error)] * lost)
    found = []
    for (_, type_, source), stamps, axes in batches:
        columns: dict[int, Values] = {axis: list(one) for axis, one in enumerate(axes, 1)}
        times, columns = in_order(stamps, columns)
        found.append(Series(serial=serial, type=type_, source=source, times=times, axes=columns))
    return found


def _series(serial: str, key: str, block: _Block | _Loose, at: str) -> Series:
    found = series_key(serial, key)
    if found is None:
        raise Unreadable(at, "is no data type")
    axes, times = block.axes(), block.t
    kind = TYPES.get(found[1])
    if isinstance(block, _Loose) and kind is not None and kind.numeric:
        axes = {axis: _numbers(values, at, axis) for axis, values in axes.items()}
    for axis, values in axes.items():
        if len(values) != len(times):
            raise Unreadable(
                at,
                f"is uneven: axis {axis} has "
                f"{counted(len(values), 'value')} for {counted(len(times), 'time')}",
            )
    if times and not axes:
        raise Unreadable(at, "has times and no values")
    stamps, axes = in_order(*_with_times(times, axes, at))
    if stamps and not EARLIEST <= stamps[0] <= stamps[-1] <= LATEST:
        raise Unreadable(f"{at}.t", "holds what is no time")
    return Series(serial=serial, type=found[1], source=found[2], times=stamps, axes=axes)


def _with_times(
    times: Sequence[int | None], axes: dict[int, Values], at: str
) -> tuple[list[int], dict[int, Values]]:
    """The samples that have a time; the others are left out. Raises Unreadable when none has."""
    kept = [index for index, stamp in enumerate(times) if stamp is not None]
    stamps = [stamp for stamp in times if stamp is not None]
    if len(kept) == len(times):
        return stamps, axes
    places = [f"{at}.t[{index}]" for index, stamp in enumerate(times) if stamp is None]
    failures = [(place, Unreadable(place, "holds no time")) for place in places]
    if not kept:
        raise failures[0][1]
    left_out(f"{at}.times", len(times), failures)
    return stamps, {axis: [values[i] for i in kept] for axis, values in axes.items()}


def in_order(times: list[int], axes: dict[int, Values]) -> tuple[list[int], dict[int, Values]]:
    """The same values in the order of their times; of values at one time the first is kept."""
    if times == sorted(times) and not any(map(eq, times, islice(times, 1, None))):
        return times, axes
    kept: list[int] = []
    before: int | None = None
    for index in sorted(range(len(times)), key=times.__getitem__):
        if times[index] != before:
            kept.append(index)
            before = times[index]
    return (
        [times[index] for index in kept],
        {axis: [values[index] for index in kept] for axis, values in axes.items()},
    )


class _Loose:
    """One series on the tolerant way, in the shape of a block."""

    def __init__(self, block: dict[str, Any]) -> None:
        self.t = [_stamp(stamp) for stamp in _many(block.get("t"))]
        """Times; None for what is none."""
        self._axes = {
            int(name): _column(_many(values))
            for name, values in block.items()
            if name.isdecimal() and len(name) <= 3
        }

    def axes(self) -> dict[int, Values]:
        return self._axes


def _loosely(answer: Any) -> dict[str, Any]:
    if not isinstance(answer, dict):
        raise ProtocolViolation("the data should be an object, one key a device")
    return answer


def _many(value: Any) -> list[Any]:
    if value is None:
        return []
    if isinstance(value, dict) and all(map(str.isdecimal, value)):
        return list(value.values())
    return value if isinstance(value, list) else [value]


def _stamp(value: Any) -> int | None:
    try:
        if isinstance(value, str) and len(value) <= 24:
            value = float(value)
        if isinstance(value, (int, float)) and not isinstance(value, bool):
            return int(value)
    except (ValueError, OverflowError):
        pass
    return None


def _column(values: list[Any]) -> Values:
    """Numbers as floats, with NaN where one is missing; anything else as it came."""
    if all(value is None or _numeric(value) for value in values):
        return [math.nan if value is None else float(value) for value in values]
    return values


def _numbers(values: Values, at: str, axis: int) -> Values:
    """What was measured, of a type that is numbers: digits in a text are one, what is none is
    left out and noted. Raises Unreadable where there is nothing else."""
    if all(isinstance(value, float) for value in values):
        return values
    found = [_number_of(value) for value in values]
    odd = [index for index, value in enumerate(found) if value is None]
    if odd:
        places = {f"{at}.{axis}[{index}]": values[index] for index in odd}
        failures = [(place, unreadable(place, "a number", one)) for place, one in places.items()]
        if len(odd) == len(found):
            raise failures[0][1]
        left_out(f"{at}.values", len(found), failures)
    return [math.nan if value is None else value for value in found]


def _number_of(value: Any) -> float | None:
    """A measured value, NaN where there is none; None for what is no number."""
    if value is None or (isinstance(value, str) and value.strip().lower() in ("", "nan")):
        return math.nan
    try:
        return real(value, "") if not isinstance(value, bool) else None
    except Unreadable:
        # NaN of the column that it stood in.
        return math.nan if value != value else None


def _numeric(value: Any) -> bool:
    # Larger whole numbers than a float can hold stay as they came.
    return isinstance(value, float) or (
        isinstance(value, int) and not isinstance(value, bool) and abs(value) < 2**1000
    )


def joined(answers: Iterable[DataAnswer]) -> DataAnswer:
    """The answers of several slices of time, one after the other, as one."""
    series: dict[Key, Series] = {}
    archived: dict[int, None] = {}
    for answer in answers:
        archived.update(dict.fromkeys(answer.archived_resources))
        for found in answer.series:
            before = series.get(found.key)
            if before is None:
                series[found.key] = found
            else:
                _extend(before, found)
    return DataAnswer(series=list(series.values()), archived_resources=list(archived))


def _extend(before: Series, after: Series) -> None:
    """Put a later slice behind an earlier one; an axis that only one has is NaN in the other."""
    count = len(before)
    for axis in before.axes.keys() | after.axes.keys():
        values = before.axes.setdefault(axis, [math.nan] * count)
        values.extend(after.axes.get(axis, [math.nan] * len(after)))
    before.times.extend(after.times)
