"""Igtimi's own frames: JSON text, read fast if it is as documented and carefully if it is not.

REST answers of `resources/data` are made of the same objects and read here too.

Source: reference, Igtimi, sections 1 (protocol), 2 (types), 3 (encoding) and 7 (quirks).
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import msgspec

from tui.services.igtimi.alike import Alike
from tui.services.igtimi.batches import (
    LARGEST,
    Batch,
    Columns,
    Key,
    Passed,
    number,
    packed_times,
    packer,
    series_key,
    stamped,
)
from tui.services.igtimi.live_types import HEART_RATE, TYPES


class JsonDialect:
    """Igtimi's own server: the token in the one configuration message, JSON in text frames."""

    name = "igtimi"
    changes_devices = False

    def __init__(self, access_token: str) -> None:
        self.secret = access_token

    def headers(self) -> dict[str, str]:
        """Return no headers: the token travels in the first message only (section 1.1)."""
        return {}

    def configuration(self, serials: Sequence[str]) -> str:
        """Return `{"access_token": ..., "devices": [...]}` (section 1.3)."""
        message = {"access_token": self.secret, "devices": list(serials)}
        return msgspec.json.encode(message).decode()

    def is_data(self, frame: bytes) -> bool:
        """Data is an array; a lone object is taken for one of one element (section 1.6)."""
        return frame[:1] in (b"[", b"{")

    def read(self, frame: bytes, columns: Columns, wall: int) -> str | None:
        """Read one frame, or let it wait for others that are like it."""
        waiting = columns.waiting
        if waiting is None:
            waiting = columns.waiting = Alike(columns, read_alone)
        if waiting.take(frame, wall):
            return None
        return read_alone(frame, columns, wall)


def read_alone(frame: bytes, columns: Columns, wall: int) -> str | None:
    """Read one frame, fast if it is as documented and carefully if it is not."""
    try:
        objects = _decode(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return read_carefully(frame, columns, wall)
    stamps: msgspec.Raw | None = None
    stamped_at: bytes | None = None
    count, pack = 0, packer(0)
    heard = False
    for devices in objects:
        for serial, types in devices.items():
            routes = columns.routes.get(serial)
            if routes is None:
                routes = columns.device(serial)
                if routes is None:
                    columns.passed.foreign += 1
                    continue
            heard = True
            for name, axes in types.items():
                if axes.t != stamps:
                    stamps = axes.t
                    stamped_at, count = packed_times(stamps)
                    pack = packer(count)
                if stamped_at is None:
                    _read_series(serial, name, axes.document(), columns, wall)
                    continue
                route = routes.get(name)
                if route is None:
                    route = columns.route(serial, name)
                    if route is None:
                        _read_series(serial, name, axes.document(), columns, wall)
                        continue
                times, first, second = route
                others = axes.second
                if second is not None and not others:
                    _read_series(serial, name, axes.document(), columns, wall)
                    continue
                try:
                    packed = pack(*axes.first)
                    if second is not None and others:
                        second.append(pack(*others))
                except struct.error:  # more or fewer values than times
                    columns.passed.junk += count
                    continue
                times.append(stamped_at)
                first.append(packed)
    columns.heard = columns.heard or heard
    columns.begun = True
    return None


_Measured = Annotated[float, msgspec.Meta(gt=-LARGEST, lt=LARGEST)]


class _Axes(msgspec.Struct, gc=False):
    """One series in a data frame, if its axes hold numbers. Times are read where it pays."""

    t: msgspec.Raw
    first: list[_Measured] = msgspec.field(name="1")
    second: list[_Measured] | None = msgspec.field(name="2", default=None)
    third: list[_Measured] | None = msgspec.field(name="3", default=None)
    fourth: list[_Measured] | None = msgspec.field(name="4", default=None)

    def document(self) -> dict[str, Any]:
        """Return the series as the JSON object that it was, to be read carefully."""
        axes = {"1": self.first, "2": self.second, "3": self.third, "4": self.fourth}
        try:
            return {"t": _decode_anything(self.t), **axes}
        except msgspec.DecodeError:
            # A number that is too long even for a whole one; what it stood with is lost.
            return {"t": [None] * (bytes(self.t).count(b",") + 1), **axes}


_decode = msgspec.json.Decoder(list[dict[str, dict[str, _Axes]]]).decode
_decode_anything = msgspec.json.Decoder().decode


def wanted_axes(key: Key, present: Sequence[Any]) -> tuple[Any, ...] | None:
    """Choose the axes that make the series: all that the type has, or None if some are missing.

    Heart rate comes as event time, beat count and rate, or as the rate alone (section 2).
    """
    if key[1] == HEART_RATE:
        return (present[2] if len(present) >= 3 else present[0],) if present else None
    count = len(TYPES[key[1]].axes)
    return tuple(present[:count]) if len(present) >= count else None


def read_carefully(frame: bytes, columns: Columns, wall: int) -> str | None:
    """Read a frame that is not wholly as documented, keeping every sample that is a number.

    Raises ValueError if it is not JSON of the right form at all.
    """
    try:
        # Unlike msgspec it reads NaN and 1e999, which cost one sample then, not the frame.
        document = json.loads(frame)
    except (ValueError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if isinstance(document, dict):
        document = [document]
    if not isinstance(document, list):
        raise ValueError("neither an array nor an object")
    for devices in document:
        said = _refusal(devices)
        if said is not None:
            return said
        read_devices(devices, columns, wall)
    return None


def _refusal(devices: Any) -> str | None:
    """Return what an object says that holds an error in the place of devices; None if none."""
    said = devices.get("error", devices.get("errors")) if isinstance(devices, dict) else None
    if not said:
        return None
    words = said if isinstance(said, str) else msgspec.json.encode(said).decode()
    reason = devices.get("reason")
    return f"{words}: {reason}" if isinstance(reason, str) else words


def read_devices(devices: Any, columns: Columns, wall: int) -> None:
    """Read one object `serial -> type -> arrays`, as frames and REST answers have it."""
    if not isinstance(devices, dict):
        columns.passed.unreadable += 1
        return
    for serial, types in devices.items():
        if not isinstance(types, dict):
            continue  # e.g. "archived_resources", which stands beside the serials
        if columns.device(serial) is None:
            columns.passed.foreign += 1
            continue
        columns.heard = True
        for name, axes in types.items():
            _read_series(serial, name, axes, columns, wall)


def _read_series(serial: str, name: str, axes: Any, columns: Columns, wall: int) -> None:
    passed = columns.passed
    key = series_key(serial, name)
    if key is None or key[1] not in TYPES:
        passed.unknown += 1
        return
    if not TYPES[key[1]].numeric:
        passed.not_numbers += 1
        return
    times = axes.get("t") if isinstance(axes, dict) else None
    if not isinstance(times, list):
        passed.junk += 1
        return
    present: list[list[Any]] = []
    while isinstance(values := axes.get(str(len(present) + 1)), list):
        present.append(values)
    wanted = wanted_axes(key, present)
    if wanted is None or any(len(column) != len(times) for column in wanted):
        passed.junk += max(len(times), 1)
        return
    for time, *values in zip(times, *wanted, strict=True):
        if not all(map(number, values)):
            passed.not_numbers += 1
            continue
        stamp = stamped(time, wall, passed)
        if stamp is None:
            passed.junk += 1
            continue
        columns.put(key, (stamp,), tuple((float(value),) for value in values))


def read_answer(document: Any, serials: Iterable[str] | None = None) -> tuple[list[Batch], Passed]:
    """Read an answer of `GET resources/data`: the same objects as in the live feed's frames.

    `document` is the decoded JSON; `serials` are those asked for, or None for any. Samples with
    the timestamp 0 have no time of arrival here and are counted as junk. Raises ValueError if
    the answer is no object.
    """
    if not isinstance(document, dict):
        raise ValueError("the answer is no object of serial numbers")
    passed = Passed()
    columns = Columns(None if serials is None else tuple(serials), passed)
    read_devices(document, columns, 0)
    batches: list[Batch] = []
    for key, times, axes in columns.take():
        if 0 in times:
            rows = [row for row in zip(times, *axes, strict=True) if row[0]]
            passed.junk += len(times) - len(rows)
            if not rows:
                continue
            stamps, *values = (list(column) for column in zip(*rows, strict=True))
            batches.append((key, [int(stamp) for stamp in stamps], tuple(values)))
        else:
            batches.append((key, times, axes))
    return batches, passed
