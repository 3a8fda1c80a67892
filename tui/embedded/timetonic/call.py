"""One request on its way: who asks, with which parameters, on which store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field

from tui.embedded.context import Context
from tui.embedded.timetonic.envelope import JsonObject, Refusal, stamp_of, unix
from tui.embedded.timetonic.hub import Hub
from tui.embedded.timetonic.parameters import Parameters

PREFIX = "/timetonic"

SESSION_HOURS = 24 * 14
"""Web sessions last some weeks (reference 2); the exact number is this program's assumption."""


@dataclass
class State:
    """What this service keeps in memory."""

    hub: Hub = field(default_factory=Hub)
    session_hours: float = SESSION_HOURS
    deadlocks: int = 0
    """How many of the next table writes answer "Deadlock": for tests only."""
    last_stamp: int = 0
    selections: dict[tuple[object, ...], tuple[object, Sequence[int]]] = field(default_factory=dict)
    """By filter: the versions of the tables that it looks at, and the rows that it lets through;
    those that were asked for last stand last."""


def state_of(context: Context) -> State:
    """The service's memory inside the shared context."""
    found = context.state.get("timetonic")
    if not isinstance(found, State):
        found = State()
        context.state["timetonic"] = found
    return found


def next_stamp(context: Context) -> int:
    """A server stamp later than every earlier one, so that nothing falls between two readings."""
    state = state_of(context)
    if not state.last_stamp:
        row = context.database.one("SELECT max(sstamp) FROM timetonic_book")
        state.last_stamp = int(row[0] or 0) if row is not None else 0
    state.last_stamp = max(stamp_of(context.now()), state.last_stamp + 1)
    return state.last_stamp


@dataclass(frozen=True)
class Restrictions:
    """What a session may not do, as createSesskey was asked."""

    carnet_code: str | None = None
    carnet_owner: str | None = None
    readonly: bool = False
    hideTables: bool = False  # noqa: N815 - the wire's name
    hideMessages: bool = False  # noqa: N815
    hideEvents: bool = False  # noqa: N815
    internal: bool = False


@dataclass(frozen=True)
class Session:
    """A session that is alive."""

    id: int
    sesskey: str
    user: str
    restrictions: Restrictions


NOBODY = Session(0, "", "", Restrictions())


@dataclass(frozen=True)
class Call:
    """One request. `session` is NOBODY for log-in and for requests by token."""

    context: Context
    request_name: str
    environment: str
    parameters: Parameters
    session: Session = NOBODY

    @property
    def user(self) -> str:
        """The user code on whose behalf the call is made."""
        return self.session.user

    @property
    def state(self) -> State:
        """The service's memory."""
        return state_of(self.context)

    @property
    def site(self) -> str:
        """Where file addresses begin."""
        return self.context.base_url + PREFIX

    def seconds(self) -> int:
        """Now, in unix seconds."""
        return unix(self.context.now())

    def read(self, sql: str, *arguments: object) -> list[sqlite3.Row]:
        """All rows of a query."""
        return self.context.database.read(sql, arguments)

    def one(self, sql: str, *arguments: object) -> sqlite3.Row | None:
        """The first row of a query."""
        return self.context.database.one(sql, arguments)

    @contextmanager
    def writing(self, book_id: int) -> Iterator[Change]:
        """A transaction on one book: stamps the book, and tells the sockets after the commit."""
        change = Change(self.seconds(), next_stamp(self.context))
        with self.context.database.write() as connection:
            change.connection = connection
            yield change
            connection.execute(
                "UPDATE timetonic_book SET sstamp = ? WHERE id = ?", (change.sstamp, book_id)
            )
        self.announce(book_id, change.sstamp)

    def announce(self, book_id: int, sstamp: int) -> None:
        """Book-updates-ready, to every member of the book who is attached."""
        self.state.hub.book_updated(self.context.database, book_id, sstamp, self.user)


class Change:
    """The transaction of a writing call."""

    connection: sqlite3.Connection

    def __init__(self, seconds: int, sstamp: int) -> None:
        self.seconds = seconds
        """Unix seconds of the change."""
        self.sstamp = sstamp

    def run(self, sql: str, *arguments: object) -> int:
        """Execute, and answer the id of an inserted row."""
        return int(self.connection.execute(sql, arguments).lastrowid or 0)


Handler = Callable[[Call], JsonObject]


@dataclass(frozen=True)
class Operation:
    """One value of `req`."""

    handler: Handler
    session: bool = True
    """False for log-in and token requests."""
    writes: bool = False
    """Refused for a readonly session."""
    room: str = ""
    """`tables`, `messages` or `events`: what the restrictions can hide."""
    log_in: bool = False
    """Log-in requests have the older form of errors."""

    def check(self, restrictions: Restrictions) -> None:
        """Raises Refusal when the session is restricted from this."""
        if self.writes and restrictions.readonly:
            raise Refusal("forbidden", "this key may only read")
        hidden = {
            "tables": restrictions.hideTables,
            "messages": restrictions.hideMessages,
            "events": restrictions.hideEvents,
        }
        if hidden.get(self.room, False):
            raise Refusal("forbidden", f"this key may not see {self.room}")


def merge(*parts: dict[str, Operation]) -> dict[str, Operation]:
    """One registry of several. Raises ValueError when a name is there twice."""
    merged: dict[str, Operation] = {}
    for part in parts:
        for name, operation in part.items():
            if name in merged:
                raise ValueError(f"{name} is registered twice")
            merged[name] = operation
    return merged
