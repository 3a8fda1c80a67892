"""The rooms whose answers are searched."""

from __future__ import annotations

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
def listings() -> tuple[Listing, ...]:
    """How the answers of each room are described. Takes a while the first time: it imports them."""
    from tui.workspace.books.found import LISTING as BOOKS
    from tui.workspace.invoices.found import LISTING as INVOICES
    from tui.workspace.sessions.found import LISTING as SESSIONS
    from tui.workspace.timers.found import LISTING as TIMERS
    from tui.workspace.tocks.found import LISTING as TOCKS

    return BOOKS, TOCKS, SESSIONS, TIMERS, INVOICES
