"""Session logs: XML read into typed entries, and entries written as XML.

Source: vendor guide "Session Log Documentation"; reference "Session logs (XML)". A log is
append-only; what a session is follows from its entries in order (see session_state).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Literal, TypeAlias
from urllib.parse import unquote

from tui.services.errors import InvalidArgument, ProtocolViolation
from tui.services.igtimi.xml_tree import Element, parse_xml, write_xml
from tui.services.reading import Record, Seconds, each, read

if TYPE_CHECKING:
    from typing import Any

SCHEMA = "http://www.igtimi.com/session_log.xsd"
INSTANCE = "http://www.w3.org/2001/XMLSchema-instance"


class SessionName(Record, frozen=True, kw_only=True, tag_field="kind", tag="session_name"):
    """The session's name."""

    name: str


class DataStartTime(Record, frozen=True, kw_only=True, tag_field="kind", tag="data_start_time"):
    """From when on the session's data counts (not the race's gun)."""

    time: datetime


class DataEndTime(Record, frozen=True, kw_only=True, tag_field="kind", tag="data_end_time"):
    """Until when the session's data counts."""

    time: datetime


class TrackedObject(Record, frozen=True, kw_only=True, tag_field="kind", tag="object"):
    """A new thing to follow. Its id is the session's own, not a serial number."""

    id: int
    name: str | None = None


class DeviceAttachment(Record, frozen=True, kw_only=True, tag_field="kind", tag="device"):
    """A tracker on an object; `replace` takes off those that were attached before."""

    object_id: int
    serial_number: str
    entry_type: Literal["add", "replace"] = "add"


class ObjectData(Record, frozen=True, kw_only=True, tag_field="kind", tag="object_data"):
    """An application's data on an object: its type, crew, fixed positions, and so on."""

    object_id: int
    content: list[Element]


class Metadata(Record, frozen=True, kw_only=True, tag_field="kind", tag="metadata"):
    """An application's data on the session: wind by hand, course direction, viewer settings."""

    content: list[Element]


class Tombstone(Record, frozen=True, kw_only=True, tag_field="kind", tag="tombstone_log_entry"):
    """An earlier entry that counts as deleted."""

    log_entry_id: int


class UnknownEntry(Record, frozen=True, kw_only=True, tag_field="kind", tag="unknown"):
    """An entry that is not understood: kept as it came, with the reason."""

    content: list[Element]
    problem: str = ""


LogData: TypeAlias = (
    SessionName
    | DataStartTime
    | DataEndTime
    | TrackedObject
    | DeviceAttachment
    | ObjectData
    | Metadata
    | Tombstone
    | UnknownEntry
)


class LogEntry(Record, frozen=True, kw_only=True):
    """One entry of a log: when it was made, and what it says."""

    id: int
    created_at: datetime | None
    data: LogData


class SessionLog(Record, frozen=True, kw_only=True):
    """A session's log, in the order in which it grew."""

    session_id: int
    entries: list[LogEntry]


def parse_log(content: bytes) -> SessionLog:
    """Read a log's XML.

    A single entry that is not understood becomes an UnknownEntry, so that the others stay
    readable. Raises ProtocolViolation for what is no session log.
    """
    root = parse_xml(content)
    log = (root.child("content") or Element(name="content")).child("log")
    if root.name != "session" or log is None:
        raise ProtocolViolation("the answer is XML, but not a session log")
    session_id: int = read(int, root.text_of("id", "0") or "0", "session.id")
    return SessionLog(
        session_id=session_id,
        entries=each(log.all("log_entry"), "log_entry", _entry, subject=True),
    )


def _entry(element: Element, at: str) -> LogEntry:
    identity: int = read(int, element.text_of("id"), f"{at}.id")
    created: datetime | None = read(
        Seconds | None, element.text_of("created_at") or None, f"{at}.created_at"
    )
    data = element.child("data")
    contents = data.children if data else []
    return LogEntry(id=identity, created_at=created, data=_data(contents, f"{at}.data"))


def _data(contents: Sequence[Element], at: str) -> LogData:
    if len(contents) != 1:
        return UnknownEntry(
            content=list(contents), problem=f"{at} holds {len(contents)} elements, not one"
        )
    element = contents[0]
    reader = _READERS.get(element.name)
    if reader is None:
        return UnknownEntry(content=[element], problem=f"{element.name} is not known")
    try:
        return reader(element, f"{at}.{element.name}")
    except ProtocolViolation as error:
        return UnknownEntry(content=[element], problem=error.message)


def decoded_name(text: str) -> str:
    """A name without percent-encoding; as it is when it was not encoded."""
    if "%" not in text:
        return text
    try:
        return unquote(text, errors="strict")
    except UnicodeDecodeError:
        return text


def _time(element: Element, at: str) -> datetime:
    moment: datetime = read(Seconds, element.text, at)
    return moment


def _number(element: Element, name: str, at: str) -> int:
    number: int = read(int, element.text_of(name), f"{at}.{name}")
    return number


def _device(element: Element, at: str) -> DeviceAttachment:
    entry_type: Any = read(
        Literal["add", "replace"], element.text_of("entry_type") or "add", f"{at}.entry_type"
    )
    serial = element.text_of("serial_number")
    if not serial:
        raise ProtocolViolation(f"{at}.serial_number is missing")
    return DeviceAttachment(
        object_id=_number(element, "object_id", at), serial_number=serial, entry_type=entry_type
    )


def _object_data(element: Element, at: str) -> ObjectData:
    content = element.child("object_content")
    return ObjectData(
        object_id=_number(element, "object_id", at), content=content.children if content else []
    )


_READERS: dict[str, Callable[[Element, str], LogData]] = {
    "session_name": lambda element, _: SessionName(name=decoded_name(element.text)),
    "data_start_time": lambda element, at: DataStartTime(time=_time(element, at)),
    "data_end_time": lambda element, at: DataEndTime(time=_time(element, at)),
    "object": lambda element, at: TrackedObject(
        id=_number(element, "id", at), name=decoded_name(element.text_of("name")) or None
    ),
    "device": _device,
    "object_data": _object_data,
    "metadata": lambda element, _: Metadata(content=element.children),
    "tombstone_log_entry": lambda element, at: Tombstone(
        log_entry_id=_number(element, "log_entry_id", at)
    ),
}


def additions(session_id: int, entries: Sequence[LogData]) -> bytes:
    """The XML document that adds entries to a session's log.

    Raises InvalidArgument without entries and for what cannot be written.
    """
    if not entries:
        raise InvalidArgument("there are no entries to add")
    root = _of(
        "session",
        _leaf("id", session_id),
        _of(
            "content",
            Element(
                name="log_additions",
                attributes={"type": "array"},
                children=[_of("new_entry", _of("data", written(entry))) for entry in entries],
            ),
        ),
        attributes={"xmlns:xsi": INSTANCE, "xsi:noNamespaceSchemaLocation": SCHEMA},
    )
    return write_xml(root)


def written(entry: LogData) -> Element:
    """One entry's element, as it stands inside `data`."""
    match entry:
        case SessionName():
            return _leaf("session_name", entry.name)
        case DataStartTime():
            return _leaf("data_start_time", _instant(entry.time))
        case DataEndTime():
            return _leaf("data_end_time", _instant(entry.time))
        case TrackedObject():
            name = [] if entry.name is None else [_leaf("name", entry.name)]
            return _of("object", _leaf("id", entry.id), *name)
        case DeviceAttachment():
            return _of(
                "device",
                _leaf("object_id", entry.object_id),
                _leaf("serial_number", entry.serial_number),
                _leaf("entry_type", entry.entry_type),
            )
        case ObjectData():
            return _of(
                "object_data",
                _leaf("object_id", entry.object_id),
                _of("object_content", *entry.content),
            )
        case Metadata():
            return _of("metadata", *entry.content)
        case Tombstone():
            return _of("tombstone_log_entry", _leaf("log_entry_id", entry.log_entry_id))
        case UnknownEntry():
            if len(entry.content) != 1:
                raise InvalidArgument("an entry holds exactly one element")
            return entry.content[0]


def _of(name: str, *children: Element, attributes: dict[str, str] | None = None) -> Element:
    return Element(name=name, children=list(children), attributes=attributes or {})


def _leaf(name: str, value: object) -> Element:
    return Element(name=name, text=str(value))


def _instant(moment: datetime) -> str:
    if moment.tzinfo is None:
        raise InvalidArgument("a time in a session log must say its time zone")
    text = moment.astimezone(UTC).isoformat(timespec="milliseconds")
    return text.removesuffix("+00:00") + "Z"
