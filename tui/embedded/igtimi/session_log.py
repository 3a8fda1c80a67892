"""The XML of session logs: reading additions, writing the log, folding it to a session's state.

Reference: reference/igtimi.md section 4. A log is append-only. What comes in is hostile until
read: no document type, no entities, no depth beyond reason.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from html import escape
from xml.etree.ElementTree import Element, ParseError, tostring

from defusedxml.common import DefusedXmlException
from defusedxml.ElementTree import fromstring

MAXIMUM_DEPTH = 40
"""Nesting of elements; what the documents show is less than ten."""

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<session xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" \
xsi:noNamespaceSchemaLocation="http://www.igtimi.com/session_log.xsd">
"""


class LogRefused(Exception):
    """Additions that are not in the right format; the text says why, for the 403's body."""


@dataclass(frozen=True)
class Entry:
    """One entry of a log: `data` is the one element inside `<data>`, as XML."""

    id: int
    created: int
    data: str


@dataclass(frozen=True)
class Summary:
    """What a log says about its session: name and window of the data (milliseconds)."""

    name: str | None = None
    start_time: float | None = None
    end_time: float | None = None


def read_additions(body: bytes, session: int, known: frozenset[int]) -> list[str]:
    """The new entries of a POST, each as the XML of its one data element.

    `known`: ids of this log's entries, which a tombstone may name. Raises LogRefused.
    """
    try:
        root = fromstring(body, forbid_dtd=True)
    except DefusedXmlException:
        raise LogRefused("The XML has a document type or entities, which are not allowed") from None
    except (ParseError, ValueError, LookupError) as error:
        raise LogRefused(f"The XML cannot be read: {error}") from None
    _check_depth(root)
    if root.tag != "session":
        raise LogRefused(f"The root element is {root.tag}, not session")
    named = root.findtext("id")
    if named is not None and named.strip() != str(session):
        raise LogRefused(f"The id of the session is {session}, not {named.strip()}")
    additions = root.find("content/log_additions")
    if additions is None:
        raise LogRefused("content > log_additions is missing")
    entries = list(additions)
    if not entries:
        raise LogRefused("log_additions has no new_entry")
    found = []
    for number, entry in enumerate(entries, 1):
        try:
            found.append(_read_entry(entry, known))
        except LogRefused as error:
            raise LogRefused(f"new_entry {number}: {error}") from None
    return found


def _check_depth(root: Element) -> None:
    level: Sequence[Element] = [root]
    for _ in range(MAXIMUM_DEPTH):
        level = [child for element in level for child in element]
        if not level:
            return
    raise LogRefused(f"The XML is nested deeper than {MAXIMUM_DEPTH} elements")


def _read_entry(entry: Element, known: frozenset[int]) -> str:
    if entry.tag != "new_entry":
        raise LogRefused(f"expected new_entry, found {entry.tag}")
    parts = list(entry)
    if len(parts) != 1 or parts[0].tag != "data":
        raise LogRefused("needs exactly one data element")
    elements = list(parts[0])
    if len(elements) != 1:
        raise LogRefused(f"data needs exactly one element, found {len(elements)}")
    element = elements[0]
    _check_element(element, known)
    element.tail = None
    return tostring(element, encoding="unicode")


def _check_element(element: Element, known: frozenset[int]) -> None:
    match element.tag:
        case "session_name":
            if len(element):
                raise LogRefused("session_name is text only")
        case "data_start_time" | "data_end_time":
            read_time(element.text)
        case "object":
            _number(element, "id")
        case "device":
            _number(element, "object_id")
            if not (element.findtext("serial_number") or "").strip():
                raise LogRefused("device needs a serial_number")
            if (element.findtext("entry_type") or "").strip() not in ("add", "replace"):
                raise LogRefused("the entry_type of a device is add or replace")
        case "object_data":
            _number(element, "object_id")
            if element.find("object_content") is None:
                raise LogRefused("object_data needs an object_content")
        case "tombstone_log_entry":
            if _number(element, "log_entry_id") not in known:
                raise LogRefused("tombstone_log_entry names an entry that is not in this log")
        case "metadata":
            pass
        case other:
            raise LogRefused(f"{other} is no element of a session log")


def _number(element: Element, name: str) -> int:
    text = (element.findtext(name) or "").strip()
    if not (text.isascii() and text.isdigit() and len(text) <= 18):
        raise LogRefused(f"{element.tag} needs a whole number as {name}")
    return int(text)


def read_time(text: str | None) -> float:
    """ISO 8601 to milliseconds; a time without an offset is UTC. Raises LogRefused."""
    try:
        moment = datetime.fromisoformat((text or "").strip())
        if moment.tzinfo is None:
            moment = moment.replace(tzinfo=UTC)
        return moment.timestamp() * 1000.0
    except (ValueError, OverflowError):
        raise LogRefused("a time is ISO 8601, such as 2013-04-24T23:57:58.197Z") from None


def iso_time(milliseconds: int) -> str:
    """`2013-04-24T23:57:58.197Z`."""
    moment = datetime.fromtimestamp(milliseconds / 1000, UTC)
    return moment.isoformat(timespec="milliseconds").replace("+00:00", "Z")


def write_log(session: int, entries: Iterable[Entry]) -> str:
    """The whole document that the GET answers."""
    lines = [_HEAD, f"  <id>{session}</id>\n  <content>\n", '    <log type="array">\n']
    for entry in entries:
        lines.append(
            f"      <log_entry>\n        <id>{entry.id}</id>\n"
            f"        <created_at>{iso_time(entry.created)}</created_at>\n"
            f"        <data>{entry.data}</data>\n      </log_entry>\n"
        )
    lines.append("    </log>\n  </content>\n</session>\n")
    return "".join(lines)


def _living(entries: Iterable[Entry]) -> list[Element]:
    """The elements of a log without those that tombstones bury."""
    elements = [(entry.id, fromstring(entry.data)) for entry in entries]
    buried = {
        int(element.findtext("log_entry_id") or 0)
        for _, element in elements
        if element.tag == "tombstone_log_entry"
    }
    return [element for number, element in elements if number not in buried]


def folded(entries: Iterable[Entry]) -> Summary:
    """Name and times that a log adds up to: the last entry counts, buried ones do not."""
    last = {element.tag: element.text for element in _living(entries)}
    times: dict[str, float | None] = {
        tag: read_time(last[tag]) if tag in last else None
        for tag in ("data_start_time", "data_end_time")
    }
    return Summary(last.get("session_name"), times["data_start_time"], times["data_end_time"])


def attached(entries: Sequence[Entry]) -> tuple[set[int], set[str]]:
    """The ids of all objects that a log ever named, and the serial numbers that it has now."""
    numbers = {
        int(element.findtext("id") or 0)
        for element in (fromstring(entry.data) for entry in entries)
        if element.tag == "object"
    }
    serials = {
        (element.findtext("serial_number") or "").strip()
        for element in _living(entries)
        if element.tag == "device"
    }
    return numbers, serials


def text_element(tag: str, text: str) -> str:
    """`<tag>text</tag>` with the text escaped."""
    return f"<{tag}>{escape(text, quote=False)}</{tag}>"


def object_elements(number: int, name: str, content: str) -> list[str]:
    """A new thing to track, and what YachtBot says of it, as XML."""
    return [
        f"<object><id>{number}</id>{text_element('name', name)}</object>",
        f"<object_data><object_id>{number}</object_id><object_content>{content}"
        "</object_content></object_data>",
    ]


def device_element(number: int, serial: str, how: str = "add") -> str:
    """A device that follows a thing from now on; `replace` drops those before it."""
    return (
        f"<device><object_id>{number}</object_id><serial_number>{serial}</serial_number>"
        f"<entry_type>{how}</entry_type></device>"
    )
