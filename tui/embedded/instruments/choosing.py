"""Of several sentences that say the same quantity, one stands (reference/instruments.md, 4)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator

from tui.embedded.instruments.readings import Loss, Reading, Tally

SILENCE = 5000
"""Milliseconds without the one that stands after which a lesser one takes its place."""

SENTENCES = 3
"""How often a better one must have spoken before it takes over: multiplexers make up some."""

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


def chosen(readings: Iterable[Reading], tally: Tally) -> Iterator[Reading]:
    """The readings of the best source that lives, of each boat and type; never two mixed.

    What one receiver says of its place in several sentences is one fix a time.
    """
    standing: dict[tuple[str, int], Reading] = {}
    spoken: Counter[tuple[str, int, str]] = Counter()
    for reading in readings:
        key = (reading.boat, reading.kind)
        spoken[(*key, reading.origin)] += 1
        now = standing.get(key)
        if (
            now is None
            or _goes_on(reading, now)
            or _takes_over(reading, now, spoken[(*key, reading.origin)])
        ):
            standing[key] = reading
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
