"""Sailing sessions: list, look into, annotate, plot (Igtimi)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import msgspec

from tui.services.igtimi import Igtimi
from tui.services.igtimi.columns import Series
from tui.services.igtimi.live_types import DataType, type_of
from tui.services.igtimi.records import Device, Session
from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    DeviceAttachment,
    LogData,
    LogEntry,
    Metadata,
    SessionName,
    Tombstone,
    TrackedObject,
)
from tui.services.igtimi.session_state import SessionObject, SessionState, fold
from tui.services.igtimi.xml_tree import Element
from tui.workspace.connections import Connections
from tui.workspace.history import History, Undo
from tui.workspace.reads import Answer, Reads

__all__ = ["DataType", "LogEntry", "Opened", "Session", "SessionObject", "SessionRoom", "Sessions"]

PLOTTED_TYPES = (9, 6, 8, 12, 11, 10, 23, 22, 13, 50, 5, 1)
"""Types offered for plots, the most wanted first (reference page, section 2)."""
POSITION = 1
EARLIEST = datetime.min.replace(tzinfo=UTC)
LONGEST_PLOT = timedelta(days=28)


class Sessions(msgspec.Struct, frozen=True, kw_only=True):
    """Every session that the account sees, the newest first."""

    sessions: list[Session]


@dataclass(frozen=True)
class Opened:
    """One session: its log, what the log comes to, and the devices that it names."""

    session: Session
    entries: list[LogEntry]
    state: SessionState
    devices: dict[str, Device]

    @property
    def window(self) -> tuple[datetime, datetime] | None:
        """From when to when data is looked for; None while the session has no start."""
        start = self.state.start or self.session.start_time
        if start is None:
            return None
        end = self.state.end or self.session.end_time or datetime.now(UTC)
        return start, min(end, start + LONGEST_PLOT)

    def device_name(self, serial: str) -> str:
        """What is tracked with a device, else the device's own name, else its serial number."""
        for thing in self.state.objects.values():
            if serial in thing.devices and thing.name:
                return thing.name
        device = self.devices.get(serial)
        return (device.name or serial) if device else serial


@dataclass(frozen=True)
class Curve:
    """One series of measured values, in the unit that speeds are shown in."""

    serial: str
    type: DataType
    unit: str
    samples: list[tuple[float, float]]
    """(seconds since 1970, value), ascending."""
    archived: bool = False
    """True when some of it is still being taken out of the archive."""


class SessionRoom:
    """The use cases of the Sessions screen."""

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
        self._speed = speed
        self._speed_unit = speed_unit

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
            found.sort(key=lambda one: one.start_time or EARLIEST, reverse=True)
            return Sessions(sessions=found)

        return await self._reads.fresh(self._key("sessions"), fetch)

    async def open(self, session: Session) -> Opened:
        """A session's log and devices."""
        service = await self._client()
        log = await service.session_logs.list(session.id)
        state = fold(log.entries)
        serials = list(state.serial_numbers)
        devices = await service.devices.list(serial_numbers=serials) if serials else []
        return Opened(session, log.entries, state, {one.serial_number: one for one in devices})

    async def curve(self, opened: Opened, serial: str, type_id: int, axis: int = 1) -> Curve | None:
        """What a device measured of one type during the session; None without a start."""
        window = opened.window
        if window is None:
            return None
        service = await self._client()
        answer = await service.data.list(
            start_time=window[0],
            end_time=window[1],
            serial_numbers=[serial],
            types={type_id: 0.0},
            restore_archives=True,
        )
        kind = type_of(type_id)
        series = answer.find(serial, type_id)
        samples = _samples(series, axis)
        unit = kind.unit
        if unit == "km/h":
            samples = [(moment, self._speed(value)) for moment, value in samples]
            unit = self._speed_unit
        return Curve(serial, kind, unit, samples, archived=bool(answer.archived_resources))

    async def types(self, opened: Opened, serial: str) -> list[DataType]:
        """The types that a device has data of in the session, as its resources say."""
        window = opened.window
        if window is None:
            return []
        service = await self._client()
        resources = await service.resources.list(
            permission="read", start_time=window[0], end_time=window[1], serial_numbers=[serial]
        )
        there = {number for one in resources for number in one.data_types}
        return [type_of(number) for number in PLOTTED_TYPES if number in there or not there]

    async def create(
        self, name: str, start: datetime | None, end: datetime | None, serials: list[str]
    ) -> int:
        """Make a session and write its first log; its id. Undo deletes it."""
        service = await self._client()

        async def make() -> int:
            made = await service.sessions.create()
            entries: list[LogData] = [SessionName(name=name)]
            if start is not None:
                entries.append(DataStartTime(time=start))
            if end is not None:
                entries.append(DataEndTime(time=end))
            for number, serial in enumerate(serials, start=1):
                entries.append(TrackedObject(id=number, name=serial))
                entries.append(DeviceAttachment(object_id=number, serial_number=serial))
            await service.session_logs.create(made.id, entries)
            return made.id

        return await self._history.write(
            f"New session {name}",
            "igtimi.sessions.create",
            {"name": name, "start": start, "end": end, "devices": serials},
            make,
            undo=lambda made: Undo(
                f"session {name} is deleted", lambda: service.sessions.delete(made)
            ),
        )

    async def delete(self, session: Session) -> None:
        """Delete a session with its log; the measured data stays with the devices."""
        service = await self._client()
        await self._history.write(
            f"Delete session {session.name or session.id}",
            "igtimi.sessions.delete",
            {"session_id": session.id},
            lambda: service.sessions.delete(session.id),
        )

    async def add_entry(self, session: Session, title: str, data: LogData) -> None:
        """Add one entry to the log. Undo marks it as deleted, as the log knows it."""
        service = await self._client()

        async def add() -> set[int]:
            before = await service.session_logs.list(session.id)
            await service.session_logs.create(session.id, [data])
            after = await service.session_logs.list(session.id)
            known = {one.id for one in before.entries}
            return {one.id for one in after.entries if one.id not in known and one.data == data}

        def undo(added: set[int]) -> Undo | None:
            # When another person wrote the same at the same moment, nobody knows which is ours.
            if len(added) != 1:
                return None
            entry = next(iter(added))
            return Undo(
                f"{title} is taken back",
                lambda: service.session_logs.create(session.id, [Tombstone(log_entry_id=entry)]),
            )

        await self._history.write(
            title, "igtimi.session_logs.create", {"session_id": session.id}, add, undo=undo
        )

    async def rename(self, session: Session, name: str) -> None:
        """Give a session another name."""
        await self.add_entry(session, f"Name {name}", SessionName(name=name))

    async def note(self, session: Session, text: str) -> None:
        """Write a note into the log.

        As metadata `note`: the log takes any XML there, and what it means is the program's own.
        """
        await self.add_entry(session, "Note", Metadata(content=[Element(name="note", text=text)]))

    async def times(self, session: Session, start: datetime, end: datetime) -> None:
        """Set from when to when the session's data is."""
        await self.add_entry(session, "Start", DataStartTime(time=start))
        await self.add_entry(session, "End", DataEndTime(time=end))

    async def wind(self, session: Session, kmh: float, degrees: float) -> None:
        """Note the wind by hand: strength in km/h as the log has it, direction in degrees."""
        content = Element(
            name="manual_wind",
            children=[
                Element(name="strength", text=f"{kmh:g}"),
                Element(name="direction", text=f"{degrees:g}"),
            ],
        )
        await self.add_entry(session, "Wind", Metadata(content=[content]))

    async def devices(self) -> list[Device]:
        """The devices of the account."""
        service = await self._client()
        return await service.devices.list()


def _samples(series: Series | None, axis: int) -> list[tuple[float, float]]:
    if series is None:
        return []
    values = series.axes.get(axis, [])
    pairs = [
        (moment / 1000, float(value))
        for moment, value in zip(series.times, values, strict=False)
        if isinstance(value, (int, float))
    ]
    pairs.sort()
    return pairs
