"""A day from its first hour to its last: what was tracked, what was not, and what overlaps."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta, tzinfo
from itertools import pairwise
from string import ascii_lowercase, digits
from typing import TYPE_CHECKING, Literal, NamedTuple

from tui.workspace.timers.gaps import gaps_of_day
from tui.workspace.times import Stretch, end_of_day, start_of_day

if TYPE_CHECKING:
    from tui.services.trackmypeople import Block

HOUR = timedelta(hours=1)
SIGNS = ascii_lowercase + digits
"""What the trackers of a day are drawn as, in the order in which they come."""
NOT_TRACKED, BETWEEN, OVERLAP, MANY = "·", " ", "#", "?"
"""A gap, time that nobody asks for, several blocks at once, and a tracker beyond the signs."""


class Segment(NamedTuple):
    """A part of the day in which the same blocks run, or none does."""

    start: datetime
    end: datetime
    kind: Literal["block", "overlap", "gap"]
    blocks: tuple[Block, ...] = ()

    @property
    def stretch(self) -> Stretch:
        """From when to when."""
        return Stretch(self.start, self.end)

    @property
    def seconds(self) -> int:
        """How long it is."""
        return int((self.end - self.start).total_seconds())


class DayBar(NamedTuple):
    """A day with its parts in their order."""

    day: date
    first: datetime
    """The full hour that the bar begins with, in UTC."""
    last: datetime
    segments: list[Segment]
    signs: dict[int | None, str]
    """What each tracker is drawn as."""

    def cells(self, width: int) -> str:
        """The bar in so many cells. An overlap is seen in each cell that has some of it; else a
        cell is what most of it is.
        """
        whole = max(1.0, (self.last - self.first).total_seconds())
        share: list[dict[str, float]] = [{} for _ in range(width)]
        for segment in self.segments:
            begin = (segment.start - self.first).total_seconds() * width / whole
            end = (segment.end - self.first).total_seconds() * width / whole
            for cell in range(max(0, int(begin)), min(width, int(end) + 1)):
                part = min(end, cell + 1) - max(begin, cell)
                if part > 0:
                    sign = self.sign(segment)
                    share[cell][sign] = share[cell].get(sign, 0.0) + part
        return "".join(_most(one) for one in share)

    def sign(self, segment: Segment) -> str:
        """What a part is drawn as."""
        if segment.kind == "block":
            return self.signs.get(segment.blocks[0].tracker_id, MANY)
        return OVERLAP if segment.kind == "overlap" else NOT_TRACKED

    def place(self, segment: Segment, width: int) -> tuple[int, int]:
        """(first cell, number of cells) of a part in so many cells; one at least."""
        whole = max(1.0, (self.last - self.first).total_seconds())
        begin = int((segment.start - self.first).total_seconds() * width / whole)
        end = (segment.end - self.first).total_seconds() * width / whole
        first = min(max(0, begin), width - 1)
        return first, max(1, min(width, round(end)) - first)

    def hours(self, width: int, where: tzinfo) -> str:
        """What clocks show above the bar, as many full hours as there is room for."""
        count = max(1, round((self.last - self.first) / HOUR))
        step = next(one for one in (1, 2, 3, 6, 12, 24, 48) if width * one >= count * 3)
        line = [" "] * (width + 2)
        for number in range(0, count, step):
            moment = self.first + HOUR * number
            for place, sign in enumerate(f"{moment.astimezone(where).hour}"):
                line[number * width // count + place] = sign
        return "".join(line)[:width]


def _most(share: dict[str, float]) -> str:
    if OVERLAP in share:
        return OVERLAP
    return max(share, key=lambda sign: share[sign]) if share else BETWEEN


def day_bar(
    blocks: Sequence[Block],
    running_since: datetime | None,
    day: date,
    now: datetime,
    where: tzinfo,
) -> DayBar:
    """The parts of a day: blocks, overlaps, and the gaps that can be filled.

    What runs is drawn until now. Free time is on no clock and is not drawn. Raises TimeTextError
    outside the calendar.
    """
    first, last = start_of_day(day, where), end_of_day(day, where)
    timed: list[tuple[datetime, datetime, Block]] = []
    for block in blocks:
        if block.time_in is None or block.free:
            continue
        begin, end = max(block.time_in, first), min(block.time_out or now, last)
        if begin < end:
            timed.append((begin, end, block))
    gaps = gaps_of_day(blocks, running_since, day, now, where)
    segments = [Segment(gap.start, gap.end, "gap") for gap in gaps]
    edges = sorted({edge for begin, end, _ in timed for edge in (begin, end)})
    timed.sort(key=lambda one: one[0])
    coming = 0
    now_on: list[tuple[datetime, Block]] = []
    for begin, end in pairwise(edges):
        now_on = [one for one in now_on if one[0] > begin]
        while coming < len(timed) and timed[coming][0] <= begin:
            now_on.append(timed[coming][1:])
            coming += 1
        if now_on:
            those = tuple(block for _, block in now_on)
            segments.append(Segment(begin, end, "overlap" if len(those) > 1 else "block", those))
    segments.sort(key=lambda one: one.start)
    signs: dict[int | None, str] = {}
    for _, _, block in timed:
        if block.tracker_id not in signs and len(signs) < len(SIGNS):
            signs[block.tracker_id] = SIGNS[len(signs)]
    usual = [_at(day, hour, where) for hour in (9, 17)]
    begins = [one.start for one in segments] or usual[:1]
    ends = [one.end for one in segments] or usual[1:]
    return DayBar(
        day,
        max(first, _full_hour(min([*begins, usual[0]]), where)),
        min(last, _full_hour(max([*ends, usual[1]]) + HOUR - timedelta(seconds=1), where)),
        segments,
        signs,
    )


def _at(day: date, hour: int, where: tzinfo) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=where).astimezone(UTC)


def _full_hour(moment: datetime, where: tzinfo) -> datetime:
    """The full hour on the clock that a moment is in, in UTC."""
    there = moment.astimezone(where)
    beyond = timedelta(minutes=there.minute, seconds=there.second, microseconds=there.microsecond)
    return moment.astimezone(UTC) - beyond
