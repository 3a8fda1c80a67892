"""The entries of a session's log as sentences that a person reads."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import tzinfo
from math import isfinite

from tui.services.igtimi.session_log import (
    DataEndTime,
    DataStartTime,
    DeviceAttachment,
    LogData,
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
from tui.workspace.sessions.notes import note_text
from tui.workspace.times import moment_text

KNOT = 1.852
"""km/h; wind by hand is noted in km/h and said in knots."""
_KINDS = {"yacht": "a boat", "buoy": "a mark", "wind": "a wind station", "target": "a target"}


class Teller:
    """Says what entries of one log mean: it knows the names of the objects and what was undone."""

    def __init__(self, entries: Sequence[LogEntry], zone: tzinfo) -> None:
        self._zone = zone
        self._by_id = {entry.id: entry for entry in entries}
        self._names: dict[int, str] = {}
        for entry in entries:
            if isinstance(entry.data, TrackedObject) and entry.data.name:
                self._names[entry.data.id] = entry.data.name
        self.taken_back = frozenset(
            entry.data.log_entry_id for entry in entries if isinstance(entry.data, Tombstone)
        )
        """Ids of the entries that a later one deleted."""

    def _name(self, identity: int) -> str:
        return self._names.get(identity) or f"object {identity}"

    def sentence(self, data: LogData) -> str:
        """One entry in words."""
        match data:
            case SessionName():
                return f"Called “{data.name}”."
            case DataStartTime():
                return f"Data begins {moment_text(data.time, self._zone)}."
            case DataEndTime():
                return f"Data ends {moment_text(data.time, self._zone)}."
            case TrackedObject():
                return f"{data.name or f'Object {data.id}'} joins."
            case DeviceAttachment():
                only = "From here on only " if data.entry_type == "replace" else ""
                return f"{only}{data.serial_number} is on {self._name(data.object_id)}."
            case ObjectData():
                name = self._name(data.object_id)
                said = [text for one in data.content if (text := _of_object(one, name))]
                return f"{name} {listed(said) or 'is described'}."
            case Metadata():
                said = [_of_session(one, self._zone) for one in data.content]
                return " ".join(said) or "Nothing is said."
            case Tombstone():
                earlier = self._by_id.get(data.log_entry_id)
                if earlier is None or isinstance(earlier.data, Tombstone):
                    return f"Taken back: entry {data.log_entry_id}."
                return f"Taken back: {self.sentence(earlier.data)}"
            case UnknownEntry():
                words = "; ".join(map(words_of, data.content))
                return f"Not understood: {data.problem or 'unknown'}. {words}".strip()


def _of_object(element: Element, known: str) -> str:
    """What an entry says of an object; YachtBot's own words where they are known.

    Empty for a name that is known already.
    """
    text = decoded_name(element.text).strip()
    match element.name:
        case "type":
            return f"is {_KINDS.get(text.lower(), text)}"
        case "name":
            return "" if text == known else f"is called {text}"
        case "boat_number":
            return f"carries {text}"
        case "country":
            return f"sails for {text}"
        case "crew":
            names = [found for one in element.children if (found := _person(one))]
            return f"is sailed by {listed(names)}" if names else "has no crew"
        case "connected_buoy":
            return f"makes a gate with object {text}"
        case "positions":
            places = [
                f"{one.text_of('latitude')}, {one.text_of('longitude')}" for one in element.children
            ]
            return f"lies at {' and '.join(places)}" if places else "has no place"
    return words_of(element)


def _person(element: Element) -> str:
    found = element.find("person_name", "static_value")
    return decoded_name(found.text).strip() if found else ""


def _of_session(element: Element, zone: tzinfo) -> str:
    text = decoded_name(element.text).strip()
    match element.name:
        case "note":
            return note_text(text, zone)
        case "manual_wind":
            try:
                strength = float(element.text_of("strength")) / KNOT
                direction = float(element.text_of("direction"))
            except ValueError:
                return f"Wind by hand: {words_of(element)}."
            if not isfinite(strength + direction):
                return f"Wind by hand: {words_of(element)}."
            return f"Wind by hand: {strength:.1f} kn from {direction:.0f}°."
        case "course_direction":
            return f"The course is {text}°."
    return f"{words_of(element)}."


def words_of(element: Element) -> str:
    """An element that has no words of its own here: its name, its text, what is in it."""
    name = element.name.replace("_", " ")
    text = decoded_name(element.text).strip()
    inside = ", ".join(words_of(child) for child in element.children)
    return " ".join(part for part in (name, text, f"({inside})" if inside else "") if part)


def listed(names: Iterable[str]) -> str:
    """`one, two and three`."""
    *most, last = list(names) or [""]
    return f"{', '.join(most)} and {last}" if most else last


def attachments(names: Mapping[str, str], first: int) -> list[LogData]:
    """The entries that put devices (serial number to name) into a session, each on its own object.

    Objects are numbered from `first`.
    """
    entries: list[LogData] = []
    for number, (serial, name) in enumerate(names.items(), start=first):
        entries.append(TrackedObject(id=number, name=name or serial))
        entries.append(DeviceAttachment(object_id=number, serial_number=serial))
    return entries
