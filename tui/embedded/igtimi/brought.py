"""A file of a boat's instruments into a session: looked at first, kept on request.

OUR OWN CALL, which Igtimi never had: `POST /local/sessions/{id}/files` with `file`, and as form
fields `keep` (else nothing is written), `day` (of a log that has only times), `lenient`, and of
Expedition's log `heading` (true or magnetic) and `heel` (starboard or port, which side is plus).
What a sailor did on the unit (timer, start, pings of the line) are notes in the log. What
is kept are devices, samples, data access windows, resources and the session's log, as if the
units had sent them: whoever reads them need know nothing of files.

A boat is known by the file's name and its name in the file: the same file read again, or a
longer one, adds only times that were not there. Where a time has another value, the first stays,
and how many there are of those is a remark.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date
from pathlib import PurePath

from starlette.responses import Response

from tui.embedded.forms import Upload
from tui.embedded.igtimi.access import must
from tui.embedded.igtimi.answers import Refused, bad_request, json_answer, now_milliseconds
from tui.embedded.igtimi.blocks import Column, Series, Value
from tui.embedded.igtimi.data_types import DATA_TYPES
from tui.embedded.igtimi.devices import add_device, next_serial
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.real_boats import FROM_FILE, known_by
from tui.embedded.igtimi.resources import add_resource
from tui.embedded.igtimi.rights import windows_of
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.session_log import (
    Entry,
    attached,
    device_element,
    folded,
    iso_time,
    object_elements,
    text_element,
)
from tui.embedded.igtimi.session_logs import append_entries, log_entries
from tui.embedded.igtimi.sessions import session_permissions
from tui.embedded.igtimi.uploads import UPLOAD_LIMIT
from tui.embedded.igtimi.windows import FAR_END, open_window
from tui.embedded.instruments.expedition import HEADINGS, SIDES, Settings
from tui.embedded.instruments.logs import Log, Samples, UnreadableLog, read_log

PREFIX = "FI"
"""Of the serial numbers of what came from files. Our choice: no series of Igtimi's units."""

NAME_LENGTH = 300
"""Characters of a boat's name that are kept."""

MOST_BOATS = 500
"""A harbour's AIS has a few hundred; a file that claims more is refused."""


@dataclass(frozen=True)
class _Boat:
    """One boat of a file: its name, what it is known by, its device, its samples by type.

    `unlike` counts samples whose time has another value, in the file or in what is kept.
    """

    name: str
    known_by: str
    serial: str | None
    columns: dict[int, Column]
    new: dict[int, Column]
    unlike: int

    @property
    def first(self) -> int:
        """The earliest stamp."""
        return min(column.stamps[0] for column in self.columns.values())

    @property
    def last(self) -> int:
        """The latest stamp."""
        return max(column.stamps[-1] for column in self.columns.values())


async def bring(call: Call) -> Response:
    """Read the file that was sent, say what is in it, and keep it where that is asked for."""
    session = call.path_id("session_id")
    must(session_permissions(call, session).modify)
    if not call.parameters.files:
        raise bad_request("file is missing")
    file = call.parameters.files[0]
    day, lenient = _day(call), call.parameters.boolean("lenient", False)
    settings = Settings(_one_of(call, "heading", HEADINGS), _one_of(call, "heel", SIDES))
    try:
        # Megabytes of text take a while: the feed goes on beside it.
        log = await asyncio.to_thread(
            read_log, file.content, file.name, day=day, lenient=lenient, settings=settings
        )
    except UnreadableLog as error:
        raise Refused(422, "unreadable_file", str(error)) from None
    boats = _boats(call, file, log)
    keep = call.parameters.boolean("keep", False)
    if keep:
        # Between reading and writing nothing else runs: what was found to be new still is.
        boats = [_kept(call, session, boat) for boat in boats]
    entries = log_entries(call.context, session)
    _, named = attached(entries)
    events = _events(log, entries)
    new = [note for _, _, note, is_new in events if is_new]
    if keep and new:
        append_entries(call.context, session, new, now_milliseconds(call.context))
    told = [{"time": stamp, "text": text, "new": is_new} for stamp, text, _, is_new in events]
    return json_answer({"file": _wire(log, boats, named, keep) | {"events": told}})


def _events(log: Log, entries: list[Entry]) -> list[tuple[int, str, str, bool]]:
    """What somebody did: when, in words, as an entry, and whether the log lacks it."""
    known = {entry.data for entry in entries}
    found = []
    for stamp, text in log.tally.events:
        note = f"<metadata>{text_element('note', f'{iso_time(stamp)} {text}')}</metadata>"
        found.append((stamp, text, note, note not in known))
        known.add(note)
    return found


def _one_of(call: Call, name: str, known: Iterable[str]) -> str:
    text = call.parameters.text(name) or ""
    if text and text not in known:
        raise bad_request(f"{name} is {' or '.join(known)}")
    return text


def _day(call: Call) -> date | None:
    text = call.parameters.text("day")
    if not text:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise bad_request("day is a date, such as 2026-11-29") from None


def _boats(call: Call, file: Upload, log: Log) -> list[_Boat]:
    by_boat: dict[str, dict[int, Samples]] = defaultdict(dict)
    for (boat, kind), samples in log.samples.items():
        by_boat[boat][kind] = samples
    if len(by_boat) > MOST_BOATS:
        raise Refused(422, "too_many_boats", f"the file names more than {MOST_BOATS} boats")
    stem = PurePath(file.name).stem or "file"
    return [_boat(call, stem, name, kinds) for name, kinds in by_boat.items()]


def _boat(call: Call, stem: str, name: str, kinds: dict[int, Samples]) -> _Boat:
    uid = known_by(FROM_FILE, call.user, stem, name)
    row = call.context.database.one(
        "SELECT serial FROM igtimi_device WHERE uid = ? AND owner_id = ?", (uid, call.user)
    )
    serial = None if row is None else str(row["serial"])
    columns: dict[int, Column] = {}
    new: dict[int, Column] = {}
    unlike = 0
    for kind, samples in sorted(kinds.items()):
        columns[kind] = _column(samples)
        known = _known(call, serial, kind, columns[kind])
        new[kind] = columns[kind].picked(
            [at for at, stamp in enumerate(columns[kind].stamps) if stamp not in known]
        )
        stands = dict(_rows(columns[kind])) | known
        unlike += sum(values != stands[stamp] for stamp, values in samples)
    shown = "".join(letter for letter in f"{stem} {name}" if letter.isprintable()).strip()
    return _Boat(shown[:NAME_LENGTH], uid, serial, columns, new, unlike)


def _column(samples: Samples) -> Column:
    axes = zip(*(values for _, values in samples), strict=True)
    return Column([stamp for stamp, _ in samples], [list(axis) for axis in axes]).ordered()


def _rows(column: Column) -> Iterator[tuple[int, tuple[Value, ...]]]:
    return zip(column.stamps, zip(*column.axes, strict=True), strict=True)


def _known(
    call: Call, serial: str | None, kind: int, column: Column
) -> dict[int, tuple[Value, ...]]:
    """What a boat's device has of a type within the time of a column."""
    if serial is None:
        return {}
    there = runtime(call.context).samples.read(
        Series(serial, kind), column.stamps[0], column.stamps[-1]
    )
    return dict(_rows(there))


def _kept(call: Call, session: int, boat: _Boat) -> _Boat:
    """Write one boat, whole or not at all; answers it with its device."""
    context = call.context
    with context.database.write():
        serial = boat.serial
        if serial is None:
            serial = next_serial(context, PREFIX, None)
            add_device(
                context, serial, boat.name, call.user, uid=boat.known_by, since=float(boat.first)
            )
        spans = windows_of(call, [serial], modify=True).get(serial, [])
        if not any(start <= boat.first and boat.last <= end for start, end in spans):
            open_window(
                context, serial, float(boat.first), FAR_END, user=call.user, read=True, modify=True
            )
        new = {kind: column for kind, column in boat.new.items() if column.stamps}
        for kind, column in new.items():
            runtime(context).samples.put(Series(serial, kind), column)
        if new:
            first = min(column.stamps[0] for column in new.values())
            last = max(column.stamps[-1] for column in new.values())
            add_resource(context, serial, first, last, new)
        _note(call, session, serial, boat)
    return replace(boat, serial=serial)


def _note(call: Call, session: int, serial: str, boat: _Boat) -> None:
    """Have the session's log name the boat and reach as far as its data.

    A session that has begun and has no end goes on: data of the past do not end it.
    """
    entries = log_entries(call.context, session)
    numbers, serials = attached(entries)
    added = []
    if serial not in serials:
        number = max(numbers, default=0) + 1
        content = f"<type>yacht</type>{text_element('name', boat.name)}"
        added += [
            *object_elements(number, boat.name, content),
            device_element(number, serial),
        ]
    span = folded(entries)
    if span.start_time is None or boat.first < span.start_time:
        added.append(text_element("data_start_time", iso_time(boat.first)))
    goes_on = span.start_time is not None and span.end_time is None
    if not goes_on and (span.end_time is None or boat.last > span.end_time):
        added.append(text_element("data_end_time", iso_time(boat.last)))
    if added:
        append_entries(call.context, session, added, now_milliseconds(call.context))


def _wire(log: Log, boats: list[_Boat], named: set[str], kept: bool) -> dict[str, object]:
    return {
        "form": log.form,
        "lines": log.tally.lines,
        "unit": log.tally.unit,
        "remarks": [*log.tally.remarks, *_unlike(boats)],
        "kept": kept,
        "boats": [_boat_wire(boat) | {"in_session": boat.serial in named} for boat in boats],
        "lost": {why.name.lower(): count for why, count in log.tally.lost.items()},
        "lost_words": {why.name.lower(): why.value for why in log.tally.lost},
        "passed_over": dict(log.tally.passed_over.most_common()),
    }


def _unlike(boats: list[_Boat]) -> Iterator[str]:
    count = sum(boat.unlike for boat in boats)
    if count:
        samples = (
            "1 sample has a time that has"
            if count == 1
            else f"{count:,} samples have times that have"
        )
        yield f"{samples} another value already: what came first stands"


def _boat_wire(boat: _Boat) -> dict[str, object]:
    return {
        "name": boat.name,
        "serial_number": boat.serial,
        "start_time": boat.first,
        "end_time": boat.last,
        "series": [
            {
                "type": kind,
                "name": DATA_TYPES[kind].name,
                "samples": len(column.stamps),
                "new": len(boat.new[kind].stamps),
                "hertz": _hertz(column),
            }
            for kind, column in boat.columns.items()
        ],
    }


def _hertz(column: Column) -> float | None:
    """Samples a second; None for a single one."""
    span = column.stamps[-1] - column.stamps[0]
    return round(1000 * (len(column.stamps) - 1) / span, 3) if span else None


OPERATIONS = (
    Operation(
        "local.files.bring",
        "POST",
        "/local/sessions/{session_id}/files",
        bring,
        body_limit=UPLOAD_LIMIT,
    ),
)
