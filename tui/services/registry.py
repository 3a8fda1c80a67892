"""Every operation of the five services by its documented id.

Clients are imported when they are first asked for: telling somebody what there is must not
cost the start of a program that needs one of them.
"""

from __future__ import annotations

import difflib
from functools import cache
from importlib import import_module

from tui.services.client import ServiceClient
from tui.services.errors import InvalidArgument
from tui.services.operation import Operation, operations_of

CLIENTS = {
    "timetonic": ("tui.services.timetonic", "TimeTonic"),
    "ticktocker": ("tui.services.ticktocker", "TickTocker"),
    "igtimi": ("tui.services.igtimi", "Igtimi"),
    "trackmypeople": ("tui.services.trackmypeople", "TrackMyPeople"),
    "timesheets": ("tui.services.timesheets", "Timesheets"),
}
"""Where each service's client is, in the order of the documents."""


@cache
def client(service: str) -> type[ServiceClient]:
    """The client class of one service. Raises InvalidArgument for an unknown one."""
    if service not in CLIENTS:
        raise InvalidArgument(_unknown("service", service, list(CLIENTS)))
    module, name = CLIENTS[service]
    found: type[ServiceClient] = getattr(import_module(module), name)
    return found


def clients() -> dict[str, type[ServiceClient]]:
    """The client class of every service."""
    return {service: client(service) for service in CLIENTS}


@cache
def operations() -> dict[str, Operation]:
    """Every operation by its id: services in their order, then as each client lists them."""
    found: dict[str, Operation] = {}
    for kind in clients().values():
        found.update(kind.operations())
    return found


def socket_operations() -> dict[str, Operation]:
    """The rows of TimeTonic's socket: what is sent, and the handlers of what comes."""
    events: type = import_module("tui.services.timetonic.socket").TimeTonicEvents
    return {operation.id: operation for operation in operations_of(events).values()}


def find(id: str) -> Operation:
    """The operation of an id. Raises InvalidArgument that names the nearest ids.

    Only the client of the id's service is imported.
    """
    service = id.partition(".")[0]
    known = client(service).operations() if service in CLIENTS else operations()
    if id not in known:
        raise InvalidArgument(
            _unknown("operation", id, list(known)), advice="List them with: tockdeck ops"
        )
    return known[id]


def _unknown(kind: str, given: str, known: list[str]) -> str:
    by_lower = {name.lower(): name for name in known}
    near = [
        by_lower[name]
        for name in difflib.get_close_matches(given.lower(), by_lower, n=3, cutoff=0.5)
    ]
    hint = f"; did you mean {' or '.join(near)}?" if near else ""
    return f"there is no {kind} {given!r}{hint}"
