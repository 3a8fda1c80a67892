"""Events: a message that has a time. getBookEvents, and the `event` parameter of sendMsg.

Source: reference TimeTonic, 3.5; data doc.sendMsg.event-parameter.json. The answer's element is
not documented: `bookEvents` by analogy with bookMessages is this program's assumption.
"""

from __future__ import annotations

import sqlite3
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from tui.embedded.timetonic import access
from tui.embedded.timetonic.call import Call, Operation, next_stamp
from tui.embedded.timetonic.envelope import JsonObject, Refusal
from tui.embedded.timetonic.parameters import to_integer

DEFAULT_LIMIT = 100
MOST_LIMIT = 1000
LATEST = 253_402_300_799
"""The last second of the year 9999."""


@dataclass(frozen=True)
class Event:
    """When something takes place, in unix seconds; the time zone is that of its display."""

    start: int | None = None
    end: int | None = None
    timezone: str | None = None
    participants: str = ""


NO_EVENT = Event()


def read_event(asked: object) -> Event:
    """The JSON of sendMsg's `event`. Raises Refusal."""
    if asked in (None, "", [], {}):
        return NO_EVENT
    if not isinstance(asked, dict) or "eventStart" not in asked:
        raise Refusal("invalid_parameter", "event must hold eventStart and eventEnd")
    start = to_integer(asked["eventStart"], "eventStart")
    end = to_integer(asked.get("eventEnd", start), "eventEnd")
    if not 0 <= start <= end <= LATEST:
        raise Refusal("invalid_parameter", "eventEnd must not be before eventStart")
    people = asked.get("participants", "")
    if isinstance(people, list):
        people = ",".join(str(person) for person in people)
    return Event(
        start, end, str(asked.get("eventTimezone", "Europe/Paris"))[:64], str(people)[:2000]
    )


def _get_book_events(call: Call) -> JsonObject:
    """Events that touch the days from dateMin to dateMax, both included, earliest first."""
    book = access.book(call)
    parameters = call.parameters
    conditions = ["book_id = ?", "event_start IS NOT NULL", "NOT deleted"]
    arguments: list[object] = [book["id"]]
    if parameters.has("dateMin"):
        conditions.append("event_end >= ?")
        arguments.append(_day(parameters.text("dateMin"), "dateMin"))
    if parameters.has("dateMax"):
        conditions.append("event_start < ?")
        arguments.append(_day(parameters.text("dateMax"), "dateMax", after=1))
    wanted = parameters.integers("events_ids")
    if wanted is not None:
        conditions.append(f"smid IN ({','.join('?' for _ in wanted)})")
        arguments += wanted
    rows = call.read(
        f"SELECT * FROM timetonic_message WHERE {' AND '.join(conditions)}"
        " ORDER BY event_start, smid",
        *arguments,
    )
    people = {person for person in parameters.text("participants").split(",") if person}
    if people:
        rows = [row for row in rows if people & set(row["participants"].split(","))]
    size = parameters.count("limit", default=DEFAULT_LIMIT, most=MOST_LIMIT)
    page = max(1, parameters.integer("page", default=1))
    return {
        "b_c": book["b_c"],
        "b_o": book["b_o"],
        "bookEvents": [_event_object(book, row) for row in rows[(page - 1) * size : page * size]],
        "nbEvents": len(rows),
        "sstamp": next_stamp(call.context),
    }


def _day(text: str, name: str, after: int = 0) -> int:
    """The first second of a day, `after` days later."""
    try:
        found = date.fromisoformat(text)
        moment = datetime(found.year, found.month, found.day, tzinfo=UTC) + timedelta(days=after)
    except (ValueError, OverflowError):
        raise Refusal("invalid_parameter", f"{name} must be a day as YYYY-MM-DD") from None
    return int(moment.timestamp())


def _event_object(book: sqlite3.Row, row: sqlite3.Row) -> JsonObject:
    return {
        "id": row["smid"],
        "smid": row["smid"],
        "uuid": row["uuid"],
        "msg": row["msg"],
        "body": row["body"],
        "eventStart": row["event_start"],
        "eventEnd": row["event_end"],
        "eventTimezone": row["event_timezone"],
        "participants": [person for person in row["participants"].split(",") if person],
        "b_c": book["b_c"],
        "b_o": book["b_o"],
        "u_c": row["user"],
        "created": row["created"],
        "lastModified": row["modified"],
        "sstamp": row["sstamp"],
        "del": False,
    }


OPERATIONS = {"getBookEvents": Operation(_get_book_events, room="events")}
