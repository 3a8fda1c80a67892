"""Zones and their clocks: hours that do not exist or exist twice, days against moments.

Python compares and subtracts two times of the same zone by their wall clocks, which is wrong over
a change of clocks. So moments are kept in UTC here; a zone comes in where one is typed or shown.
"""

from __future__ import annotations

import os
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from functools import cache, lru_cache

from tui.kept_status import PLACE
from tui.services import clocks

OUTSIDE = "This is outside of the calendar."


class TimeTextError(ValueError):
    """Text that is no time; the message says what would be one."""


class HourError(TimeTextError):
    """A time that clocks in the zone never show, or show twice; the message says what to write."""


class DayError(HourError):
    """A day that there is not, or that is another day of the week."""


@cache
def zone(name: str) -> tzinfo:
    """The zone that times are shown in: an IANA name, or `local` for the machine's.

    Raises TimeTextError for a name that is no zone.
    """
    # Asks the build of Python where the zones are: not while something starts that needs none.
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    file = ""
    if name == "local":
        # As the C library reads it: a colon may stand before it, and a file may stand for a name.
        name = os.environ.get("TZ", "").removeprefix(":")
        if not name or name.startswith("/"):
            file = name or PLACE
            name = _name_of(file)
    try:
        if not name and file:
            # A copy, as in a container: no name, but the rules of all seasons.
            with open(file, "rb") as rules:  # noqa: PTH123 - pathlib is not imported here
                return ZoneInfo.from_file(rules)
        return ZoneInfo(name)
    except FileNotFoundError:
        if file == PLACE:
            return UTC  # as the system takes it where nothing says which zone it is in
        raise TimeTextError(f"there is no file {file!r} with a time zone") from None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        wrong = name or file
        raise TimeTextError(f"{wrong!r} is no time zone; Europe/Paris would be one") from None


def _name_of(file: str) -> str:
    """The name that a file of the system's zones has, also through a link; empty where none."""
    return os.path.realpath(file).partition("/zoneinfo/")[2]


# -- moments --------------------------------------------------------------------------------------


def later(moment: datetime, by: timedelta) -> datetime:
    """A moment and a length of time, added in UTC. Raises TimeTextError outside the calendar."""
    try:
        return moment.astimezone(UTC) + by
    except OverflowError:
        raise TimeTextError(OUTSIDE) from None


def is_after(one: datetime, other: datetime) -> bool:
    """Whether a moment is later than another, whatever their clocks show."""
    return one.astimezone(UTC) > other.astimezone(UTC)


def moments_of(wall: datetime, where: tzinfo) -> list[datetime]:
    """The moments (UTC) at which clocks in `where` show `wall`, a time without a zone.

    None where they jump over it, two where they are set back over it, else one.
    Raises TimeTextError outside the calendar.
    """
    try:
        return clocks.moments_of(wall, where)
    except OverflowError:
        raise TimeTextError(OUTSIDE) from None


def at_clock(day: date, at: time, where: tzinfo, which: int | None = None) -> datetime:
    """The moment (UTC) at which clocks in `where` show a time on a day.

    `which` is 0 for the first and 1 for the second of two. Raises HourError with the reason
    where there is none, and with the ways to say which where there are two; TimeTextError.
    """
    wall = datetime.combine(day, at.replace(fold=0))
    found = moments_of(wall, where)
    if not found:
        raise HourError(_why_missing(wall, where))
    if len(found) == 1:
        if which is not None:
            raise TimeTextError(f"{_clock(wall)} exists once on {_day(day)}: leave out which one.")
        return found[0]
    if which is None:
        one, other = (offset_text(moment.astimezone(where)) for moment in found)
        raise HourError(
            f"{_clock(wall)} exists twice on {_day(day)} in {_name(where)}: write "
            f"“{_clock(wall)} first” (UTC{one}) or “{_clock(wall)} second” (UTC{other})."
        )
    return found[which]


def _why_missing(wall: datetime, where: tzinfo) -> str:
    """The reason why clocks never show a time."""
    _, before, after = change_around(wall, where)
    midnight = datetime.combine(wall.date(), time())
    if before <= midnight and after >= midnight + timedelta(days=1):
        return f"{_day(wall.date())} does not exist in {_name(where)}: the calendar leaves it out."
    return (
        f"{_clock(wall)} does not exist on {_day(wall.date())} in {_name(where)}: "
        f"clocks go from {_clock(before)} to {_clock(after)}."
    )


def change_around(wall: datetime, where: tzinfo) -> tuple[datetime, datetime, datetime]:
    """The change of clocks that leaves out a wall time: its moment (UTC), and what clocks show
    there before and after it.
    """
    # Read with the offset of after the change it lies before it, and the other way round.
    low = wall.replace(tzinfo=where, fold=1).astimezone(UTC)
    high = wall.replace(tzinfo=where, fold=0).astimezone(UTC)
    before, after = low.astimezone(where).utcoffset(), high.astimezone(where).utcoffset()
    while high - low > timedelta(seconds=1):
        middle = low + timedelta(seconds=(high - low) // timedelta(seconds=2))
        if middle.astimezone(where).utcoffset() == before:
            low = middle
        else:
            high = middle
    change = high.replace(microsecond=0)
    plain = change.replace(tzinfo=None)
    return change, plain + (before or timedelta()), plain + (after or timedelta())


def offset_text(moment: datetime) -> str:
    """A time's distance from UTC, as `+02:00`; with seconds where zones of old have some."""
    text = moment.isoformat()
    return text[max(text.rfind("+"), text.rfind("-")) :]


def _clock(wall: datetime) -> str:
    return f"{wall:%H:%M:%S}" if wall.second else f"{wall:%H:%M}"


def _day(day: date) -> str:
    return f"{day:%a} {day.day} {day:%b} {day.year}"


def _name(where: tzinfo) -> str:
    return getattr(where, "key", None) or datetime.now(where).tzname() or str(where)


# -- days -----------------------------------------------------------------------------------------


def same_clocks(one: tzinfo, other: tzinfo) -> bool:
    """Whether clocks of two zones show the same, on each day of the year before and the one after.

    Summer and winter alone would not tell: Athens and Cairo, or Jerusalem, are as far from UTC in
    both, and set their clocks on other days.
    """
    return one is other or _same_around(one, other, datetime.now(UTC).date())


@lru_cache(64)
def _same_around(one: tzinfo, other: tzinfo, day: date) -> bool:
    """The same of a day, kept: forms ask each time that they open, and it takes milliseconds."""
    noon = datetime.combine(day, time(12), UTC)
    return all(
        (moment := noon + timedelta(days=number)).astimezone(one).utcoffset()
        == moment.astimezone(other).utcoffset()
        for number in range(-366, 367)
    )


def start_of_day(day: date, where: tzinfo) -> datetime:
    """The first moment (UTC) of a day; where midnight is jumped over, what comes after it.

    Raises TimeTextError outside the calendar.
    """
    return _start_of_day(day, where)


@lru_cache(maxsize=512)
def _start_of_day(day: date, where: tzinfo) -> datetime:
    """The same, kept: of the day that it is it is asked for each thing that is shown."""
    wall = datetime.combine(day, time())
    found = moments_of(wall, where)
    return found[0] if found else change_around(wall, where)[0]


def end_of_day(day: date, where: tzinfo) -> datetime:
    """The first moment (UTC) after a day. Raises TimeTextError outside the calendar."""
    try:
        return start_of_day(day + timedelta(days=1), where)
    except OverflowError:
        raise TimeTextError(OUTSIDE) from None


def today_in(where: tzinfo, now: datetime | None = None) -> date:
    """The day that it is in a zone."""
    return (now or datetime.now(UTC)).astimezone(where).date()


def day_of(moment: datetime, where: tzinfo) -> date:
    """The day that a service means by a moment where it has no days, as with due dates.

    A midnight of UTC is that day, in every zone; any other moment is the day that it falls on.
    """
    there = moment.astimezone(UTC)
    if there.time() == time():
        return there.date()
    return moment.astimezone(where).date()


def midnight_utc(day: date) -> datetime:
    """A day as a moment, for services that have no days: what `day_of` reads again."""
    return datetime.combine(day, time(), UTC)
