"""Data of devices over REST: stretches, and the newest values (seed document, "Data";
reference/igtimi.md section 3).
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable
from dataclasses import dataclass

from starlette.responses import Response

from tui.embedded.igtimi.access import Who
from tui.embedded.igtimi.answers import Refused, bad_request, json_answer, now_milliseconds
from tui.embedded.igtimi.blocks import Column, Series, Value, joined
from tui.embedded.igtimi.data_types import POSITION
from tui.embedded.igtimi.living import living_answer
from tui.embedded.igtimi.operations import Call, Operation
from tui.embedded.igtimi.rights import Span, clipped, placeholders, windows_of
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.samples import SampleStore
from tui.embedded.igtimi.simplify import simplified

LONGEST_RANGE = 31 * 24 * 3600 * 1000
"""Milliseconds that one call may span: "about one month" (section 3)."""

_LARGEST_SOURCE = 2**63 - 1
Ranges = tuple[tuple[int, int], ...]


def _refused(call: Call, error: str, reason: str) -> Refused:
    """`{"error", "reason"}`; with quirks it comes with 200, for the status is not documented."""
    return Refused(200 if call.context.quirks else 400, error, reason)


@dataclass(frozen=True)
class Wanted:
    """What a call of resources/data asks for."""

    start: float
    end: float
    serials: tuple[str, ...]
    compression: dict[int, float]
    """Types, each with its greatest error in degrees."""
    sources: dict[int, Ranges]

    def allows(self, kind: int, source: int) -> bool:
        """True when samples of that type from that source are wanted."""
        ranges = self.sources.get(kind, ((0, 0),))
        return any(first <= source <= last for first, last in ranges)


def read_wanted(call: Call) -> Wanted:
    """The parameters of resources/data. Raises Refused."""
    parameters = call.parameters
    start = parameters.required_milliseconds("start_time")
    end = parameters.required_milliseconds("end_time")
    if end < start:
        raise _refused(call, "invalid_range", "end_time is before start_time")
    if end - start > LONGEST_RANGE:
        raise _refused(call, "range_too_long", "One call may span a month at most")
    serials = parameters.array("serial_numbers")
    if not serials:
        raise bad_request("serial_numbers is missing")
    compression = {
        _type(call, key): _compression(call, key, value)
        for key, value in parameters.mapping("types").items()
    }
    if not compression:
        raise bad_request("types is missing")
    sources = {
        _type(call, key): _ranges(call, value) for key, value in parameters.mapping("sids").items()
    }
    return Wanted(start, end, tuple(dict.fromkeys(serials)), compression, sources)


def _type(call: Call, key: str) -> int:
    if not re.fullmatch("[0-9]{1,9}", key):
        raise _refused(call, "invalid_type", "A data type is a number")
    return int(key)


def _compression(call: Call, key: str, value: str) -> float:
    try:
        error = float(value or "0")
    except ValueError:
        error = math.nan
    if not (math.isfinite(error) and error >= 0.0):
        raise _refused(call, "invalid_compression", f"types[{key}] is not a number of degrees")
    if error > 0.0 and int(key) != POSITION:
        raise _refused(call, "invalid_compression", "Only type 1 can be compressed")
    return error


def _ranges(call: Call, text: str) -> Ranges:
    ranges = []
    for part in text.split(","):
        match = re.fullmatch(r"\s*([0-9]{1,19})\s*(?:-\s*([0-9]{1,19})\s*)?", part)
        if match is None or int(match[2] or match[1]) > _LARGEST_SOURCE:
            raise _refused(call, "invalid_sids", "sids are numbers and ranges, such as 0-10,20")
        ranges.append((int(match[1]), int(match[2] or match[1])))
    return tuple(ranges)


async def read_columns(
    call: Call, wanted: Wanted, archived: Iterable[Archived] = ()
) -> dict[str, dict[Series, Column]]:
    """The samples that the caller may see, by serial number and series; none are left out empty.

    First what is not written yet is written: a race that nobody has read so far, and what the
    fleet sailed since somebody last watched.
    """
    found = runtime(call.context)
    await found.feed.catch_up()
    await found.recordings.write(wanted.start, wanted.end)
    answer: dict[str, dict[Series, Column]] = {}
    for serial, spans in windows_of(call, wanted.serials).items():
        allowed = clipped(spans, wanted.start, wanted.end)
        away = [resource.span for resource in archived if resource.serial == serial]
        columns = _device_columns(found.samples, wanted, serial, allowed, away)
        if columns:
            answer[serial] = columns
    return answer


def _device_columns(
    store: SampleStore, wanted: Wanted, serial: str, allowed: list[Span], away: list[Span]
) -> dict[Series, Column]:
    found: dict[Series, Column] = {}
    for kind, error in wanted.compression.items():
        for source in store.sources(serial, kind):
            if not wanted.allows(kind, source):
                continue
            series = Series(serial, kind, source)
            column = joined(store.read(series, first, last) for first, last in allowed)
            if away:
                column = _without(column, away)
            if kind == POSITION and error > 0.0 and len(column.axes) >= 2:
                column = column.picked(_track(column, error))
            if column.stamps:
                found[series] = column
    return found


async def list_data(call: Call) -> Response:
    """igtimi.data.list: what the caller may not see, and what is not there, is left out alike.

    A race that is read for the first time is sailed then, which may take long.
    """
    wanted = read_wanted(call)
    return await living_answer(_listed(call, wanted, _archived(call, wanted)))


async def _listed(call: Call, wanted: Wanted, archived: list[Archived]) -> Response:
    columns = await read_columns(call, wanted, archived)
    # Out of order and with doubles, as nothing promises otherwise (section 7, 5 and 6).
    tidy = _untidy if call.context.quirks else Column.wire
    answer: dict[str, object] = {
        serial: {series.key: tidy(column) for series, column in found.items()}
        for serial, found in columns.items()
    }
    if archived and call.parameters.boolean("restore_archives", False):
        answer["archived_resources"] = _restore(call, archived)
    return json_answer(answer)


def _untidy(column: Column) -> dict[str, object]:
    count = len(column.stamps)
    return (column.picked([*range(1, count), 0, 0]) if count > 1 else column).wire()


def _without(column: Column, away: list[Span]) -> Column:
    return column.picked(
        [
            index
            for index, stamp in enumerate(column.stamps)
            if not any(first <= stamp <= last for first, last in away)
        ]
    )


def _track(column: Column, error: float) -> list[int]:
    longitude, latitude = (
        [value if isinstance(value, float) else float(value) for value in axis]
        for axis in column.axes[:2]
    )
    return simplified(longitude, latitude, error)


@dataclass(frozen=True)
class Archived:
    """A resource that lies in the archive (seed document, "archived_resources")."""

    id: int
    serial: str
    span: Span


def _archived(call: Call, wanted: Wanted) -> list[Archived]:
    windows = windows_of(call, wanted.serials)
    rows = call.context.database.read(
        "SELECT id, serial, start_time, end_time FROM igtimi_resource WHERE archive_polls > 0"
        f" AND serial IN ({placeholders(windows)}) AND start_time <= ? AND end_time >= ?",
        (*windows, wanted.end, wanted.start),
    )
    return [
        Archived(row["id"], row["serial"], (row["start_time"], row["end_time"])) for row in rows
    ]


def _restore(call: Call, archived: Iterable[Archived]) -> list[int]:
    """Go on restoring: after some polls a resource is back, and its key gone from the answer."""
    resources = [resource.id for resource in archived]
    with call.context.database.write() as connection:
        connection.executemany(
            "UPDATE igtimi_resource SET archive_polls = archive_polls - 1, last_accessed = ?"
            " WHERE id = ?",
            [(now_milliseconds(call.context), resource) for resource in resources],
        )
    return resources


async def latest_data(call: Call) -> Response:
    """igtimi.data.latest: one type a call; devices without any are left out.

    Not in the seed document but in the one of 2013; the form is that of the recorded answers.
    """
    kind = call.parameters.integer("type")
    if kind is None:
        raise bad_request("type is missing")
    serials = call.parameters.array("serial_numbers")
    if not serials:
        raise bad_request("serial_numbers is missing")
    await runtime(call.context).feed.catch_up()
    found: list[tuple[int, dict[str, object]]] = []
    for serial, spans in windows_of(call, serials).items():
        newest = newest_sample(call, serial, kind, spans)
        if newest is None:
            continue
        _, stamp, values = newest
        resource = _resource_at(call, serial, stamp)
        datum: dict[str, object] = {"serial_number": serial, "resource_id": resource}
        datum |= {f"c{axis}": value for axis, value in enumerate(values, 1)}
        datum["timestamp"] = float(stamp)
        found.append((resource or 0, {"latest_datum": datum}))
    # The recorded answers are in the order of the resources, not of the request.
    found.sort(key=lambda entry: entry[0])
    return json_answer({"latest_data": [entry for _, entry in found]})


def newest_sample(
    call: Call, serial: str, kind: int, spans: list[Span]
) -> tuple[Series, int, list[Value]] | None:
    """The newest sample of a type from any source, if the caller may see it."""
    store = runtime(call.context).samples
    newest: tuple[Series, int, list[Value]] | None = None
    for source in store.sources(serial, kind):
        series = Series(serial, kind, source)
        last = store.last(series)
        if last is None or not any(first <= last[0] <= end for first, end in spans):
            continue
        if newest is None or last[0] > newest[1]:
            newest = (series, *last)
    return newest


def _resource_at(call: Call, serial: str, stamp: int) -> int | None:
    row = call.context.database.one(
        "SELECT id FROM igtimi_resource WHERE serial = ? AND start_time <= ?"
        " ORDER BY start_time DESC LIMIT 1",
        (serial, stamp),
    )
    return None if row is None else int(row["id"])


OPERATIONS = (
    Operation("igtimi.data.list", "GET", "/api/v1/resources/data", list_data, Who.USER_OR_CLIENT),
    Operation(
        "igtimi.data.latest",
        "GET",
        "/api/v1/resources/data/latest",
        latest_data,
        Who.USER_OR_CLIENT,
    ),
)
