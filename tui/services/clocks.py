"""Wall clocks and moments: what clocks in a zone show never, once or twice."""

from __future__ import annotations

from datetime import UTC, datetime, tzinfo


def moments_of(wall: datetime, where: tzinfo) -> list[datetime]:
    """The moments (UTC), earlier first, at which clocks in `where` show a time without a zone.

    None where clocks jump over it, two where they are set back over it, else one. Raises
    OverflowError outside of the calendar.
    """
    there = wall.replace(tzinfo=where, fold=0)
    if there.utcoffset() == there.replace(fold=1).utcoffset():
        # No change of clocks is near: that is nearly always so, and told at once.
        return [there.astimezone(UTC)]
    found: list[datetime] = []
    for fold in (0, 1):
        moment = wall.replace(tzinfo=where, fold=fold).astimezone(UTC)
        if moment not in found and moment.astimezone(where).replace(tzinfo=None) == wall:
            found.append(moment)
    return sorted(found)


def is_shown_twice(moment: datetime, where: tzinfo) -> bool:
    """Whether clocks in `where` show the time of a moment twice."""
    return len(moments_of(moment.astimezone(where).replace(tzinfo=None, fold=0), where)) == 2
