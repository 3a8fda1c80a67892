"""When what a boat said was measured, and what of it stands: gathered until somebody takes it.

Section 5 of reference/instruments.md: what carries no time of its own was measured when it
arrived, by the clock of the instruments that do carry one.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable

from msgspec import structs

from tui.embedded.instruments.choosing import POSITION, Chooser, Voice
from tui.embedded.instruments.days import EARLIEST, ROLLOVER
from tui.embedded.instruments.readings import CLOCK, Loss, Reading, Said, Samples, Tally

FIXES = 15
"""Times of fixes over which the clock of the instruments is compared with ours. Our choice."""


def can_be(stamp: int, arrival: int) -> bool:
    """Whether it can have been measured then. Clocks are wrong, but a date that stands is within
    half of the 1024 weeks that receivers lose: what is further ahead is no time.
    """
    return EARLIEST <= stamp < arrival + ROLLOVER


class Timing:
    """Gives each reading of one boat's connection its time, and leaves out what was said before."""

    def __init__(self, tally: Tally, boat: str = "") -> None:
        self._tally = tally
        self._boat = boat
        self._chooser = Chooser(boat)
        self._own = self._chooser.own
        self._offsets: deque[int] = deque(maxlen=FIXES)
        self._fixed = 0
        self._gathered: list[Voice] = []
        self.offset = 0
        """Milliseconds that the instruments' clock is ahead of ours."""

    @property
    def has_clock(self) -> bool:
        """Whether the instruments said a time of their own."""
        return bool(self._offsets)

    def take_in(self, readings: Iterable[Reading], arrival: int) -> None:
        """Gather those that stand, each with its time."""
        for reading in readings:
            if reading.kind == CLOCK:
                # Of one without a fix nobody knows how good it is; ours goes on from the last fix.
                continue
            stamp = reading.stamp
            if stamp is not None and not can_be(stamp, arrival):
                self._tally.lose(Loss.NO_TIME)
                continue
            if stamp is None:
                stamp = arrival + self.offset
                reading = structs.replace(reading, stamp=stamp)
            elif reading.boat == self._boat:
                self.fix(stamp, arrival)
            self._choose(reading, stamp)

    def fix(self, stamp: int, arrival: int) -> None:
        """A time that the boat's own instruments said."""
        if stamp == self._fixed:
            return
        self._fixed = stamp
        offsets = self._offsets
        offsets.append(stamp - arrival)
        ordered = sorted(offsets)
        half = len(ordered) // 2
        odd = len(ordered) % 2
        self.offset = ordered[half] if odd else round((ordered[half - 1] + ordered[half]) / 2)

    def tell(self, kind: int, origin: str, stamp: int, value: float) -> None:
        """One value of the boat's own that is known to be good."""
        voice = self._own.get(kind)
        if voice is None or voice.origin != origin:
            self._choose(Reading(kind, (value,), stamp, origin, self._boat), stamp)
            return
        voice.said = stamp
        # As `_gather`, without a tuple of one: nearly all that is heard comes this way.
        if voice.newest == stamp:
            self._again(voice, (value,))
            return
        voice.newest = stamp
        samples = voice.samples
        if samples is None:
            voice.samples = Samples([stamp], [[value]])
            self._gathered.append(voice)
            return
        samples.stamps.append(stamp)
        samples.axes[0].append(value)

    def tell_place(self, origin: str, stamp: int, place: tuple[float, float]) -> None:
        """The boat's own place, which is known to be one."""
        voice = self._own.get(POSITION)
        if voice is None or voice.origin != origin or voice.said == stamp:
            self._choose(Reading(POSITION, place, stamp, origin, self._boat), stamp)
            return
        self._chooser.spoken[self._boat, POSITION, origin] += 1
        voice.said = stamp
        # As `_gather`, without a loop over two.
        if voice.newest == stamp:
            self._again(voice, place)
            return
        voice.newest = stamp
        samples = voice.samples
        if samples is None:
            voice.samples = Samples([stamp], [[place[0]], [place[1]]])
            self._gathered.append(voice)
            return
        samples.stamps.append(stamp)
        east, north = samples.axes
        east.append(place[0])
        north.append(place[1])

    def _choose(self, reading: Reading, stamp: int) -> None:
        voice = self._chooser.takes(reading)
        if voice is None:
            self._tally.lose(Loss.DOUBLE)
        else:
            self._gather(voice, stamp, reading.values)

    def _gather(self, voice: Voice, stamp: int, values: tuple[float, ...]) -> None:
        """Of two values for one time the first stands."""
        if voice.newest == stamp:
            self._again(voice, values)
            return
        voice.newest = stamp
        samples = voice.samples
        if samples is None:
            samples = voice.samples = Samples([], [[] for _ in values])
            self._gathered.append(voice)
        samples.add(stamp, values)

    def _again(self, voice: Voice, values: tuple[float, ...]) -> None:
        """Count one more value for a time that has one already."""
        samples = voice.samples
        first = voice.taken if samples is None else tuple(axis[-1] for axis in samples.axes)
        self._tally.lose(Loss.DOUBLE if first == values else Loss.UNLIKE)

    def take(self, found: dict[str, Said]) -> None:
        """Put what was gathered since the last time into `found`, by boat."""
        gathered, self._gathered = self._gathered, []
        for voice in gathered:
            samples, voice.samples = voice.samples, None
            if samples is not None:
                voice.taken = tuple(axis[-1] for axis in samples.axes)
            said = found.setdefault(voice.boat, {})
            if samples is not None and said.setdefault(voice.kind, samples) is not samples:
                # So many boats that one of them was forgotten and began anew meanwhile.
                for one in zip(samples.stamps, zip(*samples.axes, strict=True), strict=True):
                    said[voice.kind].add(*one)
