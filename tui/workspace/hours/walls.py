"""Times on a wall clock as moments: nights in which clocks change, and lengths that decide."""

from __future__ import annotations

import re
from datetime import date, datetime, time, timedelta
from decimal import Decimal, InvalidOperation

from tui.words import as_given
from tui.workspace.hours.entries import LineError, Reading, utc
from tui.workspace.hours.figures import hms
from tui.workspace.times import TimeTextError, at_clock, moments_of, read_clock

_DURATION = re.compile(r"(-?)(\d{1,6}):([0-5]\d)(?::([0-5]\d))?\Z", re.ASCII)
NEAR = 60
"""Seconds by which times in minutes may miss a length that has seconds."""


def wall(day: date, clock: str) -> datetime:
    """A day and a time of it as typed by a program; 24:00 is where the next day begins.

    Raises LineError.
    """
    if re.fullmatch(r"24:00(:00)?", clock.strip()):
        try:
            return datetime.combine(day + timedelta(days=1), time())
        except OverflowError:
            raise LineError("this is outside of the calendar") from None
    try:
        return datetime.combine(day, read_clock(clock))
    except TimeTextError:
        raise LineError(f"{as_given(clock)} is no time of day") from None


def iso_day(text: str) -> date:
    """`2026-01-14`, `2026/01/14` or `2026.1.14`. Raises LineError."""
    found = re.fullmatch(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})", text.strip())
    try:
        if found:
            return date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        pass
    raise LineError(f"{as_given(text)} is no day")


def moment_told(value: object) -> datetime:
    """A moment of ISO 8601 with its distance from UTC, in UTC. Raises LineError."""
    try:
        if isinstance(value, str) and (found := datetime.fromisoformat(value)).tzinfo is not None:
            return utc(found)
    except (ValueError, OverflowError):
        pass
    raise LineError(f"{as_given(value)} is no moment with its distance from UTC")


def moment(at: datetime, reading: Reading) -> datetime:
    """The moment at which clocks show a time. Raises LineError where none or two do."""
    try:
        found = moments_of(at, reading.where)
        if len(found) == 2 and reading.which is not None:
            return found[reading.which]
        return at_clock(at.date(), at.time(), reading.where)
    except TimeTextError as error:
        raise LineError(_without_how(error)) from None


def _without_how(error: TimeTextError) -> str:
    """The reason, without how it would be typed: nobody types it here."""
    return re.sub(r": write “.*", "; a length beside it would tell which", str(error), flags=re.S)


def stretch(
    first: datetime,
    last: datetime,
    reading: Reading,
    *,
    seconds: int | None = None,
    hint: int | None = None,
) -> tuple[datetime, datetime, tuple[str, ...]]:
    """Start and end of what lasted between two times on the clock, and what to say of it.

    `seconds` is a length that the file has of its own: it decides which of two hours is meant,
    and where it differs, when it ended. `hint` only decides which of two hours. Of two that fit
    alike the reading says which, else it is the first, and that is said. Raises LineError.
    """
    if seconds is not None and seconds < 0:
        raise LineError(f"it has times, and its length is less than nothing: {hms(seconds)}")
    try:
        starts, stops = moments_of(first, reading.where), moments_of(last, reading.where)
    except TimeTextError as error:
        raise LineError(str(error)) from None
    known = seconds if seconds is not None else hint
    if not starts and stops and seconds is not None:
        starts = [stops[-1] - timedelta(seconds=seconds)]
    if not starts or (not stops and seconds is None):
        # Says why.
        moment(first if not starts else last, reading)
    pairs = [(one, other) for one in starts for other in stops or [one] if other >= one]
    if not pairs:
        raise LineError(
            f"it ends before it begins: {first:%Y-%m-%d %H:%M} to {last:%Y-%m-%d %H:%M}"
        )
    said: tuple[str, ...] = ()
    if known is not None:
        least = min(_miss(pair, known) for pair in pairs)
        fitting = [pair for pair in pairs if _miss(pair, known) == least]
        start, stop = fitting[-1 if reading.which else 0]
        if len(fitting) > 1 and reading.which is None:
            said = ("clocks show it twice that night: taken for the first",)
        if seconds is None:
            return start, stop, said
        if stops and _miss((start, stop), seconds) >= NEAR:
            apart = hms((stop - start).total_seconds())
            counts = f"its times are {apart} apart, and its length is {hms(seconds)}: that counts"
            said = (*said, counts)
        return start, start + timedelta(seconds=seconds), said
    if len(pairs) == 1:
        return (*pairs[0], said)
    if reading.which is None:
        # Says which of them is shown twice.
        moment(first if len(starts) == 2 else last, reading)
    which = reading.which or 0
    start, stop = starts[min(which, len(starts) - 1)], stops[min(which, len(stops) - 1)]
    return start, max(start, stop), said


def _miss(pair: tuple[datetime, datetime], seconds: int) -> float:
    return abs((pair[1] - pair[0]).total_seconds() - seconds)


def clock_seconds(text: str) -> int:
    """`2:00:00`, `03:30` or `26:00` as seconds. Raises LineError."""
    found = _DURATION.match(text.strip())
    if found is None:
        raise LineError(f"{as_given(text)} is no length as 1:30:00")
    seconds = int(found[2]) * 3600 + int(found[3]) * 60 + int(found[4] or 0)
    return -seconds if found[1] else seconds


def decimal_seconds(text: str) -> int:
    """Hours such as `7.5` or `7,5`, as seconds. Raises LineError."""
    plain = text.strip()
    if "," in plain and "." in plain:
        thousands = "," if plain.rfind(",") < plain.rfind(".") else "."
        plain = plain.replace(thousands, "")
    try:
        if re.fullmatch(r"-?[0-9]{1,7}([.,][0-9]{1,9})?", plain):
            return round(Decimal(plain.replace(",", ".")) * 3600)
    except InvalidOperation:
        pass
    raise LineError(f"{as_given(text)} is no number of hours")
