"""Sailing sessions: list, look into, annotate, plot (Igtimi)."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import msgspec

from tui.services.errors import OutcomeUnknown, ServiceError
from tui.services.igtimi import Igtimi
from tui.services.igtimi.records import Device, Session
from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    LogData,
    LogEntry,
    Metadata,
    SessionLog,
    SessionName,
    Tombstone,
    TrackedObject,
)
from tui.services.igtimi.session_state import SessionObject, SessionState, fold
from tui.services.igtimi.xml_tree import Element
from tui.workspace.changes.arguments import Told
from tui.workspace.changes.history import History, Waiting
from tui.workspace.changes.igtimi_finding import MADE_WITH, UNNAMED
from tui.workspace.connections.connections import Connections
from tui.workspace.reads import Answer, Reads
from tui.workspace.sessions.curve_reads import CurveReads
from tui.workspace.sessions.curves import Curve, DataType, measured_types
from tui.workspace.sessions.fleet import Fleet
from tui.workspace.sessions.marks import KINDS as MARK_KINDS
from tui.workspace.sessions.marks import Fix, Spot, fix_of, mark_entries
from tui.workspace.sessions.notes import stamped
from tui.workspace.sessions.sentences import attachments
from tui.workspace.side_by_side import each

__all__ = [
    "DataType",
    "LogEntry",
    "Opened",
    "Session",
    "SessionObject",
    "SessionRoom",
    "Sessions",
    "is_on",
    "on_or_last",
]

EARLIEST = datetime.min.replace(tzinfo=UTC)
LONGEST_PLOT = timedelta(days=28)
LATELY = 20
"""Changes among which the one that was just made is looked for."""


class Sessions(msgspec.Struct, frozen=True, kw_only=True):
    """Every session that the account sees, the newest first."""

    sessions: list[Session]


def is_on(session: Session, now: datetime) -> bool:
    """Whether it has begun and has not ended; one without an end is open."""
    start, end = session.start_time, session.end_time
    return start is not None and start <= now and (end is None or end > now)


def on_or_last(sessions: Sequence[Session], now: datetime) -> Session | None:
    """The session that a person most likely wants to see: the one that is on (of several the one
    that began last), else the one that ended last, else the next; None where none has times.
    """
    started = [one for one in sessions if one.start_time and one.start_time <= now]
    on = [one for one in started if is_on(one, now)]
    if on:
        return max(on, key=_start)
    if started:
        return max(started, key=_end)
    return min((one for one in sessions if one.start_time), key=_start, default=None)


def _start(session: Session) -> datetime:
    return session.start_time or EARLIEST


def _end(session: Session) -> datetime:
    return session.end_time or EARLIEST


@dataclass(frozen=True)
class Opened:
    """One session: its log, what the log comes to, and the devices that it names."""

    session: Session
    entries: list[LogEntry]
    state: SessionState
    devices: dict[str, Device]
    as_of: datetime
    """When the log was read."""

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """From when to when data is looked for; None while the session has no start."""
        start = self.state.start or self.session.start_time
        if start is None:
            return None
        end = self.state.end or self.session.end_time or datetime.now(UTC)
        return start, max(start, min(end, start + LONGEST_PLOT))

    @property
    def is_ahead(self) -> bool:
        """Whether it has not begun, so that there is no data to ask for."""
        window = self.window
        return window is not None and window[0] > datetime.now(UTC)

    def device_name(self, serial: str) -> str:
        """What is tracked with a device, else the device's own name, else its serial number."""
        for thing in self.state.objects.values():
            if serial in thing.devices and thing.name:
                return thing.name
        device = self.devices.get(serial)
        return (device.name or serial) if device else serial


class SessionRoom:
    """The use cases of the Sessions screen; `fleet` has those of devices, groups and access."""

    def __init__(
        self,
        connections: Connections,
        reads: Reads,
        history: History,
        speed: Callable[[float], float],
        speed_unit: str,
    ) -> None:
        self._connections = connections
        self._reads = reads
        self._history = history
        self._curves = CurveReads(connections, reads, speed, speed_unit)
        self.fleet = Fleet(connections, reads, history)

    def _key(self, name: str) -> str:
        return f"{self._connections.account('igtimi')}/{name}"

    async def _client(self) -> Igtimi:
        return await self._connections.igtimi()

    async def kept(self) -> Answer[Sessions] | None:
        """The sessions of an earlier run, at once."""
        return await self._reads.kept(self._key("sessions"), Sessions)

    async def sessions(self) -> Answer[Sessions]:
        """Every session, those without times too."""
        service = await self._client()

        async def fetch() -> Sessions:
            found = await service.sessions.list()
            found.sort(key=_start, reverse=True)
            return Sessions(sessions=found)

        return await self._reads.fresh(self._key("sessions"), fetch)

    async def kept_open(self, session: Session) -> Opened | None:
        """A session's log as an earlier look at it left it; devices are not kept."""
        kept: Answer[SessionLog] | None = await self._reads.kept(
            self._key(f"log/{session.id}"), SessionLog
        )
        if kept is None:
            return None
        entries = kept.value.entries
        return Opened(session, entries, fold(entries), {}, kept.as_of)

    async def open(self, session: Session) -> Opened:
        """A session's log and devices."""
        service = await self._client()

        async def fetch() -> SessionLog:
            return await service.session_logs.list(session.id)

        read = await self._reads.fresh(self._key(f"log/{session.id}"), fetch)
        log = read.value
        state = fold(log.entries)
        serials = list(state.serial_numbers)
        devices = await service.devices.list(serial_numbers=serials) if serials else []
        named = {one.serial_number: one for one in devices}
        return Opened(session, log.entries, state, named, read.as_of)

    async def curve(self, opened: Opened, serial: str, type_id: int, axis: int = 1) -> Curve | None:
        """What a device measured of one type during the session; None without a start."""
        window = opened.window
        if window is None:
            return None
        return await self._curves.read(opened.session.id, window, serial, type_id, axis)

    async def curves(
        self, opened: Opened, serials: Sequence[str], type_id: int, axis: int = 1
    ) -> list[Curve]:
        """The curves of several devices, in their order; none without a start.

        A device whose data cannot be had costs the others nothing: it is noted as left out, with
        the reason. Raises what came in the way where that is so of every one.
        """
        found = await each(
            "devices",
            serials,
            lambda serial: self.curve(opened, serial, type_id, axis),
            opened.device_name,
        )
        return [one for one in found if one is not None]

    async def kept_curves(
        self, opened: Opened, serials: Sequence[str], type_id: int, axis: int = 1
    ) -> tuple[list[Curve], datetime] | None:
        """Those curves as they were read last, as far as they are kept, and as of when; None
        where none is. Never touches the network.
        """
        return await self._curves.kept(opened.session.id, serials, type_id, axis)

    async def types(self, opened: Opened, serial: str) -> list[DataType]:
        """The types that a device has data of in the session, as its resources say."""
        window = opened.window
        return [] if window is None else await measured_types(await self._client(), window, serial)

    async def create(
        self,
        name: str,
        start: datetime | None,
        end: datetime | None,
        devices: Mapping[str, str],
    ) -> int:
        """Make a session and write its first log; its id. Undo deletes it.

        `devices` are serial numbers with what they are called; each becomes a boat of its own.
        """
        service = await self._client()
        entries: list[LogData] = [SessionName(name=name)]
        if start is not None:
            entries.append(DataStartTime(time=start))
        if end is not None:
            entries.append(DataEndTime(time=end))
        entries += attachments(devices, 1)

        make = partial(service.sessions.create)
        session_id: Any = Told(0)
        log = partial(service.session_logs.create, session_id, entries)
        try:
            made, _ = await self._history.write_all(
                f"New session {name}",
                [make, log],
                about=await self._unnamed() | {MADE_WITH: len(entries)},
            )
        except (Waiting, OutcomeUnknown):
            raise
        except ServiceError as error:
            if error.progress:
                await self._drop_empty(f"New session {name}")
            raise
        return int(made.id)

    async def _unnamed(self) -> dict[str, Any]:
        """By what a new session is found of which nobody knows whether it was made."""
        listed = await self.kept()
        if listed is None:
            return {}
        return {UNNAMED: [one.id for one in listed.value.sessions if one.name is None]}

    async def _drop_empty(self, title: str) -> None:
        """A session whose log was refused has no name, and is of no use to anybody."""
        history = self._history
        changes = await asyncio.to_thread(history.changes.newest, LATELY)
        of_title = [one for one in changes if one.title == title and one.state == "done"]
        made = next((one for one in of_title if one.group), None)
        if made is None:
            return
        # Where that fails, too, it stays: why its log was refused is told.
        with suppress(ServiceError):
            await history.undoing.undo(await history.undoing.plan_of(made))
            await history.sender.amend(
                made.id, "undone", state="dropped", reason="Its log was refused."
            )

    async def delete(self, session: Session) -> None:
        """Delete a session with its log; the measured data stays with the devices."""
        service = await self._client()
        await self._history.write(
            f"Delete session {session.name or session.id}",
            partial(service.sessions.delete, session.id),
        )

    async def add_entries(self, session: Session, title: str, entries: list[LogData]) -> None:
        """Add entries to the log at once. Undo marks them as deleted, as the log knows it."""
        service = await self._client()
        await self._history.write(title, partial(service.session_logs.create, session.id, entries))

    async def rename(self, session: Session, name: str) -> None:
        """Give a session another name."""
        await self.add_entries(session, f"Name {name}", [SessionName(name=name)])

    async def note(self, session: Session, text: str, moment: datetime | None = None) -> None:
        """Write a note into the log, of a moment where one is given.

        As metadata `note`: the log takes any XML there, and what it means is the program's own.
        """
        note = Metadata(content=[Element(name="note", text=stamped(text, moment))])
        await self.add_entries(session, "Note", [note])

    async def times(self, session: Session, start: datetime | None, end: datetime | None) -> bool:
        """Set from when to when the session's data is, as far as given; False where nothing is."""
        entries: list[LogData] = []
        if start is not None:
            entries.append(DataStartTime(time=start))
        if end is not None:
            entries.append(DataEndTime(time=end))
        if entries:
            await self.add_entries(session, "Times", entries)
        return bool(entries)

    async def wind(self, session: Session, kmh: float, degrees: float) -> None:
        """Note the wind by hand: strength in km/h as the log has it, direction in degrees."""
        content = Element(
            name="manual_wind",
            children=[
                Element(name="strength", text=f"{kmh:g}"),
                Element(name="direction", text=f"{degrees:g}"),
            ],
        )
        await self.add_entries(session, "Wind", [Metadata(content=[content])])

    async def lay_mark(
        self, session: Session, kind: str, name: str, serial: str = "", spot: Spot | None = None
    ) -> None:
        """Lay a mark at a spot, or where a device is from then on."""
        service = await self._client()
        log = await service.session_logs.list(session.id)
        entries = mark_entries(log.entries, kind, name, serial, spot)
        await self.add_entries(session, name or MARK_KINDS[kind], entries)

    async def fix_of(self, serial: str) -> Fix:
        """Where a device was last, and when. Raises NotFound where it has said none, or no fix."""
        service = await self._client()
        newest, quality = [await service.data.latest(type_, [serial]) for type_ in (1, 2)]
        return fix_of(newest, quality)

    async def take_back(self, session: Session, entry: int) -> None:
        """Mark an entry of the log as deleted; the log has no way to bring it back."""
        service = await self._client()
        await self._history.write(
            f"Take back entry {entry}",
            partial(service.session_logs.create, session.id, [Tombstone(log_entry_id=entry)]),
        )

    async def put_device(self, session: Session, serial: str, name: str) -> None:
        """Put a device into a session, on a boat of its own."""
        log = await (await self._client()).session_logs.list(session.id)
        taken = [one.data.id for one in log.entries if isinstance(one.data, TrackedObject)]
        first = max(taken, default=0) + 1
        await self.add_entries(session, f"{serial} on {name}", attachments({serial: name}, first))
