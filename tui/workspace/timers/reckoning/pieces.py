"""Blocks cut at midnight: how many seconds of each fall on which day of the person's zone.

A day is from midnight to midnight there, so it has 23 or 25 hours where clocks change. Free time
is not on the clock and is left out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from tui.workspace.timers.periods import ONE_DAY, Span
from tui.workspace.times import TimeTextError, start_of_day

if TYPE_CHECKING:
    from tui.services.trackmypeople import Block

_SECOND = timedelta(seconds=1)
_EARLIEST, _LATEST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_LAST_END = _LATEST - 2 * ONE_DAY
"""After it there is, in no zone, a whole day in which something could end."""


class Piece(NamedTuple):
    """What of a block falls on one day."""

    day: date
    tracker: int | None
    seconds: int
    before: int
    """Seconds of the same block on the days before."""
    block: Block


def cut(
    blocks: Iterable[Block], where: tzinfo, span: Span | None = None
) -> Iterator[tuple[date, int | None, int, int, Block]]:
    """The pieces of blocks as plain tuples, of the days of a period alone where there is one.

    A block is as long as the service says; over midnight that is shared out by the clock.
    A block that runs is as long as the service told. Raises TimeTextError outside the calendar.
    """
    known: dict[date, datetime] = {}

    def edges(day: date) -> tuple[datetime, datetime]:
        first, after = known.get(day), day + ONE_DAY
        if first is None:
            first = known[day] = start_of_day(day, where)
        last = known.get(after)
        if last is None:
            last = known[after] = start_of_day(after, where)
        return first, last

    day = date.min
    first = last = None
    for block in blocks:
        begin, total = block.time_in, block.total
        if begin is None or block.free:
            continue
        end = block.time_out
        if end is None:
            end = _told_end(begin, total)
        # Most blocks lie within the day of the one before.
        if first is None or last is None or not (first <= begin and end <= last and begin < last):
            day = begin.astimezone(where).date()
            first, last = edges(day)
            if not (end <= last and begin < last):
                yield from _shared(block, begin, max(begin, end), edges, day, span)
                continue
        if span is None or span.first <= day <= span.last:
            yield day, block.tracker_id, _length(begin, end) if total is None else total, 0, block


def _shared(
    block: Block,
    begin: datetime,
    end: datetime,
    edges: Callable[[date], tuple[datetime, datetime]],
    day: date,
    span: Span | None,
) -> Iterator[tuple[date, int | None, int, int, Block]]:
    """A block over midnight, in parts that come to the whole to the second."""
    whole = _length(begin, end)
    length = whole if block.total is None else block.total
    before, at = 0, begin
    if span is not None and end.date() + ONE_DAY < span.first:
        return
    if span is not None and day < span.first and begin < end:
        # A block may have an end centuries ahead: the days before are not gone through.
        at, day = max(begin, min(end, edges(span.first)[0])), span.first
        before = length * _length(begin, at) // whole if whole else 0
    while at < end and (span is None or day <= span.last):
        _, last = edges(day)
        upto = length * _length(begin, min(end, last)) // whole if last > at else before
        if last > at:
            yield day, block.tracker_id, upto - before, before, block
        before, at = upto, max(at, last)
        day += ONE_DAY


def until(blocks: Iterable[Block], now: datetime) -> list[Block]:
    """The blocks as far as they are worked by now: what is planned for later is not.

    A block that runs stays as it was told.
    """
    found = []
    for block in blocks:
        begin, end = block.time_in, block.time_out
        if begin is None or block.free or (end or begin) <= now:
            found.append(block)
        elif begin < now:
            from msgspec.structs import replace  # not before the first frame

            found.append(replace(block, time_out=now, total=_length(begin, now)))
    return found


def planned(blocks: Iterable[Block], now: datetime) -> list[Block]:
    """The blocks on the clock that are not over by now, though they have an end."""
    return [
        one for one in blocks if one.time_out is not None and one.time_out > now and not one.free
    ]


def seconds_ahead(blocks: Iterable[Block], now: datetime) -> int:
    """How much of planned blocks is not over yet, in seconds."""
    return sum(
        _length(max(one.time_in, now), one.time_out)
        for one in blocks
        if one.time_in is not None and one.time_out is not None
    )


def _told_end(begin: datetime, total: int | None) -> datetime:
    """Until when a block that runs was told to have run; the calendar ends before some totals."""
    return max(begin, begin + min(timedelta(seconds=total or 0), _LAST_END - begin))


def _length(begin: datetime, end: datetime) -> int:
    return max(0, (end - begin) // _SECOND)


def pieces_of(blocks: Iterable[Block], where: tzinfo, span: Span | None = None) -> list[Piece]:
    """The pieces of blocks, with their names; see `cut`."""
    return [Piece(*one) for one in cut(blocks, where, span)]


def touching(blocks: Iterable[Block], span: Span, where: tzinfo) -> list[Block]:
    """The blocks on the clock that have time on the days of a period, or begin on one of them."""
    # At the ends of the calendar there is nothing beyond.
    try:
        first = start_of_day(span.first, where)
    except TimeTextError:
        first = _EARLIEST
    try:
        after = start_of_day(span.last + ONE_DAY, where)
    except (TimeTextError, OverflowError):
        after = _LATEST
    found = []
    for block in blocks:
        begin, end = block.time_in, block.time_out
        if begin is None or block.free or begin >= after:
            continue
        if begin < first:
            if end is None:
                end = _told_end(begin, block.total)
            if end <= first:
                continue
        found.append(block)
    return found
