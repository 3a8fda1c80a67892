"""The stretches of a day that nothing was tracked in: what is offered where time is added."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import TYPE_CHECKING, NamedTuple

from tui.workspace.times import Stretch, end_of_day, start_of_day, typed_moment

if TYPE_CHECKING:
    from tui.services.trackmypeople import Block

BEGINS, ENDS = time(9), time(17)
"""Of a working day, where no block of it says otherwise; today ends now."""
LEAST = timedelta(minutes=1)
OLDEST = timedelta(days=366)
"""Days that are longer ago are not asked for."""


def gaps_of_day(
    blocks: Sequence[Block],
    running_since: datetime | None,
    day: date,
    now: datetime,
    where: tzinfo,
) -> list[Stretch]:
    """What of a day was not tracked, to the second, the latest first.

    Nothing is offered after now, or after what runs began: that may not be overlapped.
    """
    edge = min(now, running_since or now).astimezone(UTC).replace(microsecond=0)
    today = now.astimezone(where).date()
    if not today - OLDEST <= day <= today:
        return []
    first, last = start_of_day(day, where), end_of_day(day, where)
    taken = sorted(
        (max(block.time_in, first), min(block.time_out, last))
        for block in blocks
        if block.time_in is not None
        and block.time_out is not None
        and not block.free
        and block.time_in < last
        and first < block.time_out
    )
    opens, closes = (datetime.combine(day, at, where).astimezone(UTC) for at in (BEGINS, ENDS))
    at = min([opens, *(begin for begin, _ in taken)])
    end = edge if day == today else min(edge, max([closes, *(out for _, out in taken)]))
    found: list[Stretch] = []
    for begin, out in [*taken, (end, end)]:
        stop = min(begin, end)
        if stop - at >= LEAST:
            found.append(Stretch(at.astimezone(UTC), stop.astimezone(UTC)))
        at = max(at, out)
    return found[::-1]


class Tracked(NamedTuple):
    """What is known of a day where time is added to it."""

    gaps: list[Stretch]
    """The latest first."""
    blocks: Sequence[Block]
    """Of this day and those beside."""


def in_the_way(
    stretch: Stretch, blocks: Sequence[Block], running: Block | None
) -> tuple[Block, Stretch] | None:
    """The first block on the clock that a stretch of time would overlap, and when that is;
    `running` has its end at now.
    """
    for block in (*blocks, *([running] if running is not None else [])):
        begin, end = block.time_in, block.time_out
        if begin is None or end is None or block.free:
            continue
        if begin < stretch.end and stretch.start < end:
            return block, Stretch(begin, end)
    return None


def typed_gap(gap: Stretch, where: tzinfo, today: date) -> str:
    """A gap as it would be typed: of today without its day, and read back as the same."""
    start, end = (typed_moment(one, where) for one in gap)
    days = [one.astimezone(where).date() for one in gap]
    begins = start.partition(" ")[2] if days[0] == today else start
    ends = end.partition(" ")[2] if days[1] == days[0] else end
    plain = not any(word in f"{begins}{ends}" for word in ("first", "second"))
    return f"{begins}-{ends}" if plain and days[1] == days[0] else f"{begins} to {ends}"
