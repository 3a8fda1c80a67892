"""The rooms whose answers are searched."""

from __future__ import annotations

import gc
from functools import cache

from tui.workspace.search.listed import Listing

ROOM_OF_SERVICE = {
    "timetonic": "books",
    "ticktocker": "tocks",
    "igtimi": "sessions",
    "trackmypeople": "timers",
    "timesheets": "invoices",
}
KINDS = {
    "book": "book", "table": "table", "row": "row", "message": "message", "event": "event",
    "file": "file", "tock": "tock", "session": "session", "log": "log entry", "device": "device",
    "tracker": "tracker", "block": "block", "client": "client", "project": "project",
    "task": "task", "entry": "time entry", "invoice": "invoice",
}  # fmt: skip
"""What the kinds of records are called."""


@cache
def listing(service: str) -> Listing:
    """How the answers of a service are described. Takes a while the first time: it imports it."""
    match service:
        case "timetonic":
            from tui.workspace.books.found import LISTING
        case "ticktocker":
            from tui.workspace.tocks.found import LISTING
        case "igtimi":
            from tui.workspace.sessions.found import LISTING
        case "trackmypeople":
            from tui.workspace.timers.found import LISTING
        case _:
            from tui.workspace.invoices.found import LISTING
    if gc.isenabled():
        # What was imported stays: looking through it for what can be thrown away takes longer
        # than a frame may, and would be done in the middle of somebody's typing.
        gc.freeze()
    return LISTING
