"""Importing a device's offline log.

OUR ASSUMPTION: the layout of an `.IPB` file is not documented (reference/igtimi.md section 6). We
take it as what the same messages look like over TCP: each `Msg` behind its length as a varint.
"""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum

from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.operations import Call
from tui.embedded.igtimi.protobuf import Malformed, read_varint
from tui.embedded.igtimi.resources import add_resource
from tui.embedded.igtimi.rights import windows_of
from tui.embedded.igtimi.riot_messages import Bundle, decode_message
from tui.embedded.igtimi.runtime import runtime


class ImportResult(Enum):
    """How an import ended, in the document's own words."""

    FINE = "File successfully processed"
    IN_PART = "File successfully processed but contained errors"
    UNREADABLE = "File contains errors"


def _bundles(content: bytes) -> Iterator[Bundle | None]:
    """The data of a log; None for each part that cannot be read."""
    offset = 0
    while offset < len(content):
        try:
            length, offset = read_varint(content, offset)
        except Malformed:
            yield None
            return
        if length > len(content) - offset:
            yield None
            return
        try:
            yield from decode_message(content[offset : offset + length])
        except Malformed:
            yield None
        offset += length


def import_log(call: Call, content: bytes) -> ImportResult:
    """Store the samples of a log: those of units whose data the user may change."""
    columns: dict[Series, Column] = {}
    bad = 0
    for bundle in _bundles(content):
        if bundle is None:
            bad += 1
            continue
        for point in bundle.points:
            column = columns.setdefault(
                Series(bundle.serial, point.kind, point.source), Column([], [])
            )
            column.extend(Column([point.stamp], [[value] for value in point.values]))
    allowed = windows_of(call, {series.serial for series in columns}, modify=True)
    mine = {series: column for series, column in columns.items() if series.serial in allowed}
    if not mine:
        return ImportResult.UNREADABLE
    with call.context.database.write():
        for series, column in mine.items():
            runtime(call.context).samples.put(series, column.ordered())
        for serial in sorted({series.serial for series in mine}):
            own = {series: column for series, column in mine.items() if series.serial == serial}
            add_resource(
                call.context,
                serial,
                min(min(column.stamps) for column in own.values()),
                max(max(column.stamps) for column in own.values()),
                {series.type for series in own},
            )
    return ImportResult.IN_PART if bad or len(mine) < len(columns) else ImportResult.FINE
