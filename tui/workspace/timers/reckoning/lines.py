"""A report in lines, summed up without making a block of each: what years of hours take.

What lies in the days before now and has an end is taken as it is written; the others, which are
few, become blocks: free time, what is open, what is planned.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING

from tui.workspace.timers.periods import Span
from tui.workspace.timers.reckoning.rounding import Rounding
from tui.workspace.timers.reckoning.tally import Seconds, Tally
from tui.workspace.times import end_of_day, start_of_day

if TYPE_CHECKING:
    from tui.services.trackmypeople.lines import Line

_SECOND = timedelta(seconds=1)


def apart(lines: list[Line], now: datetime) -> tuple[list[Line], list[Line]]:
    """The lines that are worked and over by now, and the others."""
    upto = _plain(now)
    others = [
        one
        for one in lines
        if (end := one.time_out) is None or end > upto or end < one.time_in or one.free
    ]
    if not others:
        return lines, others
    away = set(map(id, others))
    return [one for one in lines if id(one) not in away], others


def tally_lines(
    lines: Iterable[Line], where: tzinfo, parts: Sequence[Span], rounding: Rounding, others: Tally
) -> Tally:
    """What lines that `apart` calls worked come to by tracker and part of a period, each part
    under its first day: what `tally` tells of their blocks, without them. `others` is added.

    `parts` follow each other; they are days where days are rounded. Raises TimeTextError outside
    the calendar.
    """
    edges = [_plain(start_of_day(part.first, where)) for part in parts]
    edges.append(_plain(end_of_day(parts[-1].last, where)))
    exact: list[dict[int, int]] = [{} for _ in parts]
    rounded: list[dict[int, int]] = [{} for _ in parts]
    length, per_block = rounding.length, rounding.changes and rounding.per == "block"
    sums: dict[int, int] = {}
    both: dict[int, int] = {}
    first = last = datetime.min  # noqa: DTZ901 - lines are UTC without saying so
    for line in lines:
        begin, end = line.time_in, line.time_out
        if end is None:
            continue
        # Most lines lie within the part of the one before.
        if not (first <= begin < last and end <= last):
            place = bisect_right(edges, begin) - 1
            if 0 <= place < len(parts) and end <= edges[place + 1]:
                first, last = edges[place], edges[place + 1]
                sums, both = exact[place], rounded[place]
            else:
                for at, seconds, before in _shared(edges, max(0, place), line):
                    _add(exact[at], line.tracker_id, seconds)
                    if per_block:
                        more = length(before + seconds) - (length(before) if before else 0)
                        _add(rounded[at], line.tracker_id, more)
                continue
        tracker, total = line.tracker_id, line.total
        sums[tracker] = sums.get(tracker, 0) + total
        if per_block:
            both[tracker] = both.get(tracker, 0) + length(total)
    found = _keyed(parts, exact, others.exact)
    if per_block:
        return Tally(found, _keyed(parts, rounded, others.rounded))
    if rounding.changes:
        return Tally(found, {key: length(seconds) for key, seconds in found.items()})
    return Tally(found, found)


def _shared(edges: Sequence[datetime], place: int, line: Line) -> Iterator[tuple[int, int, int]]:
    """A line over the edge of a part: for each that it lies in, from `place` on, the seconds and
    those before them. Shared out by the clock, they come to the whole.
    """
    begin, end = line.time_in, line.time_out or line.time_in
    whole = (end - begin) // _SECOND
    while place + 1 < len(edges) and edges[place] < end:
        both = [
            line.total * ((min(end, max(begin, edge)) - begin) // _SECOND) // whole
            for edge in edges[place : place + 2]
        ]
        yield place, both[1] - both[0], both[0]
        place += 1


def _add(sums: dict[int, int], tracker: int, seconds: int) -> None:
    sums[tracker] = sums.get(tracker, 0) + seconds


def _keyed(parts: Sequence[Span], sums: Sequence[dict[int, int]], others: Seconds) -> Seconds:
    found = dict(others)
    for part, those in zip(parts, sums, strict=True):
        for tracker, seconds in those.items():
            key = (tracker, part.first)
            found[key] = found.get(key, 0) + seconds
    return found


def _plain(moment: datetime) -> datetime:
    return moment.astimezone(UTC).replace(tzinfo=None)
