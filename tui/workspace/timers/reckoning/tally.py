"""Sums of pieces by tracker and day, exact and rounded, and rolled up along the tree."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING, Any, NamedTuple

from tui.workspace.timers.periods import Period, Span
from tui.workspace.timers.reckoning.rounding import EXACT, Rounding

if TYPE_CHECKING:
    from tui.services.trackmypeople import Tracker

MOST_DAYS, MOST_WEEKS = 10, 10
"""Columns of a table by day and by week; a longer period has one for each month."""


class Sum(NamedTuple):
    """Seconds as they are, and rounded by the rule."""

    exact: int = 0
    rounded: int = 0

    def plus(self, other: Sum) -> Sum:
        """Both together."""
        return Sum(self.exact + other.exact, self.rounded + other.rounded)


NOTHING = Sum()
Seconds = dict[tuple[int | None, date], int]


class Tally(NamedTuple):
    """What each tracker itself has on each day, in seconds; only where that is something."""

    exact: Seconds
    rounded: Seconds
    """By the rule; the very same map where nothing is rounded."""


def tally(
    pieces: Iterable[tuple[date, int | None, int, int, object]], rounding: Rounding = EXACT
) -> Tally:
    """Pieces (see `cut`) together by tracker and day.

    Per block the length of a block up to the end of each day is rounded, and a day has what is
    more than on the day before: so its days come to what the whole block is rounded to.
    """
    exact: Seconds = {}
    get, length = exact.get, rounding.length
    if not (rounding.changes and rounding.per == "block"):
        for day, tracker, seconds, _, _ in pieces:
            key = (tracker, day)
            exact[key] = get(key, 0) + seconds
        if not rounding.changes:
            return Tally(exact, exact)
        return Tally(exact, {key: length(seconds) for key, seconds in exact.items()})
    rounded: Seconds = {}
    known = rounded.get
    for day, tracker, seconds, before, _ in pieces:
        key = (tracker, day)
        exact[key] = get(key, 0) + seconds
        more = length(before + seconds) - (length(before) if before else 0)
        rounded[key] = known(key, 0) + more
    return Tally(exact, rounded)


def by_day(sums: Tally) -> dict[date, Sum]:
    """What each day comes to, the first one first."""
    return dict(sorted(_together(sums, 1).items()))


def by_tracker(sums: Tally) -> dict[int | None, Sum]:
    """What each tracker itself comes to, the most first."""
    return dict(sorted(_together(sums, 0).items(), key=lambda pair: -pair[1].exact))


def _together(sums: Tally, place: int) -> dict[Any, Sum]:
    """What has the same tracker (0) or day (1) in one."""
    exact: dict[Any, int] = {}
    rounded: dict[Any, int] = {}
    for key, seconds in sums.exact.items():
        exact[key[place]] = exact.get(key[place], 0) + seconds
        rounded[key[place]] = rounded.get(key[place], 0) + sums.rounded[key]
    return {name: Sum(seconds, rounded[name]) for name, seconds in exact.items()}


def whole(sums: Tally) -> Sum:
    """All of it."""
    return Sum(sum(sums.exact.values()), sum(sums.rounded.values()))


# -- the tree ---------------------------------------------------------------------------------


def total(sums: Iterable[Sum]) -> Sum:
    """All of them together."""
    exact = rounded = 0
    for one in sums:
        exact += one.exact
        rounded += one.rounded
    return Sum(exact, rounded)


class Line(NamedTuple):
    """One line of a table: a tracker with what stands under it, or what it has itself."""

    tracker: int | None
    depth: int
    path: tuple[str, ...]
    own: bool
    """Only what it has itself; it stands below a line of the same tracker with all of it."""
    counts: bool
    """Whether it is one of those that come to the sums below them: no other line holds it."""
    cells: tuple[Sum, ...]
    """By column."""
    sum: Sum

    @property
    def key(self) -> str:
        """What the line is called."""
        return f"{self.tracker if self.tracker is not None else '-'}{'=' if self.own else ''}"


class Table(NamedTuple):
    """Hours by tracker and part of a period, with sums both ways."""

    columns: tuple[Span, ...]
    lines: list[Line]
    """In the order of the tree, only those with time; trackers that are not in it come last."""
    sums: tuple[Sum, ...]
    """Of each column."""
    total: Sum


def columns_of(span: Span, by: Period | None = None) -> list[Span]:
    """The parts of a period that a table has columns for: days, of a longer one weeks or months."""
    if by is None:
        if span.days <= MOST_DAYS:
            by = "day"
        else:
            by = "week" if len(span.parts("week")) <= MOST_WEEKS else "month"
    return span.parts(by)


class Place(NamedTuple):
    """Where a tracker stands."""

    above: int | None
    """The place of the one that it stands under."""
    depth: int
    path: tuple[str, ...]


def places(trackers: Sequence[Tracker]) -> list[Place]:
    """Where each of them stands; a depth that leaves one out stands under the nearest."""
    found: list[Place] = []
    above: list[int] = []
    for number, tracker in enumerate(trackers):
        del above[max(0, tracker.depth) :]
        parent = above[-1] if above else None
        path = (*(found[parent].path if parent is not None else ()), tracker.name)
        found.append(Place(parent, len(above), path))
        above.append(number)
    return found


def table(sums: Tally, trackers: Sequence[Tracker], columns: Sequence[Span]) -> Table:
    """A table of what was tallied on the days of the columns, rolled up along the tree."""
    exact = _by_column(sums.exact, columns)
    rounded = exact if sums.rounded is sums.exact else _by_column(sums.rounded, columns)
    own = {
        tracker: [Sum(*cell) for cell in zip(cells, rounded[tracker], strict=True)]
        for tracker, cells in exact.items()
    }
    width = len(columns)
    stand = places(trackers)
    known: dict[int, int] = {}
    for number, tracker_there in enumerate(trackers):
        known.setdefault(tracker_there.id, number)
    rolled: list[list[Sum] | None] = [None] * len(trackers)
    below = [False] * len(trackers)
    for number in range(len(trackers) - 1, -1, -1):
        mine = own.get(trackers[number].id) if known[trackers[number].id] == number else None
        if mine is not None:
            rolled[number] = _added(rolled[number], mine)
        under = stand[number].above
        cells_here = rolled[number]
        if under is not None and cells_here is not None:
            rolled[under] = _added(rolled[under], cells_here)
            below[under] = True
    lines: list[Line] = []
    for number, tracker_there in enumerate(trackers):
        cells_here = rolled[number]
        if cells_here is None:
            continue
        depth, path = stand[number].depth, stand[number].path
        lines.append(_line(tracker_there.id, depth, path, cells_here, counts=not below[number]))
        mine = own.get(tracker_there.id)
        if below[number] and mine is not None and known[tracker_there.id] == number:
            lines.append(_line(tracker_there.id, depth + 1, path, mine, own=True))
    for tracker in sorted(own.keys() - known.keys(), key=lambda one: (one is None, one or 0)):
        name = "no tracker" if tracker is None else f"tracker {tracker}"
        lines.append(_line(tracker, 0, (name,), own[tracker]))
    below_all = [total(cells) for cells in zip(*own.values(), strict=True)] or [NOTHING] * width
    return Table(tuple(columns), lines, tuple(below_all), total(below_all))


def _by_column(seconds: Seconds, columns: Sequence[Span]) -> dict[int | None, list[int]]:
    """Seconds of each tracker by column; the columns follow one another."""
    firsts = [column.first for column in columns]
    places: dict[date, int | None] = {}
    found: dict[int | None, list[int]] = {}
    for (tracker, day), one in seconds.items():
        if day not in places:
            at = bisect_right(firsts, day) - 1
            places[day] = at if at >= 0 and day <= columns[at].last else None
        place = places[day]
        if place is not None:
            cells = found.get(tracker)
            if cells is None:
                cells = found[tracker] = [0] * len(columns)
            cells[place] += one
    return found


def _added(one: list[Sum] | None, other: list[Sum]) -> list[Sum]:
    if one is None:
        return list(other)
    return [cell.plus(more) for cell, more in zip(one, other, strict=True)]


def _line(
    tracker: int | None,
    depth: int,
    path: tuple[str, ...],
    cells: Sequence[Sum],
    *,
    own: bool = False,
    counts: bool = True,
) -> Line:
    return Line(tracker, depth, path, own, counts, tuple(cells), total(cells))


def under(trackers: Sequence[Tracker], tracker: int | None) -> set[int | None]:
    """A tracker and all that stand under it."""
    stand = places(trackers)
    found: set[int | None] = {tracker}
    inside: set[int] = set()
    for number, one in enumerate(trackers):
        above = stand[number].above
        if one.id == tracker or (above is not None and above in inside):
            inside.add(number)
            found.add(one.id)
    return found
