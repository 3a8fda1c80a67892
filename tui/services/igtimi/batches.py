"""Samples on their way from the wire to a store: columns a series, never objects a sample."""

from __future__ import annotations

import struct
from array import array
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Annotated, Any, Protocol, TypeGuard

import msgspec

from tui.services.igtimi.live_types import ALTITUDE, HEART_RATE, POSITION, TYPES

Key = tuple[str, int, int]
"""Serial number, data type, source: one series."""

Batch = tuple[Key, list[int], Sequence[Sequence[float]]]
"""A series, its times (milliseconds since the epoch, UTC) and one column of values per axis."""

Route = tuple[list[bytes], list[bytes], "list[bytes] | None"]
"""Where samples of one series wait: times, first axis, second axis of positions.

All are packed, times by `packed_times`, values by `packer`: as objects of their own they would
leave the processor's cache before they are looked at again. Series of one device mostly share
their times, so these are packed and handed over once for all of them.
"""

LOWEST_ALTITUDE = -500.0
HIGHEST_ALTITUDE = 20_000.0
SMALLEST_NUMBER = 1e-300
"""Below it a double was never measured: an uninitialised one read 9.68e-309 (section 7.11)."""
LARGEST = 1e100
"""Nothing that anybody measures is as large; what is would break sums and squares."""
_decode_times = msgspec.json.Decoder(list[Annotated[int, msgspec.Meta(ge=1)]]).decode


@dataclass(slots=True)
class Passed:
    """What was read and not kept, and why. Nothing is dropped without being counted.

    `unknown`: data types that nobody has described. `not_numbers`: texts, booleans, files.
    `foreign`: samples of serial numbers that were not subscribed. `junk`: values or times that
    cannot be true. `unreadable`: frames that made no sense. `unstamped`: samples with the
    timestamp 0, which were kept with the server's time of their arrival.
    """

    unknown: int = 0
    not_numbers: int = 0
    foreign: int = 0
    junk: int = 0
    unreadable: int = 0
    unstamped: int = 0


class Waiting(Protocol):
    """Frames that are read only when their samples are wanted."""

    def take(self, frame: bytes, wall: int) -> bool:
        """Let a frame wait, if it is one of those; tell whether it does."""
        ...

    def batches(self) -> Iterator[Batch]:
        """Read what waits."""
        ...


class Columns:
    """Collects samples into columns a series until they are taken.

    `allowed` is the set of subscribed serial numbers; samples of others are counted as foreign
    and ignored (section 7.13). None allows all. `routes` is open to the readers' fast paths.
    """

    def __init__(self, allowed: Collection[str] | None, passed: Passed) -> None:
        self.allowed = None if allowed is None else frozenset(allowed)
        self.passed = passed
        self.heard = False
        """Whether anything of a subscribed device was read, since somebody set it to false."""
        self.routes: dict[str, dict[str, Route]] = {s: {} for s in self.allowed or ()}
        self.waiting: Waiting | None = None
        """What waits while nothing stands in the columns: a series' samples stay in order."""
        self.begun = False
        """Whether something may stand in the columns."""
        self._ready: list[Batch] = []
        self._series: dict[Key, Route] = {}
        self._wide: dict[Key, tuple[list[int], tuple[list[float], ...]]] = {}

    def device(self, serial: str) -> dict[str, Route] | None:
        """Return the routes of `serial`, or None if it was not subscribed."""
        known = self.routes.get(serial)
        if known is None and self.allowed is None:
            known = self.routes[serial] = {}
        return known

    def route(self, serial: str, name: str) -> Route | None:
        """Open the fast way for the JSON key `name` (`type` or `type:source`), if it has one."""
        key = plain_key(serial, name)
        if key is None:
            return None
        found = self._open(key, len(TYPES[key[1]].axes))
        self.routes[serial][name] = found
        return found

    def _open(self, key: Key, axes: int) -> Route:
        found = self._series.get(key)
        if found is None:
            found = self._series[key] = ([], [], [] if axes == 2 else None)
        return found

    def put(self, key: Key, times: Sequence[int], axes: Sequence[Sequence[float]]) -> None:
        """Add samples of one series by the careful way, behind those that came before them.

        All columns must be equally long.
        """
        self.begun = True
        if _is_plain(key[1]):
            stamps, first, second = self._open(key, len(axes))
            pack = packer(len(times))
            stamps.append(_packer_of_times(len(times))(*times))
            first.append(pack(*axes[0]))
            if second is not None:
                second.append(pack(*axes[1]))
            return
        if key not in self._wide:
            self._wide[key] = ([], tuple([] for _ in axes))
        wide_stamps, columns = self._wide[key]
        wide_stamps.extend(times)
        for column, values in zip(columns, axes, strict=True):
            column.extend(values)

    def flow(self) -> Iterator[Batch]:
        """Hand over all that was collected; series with the same times share one list of them."""
        ready, self._ready = self._ready, []
        yield from ready
        yield from self.collected()
        if self.waiting is not None:
            yield from self.waiting.batches()

    def settle(self) -> None:
        """Put all that has come behind one another, before what comes now."""
        self._ready = list(self.flow())

    def collected(self) -> Iterator[Batch]:
        """Hand over what stands in the columns."""
        self.begun = False
        known: list[bytes] = []
        times: list[int] = []
        batch: Batch | None
        for key, (packed, first, second) in self._series.items():
            if not packed:
                continue
            if packed != known:
                known = packed.copy()
                times = array("q", b"".join(known)).tolist()
            packed.clear()
            columns = [array("d", b"".join(first))]
            first.clear()
            if second is not None:
                columns.append(array("d", b"".join(second)))
                second.clear()
            batch = (key, times, columns)
            if key[1] == ALTITUDE or (second is not None and not on_earth(*columns)):
                batch = self._plausible(batch)
            if batch is not None:
                yield batch
        wide, self._wide = self._wide, {}
        for key, (stamps, wide_columns) in wide.items():
            yield key, stamps, wide_columns

    def take(self) -> list[Batch]:
        """Hand over all that was collected as lists, no two of them the same, one a series."""
        found: dict[Key, Batch] = {}
        for key, times, axes in self.flow():
            if key in found:
                _, stamps, columns = found[key]
                stamps.extend(times)
                for column, values in zip(columns, axes, strict=True):
                    list.extend(column, values)  # type: ignore[arg-type]
            else:
                found[key] = (key, times.copy(), tuple(list(axis) for axis in axes))
        return list(found.values())

    def _plausible(self, batch: Batch) -> Batch | None:
        key, times, axes = batch
        if key[1] == POSITION:
            longitudes, latitudes = axes
            kept = [
                (time, x, y)
                for time, x, y in zip(times, longitudes, latitudes, strict=True)
                if on_earth((x,), (y,))
            ]
        else:
            kept = [(t, a, 0.0) for t, a in zip(times, axes[0], strict=True) if real_altitude(a)]
        self.passed.junk += len(times) - len(kept)
        if not kept:
            return None
        stamps, first, second = (list(column) for column in zip(*kept, strict=True))
        return (key, stamps, (first, second) if len(axes) == 2 else (first,))


@lru_cache(1024)
def packer(count: int) -> Callable[..., bytes]:
    """Return what packs that many numbers as doubles."""
    return struct.Struct(f"{count}d").pack


@lru_cache(1024)
def _packer_of_times(count: int) -> Callable[..., bytes]:
    """Return what packs that many whole numbers."""
    return struct.Struct(f"{count}q").pack


def on_earth(longitudes: Sequence[float], latitudes: Sequence[float]) -> bool:
    """Tell whether there are positions, and all of them on this planet."""
    if not longitudes or not latitudes:
        return False
    # Lists, for what an array holds becomes an object each time that it is looked at.
    x, y = list(longitudes), list(latitudes)
    return min(x) >= -180 and max(x) <= 180 and min(y) >= -90 and max(y) <= 90


def packed_times(text: msgspec.Raw) -> tuple[bytes | None, int]:
    """Return the times of a JSON array, packed, and how many; None where anything else stands
    among them than whole numbers above 0 that a clock can show.
    """
    try:
        times = _decode_times(text)
        return _packer_of_times(len(times))(*times) or None, len(times)
    except (msgspec.DecodeError, struct.error):
        return None, 0


def real_altitude(metres: float) -> bool:
    """Tell whether an altitude can be one: finite, not uninitialised memory, on this planet."""
    if metres != 0 and abs(metres) < SMALLEST_NUMBER:
        return False
    return LOWEST_ALTITUDE <= metres <= HIGHEST_ALTITUDE


def series_key(serial: str, name: str) -> Key | None:
    """Read an answer's key `type[:source]`; the source is 0 if absent (section 3)."""
    kind, _, source = name.partition(":")
    if not (kind.isascii() and kind.isdigit()):
        return None
    if source and not (source.isascii() and source.isdigit()):
        return None
    if len(kind) > 6 or len(source) > 20:
        return None
    return (serial, int(kind), int(source or 0))


def plain_key(serial: str, name: str) -> Key | None:
    """Read such a key, if all its axes are numbers and each of them is one of the series."""
    key = series_key(serial, name)
    return key if key is not None and _is_plain(key[1]) else None


def _is_plain(type_id: int) -> bool:
    type_ = TYPES.get(type_id)
    if type_ is None or not type_.numeric:
        return False
    return type_.kind != "vector" and type_id != HEART_RATE


def number(value: Any) -> TypeGuard[int | float]:
    """Tell whether a JSON value is a number that can have been measured; booleans are not."""
    if isinstance(value, bool) or not isinstance(value, (int, float)):
        return False
    return -LARGEST < value < LARGEST


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
