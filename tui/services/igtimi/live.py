"""The live feed's protocol: frames and times in, events and frames out. No socket, no clock.

A `Conversation` is what one connection says and hears; what differs between Igtimi's own server
and SAP's replacement is a `LiveDialect`. Times: `now` is any monotonic clock in seconds, `wall`
is this machine's UTC in milliseconds since the epoch.

Source: reference, Igtimi, sections 1 (protocol), 3 (encoding) and 7 (quirks).
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict
from enum import StrEnum
from typing import Any, Protocol

import msgspec

from tui.services.igtimi.batches import (
    Batch,
    Columns,
    Key,
    Passed,
    number,
    on_earth,
    packer,
    plain_times,
    series_key,
)
from tui.services.igtimi.live_types import HEART_RATE, TYPES

HEARTBEAT = "1"
SILENCE = 45.0
"""Seconds without heartbeat or data after which a connection is dead (section 1.4)."""
OWN_HEARTBEAT = 120.0
"""Seconds between our heartbeats; the server drops us after five minutes without."""
ANSWER = 5.0
"""Seconds that a server has for the handshake and its time (sections 1.1 and 1.7)."""
LONGEST_CLOCK = 17
SHORTEST_CLOCK = 10
FURTHEST_FUTURE = 86_400_000
"""Milliseconds after the server's time beyond which no stamp is believed."""


class Event(StrEnum):
    """What a frame was."""

    HEARTBEAT = "heartbeat"
    CLOCK = "clock"
    DATA = "data"
    REFUSAL = "refusal"
    UNREADABLE = "unreadable"


class LiveDialect(Protocol):
    """What differs between servers: who says the token where, and how data frames look."""

    name: str
    changes_devices: bool
    """Whether the server takes another configuration on a connection that stands."""

    def headers(self) -> dict[str, str]:
        """Return the headers of the upgrade request."""
        ...

    def configuration(self, serials: Sequence[str]) -> str:
        """Return the message that subscribes to `serials`."""
        ...

    def is_data(self, frame: bytes) -> bool:
        """Tell whether `frame` has the form of a data frame."""
        ...

    def read(self, frame: bytes, columns: Columns, wall: int) -> str | None:
        """Put a data frame's samples into `columns`, or return the server's words of refusal.

        Raises ValueError if the frame cannot be read.
        """
        ...


class JsonDialect:
    """Igtimi's own server: the token in the one configuration message, JSON in text frames."""

    name = "igtimi"
    changes_devices = False

    def __init__(self, access_token: str) -> None:
        self._token = access_token

    def headers(self) -> dict[str, str]:
        """Return no headers: the token travels in the first message only (section 1.1)."""
        return {}

    def configuration(self, serials: Sequence[str]) -> str:
        """Return `{"access_token": ..., "devices": [...]}` (section 1.3)."""
        message = {"access_token": self._token, "devices": list(serials)}
        return msgspec.json.encode(message).decode()

    def is_data(self, frame: bytes) -> bool:
        """Data is an array; a lone object is taken for one of one element (section 1.6)."""
        return frame[:1] in (b"[", b"{")

    def read(self, frame: bytes, columns: Columns, wall: int) -> str | None:
        """Read one frame, fast if it is as documented and carefully if it is not."""
        try:
            objects = _decode(frame)
        except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
            return read_carefully(frame, columns, wall)
        stamps, text, count, plain, pack = None, b"", 0, False, packer(0)
        for devices in objects:
            for serial, types in devices.items():
                routes = columns.routes.get(serial)
                if routes is None:
                    routes = columns.device(serial)
                    if routes is None:
                        columns.passed.foreign += 1
                        continue
                for name, axes in types.items():
                    if axes.t != stamps:
                        stamps = axes.t
                        text = bytes(stamps)
                        count = text.count(b",") + 1
                        plain = plain_times(text)
                        pack = packer(count)
                    if not plain:
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
                    if second is not None and (not others or not on_earth(axes.first, others)):
                        _read_series(serial, name, axes.document(), columns, wall)
                        continue
                    try:
                        packed = pack(*axes.first)
                        if second is not None and others:
                            second.append(pack(*others))
                    except struct.error:  # more or fewer values than times
                        columns.passed.junk += count
                        continue
                    times.append(text)
                    first.append(packed)
        return None


class _Axes(msgspec.Struct, gc=False):
    """One series in a data frame, if its axes hold numbers. Times are read where it pays."""

    t: msgspec.Raw
    first: list[float] = msgspec.field(name="1")
    second: list[float] | None = msgspec.field(name="2", default=None)
    third: list[float] | None = msgspec.field(name="3", default=None)
    fourth: list[float] | None = msgspec.field(name="4", default=None)

    def document(self) -> dict[str, Any]:
        """Return the series as the JSON object that it was, to be read carefully."""
        axes = {"1": self.first, "2": self.second, "3": self.third, "4": self.fourth}
        return {"t": _decode_anything(self.t), **axes}


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
        document = _decode_anything(frame)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ValueError("not JSON") from error
    if isinstance(document, dict):
        said = document.get("error", document.get("errors"))
        if isinstance(said, str):
            reason = document.get("reason")
            return f"{said}: {reason}" if isinstance(reason, str) else said
        document = [document]
    if not isinstance(document, list):
        raise ValueError("neither an array nor an object")
    for devices in document:
        read_devices(devices, columns, wall)
    return None


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


def stamped(time: Any, wall: int, passed: Passed) -> int | None:
    """Return a sample's time in whole milliseconds, or None if it has none that can be true.

    Batteries are reported with the timestamp 0 (section 7.11): they are of now.
    """
    if not number(time) or not -1 < time < 2**53:
        return None
    if time < 1:
        passed.unstamped += 1
        return wall
    return round(time)


class Conversation:
    """One connection: what to send when, what a frame means, whether the other end lives.

    `accepted` becomes true with the server's time or the first data; `refusal` holds the
    server's own words if it said no. `clock_offset` is server minus local, in milliseconds.
    """

    def __init__(self, dialect: LiveDialect, serials: Sequence[str]) -> None:
        self.dialect = dialect
        self.serials = tuple(dict.fromkeys(serials))
        self.passed = Passed()
        self.accepted = False
        self.refusal: str | None = None
        self.clock_offset: int | None = None
        self.last_heard = 0.0
        self.last_data: float | None = None
        self._columns = Columns(self.serials, self.passed)
        self._last_sent = 0.0
        self._opened = 0.0
        self._wall = 0

    @property
    def headers(self) -> Mapping[str, str]:
        """The headers of the upgrade request."""
        return self.dialect.headers()

    def open(self, now: float) -> list[str]:
        """Return what to send at once after connecting: the configuration, then a heartbeat."""
        self._opened = self.last_heard = self._last_sent = now
        return [self.dialect.configuration(self.serials), HEARTBEAT]

    def follow(self, serials: Sequence[str]) -> list[str] | None:
        """Return what to send to follow other devices from now on.

        None where there is one configuration a connection: then only another connection helps.
        Samples that were not handed over yet are lost.
        """
        if not self.dialect.changes_devices:
            return None
        self.serials = tuple(dict.fromkeys(serials))
        self._columns = Columns(self.serials, self.passed)
        return [self.dialect.configuration(self.serials)]

    def receive(self, frame: bytes | str, now: float, wall: int) -> Event:
        """Take in one frame. Whatever it is, it is a sign of life (section 1.4)."""
        self.last_heard = now
        if isinstance(frame, str):
            frame = frame.encode()
        if not self.dialect.is_data(frame):
            return self._control(frame.strip(), now, wall)
        self._wall = wall + (self.clock_offset or 0)
        try:
            refused = self.dialect.read(frame, self._columns, self._wall)
        except ValueError:
            self.passed.unreadable += 1
            return Event.UNREADABLE
        if refused is not None:
            self.refusal = refused
            return Event.REFUSAL
        self.accepted = True
        self.last_data = now
        return Event.DATA

    def _control(self, frame: bytes, now: float, wall: int) -> Event:
        if frame == b"1":
            return Event.HEARTBEAT
        if SHORTEST_CLOCK <= len(frame) <= LONGEST_CLOCK and frame.isdigit():
            self.clock_offset = int(frame) - wall
            self.accepted = True
            return Event.CLOCK
        if self.dialect.is_data(frame):  # only spaces stood before it
            return self.receive(frame, now, wall)
        self.passed.unreadable += 1
        return Event.UNREADABLE

    @property
    def horizon(self) -> int:
        """The time, by the server's clock, after which a stamp cannot be true.

        Device stamps a little after the server's time are normal (section 7.12); one that lies
        further ahead than a day would make every later sample look late.
        """
        return self._wall + FURTHEST_FUTURE

    def drain(self) -> list[Batch]:
        """Hand over the samples heard since the last time, merged by series."""
        return self._columns.take()

    def flow(self) -> Iterator[Batch]:
        """Hand over the same in packed columns, with lists of times that several may share."""
        return self._columns.flow()

    def dropped(self) -> dict[str, int]:
        """Return how much was passed by, by reason, without the reasons that did not occur."""
        return {reason: count for reason, count in asdict(self.passed).items() if count}

    def due(self, now: float) -> list[str]:
        """Return what must be sent by now: our own heartbeat, well within five minutes."""
        if now - self._last_sent < OWN_HEARTBEAT:
            return []
        self._last_sent = now
        return [HEARTBEAT]

    def deadline(self) -> float:
        """Return when `due` or `dead` next have something to say."""
        times = [self._last_sent + OWN_HEARTBEAT, self.last_heard + SILENCE]
        if not self.accepted:
            times.append(self._opened + ANSWER)
        return min(times)

    def dead(self, now: float) -> str | None:
        """Return why the connection must be given up, or None as long as it lives."""
        if not self.accepted and now - self._opened >= ANSWER:
            return "the server did not answer the subscription"
        if now - self.last_heard >= SILENCE:
            return "nothing was heard for 45 seconds"
        return None


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
