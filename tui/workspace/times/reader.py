"""What a person types as a time, a day or a stretch of time: one strict reader.

    day     2026-11-29 · today · yesterday · mon · +3d · 27.11. · 27.11.2026 · 29 Nov · Nov 29
    clock   14:00 · 14 · 1400 · 9am · 9:30 pm · 24:00; first or second where an hour exists twice
    moment  now · [day] clock [offset] · 2026-11-29T14:00-05:00 · +30m · in 2 h · 8 h ago · day
    stretch [day] clock-clock · [day] clock to [day] clock; over midnight where it ends earlier

An offset is Z, UTC, UTC-5, +02:00; one that is only a minus needs a full date with T, since
`15:00-16:00` is a stretch. `+30m` and the like have a length (see lengths). What is not in this
table is refused, never guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from typing import NamedTuple

from tui.workspace.times.lengths import UnclearLength, read_span, words_of
from tui.workspace.times.zones import (
    OUTSIDE,
    DayError,
    TimeTextError,
    at_clock,
    end_of_day,
    later,
    start_of_day,
)

NEAR = timedelta(days=92)
_DAY_WORDS = {"today": 0, "yesterday": -1, "tomorrow": 1}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_MONTHS = (
    "january", "february", "march", "april", "may", "june", "july", "august", "september",
    "october", "november", "december",
)  # fmt: skip
_WHICH = {"": None, "first": 0, "1st": 0, "second": 1, "2nd": 1}
# Texts, not compiled: a start that reads no time should not pay for them; `re` keeps them after.
_SHIFT = r"([+-]) ?(.+)\Z"
_DAYS_OR_CLOCK = r"[+-] ?([0-9]{1,7}) ?d(?:ays?)? ([0-9]{1,4}) second\Z"
_FROM_NOW = r"(?:in (?P<in>.+)|(?P<ago>.+) ago)\Z"
_ISO_DAY = r"[0-9]{4}-[0-9]{2}-[0-9]{2}|[0-9]{8}|[0-9]{4}-?w[0-9]{2}-?[1-7]"
_DOTTED = r"(?P<d>[0-9]{1,2})\.(?P<m>[0-9]{1,2})\.(?P<y>[0-9]{4}|[0-9]{2})?\Z"
_NAMED = (
    r"(?:(?P<weekday>[a-z]+),? )?"
    r"(?:(?P<d>[0-9]{1,2})\.? (?P<m>[a-z]+)\.?|(?P<m2>[a-z]+)\.? (?P<d2>[0-9]{1,2}))"
    r"(?:,? (?P<y>19[6-9][0-9]|20[0-9]{2}))?\Z"
)
_CLOCK = (
    r"(?:(?P<h>[0-9]{1,2})(?:(?P<sep>[:.])(?P<m>[0-9]{2})(?::(?P<s>[0-9]{2})"
    r"(?:\.(?P<f>[0-9]{1,6}))?)?)?|(?P<h4>[0-9]{2})(?P<m4>[0-9]{2})(?:(?P<s4>[0-9]{2}))?)"
    r"(?: ?(?P<half>am|pm))?(?: ?(?P<which>first|second|1st|2nd))?(?: ?(?P<offset>[zug+-].*))?\Z"
)
_OFFSET = r"(?P<name>z|utc|gmt)?(?:(?P<sign>[+-])(?P<h>[0-9]{1,2})(?::?(?P<m>[0-5][0-9]))?)?\Z"


class Stretch(NamedTuple):
    """From one moment to a later one, both in UTC."""

    start: datetime
    end: datetime


class _Clock(NamedTuple):
    """A time of day as it was typed; `at` None is 24:00, the end of the day."""

    at: time | None
    half: str
    which: int | None
    offset: tzinfo | None
    form: str
    """`9`, `0900` or `9:00`."""

    def on(self, day: date, where: tzinfo) -> datetime:
        """The moment on a day."""
        if self.offset is not None:
            if self.which is not None:
                raise TimeTextError("Write first or second, or an offset, not both.")
            where = self.offset
        if self.at is None:
            return end_of_day(day, where)
        return at_clock(day, self.at, where, self.which)


def _present(now: datetime | None) -> datetime:
    return (now or datetime.now(UTC)).astimezone(UTC)


def _shift(word: str) -> timedelta | None:
    """How far from now; None where it is written in another way. Raises UnclearLength."""
    shift, named = re.match(_SHIFT, word), re.match(_FROM_NOW, word)
    either = re.match(_DAYS_OR_CLOCK, word)
    if either:
        length, at = f"{word[0]}{either[1]}d", either[2]
        raise UnclearLength(
            f"{word} can be meant in two ways: write {length} {at}s, or {length} with a time of day"
            " as 14:00 second."
        )
    try:
        if named:
            return read_span(named["in"]) if named["in"] else -read_span(named["ago"])
        if shift:
            return read_span(shift[2]) if shift[1] == "+" else -read_span(shift[2])
    except UnclearLength:
        raise
    except TimeTextError:
        pass
    return None


# -- days -----------------------------------------------------------------------------------------


def read_day(text: str, where: tzinfo, now: datetime | None = None) -> date:
    """A day: `2026-03-12`, `today`, `yesterday`, `tomorrow`, `+3d`, `mon` (the latest one),
    `27.11.` and `29 Nov` (of this year, or of the one
    beside it where that is near).

    Raises TimeTextError.
    """
    found = _day(words_of(text), _present(now).astimezone(where).date())
    if found is None:
        raise TimeTextError("Write a date as 2026-08-21, today, tomorrow or +3d.")
    return found


def is_day(text: str, where: tzinfo, now: datetime | None = None) -> bool:
    """Whether it is a day, as `read_day` has it, without a time."""
    try:
        read_day(text, where, now)
    except TimeTextError:
        return False
    return True


def _day(word: str, today: date) -> date | None:
    """A day, or None where the word is none. Raises TimeTextError for one that does not exist."""
    shift = re.match(r"([+-]) ?([0-9]{1,7}) ?(d|days?|w|weeks?|)\Z", word)
    dotted, named = re.match(_DOTTED, word), re.match(_NAMED, word)
    try:
        if word in _DAY_WORDS:
            return today + timedelta(days=_DAY_WORDS[word])
        weekday = _place(word, _WEEKDAYS)
        if weekday is not None:
            return today - timedelta(days=(today.weekday() - weekday) % 7)
        if shift:
            days = int(shift[2]) * (7 if shift[3].startswith("w") else 1)
            return today + timedelta(days=days if shift[1] == "+" else -days)
    except OverflowError:
        raise TimeTextError(OUTSIDE) from None
    if re.fullmatch(_ISO_DAY, word):
        try:
            return date.fromisoformat(word.upper())
        except ValueError:
            if "-" not in word:
                return None
            raise DayError(f"There is no day {word}.") from None
    if dotted:
        year = dotted["y"] and int(dotted["y"]) + (2000 if len(dotted["y"]) == 2 else 0)
        return _in_year(int(dotted["d"]), int(dotted["m"]), year or None, today)
    return _named_day(named, today) if named else None


def _named_day(found: re.Match[str], today: date) -> date | None:
    """`29 Nov`, `Sun 29 Nov 2026`: the weekday has to be right."""
    month = _place(found["m"] or found["m2"], _MONTHS)
    if month is None:
        return None
    weekday = _place(found["weekday"], _WEEKDAYS) if found["weekday"] else None
    if found["weekday"] and weekday is None:
        return None
    day = _in_year(
        int(found["d"] or found["d2"]), month + 1, int(found["y"]) if found["y"] else None, today
    )
    if weekday is not None and day.weekday() != weekday:
        raise DayError(f"{day.day} {day:%b} {day.year} is a {day:%A}.")
    return day


def month_named(word: str) -> int | None:
    """Which month a name in lower case is, or its beginning of three letters or more: 1 to 12."""
    place = _place(word, _MONTHS)
    return None if place is None else place + 1


def begins_month(word: str) -> bool:
    """Whether a word in lower case begins the name of a month, be it by one letter."""
    return any(name.startswith(word) for name in _MONTHS)


def _place(word: str, names: tuple[str, ...]) -> int | None:
    """Which of the names a word is: the name or its beginning of three letters or more."""
    if len(word) < 3:
        return None
    return next((place for place, name in enumerate(names) if name.startswith(word)), None)


def _in_year(day: int, month: int, year: int | None, today: date) -> date:
    """A day of a month; without a year of this one, as days are shown, or of the one beside it
    where that is within three months.
    """
    years = [year] if year is not None else [today.year, today.year - 1, today.year + 1]
    found: list[date] = []
    for one in years:
        try:
            found.append(date(one, month, day))
        except ValueError:
            continue
    near = [one for one in found if abs(one - today) <= NEAR]
    chosen = near or [one for one in found if one.year == (year or today.year)]
    if not chosen:
        missing = f"There is no day {day}.{month}.{'' if year is None else year}"
        # `1.30.` was most likely not meant as a day at all.
        raise DayError(missing) if 1 <= month <= len(_MONTHS) else TimeTextError(missing)
    return chosen[0]


# -- times of day ---------------------------------------------------------------------------------


def read_clock(text: str, now: datetime | None = None) -> time:
    """A time of day: `14:00`, `9:30`, `14:00:30`, `9am`, `14`, or `now` (in the zone of `now`).

    Raises TimeTextError.
    """
    word = words_of(text)
    if word == "now" and now is not None:
        return now.time().replace(second=0, microsecond=0)
    found = _clock(word)
    if found is None or found.offset is not None or found.which is not None:
        raise TimeTextError("Write a time as 14:00.")
    if found.at is None:
        raise TimeTextError("24:00 is 00:00 of the day after.")
    return found.at


def _clock(word: str, *, minus: bool = False) -> _Clock | None:
    """A time of day, or None where the word is none; `minus` where a bare one is an offset."""
    found = re.match(_CLOCK, word)
    if found is None:
        return None
    half, which = found["half"] or "", _WHICH[found["which"] or ""]
    hour = int(found["h"] or found["h4"])
    minute = int(found["m"] or found["m4"] or 0)
    second = int(found["s"] or found["s4"] or 0)
    if half:
        if not 1 <= hour <= 12:
            return None
        hour = hour % 12 + (12 if half == "pm" else 0)
    elif found["sep"] == ".":
        # 9.30 could be a day as well.
        return None
    offset = None
    if found["offset"]:
        offset = _offset(found["offset"], minus=minus)
        if offset is None:
            return None
    form = "0900" if found["h4"] else "9:00" if found["m"] or half else "9"
    micro = int((found["f"] or "").ljust(6, "0"))
    if hour == 24 and not (minute or second or micro):
        return _Clock(None, half, which, offset, form)
    if hour > 23 or minute > 59 or second > 59:
        return None
    return _Clock(time(hour, minute, second, micro), half, which, offset, form)


def _offset(word: str, *, minus: bool) -> tzinfo | None:
    """`Z`, `UTC`, `UTC-5`, `+02:00`; `-05:00` only where a minus can be nothing else."""
    found = re.match(_OFFSET, word)
    if found is None or not (found["name"] or found["sign"] == "+" or minus):
        return None
    if found["name"] == "z" and found["sign"]:
        return None
    minutes = int(found["h"] or 0) * 60 + int(found["m"] or 0)
    minutes = -minutes if found["sign"] == "-" else minutes
    if not -12 * 60 <= minutes <= 14 * 60:
        raise TimeTextError(f"No place is at UTC{word.removeprefix('utc').removeprefix('gmt')}.")
    return timezone(timedelta(minutes=minutes))


# -- moments and stretches ------------------------------------------------------------------------


def read_moment(
    text: str, where: tzinfo, now: datetime | None = None, *, ends: bool = False
) -> datetime:
    """A moment, in UTC: ISO 8601, `14:00`, `today 14:00`, `mon 9:30`, `+30m`, `2 h ago`, `now`.

    Times without an offset are in `where`. A bare day is where it begins, or ends where `ends`.
    Raises TimeTextError.
    """
    found = read_when(text, where, now, ends=ends)
    if isinstance(found, Stretch):
        raise TimeTextError("This is from one time to another: write only one.")
    return found


def read_when(
    text: str, where: tzinfo, now: datetime | None = None, *, ends: bool = False
) -> datetime | Stretch:
    """A moment as `read_moment` reads it, or a stretch of time, such as `yesterday 14-16`.

    Raises TimeTextError.
    """
    present, word = _present(now), words_of(text)
    if word == "now":
        return present.replace(second=0, microsecond=0)
    by = _shift(word)
    if by is not None:
        # As `now` does; seconds count only where they are asked for.
        whole = by % timedelta(minutes=1) == timedelta()
        base = present.replace(microsecond=0)
        return later(base.replace(second=0) if whole else base, by)
    today = present.astimezone(where).date()
    day = _day(word, today)
    if day is not None:
        return end_of_day(day, where) if ends else start_of_day(day, where)
    full = re.match(rf"({_ISO_DAY})t(.+)\Z", word)
    if full:
        on, at = _day(full[1], today), _clock(full[2], minus=True)
        if on is not None and at is not None:
            return at.on(on, where)
    for on, rest in _after_day(word, today):
        at = _clock(rest)
        found = at.on(on, where) if at is not None else _stretch(rest, on, where, today)
        if found is not None:
            return found
    raise TimeTextError("Write a moment as 2026-08-21 14:00, today 14:00 or +30m.")


def _after_day(word: str, today: date) -> Iterator[tuple[date, str]]:
    """A day and what stands behind it, the longest day first; today where none is written."""
    places = [place for place, mark in enumerate(word) if mark == " "]
    for place in reversed(places):
        day = _day(word[:place].rstrip(","), today)
        if day is not None:
            yield day, word[place + 1 :]
    yield today, word


def _stretch(word: str, day: date, where: tzinfo, today: date) -> Stretch | None:
    """From one time to another, on a day or over its midnight; None where it is none."""
    for sign in re.finditer(r" ?(?:-| to ) ?", word):
        first = _clock(word[: sign.start()])
        if first is None:
            continue
        if sign[0] == " -" and word[: sign.start()].endswith(("utc", "gmt")):
            raise TimeTextError("Write UTC-5 without a blank in it, or 9:00 UTC - 10:00.")
        rest = word[sign.end() :]
        for on, last_word in _after_day(rest, today):
            last = _clock(last_word)
            # 2026-11 is rather the beginning of a date.
            if last is not None and {first.form, last.form} != {"9", "0900"}:
                named = last_word != rest
                return _from_to(first, last, day, on if named else day, where, named=named)
    return None


def _half_is_open(first: _Clock, last: _Clock, begin: time, *, named: bool) -> bool:
    """Whether am or pm at one of two times leaves open which half of the day the other is."""
    if last.at is None or bool(first.half) == bool(last.half):
        return False
    bare = last.at if first.half else begin
    return bare.hour <= 12 and ("pm" in (first.half, last.half) or (not named and last.at <= begin))


def _from_to(
    first: _Clock, last: _Clock, day: date, on: date, where: tzinfo, *, named: bool
) -> Stretch:
    begin = first.at
    if begin is None:
        raise TimeTextError("24:00 is the end of a day: nothing begins there.")
    if _half_is_open(first, last, begin, named=named):
        raise TimeTextError("Write am or pm at both times.")
    if first.offset is None:
        first = first._replace(offset=last.offset)
    elif last.offset is None:
        last = last._replace(offset=first.offset)
    start = first.on(day, where)
    both = first.which is not None and last.which is not None
    if not named and not both and last.at is not None and last.at < begin:
        try:
            on = day + timedelta(days=1)
        except OverflowError:
            raise TimeTextError(OUTSIDE) from None
    end = last.on(on, where)
    if end <= start:
        raise TimeTextError("The end must be after the start.")
    return Stretch(start, end)
