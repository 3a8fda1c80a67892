"""One line for time that is added: `9:00-11:15 cutting list: panels`, `1h30 administration`.

when      what a person types as a stretch of time (`yesterday 14-16`), where it begins and how
          long it is (`9:00 1h30`), or a length that ends now, or where what runs began
tracker   a part of its name that fits one alone
what      behind a colon
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import UTC, datetime, timedelta, tzinfo
from typing import NamedTuple

from tui.services.trackmypeople import Tracker
from tui.workspace.timers.finding import AmbiguousTracker, TrackerNameError, called, find_tracker
from tui.workspace.timers.overview import Overview
from tui.workspace.times import (
    HourError,
    Stretch,
    TimeTextError,
    UnclearLength,
    day_of,
    later,
    length_text,
    read_clock,
    read_span,
    read_when,
    stretch_text,
)
from tui.workspace.times.reader import is_day

MOST_WORDS = 9
"""That the time may have, as in `29 Nov 2026 9:00 am to 11:15 am`."""
LONGEST_NIGHT = timedelta(hours=16)
"""Over midnight, where the day of the end is not written."""
HOW = "Write it as `9:00-11:15 TRACKER: what`, `yesterday 9:00 1h30 TRACKER` or `1h30 TRACKER`."


class TimeLine(NamedTuple):
    """What a line means."""

    start: datetime
    stop: datetime
    tracker: Tracker
    description: str
    from_now: bool
    """Whether only a length was written, so that its end is now or where what runs began."""

    def told(self, overview: Overview, where: tzinfo, now: datetime | None = None) -> str:
        """The whole reading, as it is shown before or after it is added."""
        what = f": {self.description}" if self.description else ""
        when = when_text(self.start, self.stop, where, now)
        return f"{overview.path(self.tracker.id)}, {when}{what}"


def when_text(start: datetime, stop: datetime, where: tzinfo, now: datetime | None = None) -> str:
    """A stretch of time that is added, with what of it is still ahead: that is planned, and not
    worked. `mon` on a Monday is today, so that is said where it matters.
    """
    present = now or datetime.now(UTC)
    when, ahead = stretch_text(start, stop, where, now), ahead_text(start, stop, present)
    if not ahead:
        return when
    today = "today, " if day_of(start, where) == day_of(present, where) else ""
    return f"{when} ({today}{ahead})"


def ahead_text(start: datetime, stop: datetime, now: datetime) -> str:
    """What of a stretch of time has not come yet, in words; empty for nothing."""
    if stop <= now:
        return ""
    if start >= now:
        return "ahead: planned"
    return f"{length_text((stop - now).total_seconds())} of it ahead: planned"


def read_line(
    text: str, overview: Overview, where: tzinfo, now: datetime | None = None
) -> TimeLine:
    """What a line means. Raises TimeTextError and TrackerNameError; nothing is guessed."""
    present = (now or datetime.now(UTC)).astimezone(UTC).replace(microsecond=0)
    stretch, rest, from_now = _time_of(text, where, present, overview.since)
    tracker, description = read_tracker(rest, overview)
    return TimeLine(stretch.start, stretch.end, tracker, description, from_now)


class Parts(NamedTuple):
    """A line of which perhaps only the beginning is typed."""

    typed: str
    """The time as it is typed; empty where there is none yet."""
    rest: str
    found: Stretch | datetime | None
    """What the time means; a moment where only a day, or where it begins, is typed."""


def parted(text: str, overview: Overview, where: tzinfo, now: datetime) -> Parts:
    """The time at the beginning of a line and what stands behind it; neither has to be whole."""
    words = text.split()
    with suppress(TimeTextError):
        stretch, rest, _ = _time_of(text, where, now.replace(microsecond=0), overview.since)
        count = len(words) - len(rest.split())
        return Parts(" ".join(words[:count]), rest, stretch)
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        typed = " ".join(words[:count])
        with suppress(TimeTextError):
            return Parts(typed, " ".join(words[count:]), read_when(typed, where, now))
    return Parts("", " ".join(words), None)


def _time_of(
    text: str, where: tzinfo, now: datetime, since: datetime | None
) -> tuple[Stretch, str, bool]:
    """The time at the beginning of a line, as much of it as is one, what stands behind it, and
    whether it is only a length.
    """
    words = text.split()
    why: TimeTextError | None = None
    for count in range(min(MOST_WORDS, len(words)), 0, -1):
        typed = " ".join(words[:count])
        try:
            found, from_now = _stretch(typed, where, now, since)
        except (HourError, UnclearLength) as error:
            # It is one, and cannot be meant so.
            why = why or error
        except TimeTextError as error:
            if "after the start" in str(error):
                why = why or error
        else:
            return found, " ".join(words[count:]), from_now
    raise why or TimeTextError(HOW)


def _stretch(
    typed: str, where: tzinfo, now: datetime, since: datetime | None
) -> tuple[Stretch, bool]:
    begun = _begun(typed, where, now)
    if begun is not None:
        return begun, False
    try:
        found = read_when(typed, where, now)
    except TimeTextError as error:
        length = _length(typed)
        if length is None:
            raise error from None
        end = min(now, since) if since is not None else now
        return Stretch(later(end, -length), end), True
    if isinstance(found, Stretch):
        _insist_on_a_day(typed, found, where)
        return found, False
    if re.fullmatch(r"[0-9]{1,2}:[0-9]{2}", typed):
        hours, minutes = typed.split(":")
        raise UnclearLength(
            f"{typed} can be a time or a length: write {typed}-… or {int(hours)}h{minutes}."
        )
    raise TimeTextError(HOW)


def _insist_on_a_day(typed: str, found: Stretch, where: tzinfo) -> None:
    """Raise UnclearLength for a stretch over midnight that is too long to be meant, unless the day
    of its end is written: `14:00-13:00` is rather 14:00-15:00 mistyped.
    """
    if found.end - found.start <= LONGEST_NIGHT:
        return
    last = re.split(r" ?(?:-| to ) ?", typed)[-1]
    try:
        ends = read_clock(last)
    except TimeTextError:
        return
    begins, there = found.start.astimezone(where), found.end.astimezone(where)
    if ends < begins.time():
        lasts = length_text((found.end - found.start).total_seconds())
        raise UnclearLength(
            f"That goes over midnight and lasts {lasts}: if it is meant, write the day of its end"
            f" as well, … - {there:%Y-%m-%d %H:%M}."
        )


def _begun(typed: str, where: tzinfo, now: datetime) -> Stretch | None:
    """`9:00 1h30`, `yesterday 14:00 for 90m`: where it begins and how long it is; None where that
    is not what is typed. Raises UnclearLength for a length on a day without a time.
    """
    when, _, last = typed.rpartition(" ")
    plain = last.removeprefix("+")
    if not when or plain.isdecimal() or (":" in plain and plain == last):
        return None
    length = _length(plain)
    if length is None:
        return None
    when = when.removesuffix(" for")
    try:
        found = read_when(when, where, now)
    except HourError:
        raise
    except TimeTextError:
        return None
    if not isinstance(found, datetime):
        return None
    if is_day(when, where, now):
        raise UnclearLength(
            f"At what time of that day do the {plain} begin? Write {when} 9:00 {plain}."
        )
    return Stretch(found, later(found, length))


def _length(typed: str) -> timedelta | None:
    """A length; None where it is none. Raises UnclearLength for a bare number."""
    try:
        length = read_span(typed)
    except UnclearLength:
        raise
    except TimeTextError:
        return None
    if typed.isdecimal():
        raise UnclearLength(f"{typed} can be meant in two ways: write {typed}m, or {typed}-….")
    return length if length > timedelta() else None


def read_tracker(rest: str, overview: Overview) -> tuple[Tracker, str]:
    """The tracker before a colon, and what was done behind it; a name may have colons of its own.

    A whole name goes before a part of one. Raises TrackerNameError.
    """
    why: TrackerNameError | None = None
    places = [place for place, letter in enumerate(rest) if letter == ":"] + [len(rest)]
    if len(places) > 1:
        whole = called(overview, [rest[:place] for place in places])
        if whole is not None:
            return whole[1], rest[places[whole[0]] + 1 :].strip()
    for place in places:
        try:
            found = find_tracker(overview, rest[:place])
        except AmbiguousTracker as error:
            if not isinstance(why, AmbiguousTracker):
                why = error
        except TrackerNameError as error:
            why = why or error
        else:
            return found, rest[place + 1 :].strip()
    assert why is not None
    raise why
