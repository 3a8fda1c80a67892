"""A file of a boat's instruments into a session of the embedded Igtimi."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, tzinfo
from pathlib import Path

from tui.services.igtimi.brought import HEADINGS, SIDES, Answers, BroughtFile, bring_file
from tui.services.igtimi.live_types import TYPES
from tui.services.igtimi.records import Session
from tui.words import counted, were
from tui.workspace.connections.connections import Connections
from tui.workspace.connections.real_boats import beyond_registry, embedded_igtimi
from tui.workspace.text import clean
from tui.workspace.times import whole_text

__all__ = [
    "FORMS",
    "HEADINGS",
    "SIDES",
    "Answers",
    "BroughtFile",
    "boat_lines",
    "bring",
    "event_lines",
    "instant_text",
    "kept_news",
    "lacks_day",
    "lacks_heading",
    "lacks_heel",
    "lacks_leniency",
    "reach_text",
    "remarks",
    "session_of",
    "told",
]

SENTENCES = "NMEA 0183"
"""The form in which times may come without a date."""
FORMS = (
    "NMEA 0183, Signal K deltas, gpsd's JSON, GPX, Vakaros .vkx, FIT, Expedition's log,"
    " or this program's own CSV"
)
"""What a file may be."""
ELSEWHERE = "Igtimi is set up elsewhere: files go into the embedded one alone"


async def bring(
    connections: Connections,
    session: int,
    file: Path,
    answers: Answers,
    *,
    keep: bool = False,
) -> BroughtFile:
    """Look at a file, or keep it. A file that is kept twice is there once.

    Raises Refused where the file cannot be read or Igtimi is another than the embedded one (no
    byte of the file leaves this machine), and what a transport raises.
    """
    client = await embedded_igtimi(connections, ELSEWHERE)
    with beyond_registry(ELSEWHERE):
        return await bring_file(client, session, file, answers, keep=keep)


async def session_of(connections: Connections, session: int) -> Session:
    """The session that a file goes into. Raises what a transport raises."""
    return await (await connections.igtimi()).sessions.get(session)


def told(found: BroughtFile) -> str:
    """Its form, how much there is of it, and of how many boats."""
    boats = counted(len(found.boats), "boat")
    return f"{clean(found.form)}, {counted(found.lines, clean(found.unit))}: {boats}"


def boat_lines(found: BroughtFile, zone: tzinfo) -> Iterator[str]:
    """Of each boat its device, its times, and what was measured how often."""
    for boat in found.boats:
        since, until = (whole_text(one, zone) for one in (boat.start_time, boat.end_time))
        yield f"{clean(boat.name)} ({clean(boat.serial_number or 'new')}), {since} to {until}"
        for series in boat.series:
            rate = "" if series.hertz is None else f", {series.hertz:g} a second"
            new = f", {series.new:,} new" if series.new != series.samples else ""
            kind = TYPES.get(series.type)
            name = clean(series.name) if kind is None else kind.name
            yield f"· {name}: {counted(series.samples, 'sample')}{rate}{new}"


def reach_text(found: BroughtFile, session: Session, zone: tzinfo) -> str:
    """To which times the session's grow, since its log reaches as far as its data; or empty.

    One without an end goes on, and gets none. One without a start has the file's times then.
    """
    start, end = session.start_time, session.end_time
    if start is None or not found.boats:
        return ""
    first = min([start, *(boat.start_time for boat in found.boats)])
    last = None if end is None else max([end, *(boat.end_time for boat in found.boats)])
    if (first, last) == (start, end):
        return ""
    before, after = (_span_text(*one, zone) for one in ((start, end), (first, last)))
    return f"the session is {before}, and would be {after}"


def _span_text(start: datetime, end: datetime | None, zone: tzinfo) -> str:
    since = f"from {whole_text(start, zone)}"
    return f"{since} on" if end is None else f"{since} to {whole_text(end, zone)}"


def event_lines(found: BroughtFile, zone: tzinfo) -> Iterator[str]:
    """What somebody did, each with its time; what the session's log has already says so."""
    for event in found.events:
        there = "" if event.new else " (there already)"
        yield f"{whole_text(event.time, zone)} {clean(event.text)}{there}"


def instant_text(moment: datetime, zone: tzinfo) -> str:
    """For tables that a script reads: with year, seconds and offset."""
    return moment.astimezone(zone).isoformat(" ", "seconds")


def kept_news(found: BroughtFile, session: str) -> str:
    """What was kept, and which devices a session has of it."""
    devices = ", ".join(clean(boat.serial_number or "") for boat in found.boats)
    notes = f" and {counted(found.new_events, 'note')}" if found.new_events else ""
    samples = f"{counted(found.new, 'new sample')}{notes}"
    return f"{samples} {were(2 if notes else found.new)} kept; {session} has {devices}"


def lacks_day(found: BroughtFile) -> bool:
    """Whether a day would have more of it read."""
    return bool(found.lost.get("no_date")) and found.form == SENTENCES


def lacks_heading(found: BroughtFile) -> bool:
    """Whether its headings would be read if somebody said what they are."""
    return bool(found.lost.get("heading"))


def lacks_heel(found: BroughtFile) -> bool:
    """Whether its heel would be read if somebody said which side is plus."""
    return bool(found.lost.get("heel"))


def lacks_leniency(found: BroughtFile) -> bool:
    """Whether lines would be read if their checksums were not asked for."""
    return bool(found.lost.get("stuck") or found.lost.get("bare"))


def remarks(found: BroughtFile) -> Iterator[str]:
    """What of the file gave nothing, and why."""
    yield from found.remarks
    for why, count in sorted(found.lost.items(), key=lambda lost: -lost[1]):
        if why != "no_type":
            yield f"{count:,} left out: {found.lost_words.get(why, why)}"
    if found.passed_over:
        names = ", ".join(f"{name} ({count})" for name, count in found.passed_over.items())
        yield f"not among Igtimi's types: {names}"
