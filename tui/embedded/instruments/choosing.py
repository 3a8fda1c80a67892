"""Of several sentences that say the same quantity, one stands (reference/instruments.md, 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

import msgspec

from tui.embedded.instruments.readings import Loss, Reading, Samples, Tally

SILENCE = 5000
"""Milliseconds without the one that stands after which a lesser one takes its place."""

SENTENCES = 3
"""How often a better one must have spoken before it takes over: multiplexers make up some."""

VOICES = 8192
"""Who says what is counted of so many: nobody who makes up names fills the memory."""

POSITION = 1

_BEST_FIRST: dict[int, tuple[str, ...]] = {
    POSITION: ("RMC", "GNS", "GGA", "GLL"),
    6: ("RMC", "VTG"),
    7: ("HDG", "HDM", "VHW"),
    8: ("HDT", "THS", "HDG", "VHW"),
    9: ("RMC", "VTG"),
    11: ("MWV", "VWR"),
    12: ("MWV", "VWR"),
    22: ("MWD", "MWV", "VWT"),
    23: ("MWD", "MWV", "VWT"),
}


def _rank(kind: int, origin: str) -> int:
    order = _BEST_FIRST.get(kind, ())
    name = origin.rpartition(".")[2]
    return order.index(name) if name in order else len(order)


class Voice(msgspec.Struct):
    """One quantity of one boat: who is believed about it, and what was gathered of it."""

    boat: str
    kind: int
    origin: str
    said: int | None
    """The time of what was last said by who is believed."""
    samples: Samples | None = None
    newest: int | None = None
    """That of what was last gathered."""
    taken: tuple[float, ...] = ()
    """The values of that, where somebody has taken it already."""


class Chooser:
    """Which readings stand: those of the best source that lives, of each boat and type.

    Never two mixed. What one receiver says of its place in several sentences is one fix a time.
    """

    def __init__(self, boat: str = "") -> None:
        """`boat`: whose own they are; other boats that it hears of may be any number."""
        self._boat = boat
        self.own: dict[int, Voice] = {}
        """By type, of the boat itself: types are few."""
        self._others: dict[tuple[str, int], Voice] = {}
        self.spoken: Counter[tuple[str, int, str]] = Counter()
        """How often each was heard of each quantity, but for who was believed before."""

    def takes(self, reading: Reading) -> Voice | None:
        """The voice that this reading, the next in the order of arrival, is taken from, if any."""
        own = reading.boat == self._boat
        key = (reading.boat, reading.kind)
        now = self.own.get(reading.kind) if own else self._others.get(key)
        if now is not None and now.origin == reading.origin and reading.kind != POSITION:
            # Nearly all of them: who stood before.
            now.said = reading.stamp
            return now
        voice = (*key, reading.origin)
        if len(self.spoken) >= VOICES:
            self.spoken.clear()
        self.spoken[voice] += 1
        if now is None:
            now = Voice(reading.boat, reading.kind, reading.origin, reading.stamp)
            if own:
                self.own[reading.kind] = now
            else:
                if len(self._others) >= VOICES:
                    self._others.clear()
                self._others[key] = now
        elif _goes_on(reading, now) or _takes_over(reading, now, self.spoken[voice]):
            now.origin, now.said = reading.origin, reading.stamp
        else:
            return None
        return now


def chosen(readings: Iterable[Reading], tally: Tally) -> Iterator[Reading]:
    """The readings that stand; the others are counted."""
    chooser = Chooser()
    for reading in readings:
        if chooser.takes(reading) is not None:
            yield reading
        else:
            tally.lose(Loss.DOUBLE)


def _goes_on(reading: Reading, now: Voice) -> bool:
    if reading.origin == now.origin:
        # What it says of one time again is no double: the first stands, and others are counted.
        return True
    same = reading.kind == POSITION and _receiver(reading.origin) == _receiver(now.origin)
    return same and reading.stamp != now.said


def _receiver(origin: str) -> str:
    """Who said it, without which sentence."""
    return origin.rpartition(".")[0]


def _takes_over(reading: Reading, now: Voice, often: int) -> bool:
    if reading.stamp is None or now.said is None or reading.stamp == now.said:
        return False
    silent = abs(reading.stamp - now.said) > SILENCE
    better = _rank(reading.kind, reading.origin) < _rank(now.kind, now.origin)
    return silent or (often >= SENTENCES and better)
