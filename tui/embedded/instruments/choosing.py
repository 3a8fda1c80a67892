"""Of several sentences that say the same quantity, one stands (reference/instruments.md, 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tui.embedded.instruments.readings import Loss, Reading, Tally

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


def _rank(reading: Reading) -> int:
    order = _BEST_FIRST.get(reading.kind, ())
    name = reading.origin.rpartition(".")[2]
    return order.index(name) if name in order else len(order)


class Chooser:
    """Which readings stand: those of the best source that lives, of each boat and type.

    Never two mixed. What one receiver says of its place in several sentences is one fix a time.
    """

    def __init__(self) -> None:
        self._standing: dict[tuple[str, int], Reading] = {}
        self._spoken: Counter[tuple[str, int, str]] = Counter()

    def takes(self, reading: Reading) -> bool:
        """Whether this reading, the next in the order of arrival, is one of these."""
        key = (reading.boat, reading.kind)
        now = self._standing.get(key)
        if now is not None and now.origin == reading.origin and reading.kind != POSITION:
            # Nearly all of them: who stood before.
            self._standing[key] = reading
            return True
        voice = (*key, reading.origin)
        if len(self._spoken) >= VOICES:
            self._spoken.clear()
        self._spoken[voice] += 1
        taken = (
            now is None or _goes_on(reading, now) or _takes_over(reading, now, self._spoken[voice])
        )
        if taken:
            if len(self._standing) >= VOICES and key not in self._standing:
                self._standing.clear()
            self._standing[key] = reading
        return taken


def chosen(readings: Iterable[Reading], tally: Tally) -> Iterator[Reading]:
    """The readings that stand; the others are counted."""
    chooser = Chooser()
    for reading in readings:
        if chooser.takes(reading):
            yield reading
        else:
            tally.lose(Loss.DOUBLE)


def _goes_on(reading: Reading, now: Reading) -> bool:
    if reading.kind == POSITION and _receiver(reading) == _receiver(now):
        return reading.stamp != now.stamp
    return reading.origin == now.origin


def _receiver(reading: Reading) -> str:
    """Who said it, without which sentence."""
    return reading.origin.rpartition(".")[0]


def _takes_over(reading: Reading, now: Reading, often: int) -> bool:
    if reading.stamp is None or now.stamp is None or reading.stamp == now.stamp:
        return False
    silent = abs(reading.stamp - now.stamp) > SILENCE
    return silent or (often >= SENTENCES and _rank(reading) < _rank(now))
