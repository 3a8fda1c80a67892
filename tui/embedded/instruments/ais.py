"""AIS (`!AIVDM`) as boats: positions, speeds and headings by MMSI. `pyais` reads the bits.

Sections 1 and 2 of reference/instruments.md: what a message has that is "not available" comes as
a number, and is none.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from typing import Any

from tui.embedded.instruments.readings import KMH_PER_KNOT, Loss, Tally, finite

Found = list[tuple[str, int, tuple[float, ...]]]
"""Boat, type and values."""

PARTS = 5
"""Messages of several sentences that are waited for at a time: datagrams come in any order, and
their numbers, 0 to 9, come again, when nothing of an earlier one may be left."""

EARLY = 400
"""Sentences that wait until the library is there; importing it takes part of a second."""

MOVING = frozenset({1, 2, 3, 9, 18, 19, 27})
STANDING = frozenset({4, 21})
"""Base stations and marks: a place alone."""

NAMING = {5: "shipname", 21: "name", 24: "shipname"}
"""Kinds that say what a vessel or a mark is called, and where."""

_NO_SPEED = {9: 1022.0, 27: 63.0}
"""Knots from which on there is none, or nobody knows how many; for all others 102.2."""

Decode = Callable[..., Any]

_beginning = threading.Lock()
_imports: list[threading.Thread] = []

_there, _missing = threading.Event(), threading.Event()
"""Set where the library is imported, and where it is not installed."""


def _import() -> None:
    try:
        import pyais  # noqa: F401 - so that the next look finds it
    except ImportError:
        _missing.set()
    else:
        _there.set()


def decoder(*, wait: bool) -> Decode | None:
    """What reads a message; None where the library is missing, or is not there yet.

    Without `wait` it is imported in a thread, so that nothing else stands still meanwhile.
    """
    if _missing.is_set():
        return None
    if not _there.is_set():
        if wait:
            _import()
        else:
            _begin()
    return sys.modules["pyais"].decode if _there.is_set() else None


def _begin() -> None:
    """Have it imported, once, whoever asks first."""
    with _beginning:
        if not _imports:
            _imports.append(threading.Thread(target=_import, daemon=True))
            _imports[0].start()


class AisReader:
    """Reads the sentences of one connection, or of one file where it may `wait`."""

    def __init__(self, tally: Tally, *, wait: bool = False) -> None:
        self._tally = tally
        self._wait = wait
        self._early: list[str] = []
        self._parts: dict[tuple[str, str, str], dict[str, str]] = {}
        """Of messages that are not whole, by count, number and channel: sentences by place."""
        self.names: dict[str, str] = {}
        """Of vessels that said theirs since somebody last looked, by MMSI."""

    def read(self, text: str, fields: tuple[str, ...]) -> Found:
        """What a sentence gives: with the last part of a message all of it."""
        decode = decoder(wait=self._wait)
        if decode is None:
            if _missing.is_set() or len(self._early) >= EARLY:
                self._tally.lose(Loss.AIS)
            else:
                self._early.append(text)
            return []
        early, self._early = self._early, []
        found: Found = []
        for one in early:
            found += self._sentence(decode, one, tuple(one.partition("*")[0].split(",")[1:]))
        return found + self._sentence(decode, text, fields)

    def _sentence(self, decode: Decode, text: str, fields: tuple[str, ...]) -> Found:
        count, place, number, channel = (*fields, "", "", "", "")[:4]
        if count == "1":
            return self._message(decode, text)
        places = [str(one) for one in range(1, 10) if str(one) <= count]
        if len(count) != 1 or not "2" <= count <= "9" or place not in places:
            self._tally.lose(Loss.UNREADABLE)
            return []
        key = (count, number, channel)
        parts = self._parts.get(key, {})
        if place in parts:
            # What it was with never came; this is of another message of that number.
            self._tally.lose(Loss.UNREADABLE)
            parts = {}
        parts[place] = text
        if len(parts) == len(places):
            del self._parts[key]
            return self._message(decode, *(parts[one] for one in places))
        if key not in self._parts and len(self._parts) >= PARTS:
            self._parts.pop(next(iter(self._parts)))
            self._tally.lose(Loss.UNREADABLE)
        self._parts[key] = parts
        return []

    def _message(self, decode: Decode, *parts: str) -> Found:
        try:
            said: dict[str, Any] = decode(*parts).asdict()
            kind, boat = int(said["msg_type"]), f"{int(said['mmsi']):09}"
        except Exception:  # noqa: BLE001 - of a foreign message the library may raise anything
            self._tally.lose(Loss.UNREADABLE)
            return []
        if kind in NAMING and isinstance(said.get(NAMING[kind]), str) and len(self.names) < 1000:
            name = said[NAMING[kind]].strip(" @")
            if name:
                self.names[boat] = name
        if kind not in MOVING and kind not in STANDING:
            self._tally.pass_over(f"AIS {kind}")
            return []
        values = [(boat, type_, value) for type_, value in _values(kind, said)]
        if not values:
            self._tally.lose(Loss.VOID)
        return values


def _values(kind: int, said: dict[str, Any]) -> Iterator[tuple[int, tuple[float, ...]]]:
    longitude, latitude = finite(said.get("lon")), finite(said.get("lat"))
    if longitude is None or latitude is None or longitude == latitude == 0:
        return
    if abs(longitude) > 180 or abs(latitude) > 90:
        # Without a place the rest of a message is seldom anything.
        return
    yield 1, (longitude, latitude)
    if kind in STANDING:
        return
    speed, course = finite(said.get("speed")), finite(said.get("course"))
    if speed is not None and 0 <= speed < _NO_SPEED.get(kind, 102.2):
        yield 9, (round(speed * KMH_PER_KNOT, 6),)
    if course is not None and 0 <= course < 360:
        yield 6, (course,)
    heading = finite(said.get("heading"))
    if heading is not None and 0 <= heading < 360:
        yield 8, (heading,)
