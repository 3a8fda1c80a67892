"""The work that the model knows: for each service what is written, and how that is seen there.

Every value that is written is a mark of its own, so that one can see which writes arrived, how
often and in which order.
"""

from __future__ import annotations

import random
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

from tui.store.changes import Change

Planned = tuple[partial[Any], Mapping[str, Any] | None]


@dataclass(frozen=True)
class Watched:
    """A value of a table that the database itself notes whenever it becomes another.

    `value` is an expression over a row, which it calls `{row}`.
    """

    table: str
    value: str


@dataclass(frozen=True)
class Event:
    """A value that a change gave a record: `made` is a new record, `gone` one that was deleted."""

    kind: str
    record: str
    value: str


@dataclass(frozen=True)
class Work:
    """What is done with one service."""

    service: str
    watched: tuple[Watched, ...]
    plan: Callable[[Any, random.Random, str], Awaitable[Planned]]
    """A random write: the call, and what was seen before it."""
    events: Callable[[Change], list[Event]]
    """What a change does at the service when it is made."""
    before: Callable[[Change], Any]
    """The value that stood there before, as the change knows it; None where it does not."""


async def _timesheets(client: Any, chance: random.Random, mark: str) -> Planned:
    if chance.random() < 0.35:
        return partial(client.client.create, mark), None
    found = (await client.client.search(limit=500)).items
    ours = [one for one in found if one.id <= 3 or "-" in one.name]
    one = chance.choice(ours)
    if one.id > 3 and chance.random() < 0.4:
        return partial(client.client.delete, one.id), None
    return partial(client.client.update, one.id, name=mark), {"name": one.name}


def _timesheets_events(change: Change) -> list[Event]:
    arguments = change.arguments
    verb = change.operation.rpartition(".")[2]
    if verb == "create":
        return [Event("made", "", arguments["name"])]
    record = str(arguments["client_id"])
    if verb == "delete":
        return [Event("gone", record, "")]
    return [Event("changed", record, arguments["name"])]


def _named(change: Change) -> Any:
    return (change.before or {}).get("name")


async def _igtimi(client: Any, chance: random.Random, mark: str) -> Planned:
    devices = (await client.devices.list(device_info=True))[:3]
    one = chance.choice(devices)
    return partial(client.devices.update, one.serial_number, mark), {"name": one.name}


def _igtimi_events(change: Change) -> list[Event]:
    arguments = change.arguments
    return [Event("changed", arguments["serial_number"], arguments["name"])]


BOATS, BOAT = 126185, 1367490
"""A table of the sample and its first field, a short text."""


async def _timetonic(client: Any, chance: random.Random, mark: str) -> Planned:
    found = await client.get_table_values(BOATS, b_o="demo", max_rows=3)
    row = chance.choice(found.rows)
    call = partial(
        client.create_or_update_table_row,
        row.id,
        {str(BOAT): mark},
        cat_id=BOATS,
        b_o="demo",
        bypass_url_trigger=False,
    )
    return call, {str(BOAT): row.cells[BOAT].value}


def _timetonic_events(change: Change) -> list[Event]:
    arguments = change.arguments
    return [Event("changed", str(arguments["row_id"]), arguments["field_values"][str(BOAT)])]


EARLY = datetime(2025, 1, 1, tzinfo=UTC)


async def _trackmypeople(client: Any, chance: random.Random, mark: str) -> Planned:
    start = EARLY + timedelta(minutes=10 * chance.randrange(20_000))
    stop = start + timedelta(minutes=9)
    return partial(client.add, start, stop=stop, tracker_id=5, description=mark), None


async def _ticktocker(client: Any, chance: random.Random, mark: str) -> Planned:
    start = EARLY + timedelta(days=1000 + chance.randrange(300))
    return partial(client.submit, mark, start), None


def _made_only(argument: str) -> Callable[[Change], list[Event]]:
    return lambda change: [Event("made", "", change.arguments[argument])]


WORKS: dict[str, Work] = {
    "timesheets": Work(
        "timesheets",
        (Watched("timesheets_clients", "{row}.name"),),
        _timesheets,
        _timesheets_events,
        _named,
    ),
    "igtimi": Work(
        "igtimi",
        (Watched("igtimi_device", "{row}.name"),),
        _igtimi,
        _igtimi_events,
        _named,
    ),
    "timetonic": Work(
        "timetonic",
        (Watched("timetonic_row", f"json_extract({{row}}.cells, '$.\"{BOAT}\"')"),),
        _timetonic,
        _timetonic_events,
        lambda change: (change.before or {}).get(str(BOAT)),
    ),
    "trackmypeople": Work(
        "trackmypeople",
        (Watched("trackmypeople_blocks", "{row}.description"),),
        _trackmypeople,
        _made_only("description"),
        lambda _: None,
    ),
    "ticktocker": Work(
        "ticktocker",
        (Watched("ticktocker_tocks", "{row}.title"),),
        _ticktocker,
        _made_only("title"),
        lambda _: None,
    ),
}
