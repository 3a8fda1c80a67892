"""What a replayed recording needs in the storage: its units, its samples, and a session."""

from __future__ import annotations

from html import escape

from tui.embedded.context import Context
from tui.embedded.igtimi.access import SAMPLE_USER
from tui.embedded.igtimi.blocks import Column, Series
from tui.embedded.igtimi.devices import add_device
from tui.embedded.igtimi.replay import Recording
from tui.embedded.igtimi.resources import add_resource
from tui.embedded.igtimi.runtime import runtime
from tui.embedded.igtimi.session_log import iso_time, text_element
from tui.embedded.igtimi.session_logs import append_entries
from tui.embedded.igtimi.sessions import add_session


def store_recording(context: Context, recording: Recording) -> None:
    """Write a recording at its own times, once; played again it is already there."""
    name = f"Replay: {recording.path.name}"
    if context.database.one("SELECT 1 FROM igtimi_session WHERE name = ?", (name,)) is not None:
        return
    with context.database.write() as connection:
        for serial in recording.serials:
            if not connection.execute(
                "SELECT 1 FROM igtimi_device WHERE serial = ?", (serial,)
            ).fetchone():
                add_device(context, serial, serial, SAMPLE_USER, since=0.0)
        _store_samples(context, recording)
        session = add_session(context, SAMPLE_USER)
        entries = [
            text_element("session_name", name),
            text_element("data_start_time", iso_time(recording.first)),
            text_element("data_end_time", iso_time(recording.last)),
        ]
        for number, serial in enumerate(recording.serials, 1):
            quoted = escape(serial, quote=False)
            entries.append(f"<object><id>{number}</id><name>{quoted}</name></object>")
            entries.append(
                f"<device><object_id>{number}</object_id><serial_number>{quoted}</serial_number>"
                "<entry_type>add</entry_type></device>"
            )
        append_entries(context, session, entries, recording.first)


def _store_samples(context: Context, recording: Recording) -> None:
    columns: dict[Series, Column] = {}
    for frame in recording.frames:
        for burst in frame.array:
            for (kind, source), column in burst.columns.items():
                series = Series(burst.serial, kind, source)
                columns.setdefault(series, Column([], [])).extend(column)
    for series, column in columns.items():
        runtime(context).samples.put(series, column.ordered())
    for serial in recording.serials:
        types = {series.type for series in columns if series.serial == serial}
        add_resource(context, serial, recording.first, recording.last, types)
