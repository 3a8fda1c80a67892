"""The four lists of the Sessions screen: sessions, devices, groups, access windows."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, tzinfo
from typing import TYPE_CHECKING, Any, Literal

from tui.spoken_keys import key_for
from tui.widgets.grid_model import Cell, CellValue, Column
from tui.widgets.palette import Role
from tui.words import in_brief
from tui.workspace.sessions.sessions import is_on
from tui.workspace.times import clock, column_text, day_text
from tui.workspace.worded import holds

if TYPE_CHECKING:
    from tui.workspace.sessions.fleet import Access, Device, Group
    from tui.workspace.sessions.sessions import Session, SessionRoom

View = Literal["sessions", "devices", "groups", "access"]
KeptList = tuple[list[Any], datetime] | None
"""A list as it was read last, and when."""
VIEWS: tuple[View, ...] = ("sessions", "devices", "groups", "access")


class Listing:
    """One list: where it comes from, and how one of it reads as a row."""

    def __init__(
        self,
        title: str,
        columns: Sequence[Column],
        empty: str,
        fetch: Callable[[SessionRoom], Awaitable[list[Any]]],
        kept: Callable[[SessionRoom], Awaitable[KeptList]],
        key: Callable[[Any], str],
        words: Callable[[Any], str],
        row: Callable[[Any, tzinfo], list[CellValue]],
        *,
        record: str,
        made_by: str,
        at: str = "name",
    ) -> None:
        """`record` is what the changes call one of it, `made_by` the operation that makes one,
        and `at` the column in which what waits is marked.
        """
        self.title = title
        self.columns = columns
        self.empty = empty
        self.fetch = fetch
        self.kept = kept
        """Those that were read last, and when; None where none are kept."""
        self.key = key
        self.words = words
        """What the filter looks at."""
        self.row = row
        self.record = record
        self.made_by = made_by
        self.at = at
        self.items: list[Any] | None = None
        """None until they were read."""
        self.as_of: datetime | None = None

    def empty_text(self, text: str) -> str:
        """What stands where there is no row, with this filter; nothing before they were read."""
        if self.items is None:
            return ""
        if not self.items:
            return self.empty
        elsewhere = ""
        if self.record == "session":
            # Who looks for a boat's last session types the boat's name.
            elsewhere = f" Boats, and when they sailed: {key_for('sessions.list')}."
        return f"Nothing holds “{text}”.{elsewhere}"

    def matching(self, text: str) -> list[Any]:
        """Those that hold every word of the text."""
        return [one for one in self.items or [] if holds(self.words(one), text)]


def listings() -> dict[View, Listing]:
    """The four lists, with nothing read."""
    return {
        "sessions": Listing(
            "Sessions", SESSION_COLUMNS, f"No session. {key_for('sessions.create')} makes one.",
            _sessions, _kept_sessions, _identity, _session_words, session_row,
            record="session", made_by="igtimi.sessions.create",
        ),
        "devices": Listing(
            "Devices", DEVICE_COLUMNS,
            f"No device. {key_for('sessions.create')} registers one by its tag.",
            lambda room: room.fleet.devices(), _kept("devices"), lambda one: str(one.serial_number),
            lambda one: f"{one.name or ''} {one.serial_number}", device_row,
            record="device", made_by="igtimi.devices.register",
        ),
        "groups": Listing(
            "Groups", GROUP_COLUMNS, f"No group. {key_for('sessions.create')} makes one.",
            lambda room: room.fleet.groups(), _kept("groups"), _identity,
            lambda one: str(one.name), group_row,
            record="group", made_by="igtimi.groups.create",
        ),
        "access": Listing(
            "Access windows", ACCESS_COLUMNS,
            f"Nobody was given access. {key_for('sessions.create')} gives it.",
            lambda room: room.fleet.access(), _kept("access"), lambda one: str(one.window.id),
            lambda one: f"{one.window.device_serial_number} {one.recipient}", access_row,
            record="window", made_by="igtimi.data_access_windows.create", at="serial",
        ),
    }  # fmt: skip


async def _sessions(room: SessionRoom) -> list[Any]:
    return (await room.sessions()).value.sessions


async def _kept_sessions(room: SessionRoom) -> KeptList:
    kept = await room.kept()
    return None if kept is None else (kept.value.sessions, kept.as_of)


def _kept(
    name: Literal["devices", "groups", "access"],
) -> Callable[[SessionRoom], Awaitable[KeptList]]:
    async def read(room: SessionRoom) -> KeptList:
        kept = await room.fleet.kept(name)
        return None if kept is None else (kept.value, kept.as_of)

    return read


def _identity(one: Any) -> str:
    return str(one.id)


SESSION_COLUMNS = [
    Column("state", "", width=1),
    Column("name", "Session", minimum=14, maximum=20, flexible=True, is_name=True),
    Column("day", "Day", minimum=10, maximum=11),
    Column("start", "From", width=5),
    Column("length", "Hours", kind="number", width=5),
    Column("access", "Right", width=5),
]
DEVICE_COLUMNS = [
    Column("name", "Device", minimum=12, maximum=20, flexible=True, is_name=True),
    Column("serial", "Serial number", minimum=13, maximum=20, is_name=True),
    Column("tag", "Service tag", minimum=11, maximum=16),
    Column("right", "Right", width=5),
]
GROUP_COLUMNS = [
    Column("name", "Group", minimum=16, maximum=20, flexible=True, is_name=True),
    Column("kind", "Made by", minimum=11),
    Column("right", "Right", width=5),
]
ACCESS_COLUMNS = [
    Column("serial", "Device", minimum=12, maximum=16, is_name=True),
    Column("who", "For", minimum=12, maximum=16, flexible=True, is_name=True),
    Column("start", "From", minimum=10, maximum=11),
    Column("end", "To", minimum=8, maximum=17),
    Column("right", "Right", width=5),
]


def _session_words(one: Session) -> str:
    return one.name or _nameless(one)


def _nameless(one: Session) -> str:
    return f"session {one.id}, no name yet"


def session_name(one: Session) -> str:
    """What a session is called; its number where nobody has named it."""
    return one.name or f"session {one.id}"


def only_read(one: Session) -> str:
    """That a session can only be read, for who would change it; empty where it can be changed."""
    if one.permissions.modify or not one.permissions.read:
        # A service that says nothing of rights is asked, and answers for itself.
        return ""
    return f"{in_brief(session_name(one))} can only be read: its owner and its admins change it."


def name_of(view: View, one: Any) -> str:
    """What one of a list is called in a title."""
    if view == "sessions":
        return session_name(one)
    if view == "access":
        return f"{one.window.device_serial_number} for {one.recipient}"
    return str(one.name or getattr(one, "serial_number", ""))


def _right(permissions: Any) -> CellValue:
    if permissions.modify:
        return "edit"
    return Cell("read" if permissions.read else "none", "muted")


def session_row(one: Session, zone: tzinfo) -> list[CellValue]:
    """The first column marks what is on the water now."""
    now = datetime.now(UTC)
    start, end = one.start_time, one.end_time
    live = is_on(one, now)
    ahead = start is not None and start > now
    length = column_text((end - start).total_seconds()) if start and end else ""
    return [
        Cell("●", "good") if live else Cell("◷" if ahead else "", "muted"),
        one.name or Cell(_nameless(one), "muted"),
        _day(start, zone) if start else Cell("no times", "muted"),
        clock(start, zone) if start else "",
        length or (Cell("open", "good") if live else ""),
        _right(one.permissions),
    ]


def _day(moment: datetime, zone: tzinfo) -> str:
    """The day in at most 11 cells: of another year it needs no day of the week."""
    day, today = moment.astimezone(zone).date(), datetime.now(zone).date()
    near = abs((day - today).days) <= 1
    return day_text(day, today) if near or day.year == today.year else f"{day.day} {day:%b %Y}"


def device_row(one: Device, _zone: tzinfo) -> list[CellValue]:
    """A device by the name that a person gave it."""
    name = one.name or Cell("no name", "muted")
    return [name, one.serial_number, one.service_tag or "", _right(one.permissions)]


def group_row(one: Group, _zone: tzinfo) -> list[CellValue]:
    """A group; those that the service made for a session or device are quiet."""
    if one.hidden:
        return [Cell(one.name, "muted"), Cell("the service", "muted"), _right(one.permissions)]
    return [one.name, "people", _right(one.permissions)]


def access_row(one: Access, zone: tzinfo) -> list[CellValue]:
    """A window: whose data, for whom, from when to when."""
    window = one.window
    now = datetime.now(UTC)
    over = window.end_time is not None and window.end_time < now
    role: Role = "muted" if over else "text"
    end = "for ever" if one.for_ever else _day(window.end_time, zone) if window.end_time else ""
    return [
        Cell(window.device_serial_number, role),
        Cell(one.recipient, role),
        Cell(_day(window.start_time, zone) if window.start_time else "ever", role),
        Cell(f"{end}, over" if over else end, role),
        Cell("share" if window.permissions.modify else "read", role),
    ]
