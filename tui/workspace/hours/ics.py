"""iCalendar: events as entries, with what repeats, was moved and was taken out; and written.

Times are reckoned in UTC: libraries that were tried add hours to wall times, which is an hour
off in the nights of a change.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta

from tui.services.digits import whole
from tui.words import as_given, counted
from tui.workspace.hours.entries import (
    Entry,
    HoursError,
    LineError,
    Log,
    Reading,
    lines_of,
    with_newlines,
)
from tui.workspace.hours.figures import SEPARATOR
from tui.workspace.hours.ics_dates import When, after, occurrences, rule_of, when

FORM = "ics"
PRODUCT = "-//tockdeck//hours//EN"
_SECONDS = "X-TOCKDECK-SECONDS"
_VALUE = r"(?:\"[^\"]*\"|[^\";:,]*)"
_CONTENT = re.compile(
    rf"([A-Za-z0-9-]+)((?:;[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*)*):(.*)\Z", re.DOTALL
)
_PARAMETER = re.compile(r";([A-Za-z0-9-]+)=(\"[^\"]*\"|[^;]*)")
_TAKEN = {
    "UID", "DTSTAMP", "DTSTART", "DTEND", "DURATION", "SUMMARY", "CATEGORIES", "RRULE", "EXDATE",
    "RDATE", "RECURRENCE-ID", "SEQUENCE", "STATUS", "CREATED", "LAST-MODIFIED", "BEGIN", "END",
    _SECONDS,
}  # fmt: skip


@dataclass
class _Event:
    """A VEVENT: its line, and each property's parameters and values."""

    at: int
    properties: dict[str, list[tuple[dict[str, str], str]]] = field(default_factory=dict)
    bad: str = ""

    @property
    def with_all_that_follow(self) -> bool:
        """Whether it stands for an occurrence and for those behind it."""
        return any(
            parameters.get("RANGE", "").upper() == "THISANDFUTURE"
            for parameters, _ in self.properties.get("RECURRENCE-ID", [])
        )

    def one(self, name: str) -> str:
        """A property's value; "" without it."""
        found = self.properties.get(name)
        return found[0][1].strip() if found else ""

    def whens(self, name: str, reading: Reading) -> list[When]:
        """The moments of a property. Raises LineError."""
        return [
            when(value.strip(), parameters.get("TZID", ""), reading.where)
            for parameters, values in self.properties.get(name, [])
            for value in values.split(",")
        ]

    def dates(self, name: str, reading: Reading) -> Iterator[tuple[When, datetime | None]]:
        """The same, each with where it ends where it is a period. Raises LineError."""
        for parameters, values in self.properties.get(name, []):
            zone = parameters.get("TZID", "")
            for value in filter(str.strip, values.split(",")):
                begin, _, end = value.strip().partition("/")
                start = when(begin, zone, reading.where)
                if not end:
                    yield start, None
                    continue
                stop = after(start, end) if "P" in end else when(end, zone, reading.where).moment
                if stop < start.moment:
                    raise LineError(f"{as_given(value.strip())} ends before it begins")
                yield start, stop

    def when(self, name: str, reading: Reading) -> When | None:
        """The moment of a property; None without it. Raises LineError."""
        found = self.whens(name, reading)
        return found[0] if found else None


def read(text: str, reading: Reading) -> Log:
    """All events that happened; each occurrence is an entry."""
    log = Log(FORM)
    events, others, ours = _parsed(text)
    masters: dict[str, _Event] = {}
    overrides: dict[str, list[_Event]] = {}
    for event in events:
        uid = event.one("UID") or f"line {event.at}"
        if event.one("RECURRENCE-ID"):
            overrides.setdefault(uid, []).append(event)
        elif uid not in masters or _sequence(event) >= _sequence(masters[uid]):
            masters[uid] = event
    for uid in dict.fromkeys([*masters, *overrides]):
        moved = overrides.get(uid, [])
        try:
            _take(uid, masters.get(uid), moved, log, reading, ours=ours)
        except (LineError, OverflowError) as error:
            log.refuse((masters.get(uid) or moved[0]).at, error)
    log.entries.sort(key=lambda one: (one.start or _midnight(one.day), one.at))
    if others:
        log.notes.append(f"{counted(others, 'part')} that are no events passed over.")
    left = {name for event in events for name in event.properties} - _TAKEN
    if ours:
        left.discard("DESCRIPTION")
    if left:
        log.notes.append(f"Not taken over of events: {', '.join(sorted(left)).lower()}.")
    return log


def _midnight(day: date | None) -> datetime:
    at = day or date.min
    return datetime(at.year, at.month, at.day, tzinfo=UTC)


def _sequence(event: _Event) -> int:
    return whole(event.one("SEQUENCE")) or 0


def _parsed(text: str) -> tuple[list[_Event], int, bool]:
    """The events, how many other parts there were, and whether we wrote it ourselves."""
    events: list[_Event] = []
    open_one: _Event | None = None
    inner, others, ours = 0, 0, False
    for at, line in _unfolded(text):
        found = _CONTENT.match(line)
        if found is None:
            if open_one is not None and line.strip():
                open_one.bad = open_one.bad or f"line {at} is no property: {line[:40]!r}"
            continue
        name, value = found[1].upper(), found[3]
        if name == "PRODID":
            ours = ours or value.strip() == PRODUCT
        if name == "BEGIN":
            if open_one is not None:
                inner += 1
            elif value.strip().upper() == "VEVENT":
                open_one = _Event(at)
            elif value.strip().upper() in ("VTODO", "VJOURNAL", "VFREEBUSY"):
                others += 1
        elif name == "END":
            if inner:
                inner -= 1
            elif open_one is not None and value.strip().upper() == "VEVENT":
                events.append(open_one)
                open_one = None
        elif open_one is not None and not inner:
            parameters = {
                one[1].upper(): one[2].strip('"') for one in _PARAMETER.finditer(found[2])
            }
            open_one.properties.setdefault(name, []).append((parameters, value))
    if open_one is not None:
        open_one.bad = "it has no end: the file is cut off"
        events.append(open_one)
    if not events and not others and "BEGIN:VCALENDAR" not in text.upper():
        raise HoursError("this is no calendar: BEGIN:VCALENDAR is not in it")
    return events, others, ours


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Content lines and where they begin."""
    begun, held = 0, ""
    for at, line in enumerate(lines_of(text), 1):
        if line[:1] in (" ", "\t") and begun:
            held += line[1:]
            continue
        if begun:
            yield begun, held
        begun, held = at, line
    if begun:
        yield begun, held


def _take(
    uid: str,
    master: _Event | None,
    moved: list[_Event],
    log: Log,
    reading: Reading,
    *,
    ours: bool,
) -> None:
    """The entries of one event, with what of it was moved."""
    instead: dict[datetime, _Event] = {}
    onward: dict[datetime, tuple[_Event, timedelta]] = {}
    for event in sorted(moved, key=_sequence):
        which = event.when("RECURRENCE-ID", reading)
        if which is None:
            continue
        instead[which.moment] = event
        begun = event.when("DTSTART", reading)
        if event.with_all_that_follow and begun is not None:
            onward[which.moment] = event, begun.wall - which.at_zone(begun.where)
    walls: list[When] = []
    stops: Mapping[datetime, datetime] = {}
    if master is not None and master.one("STATUS").upper() != "CANCELLED":
        walls, stops, lost = _walls(master, reading)
        for at in walls:
            if at.moment in instead:
                continue
            key, event = f"{uid} {at.wall.isoformat()}", master
            since = max((one for one in onward if one < at.moment), default=None)
            if since is not None:
                event, further = onward[since]
                begun = event.when("DTSTART", reading)
                if event.one("STATUS").upper() == "CANCELLED" or begun is None:
                    continue
                at = replace(begun, wall=at.at_zone(begun.where) + further)
            entry = _entry(event, at, key, reading, ours=ours)
            if event is master and at.moment in stops:
                entry = replace(entry, stop=stops[at.moment])
            log.entries.append(replace(entry, lost=entry.lost + lost))
    for which_moment, event in instead.items():
        if event.one("STATUS").upper() == "CANCELLED":
            continue
        start = event.when("DTSTART", reading)
        if start is None:
            log.refuse(event.at, "it has no start")
            continue
        try:
            log.entries.append(
                _entry(event, start, f"{uid} {which_moment.isoformat()}", reading, ours=ours)
            )
        except (LineError, OverflowError) as error:
            log.refuse(event.at, error)


def _walls(
    event: _Event, reading: Reading
) -> tuple[list[When], Mapping[datetime, datetime], tuple[str, ...]]:
    """When an event happens, without what was taken out; where those end that have an end of their
    own, by their beginnings; and what to say of it.
    """
    start = event.when("DTSTART", reading)
    if start is None:
        raise LineError("it has no start")
    lost: tuple[str, ...] = ()
    found = [start]
    rule_text = event.one("RRULE")
    if rule_text:
        rule = rule_of(rule_text)
        if rule is None:
            lost = (f"it repeats by a rule that is not read ({rule_text}): only the first is here",)
        else:
            found = [replace(start, wall=at) for at in occurrences(rule, start, reading.now)]
    stops: dict[datetime, datetime] = {}
    for begin, stop in event.dates("RDATE", reading):
        found.append(begin)
        if stop is not None:
            stops[begin.moment] = stop
    out = event.whens("EXDATE", reading) if event.one("EXDATE") else []
    days = {one.wall.date() for one in out if one.whole_day}
    moments = {one.moment for one in out if not one.whole_day}
    kept = {one.moment: one for one in found if one.wall.date() not in days}
    return [one for moment, one in kept.items() if moment not in moments], stops, lost


def _entry(event: _Event, at: When, key: str, reading: Reading, *, ours: bool) -> Entry:
    if event.bad:
        raise LineError(event.bad)
    summary = _text(event.one("SUMMARY"))
    categories = tuple(
        _text(one)
        for _, value in event.properties.get("CATEGORIES", [])
        for one in re.findall(r"(?:\\.|[^\\,])+", value, re.DOTALL)
    )
    names, tags = (categories, ()) if ours else ((), categories)
    if ours:
        # The summary without a text is the path, for who looks at the calendar.
        summary = _text(event.one("DESCRIPTION"))
    begun = event.when("DTSTART", reading)
    made = Entry(at=event.at, names=names, tags=tags, text=summary, key=key)
    if ours:
        made = replace(made, key=_text(event.one("UID")).removesuffix("@tockdeck"))
    end = event.when("DTEND", reading)
    length = event.one("DURATION")
    if at.whole_day or begun is None:
        seconds, days = event.one(_SECONDS), 1
        if end is not None and begun is not None:
            days = max(1, (end.wall.date() - begun.wall.date()).days)
        lost = (f"all day, {counted(days, 'day')}: that is no number of hours",)
        told = re.fullmatch(r"-?\d{1,9}", seconds)
        return replace(
            made,
            day=at.wall.date(),
            seconds=int(seconds) if told else 0,
            free=bool(told),
            wrote=f"{at.wall.date()}, {counted(days, 'day')}",
            lost=() if told else lost,
        )
    wrote = f"{at.wall:%Y-%m-%d %H:%M}"
    if end is not None and begun is not None:
        if length:
            wrote += " (it has an end and a length: the end counts)"
        # Of a repeated one each lasts as long on the clock as the first.
        stop = replace(end, wall=at.wall + (end.wall - begun.wall)).moment
        if end.where != at.where or at.wall == begun.wall:
            stop = at.moment + (end.moment - begun.moment)
    else:
        stop = after(at, length) if length else at.moment
    if stop < at.moment:
        raise LineError("it ends before it begins")
    return replace(made, start=at.moment, stop=stop, wrote=wrote)


def _text(value: str) -> str:
    def plain(found: re.Match[str]) -> str:
        return "\n" if found[1] in "nN" else found[1]

    return with_newlines(re.sub(r"\\(.)", plain, value, flags=re.S))


# -- out --------------------------------------------------------------------------------------


def written(entries: Sequence[Entry], now: datetime) -> tuple[str, list[str]]:
    """A calendar of the entries in UTC, and what is not in it: an event that runs has no end."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}"]
    opened = 0
    for entry in entries:
        if entry.open or (entry.start is None and entry.day is None):
            opened += 1
            continue
        path = SEPARATOR.join(entry.names)
        lines += ["BEGIN:VEVENT", f"UID:{_escaped(_uid(entry))}", f"DTSTAMP:{_utc(now)}"]
        if entry.start is not None and entry.stop is not None:
            lines += [f"DTSTART:{_utc(entry.start)}", f"DTEND:{_utc(entry.stop)}"]
        elif entry.day is not None:
            lines += [
                f"DTSTART;VALUE=DATE:{entry.day:%Y%m%d}",
                f"DTEND;VALUE=DATE:{entry.day + timedelta(days=1):%Y%m%d}",
                f"{_SECONDS}:{entry.seconds}",
            ]
        lines.append(f"SUMMARY:{_escaped(entry.text or path)}")
        if entry.text:
            lines.append(f"DESCRIPTION:{_escaped(entry.text)}")
        if entry.names:
            lines.append(f"CATEGORIES:{','.join(map(_escaped, entry.names))}")
        lines.append("END:VEVENT")
    lines.append("END:VCALENDAR")
    said = f"{counted(opened, 'entry')} that runs or has no day left out: no event without an end."
    return "".join(f"{_folded(line)}\r\n" for line in lines), [said] if opened else []


def _uid(entry: Entry) -> str:
    if entry.key:
        return f"{entry.key}@tockdeck"
    content = repr((entry.start, entry.stop, entry.day, entry.names, entry.text))
    return f"{hashlib.sha256(content.encode('utf-8', 'replace')).hexdigest()[:24]}@tockdeck"


def _utc(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%SZ}"


def _escaped(text: str) -> str:
    plain = re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", "", with_newlines(text))
    return re.sub(r"([\\,;])", r"\\\1", plain).replace("\n", "\\n")


def _folded(line: str) -> str:
    """Lines of 75 bytes at most; a letter is not cut."""
    held, size = [""], 0
    for letter in line:
        wide = len(letter.encode("utf-8", "replace"))
        if size + wide > 74:
            held.append("")
            size = 0
        held[-1] += letter
        size += wide
    return "\r\n ".join(held)
