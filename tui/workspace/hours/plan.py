"""What an import would add: what is new, already there, in the way, or cannot be added, and why."""

from __future__ import annotations

from bisect import bisect_left, insort
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from enum import Enum

from tui.services.trackmypeople import Block, Tracker
from tui.workspace.hours.entries import Entry
from tui.workspace.times import end_of_day, moments_of, stretch_text


class State(Enum):
    """What becomes of an entry; its value is the word for it."""

    NEW = "new"
    THERE = "already there"
    CHANGED = "changed since"
    OVERLAPS = "overlaps"
    UNMAPPED = "no tracker"
    UNTIMED = "no times"
    OPEN = "still open"
    ZERO = "no length"
    AHEAD = "not over yet"


@dataclass(frozen=True)
class Step:
    """An entry with what becomes of it; `start` and `stop` are as they would be added."""

    entry: Entry
    state: State
    why: str = ""
    tracker: Tracker | None = None
    start: datetime | None = None
    stop: datetime | None = None

    @property
    def said(self) -> str:
        """Why, and what could not be taken over; once where that is the same."""
        lost = (one for one in self.entry.lost if one not in self.why)
        return "; ".join(filter(None, [self.why, *lost]))


class _Taken:
    """The time that is taken: by blocks of the service, and by what was found new so far."""

    def __init__(self) -> None:
        self._spans: list[tuple[datetime, datetime, str]] = []
        self._longest = timedelta()

    def add(self, start: datetime, stop: datetime, what: str) -> None:
        """Take a time."""
        insort(self._spans, (start, stop, what))
        self._longest = max(self._longest, stop - start)

    def over(self, start: datetime, stop: datetime) -> tuple[datetime, datetime, str] | None:
        """What a time would overlap; None for nothing."""
        place = bisect_left(self._spans, (stop,))
        while place > 0:
            place -= 1
            began, ended, _ = self._spans[place]
            if ended > start:
                return self._spans[place]
            if began < start - self._longest:
                break
        return None


class _There:
    """The blocks that the service has; each answers for one entry of the file at most."""

    def __init__(self, blocks: Sequence[Block], day_of: Callable[[Block], date | None]) -> None:
        self._exact: dict[tuple[int | None, datetime, datetime], list[Block]] = {}
        self._begun: dict[tuple[int | None, datetime], list[Block]] = {}
        self._days: dict[tuple[int | None, date | None, int, bool], list[Block]] = {}
        self._used: set[int] = set()
        for one in blocks:
            if one.time_in is not None and not one.free:
                self._begun.setdefault((one.tracker_id, one.time_in), []).append(one)
                if one.time_out is not None:
                    key = (one.tracker_id, one.time_in, one.time_out)
                    self._exact.setdefault(key, []).append(one)
            if one.total is not None:
                of_day = (one.tracker_id, day_of(one), one.total, one.free)
                self._days.setdefault(of_day, []).append(one)

    def _first(self, found: Sequence[Block]) -> Block | None:
        one = next((block for block in found if block.id not in self._used), None)
        if one is not None:
            self._used.add(one.id)
        return one

    def exact(self, tracker: int, start: datetime, stop: datetime, text: str) -> Block | None:
        """A block of these very times, rather one that says the same."""
        found = self._exact.get((tracker, start, stop), [])
        return self._first(sorted(found, key=lambda one: not _same(one.description, text)))

    def begun(self, tracker: int, start: datetime) -> Block | None:
        """A block that began then and ended at another time."""
        return self._first(self._begun.get((tracker, start), ()))

    def on_day(self, tracker: int, entry: Entry) -> Block | None:
        """A block of that day with the same length and text."""
        found = self._days.get((tracker, entry.day, entry.seconds, entry.free), ())
        return self._first([one for one in found if _same(one.description, entry.text)])


def _same(one: str, other: str) -> bool:
    return one.split() == other.split()


def plan(
    entries: Sequence[Entry],
    trackers: Mapping[str, Tracker | None],
    blocks: Sequence[Block],
    day_of: Callable[[Block], date | None],
    where: tzinfo,
    now: datetime,
    *,
    place_from: time | None = None,
) -> list[Step]:
    """What becomes of each entry, in the order of the file.

    `trackers` are those of the entries' names. `place_from` is from when on lengths without times
    are put into the gaps of their day; without it they are not added. Nothing of the service is
    cut or changed: what would overlap is told.
    """
    there, taken = _There(blocks, day_of), _Taken()
    for one in blocks:
        if one.time_in is not None:
            end = one.time_out or max(now, one.time_in)
            taken.add(one.time_in, end, "a block of the service")
    steps: dict[int, Step] = {}
    for place, entry in enumerate(entries):
        known = _known(entry, trackers.get(entry.name), there)
        if known is not None:
            steps[place] = known
    # What has times first: a length is put between all of those.
    order = sorted(range(len(entries)), key=lambda place: entries[place].start is None)
    for place in order:
        if place in steps:
            continue
        entry = entries[place]
        tracker = trackers.get(entry.name)
        if entry.start is None:
            step = _untimed(entry, tracker, there, taken, where, place_from, now)
        else:
            step = _timed(entry, entry.start, tracker, there, taken, where, now)
        steps[place] = step
        if step.state is State.NEW and step.start is not None and step.stop is not None:
            taken.add(step.start, step.stop, f"number {entry.at} of the file")
    return [steps[place] for place in range(len(entries))]


def _known(entry: Entry, tracker: Tracker | None, there: _There) -> Step | None:
    """What becomes of an entry whose very times are there; None for others.

    All of these are found before what only begins at the same time.
    """
    start, stop = entry.start, entry.stop
    if tracker is None or start is None or stop is None or stop <= start:
        return None
    known = there.exact(tracker.id, start, stop, entry.text)
    if known is None:
        return None
    if _same(known.description, entry.text):
        return Step(entry, State.THERE, "", tracker)
    return Step(entry, State.CHANGED, f"there it says {known.description or 'nothing'!r}", tracker)


def _timed(
    entry: Entry,
    start: datetime,
    tracker: Tracker | None,
    there: _There,
    taken: _Taken,
    where: tzinfo,
    now: datetime,
) -> Step:
    stop = entry.stop
    if stop is None:
        return Step(entry, State.OPEN, "it has no end: `tockdeck start` begins anew", tracker)
    if stop <= start:
        return Step(entry, State.ZERO, "the service takes no block without length", tracker)
    if tracker is None:
        return Step(entry, State.UNMAPPED)
    known = there.begun(tracker.id, start)
    if known is not None:
        until = known.time_out
        length = "it still runs there" if until is None else "it ends at another time there"
        return Step(entry, State.CHANGED, length, tracker)
    if stop > now:
        return Step(entry, State.AHEAD, "", tracker)
    over = taken.over(start, stop)
    if over is not None:
        began, ended, what = over
        why = f"{what}: {stretch_text(began, ended, where, now)}"
        return Step(entry, State.OVERLAPS, why, tracker)
    return Step(entry, State.NEW, "", tracker, start, stop)


def _untimed(
    entry: Entry,
    tracker: Tracker | None,
    there: _There,
    taken: _Taken,
    where: tzinfo,
    place_from: time | None,
    now: datetime,
) -> Step:
    if entry.seconds <= 0:
        less = "it is subtracted from others" if entry.seconds < 0 else ""
        why = less or "; ".join(entry.lost) or "the service takes no block without length"
        return Step(entry, State.ZERO, why, tracker)
    if entry.day is None:
        return Step(entry, State.UNTIMED, "it is on no day", tracker)
    if tracker is None:
        return Step(entry, State.UNMAPPED)
    if there.on_day(tracker.id, entry) is not None:
        return Step(entry, State.THERE, "", tracker)
    if entry.free:
        return Step(entry, State.NEW, "free time", tracker)
    if place_from is None:
        why = "a length alone: --place 9:00 puts it into the gaps of its day"
        return Step(entry, State.UNTIMED, why, tracker)
    begin = _gap(entry.day, entry.seconds, place_from, taken, where)
    if begin is None:
        return Step(entry, State.OVERLAPS, "its day has no gap as long as it", tracker)
    stop = begin + timedelta(seconds=entry.seconds)
    why = f"put at {stretch_text(begin, stop, where, now)}"
    if stop > now:
        return Step(entry, State.AHEAD, why, tracker)
    return Step(entry, State.NEW, why, tracker, begin, stop)


def _gap(day: date, seconds: int, begin: time, taken: _Taken, where: tzinfo) -> datetime | None:
    """Where a length fits into what is left of a day; None for nowhere."""
    wall = datetime.combine(day, begin)
    found = moments_of(wall, where) or moments_of(wall + timedelta(hours=1), where)
    at, end = found[0], end_of_day(day, where)
    while at + timedelta(seconds=seconds) <= end:
        over = taken.over(at, at + timedelta(seconds=seconds))
        if over is None:
            return at.astimezone(UTC)
        at = over[1]
    return None
