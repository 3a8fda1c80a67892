"""What a session is, folded from the entries of its log.

Source: vendor guide "Session Log Documentation"; YachtBot's own conventions for object_content
and metadata are from its public clients (reference "Session logs (XML)").
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from tui.services.errors import ProtocolViolation
from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    DeviceAttachment,
    LogEntry,
    Metadata,
    ObjectData,
    SessionName,
    Tombstone,
    TrackedObject,
    UnknownEntry,
    decoded_name,
)
from tui.services.igtimi.xml_tree import Element
from tui.services.reading import Record, read


class Position(Record, frozen=True, kw_only=True):
    """A place in decimal degrees, WGS84."""

    latitude: float
    longitude: float


class Laid(Record, frozen=True, kw_only=True):
    """A place that something was laid at, and when the log says so; None where it says no time."""

    time: datetime | None
    place: Position


class Wind(Record, frozen=True, kw_only=True):
    """Wind as entered by hand: `strength` in km/h, `direction` in degrees it comes from."""

    strength: float
    direction: float


class SessionObject(Record, frozen=True, kw_only=True):
    """A boat, a mark, a wind station: what it is and which devices follow it.

    `kind` is the application's word: yacht, buoy, wind, target, other, or empty.
    """

    id: int
    name: str = ""
    kind: str = ""
    devices: tuple[str, ...] = ()
    boat_number: str = ""
    country: str = ""
    crew: tuple[str, ...] = ()
    buoy_type: str = ""
    connected_buoy: int | None = None
    positions: tuple[Position, ...] = ()
    """Where it was laid last."""
    laid: tuple[Laid, ...] = ()
    """Each place that it was laid at, in order, the last one, too."""
    since: datetime | None = None
    """When the log first spoke of it."""
    content: tuple[Element, ...] = ()


class SessionState(Record, frozen=True, kw_only=True):
    """A session as its log leaves it. `problems` names the entries that were not understood."""

    name: str = ""
    start: datetime | None = None
    end: datetime | None = None
    objects: dict[int, SessionObject] = {}
    manual_wind: Wind | None = None
    course_direction: float | None = None
    metadata: dict[str, Element] = {}
    """What was last said of each name."""
    notes: tuple[str, ...] = ()
    """What was noted, all of it in order."""
    deleted: int = 0
    problems: tuple[str, ...] = ()

    @property
    def boats(self) -> tuple[SessionObject, ...]:
        """The objects that sail: all that are neither marks nor wind stations."""
        return tuple(o for o in self.objects.values() if o.kind not in ("buoy", "wind"))

    @property
    def marks(self) -> tuple[SessionObject, ...]:
        """The objects that are marks of the course."""
        return tuple(o for o in self.objects.values() if o.kind == "buoy")

    @property
    def serial_numbers(self) -> tuple[str, ...]:
        """Every device that is attached, once, in order."""
        return tuple(dict.fromkeys(s for o in self.objects.values() for s in o.devices))


class _Building:
    """One object while the entries are gone through."""

    def __init__(self) -> None:
        self.name = ""
        self.devices: list[str] = []
        self.content: dict[str, Element] = {}
        self.laid: list[tuple[datetime | None, Element]] = []
        self.since: datetime | None = None

    def attach(self, attachment: DeviceAttachment) -> None:
        if attachment.entry_type == "replace":
            self.devices.clear()
        if attachment.serial_number not in self.devices:
            self.devices.append(attachment.serial_number)

    def tell(self, content: Iterable[Element], time: datetime | None) -> None:
        for child in content:
            self.content[child.name] = child
            if child.name == "positions":
                self.laid.append((time, child))


def fold(entries: Iterable[LogEntry]) -> SessionState:
    """Fold a log's entries, in order, into the session's state.

    Entries of a tombstone's id count as never made. A device or data may come before the
    object that it belongs to; an object whose entry was deleted is gone with all of its own.
    """
    entries = list(entries)
    dead = {e.data.log_entry_id for e in entries if isinstance(e.data, Tombstone)}
    alive = [e for e in entries if e.id not in dead]
    gone = {e.data.id for e in entries if e.id in dead and isinstance(e.data, TrackedObject)}
    gone -= {e.data.id for e in alive if isinstance(e.data, TrackedObject)}
    name, start, end = "", None, None
    building: dict[int, _Building] = {}
    metadata: dict[str, Element] = {}
    notes: list[str] = []
    problems: list[str] = []
    for entry in alive:
        match entry.data:
            case SessionName():
                name = entry.data.name
            case DataStartTime():
                start = entry.data.time
            case DataEndTime():
                end = entry.data.time
            case TrackedObject():
                made = building.setdefault(entry.data.id, _Building())
                made.name = entry.data.name or made.name
                made.since = made.since or entry.created_at
            case DeviceAttachment():
                building.setdefault(entry.data.object_id, _Building()).attach(entry.data)
            case ObjectData():
                about = building.setdefault(entry.data.object_id, _Building())
                about.tell(entry.data.content, entry.created_at)
            case Metadata():
                metadata.update({child.name: child for child in entry.data.content})
                notes += [child.text for child in entry.data.content if child.name == "note"]
            case UnknownEntry():
                problems.append(f"entry {entry.id}: {entry.data.problem}")
            case Tombstone():
                pass
    objects = {
        identity: _object(identity, made, problems)
        for identity, made in building.items()
        if identity not in gone
    }
    return SessionState(
        name=name,
        start=start,
        end=end,
        objects=objects,
        manual_wind=_wind(metadata.get("manual_wind"), problems),
        course_direction=_real(metadata.get("course_direction"), "course_direction", problems),
        metadata=metadata,
        notes=tuple(notes),
        deleted=len(entries) - len(alive),
        problems=tuple(problems),
    )


def _object(identity: int, made: _Building, problems: list[str]) -> SessionObject:
    content = made.content

    def text(name: str) -> str:
        return decoded_name(content[name].text) if name in content else ""

    connected: int | None = None
    if text("connected_buoy"):
        try:
            connected = read(int, text("connected_buoy"), f"object {identity}.connected_buoy")
        except ProtocolViolation as error:
            problems.append(error.message)
    return SessionObject(
        id=identity,
        name=made.name or text("name"),
        kind=text("type").lower(),
        devices=tuple(made.devices),
        boat_number=text("boat_number"),
        country=text("country"),
        crew=_crew(content.get("crew")),
        buoy_type=text("buoy_type"),
        connected_buoy=connected,
        positions=_positions(content.get("positions"), identity, problems),
        laid=tuple(
            Laid(time=time, place=places[-1])
            for time, told in made.laid
            # What was replaced since is no problem any more.
            if (places := _positions(told, identity, []))
        ),
        since=made.since,
        content=tuple(content.values()),
    )


def _crew(crew: Element | None) -> tuple[str, ...]:
    names = [
        found.text
        for person in (crew.children if crew else [])
        if (found := person.find("person_name", "static_value")) and found.text
    ]
    return tuple(names)


def _positions(
    positions: Element | None, identity: int, problems: list[str]
) -> tuple[Position, ...]:
    found: list[Position] = []
    for place in positions.all("position") if positions else []:
        at = f"object {identity}.position"
        latitude = _real(place.child("latitude"), f"{at}.latitude", problems)
        longitude = _real(place.child("longitude"), f"{at}.longitude", problems)
        if latitude is not None and longitude is not None:
            found.append(Position(latitude=latitude, longitude=longitude))
    return tuple(found)


def _wind(wind: Element | None, problems: list[str]) -> Wind | None:
    if wind is None:
        return None
    strength = _real(wind.child("strength"), "manual_wind.strength", problems)
    direction = _real(wind.child("direction"), "manual_wind.direction", problems)
    if strength is None or direction is None:
        return None
    return Wind(strength=strength, direction=direction)


def _real(element: Element | None, at: str, problems: list[str]) -> float | None:
    if element is None or not element.text:
        return None
    try:
        number: float = read(float, element.text, at)
    except ProtocolViolation as error:
        problems.append(error.message)
        return None
    return number
